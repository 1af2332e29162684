import math
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_models.calculation import calculate_footprint
from lca_models.explanations import Explanations, explain
from lca_models.explanations.links import product_multipliers, trace_flows
from lca_models.explanations.tree import Branch, BranchKind, Closed, contribution_tree
from lca_models.model import load_model
from tests.lca_models.tables import calculated, factors, processes

MODEL = load_model()

# A makes a and takes half a kilogram of b; B makes b and takes a fifth of a kilogram of a.
# Levels: x_A - 0.2 x_B = 1 and x_B = 0.5 x_A, so x_A = 1 / 0.9 and x_B = 0.5 / 0.9.
# Multipliers: y_a = 1 + 0.5 y_b and y_b = 2 + 0.2 y_a, so y_a = 2 / 0.9 and y_b = 2.2 / 0.9.
LOOP = processes(
    "A,a,reference,1,kg",
    "A,b,input,0.5,kg",
    "A,CO2_fossil,emission_air,1,kg",
    "B,b,reference,1,kg",
    "B,a,input,0.2,kg",
    "B,CO2_fossil,emission_air,2,kg",
)
FURNACES = st.sampled_from(MODEL.definitions["furnace"].choices)
ALLOCATIONS = st.fixed_dictionaries(
    {name: st.sampled_from(MODEL.definitions[name].choices) for name in ("packing_coke_allocation", "fines_allocation")}
)


def explained(parameters: Mapping[str, float | str]) -> Explanations:
    return explain(MODEL, calculate_footprint(MODEL, parameters, check=False))


def branches(tree: Branch) -> Iterator[Branch]:
    yield tree
    for child in tree.children:
        yield from branches(child)


def test_a_link_carries_what_flows_times_its_multiplier() -> None:
    flows = trace_flows(calculated(LOOP, factors(), "a").solution.solved)

    assert flows.multipliers == pytest.approx({"A": 2 / 0.9, "B": 2.2 / 0.9}, rel=1e-12)
    # b to A: 0.5 x 1/0.9 kg, times 2.2/0.9. a to B: 0.2 x 0.5/0.9 kg, times 2/0.9.
    carried = {(link.producer, link.consumer): link.kg_co2e for link in flows.links}
    assert carried == pytest.approx({("B", "A"): 0.5 / 0.9 * 2.2 / 0.9, ("A", "B"): 0.1 / 0.9 * 2 / 0.9}, rel=1e-12)


def test_a_loop_hides_nothing_at_its_nodes() -> None:
    flows = trace_flows(calculated(LOOP, factors(), "a").solution.solved)

    product = flows.nodes[0]
    # Own 1 kg x 1/0.9; with what comes from B that is the total of 2/0.9 and what B takes back.
    assert product.own_kg_co2e == pytest.approx(1 / 0.9, rel=1e-12)
    assert product.passed_on_kg_co2e == pytest.approx(2 / 0.9 + 0.1 / 0.9 * 2 / 0.9, rel=1e-12)


def test_a_tree_counts_a_loop_in_full_and_opens_it_once() -> None:
    solved = calculated(LOOP, factors(), "a").solution.solved

    tree = contribution_tree(solved, product_multipliers(solved))

    # 1 kg of a = 2/0.9: B's half kilogram 1.1/0.9 before the 1 kg of A itself.
    assert [one.key for one in tree.children] == ["B", "CO2_fossil"]
    assert [one.kg_co2e for one in tree.children] == pytest.approx([1.1 / 0.9, 1.0])
    loop = tree.children[0].children[1]
    assert (loop.key, loop.closed, loop.children) == ("A", Closed.LOOP, ())
    assert (loop.amount, loop.kg_co2e) == pytest.approx((0.1, 0.1 * 2 / 0.9))


