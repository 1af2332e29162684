"""Closure of processes, and yields of what is not product."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.material_flows.balances import SITE, Cause, closures, recovered_share, yields
from service.material_flows.models import FlowKind
from tests.material_flows.builders import PlainFlow


def a_flow(
    source: str, target: str, amount: float, kind: FlowKind = FlowKind.INPUT, material: str = "shaped_coke_powder"
) -> PlainFlow:
    return PlainFlow(from_node=source, to_node=target, amount_t=amount, kind=kind, material=material)


def a_milling(*, fines: float = 12.0) -> list[PlainFlow]:
    """Return milling of 114 t coke to 100 t powder, 2 t of dust in the filters."""
    return [
        a_flow("supply", "P1", 114.0, material="green_petroleum_coke"),
        a_flow("P1", "P2", 100.0, FlowKind.PRODUCT),
        a_flow("P1", "customer", fines, FlowKind.BY_PRODUCT, "coke_fines"),
        a_flow("P1", "treatment", 2.0, FlowKind.WASTE, "dust"),
        a_flow("P2", "customer", 100.0, FlowKind.PRODUCT, "anode_graphite"),
    ]


def test_a_balance_closes_when_everything_is_there() -> None:
    found = {one.node: one for one in closures(a_milling(), tolerance=0.02)}

    assert found["P1"].difference_t == pytest.approx(0.0)  # 114 = 100 + 12 + 2
    assert all(one.closes for one in found.values())


def test_a_missing_flow_is_named_with_both_sums() -> None:
    found = {one.node: one for one in closures(a_milling(fines=0.0), tolerance=0.02)}

    assert (found["P1"].in_t, found["P1"].out_t, found["P1"].difference_t) == (114.0, 102.0, 12.0)
    assert found["P1"].relative == pytest.approx(12 / 114)
    assert found["P1"].cause is Cause.MISSING_OUTPUT
    assert found[SITE].cause is Cause.MISSING_OUTPUT


def test_a_flow_as_large_as_the_difference_is_suspected() -> None:
    flows = [*a_milling(), a_flow("P1", "customer", 12.0, FlowKind.BY_PRODUCT, "coke_fines")]  # entered twice

    found = {one.node: one for one in closures(flows, tolerance=0.02)}

    assert (found["P1"].cause, found["P1"].suspect) == (Cause.ONE_FLOW, "coke_fines")


def test_a_loop_does_not_count_at_the_fence() -> None:
    flows = [*a_milling(), a_flow("P2", "P1", 30.0, FlowKind.LOOP)]

    site = closures(flows, tolerance=0.02)[-1]

    assert (site.in_t, site.out_t) == (114.0, 114.0)


def test_yields_are_per_tonne_of_product() -> None:
    fines, dust = yields(a_milling())

    assert [fines.material, dust.material] == ["coke_fines", "dust"]
    assert [fines.t_per_t, dust.t_per_t] == pytest.approx([0.12, 0.02])  # 12 t / 100 t and 2 t / 100 t


def test_without_a_product_a_yield_is_unknown_and_not_zero() -> None:
    assert yields([a_flow("P1", "treatment", 2.0, FlowKind.WASTE, "dust")])[0].t_per_t is None


def test_what_stays_in_use_is_a_share_of_what_is_not_product() -> None:
    assert recovered_share(a_milling()) == pytest.approx(12 / 14)
    assert recovered_share([]) is None


@given(st.lists(st.floats(0.1, 1e6), min_size=1, max_size=8), st.floats(0.001, 0.1))
def test_a_process_closes_exactly_within_its_tolerance(parts: list[float], excess: float) -> None:
    inputs = [a_flow("supply", "P1", part) for part in parts]
    output = a_flow("P1", "customer", sum(parts) * (1.0 - excess), FlowKind.PRODUCT)

    assert closures([*inputs, output], tolerance=excess * 1.001)[0].closes
    assert not closures([*inputs, output], tolerance=excess * 0.999)[0].closes
