import math
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_models.calculation import calculate_footprint
from lca_models.emissions import GwpSet
from lca_models.explanations.comparison import Comparison, Grouping, Rule, Side, compare_footprints
from lca_models.explanations.differences import ELECTRICITY_VIEW, GWP, MODEL
from lca_models.model import load_model, read_model, shipped_tables

MODEL_IN_USE = load_model()
KWH = "graphitization_electricity_kwh_per_kg"
FACTOR = "graphitization_electricity_kg_co2e_per_kwh"


def side(parameters: Mapping[str, float | str] | None = None, electricity: str = "national", gwp: GwpSet = GwpSet.AR6) -> Side:
    footprint = calculate_footprint(MODEL_IN_USE, parameters, electricity=electricity, gwp=gwp, check=False)
    return Side(model=MODEL_IN_USE, footprint=footprint)


def steps(found: Comparison) -> dict[str, float]:
    return {step.key: step.kg_co2e for step in found.steps}


def test_two_factors_of_a_product_share_it_symmetrically() -> None:
    # 13 kWh at 0.5 become 11 kWh at 0.4, times 1.015 x 0.985 kg per kg: in two orders, the mean of both.
    # kWh: (11 - 13) x (0.5 + 0.4) / 2 = -0.9. Factor: (0.4 - 0.5) x (13 + 11) / 2 = -1.2. Together 4.4 - 6.5 = -2.1.
    before, after = side({KWH: 13.0, FACTOR: 0.5}), side({KWH: 11.0, FACTOR: 0.4})

    found = compare_footprints(before, after, grouping=Grouping.PARAMETER)

    powder = 1.015 * 0.985
    assert steps(found) == pytest.approx({KWH: -0.9 * powder, FACTOR: -1.2 * powder}, rel=1e-9)
    assert (found.rule, found.combinations) == (Rule.SHAPLEY, 4)


def test_exchanging_the_sides_turns_every_step_round() -> None:
    before, after = side({"milling_yield": 0.8, KWH: 12.0}), side({"furnace": "box", "coating_yield": 0.99}, "province:CN-SC")

    forwards, backwards = compare_footprints(before, after), compare_footprints(after, before)

    assert steps(backwards) == pytest.approx({key: -kg for key, kg in steps(forwards).items()}, abs=1e-12)


PARAMETERS = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.sampled_from(MODEL_IN_USE.definitions[name].choices)
            for name in ("furnace", "packing_coke_allocation", "fines_allocation")
        },
        KWH: st.floats(8, 18),
        "milling_yield": st.floats(0.7, 0.95),
        "granulation_pitch_kg_per_kg": st.floats(0.03, 0.2),
        "coating_yield": st.floats(0.95, 1.02),
        "toll_share": st.floats(0, 1),
        "green_petroleum_coke_kg_co2e_per_kg": st.floats(0.2, 1.0),
        "coal_tar_pitch_kg_co2e_per_kg": st.floats(0.6, 2.0),
        "natural_gas_kg_co2e_per_nm3": st.floats(2.0, 3.5),
        "coke_transport_distance_km": st.floats(100, 2000),
        "contract_wind_share": st.floats(0, 1),
    },
)
VIEWS = st.sampled_from(["national", "market", "province:CN-SC", "eu_draft"])
SETS = st.sampled_from(list(GwpSet))


@settings(max_examples=60, deadline=None)
@given(one=st.tuples(PARAMETERS, VIEWS, SETS), other=st.tuples(PARAMETERS, VIEWS, SETS), grouping=st.sampled_from(list(Grouping)))
def test_the_steps_sum_to_the_difference(
    one: tuple[dict[str, float | str], str, GwpSet], other: tuple[dict[str, float | str], str, GwpSet], grouping: Grouping
) -> None:
    before, after = side(*one), side(*other)

    found = compare_footprints(before, after, grouping=grouping)

    difference = after.footprint.total_kg_co2e - before.footprint.total_kg_co2e
    assert math.fsum(steps(found).values()) == pytest.approx(difference, abs=1e-12 * before.footprint.total_kg_co2e * 10)


def test_the_same_footprint_has_no_steps() -> None:
    found = compare_footprints(side(), side())

    assert found.steps == ()
    assert found.before_kg_co2e == found.after_kg_co2e


def test_another_furnace_is_one_change_with_its_defaults() -> None:
    before, after = side(), side({"furnace": "box"})

    found = compare_footprints(before, after)

    difference = after.footprint.total_kg_co2e - before.footprint.total_kg_co2e
    assert steps(found) == pytest.approx({"furnace": difference}, rel=1e-12)
    assert (KWH, 13.0, 9.5) in {(one.parameter, one.before, one.after) for one in found.steps[0].parameters}


def test_another_view_is_one_change() -> None:
    before, after = side(), side({"contract_wind_share": 0.5}, "market")

    found = compare_footprints(before, after)

    assert list(steps(found)) == [ELECTRICITY_VIEW]


def test_what_follows_a_parameter_counts_with_it() -> None:
    # The coating pitch takes the factor of the binder pitch as long as nobody sets it.
    found = compare_footprints(side(), side({"coal_tar_pitch_kg_co2e_per_kg": 1.6}), grouping=Grouping.PARAMETER)

    assert list(steps(found)) == ["coal_tar_pitch_kg_co2e_per_kg"]


def test_another_gwp_set_is_one_change() -> None:
    found = compare_footprints(side(), side(gwp=GwpSet.AR5))

    assert list(steps(found)) == [GWP]
    assert found.before_kg_co2e != found.after_kg_co2e


def test_another_model_version_is_one_change() -> None:
    tables = dict(shipped_tables())
    text = tables["upstream_factors.csv"].decode()
    assert "\nnitrogen," in text
    changed = "\n".join(
        line.replace(line.split(",")[2], "0.2", 1) if line.startswith("nitrogen,") else line for line in text.split("\n")
    )
    other = read_model({**tables, "upstream_factors.csv": changed.encode()}, version="2.0.0")
    after = Side(model=other, footprint=calculate_footprint(other, {"milling_yield": 0.8}, check=False))

    found = compare_footprints(side(), after)

    assert list(steps(found)) == [MODEL, "milling"]


def test_many_changes_are_made_one_after_the_other() -> None:
    before = side()
    numbers = {
        name: float(one.default) * 1.01
        for name, one in MODEL_IN_USE.definitions.items()
        if one.group in {"granulation", "factors"} and float(one.default) and one.maximum is not None
    }
    after = side(numbers)

    found = compare_footprints(before, after, grouping=Grouping.PARAMETER)

    assert len(found.steps) > 12
    assert (found.rule, found.combinations) == (Rule.ORDERED, len(found.steps) + 1)
    assert math.fsum(steps(found).values()) == pytest.approx(after.footprint.total_kg_co2e - before.footprint.total_kg_co2e)