def test_a_tree_that_grows_too_large_closes_the_smallest_branches() -> None:
    solved = calculated(LOOP, factors(), "a").solution.solved

    tree = contribution_tree(solved, product_multipliers(solved), most=1)

    assert [(one.key, one.closed) for one in tree.children] == [("B", Closed.LIMIT), ("CO2_fossil", Closed.OPEN)]
    assert math.fsum(one.kg_co2e for one in tree.children) == pytest.approx(2 / 0.9, rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(furnace=FURNACES, allocation=ALLOCATIONS, toll=st.floats(0, 1), kwh=st.floats(5, 20), pitch=st.floats(0.02, 0.2))
def test_every_grouping_sums_to_the_total(
    furnace: str, allocation: Mapping[str, str], toll: float, kwh: float, pitch: float
) -> None:
    found = explained(
        {
            **allocation,
            "furnace": furnace,
            "toll_share": toll,
            "graphitization_electricity_kwh_per_kg": kwh,
            "granulation_pitch_kg_per_kg": pitch,
            "natural_gas_kg_co2e_per_nm3": 3.0,
        }
    )

    groupings: list[Mapping[str, float]] = [
        found.by_stage_kg_co2e,
        found.by_process_kg_co2e,
        found.by_flow_kg_co2e,
        found.by_gas_kg_co2e,
        found.by_scope_kg_co2e,
        found.by_party_kg_co2e,
        {str(kind): value for kind, value in found.by_kind_kg_co2e.items()},
    ]
    assert [math.fsum(one.values()) for one in groupings] == pytest.approx([found.total_kg_co2e] * 7, rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(furnace=FURNACES, allocation=ALLOCATIONS, toll=st.floats(0, 1), coated=st.floats(0, 1))
def test_what_enters_a_process_leaves_it(furnace: str, allocation: Mapping[str, str], toll: float, coated: float) -> None:
    found = explained({**allocation, "furnace": furnace, "toll_share": toll, "coated_share": coated})

    flows = found.flows
    for node in flows.nodes:
        received = math.fsum(link.kg_co2e for link in flows.links if link.consumer == node.process)
        passed_on = math.fsum(link.kg_co2e for link in flows.links if link.producer == node.process)
        demanded = found.total_kg_co2e if node is flows.nodes[0] else 0.0
        assert node.own_kg_co2e + received == pytest.approx(node.passed_on_kg_co2e, rel=1e-12)
        assert passed_on + demanded == pytest.approx(node.passed_on_kg_co2e, rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(furnace=FURNACES, allocation=ALLOCATIONS, toll=st.floats(0, 1), coated=st.floats(0, 1))
def test_the_children_of_every_branch_sum_to_it(furnace: str, allocation: Mapping[str, str], toll: float, coated: float) -> None:
    found = explained({**allocation, "furnace": furnace, "toll_share": toll, "coated_share": coated})

    assert found.tree.kg_co2e == pytest.approx(found.total_kg_co2e, rel=1e-12)
    opened = [one for one in branches(found.tree) if one.kind is BranchKind.PROCESS]
    assert {one.closed for one in opened} == {Closed.OPEN}
    for one in opened:
        assert math.fsum(child.kg_co2e for child in one.children) == pytest.approx(one.kg_co2e, rel=1e-12)


def test_the_default_is_explained_as_the_tables_say() -> None:
    found = explained({})

    # Packed anode takes 1.015 kg of coated powder, whose coating needs 0.985 kg of graphitized powder per kilogram.
    coated = found.tree.children[0]
    graphitized = coated.children[0]
    assert (coated.key, coated.unit) == ("P4_coating_carbonisation", "kg")
    assert graphitized.key == "P3_graphitisation:acheson_crucible"
    assert (coated.amount, graphitized.amount) == pytest.approx((1.015, 1.015 * 0.985))
    # 13 kWh per kilogram at the national 0.5777.
    electricity = graphitized.children[0]
    assert (electricity.key, electricity.unit) == ("electricity_cn_grid", "kWh")
    assert electricity.kg_co2e == pytest.approx(1.015 * 0.985 * 13 * 0.5777)


def test_what_does_not_run_stands_nowhere() -> None:
    found = explained({"toll_share": 0.0})

    assert "P7b_toll_graphitisation_transport" not in {node.process for node in found.flows.nodes}
    assert "needle_coke_green_oil" not in found.by_flow_kg_co2e
