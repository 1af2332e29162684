"""Scenarios: the table of the reference inventory, combinations, grids."""

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from lca_models import load_model
from lca_models.batch import Case
from lca_models.calculation import calculate_footprint
from lca_models.errors import ModelError, ParameterError, ScenarioError
from lca_models.scenarios import (
    Scenario,
    check_scenario,
    combine,
    compare,
    evaluate_grid,
    find_scenario,
    parse_axis,
    read_scenarios,
    shipped_scenarios,
)

MODEL = load_model()
LIBRARY = shipped_scenarios()


def own(key: str = "own", electricity: str | None = None, **parameters: float | str) -> Scenario:
    return Scenario(key=key, group="supply", name_en="", name_zh="", parameters=parameters, electricity=electricity)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, 12.5),
        ({"electricity_kg_co2e_per_kwh": 0.6205}, 13.2),
        ({"electricity_kg_co2e_per_kwh": 0.758}, 15.5),
        ({"electricity_kg_co2e_per_kwh": 0.9567}, 18.7),
        ({"electricity_kg_co2e_per_kwh": 0.183}, 6.0),
        ({"electricity_kg_co2e_per_kwh": 0.156}, 5.5),
        ({"electricity_kg_co2e_per_kwh": 0.0651}, 4.0),
        ({"furnace": "box"}, 9.8),
        ({"furnace": "box", "electricity_kg_co2e_per_kwh": 0.758}, 12.2),
        ({"furnace": "inner_string"}, 10.2),
        ({"furnace": "continuous"}, 7.4),
        ({"toll_share": 1.0}, 12.7),
        ({"needle_coke_share": 1.0}, 12.7),
    ],
)
def test_the_scenarios_of_the_reference_inventory_come_out(parameters: dict[str, float | str], expected: float) -> None:
    scenario = Scenario(key="own", group="supply", name_en="", name_zh="", parameters=parameters)

    comparison = compare(MODEL, Case(), [[scenario]])

    assert round(float(comparison.results.total_kg_co2e[-1]), 1) == expected


def test_the_defaults_with_rail_lines_and_recycled_graphite_left_alone_are_the_reference_result() -> None:
    assert calculate_footprint(MODEL).total_kg_co2e == pytest.approx(12.4819, abs=5e-5)


def test_every_shipped_scenario_fits_the_model_and_says_why() -> None:
    assert len(LIBRARY) >= 30
    for scenario in LIBRARY.values():
        if scenario.parameters or scenario.electricity:
            check_scenario(MODEL, scenario)
        assert scenario.reasoning_en
        assert scenario.reasoning_zh
        if "memory" in {MODEL.sources[key].status for key in scenario.sources} and scenario.group in {"recycling", "prospective"}:
            assert scenario.status == "assumption"


def test_every_kind_of_change_has_a_shipped_scenario() -> None:
    wanted = {"furnace", "yield", "grid", "fuel", "transport", "recycling", "supply", "prospective"}

    assert {scenario.group for scenario in LIBRARY.values()} == wanted


def test_the_shipped_comparison_agrees_with_calculations_one_by_one() -> None:
    comparison = compare(MODEL, Case(), [[scenario] for scenario in LIBRARY.values()])

    for combination, total in zip(comparison.combinations, comparison.results.total_kg_co2e, strict=True):
        alone = calculate_footprint(MODEL, combination.case.parameters, electricity=combination.case.electricity, check=False)
        assert total == pytest.approx(alone.total_kg_co2e, rel=1e-12), combination.keys


@pytest.mark.parametrize("year", [2030, 2040, 2060])
@pytest.mark.parametrize(("case", "points_a_year"), [("low", 2.5), ("mid", 1.5), ("high", 1.0)])
def test_grids_to_come_are_stated_assumptions_with_their_arithmetic(year: int, case: str, points_a_year: float) -> None:
    """Fossil share 59.5 % in 2024, falling; (share x 0.9208 + (1 - share) x 0.0270 + 0.0036) x 1.0276."""
    scenario = LIBRARY[f"grid_{year}_{case}"]

    share = max(0.0, 59.5 - points_a_year * (year - 2024)) / 100
    factor = (share * 0.9208 + (1 - share) * 0.0270 + 0.0036) * 1.0276
    assert scenario.parameters["electricity_kg_co2e_per_kwh"] == pytest.approx(factor, abs=5e-5)
    assert scenario.status == "assumption"
    assert scenario.reasoning_en.startswith("Assumption")


def test_the_starting_point_of_the_grids_is_what_the_official_factor_implies() -> None:
    """0.595 x 0.9208 + 0.405 x 0.0270 + 0.0036, x 1.0276 = 0.5777 within a quarter of a per mille."""
    implied = (0.595 * 0.9208 + 0.405 * 0.0270 + 0.0036) * 1.0276

    assert implied == pytest.approx(0.5777, abs=3e-4)


def test_rail_takes_the_tonne_kilometres_off_the_road() -> None:
    """1.05 tkm from 0.0978 to 0.010."""
    comparison = compare(MODEL, Case(), [[LIBRARY["inbound_by_rail"]]])

    assert comparison.difference_kg_co2e[1] == pytest.approx(1.05 * (0.010 - 0.0978))
    assert comparison.results.by_stage_kg_co2e["P7"][1] == pytest.approx(1.05 * 0.010)


def test_recycled_graphite_replaces_granulate_and_carries_its_own_burden() -> None:
    """Half of 0.9998 kg graphitized powder at 0.5 kg CO2e/kg, instead of half of the granulate (P1 and P2 1.33 + 0.98)."""
    base = calculate_footprint(MODEL)
    half = calculate_footprint(MODEL, {"recycled_graphite_share": 0.5})

    stages = base.by_stage_kg_co2e["P1"] + base.by_stage_kg_co2e["P2"]
    graphitized = base.scaling["P3_graphitisation:acheson_crucible"]
    assert half.total_kg_co2e - base.total_kg_co2e == pytest.approx(0.5 * graphitized * 0.5 - 0.5 * stages)
    assert half.carbon_balance.closure == pytest.approx(1.0, abs=0.05)


def test_scenarios_are_laid_over_each_other_in_order() -> None:
    both = combine(MODEL, Case(), [LIBRARY["furnace_box"], LIBRARY["inbound_by_rail"]])

    assert both.case.parameters == {"furnace": "box", "inbound_rail_share": 1.0}
    assert both.conflicts == ()


def test_a_conflict_is_named_and_the_later_scenario_wins() -> None:
    found = combine(MODEL, Case(), [own("first", finishing_yield=0.95), own("second", finishing_yield=0.99)])

    (conflict,) = found.conflicts
    assert (conflict.setting, conflict.earlier, conflict.later) == ("finishing_yield", "first", "second")
    assert (conflict.earlier_value, conflict.later_value) == (0.95, 0.99)
    assert found.case.parameters == {"finishing_yield": 0.99}


def test_two_scenarios_that_agree_do_not_conflict() -> None:
    assert combine(MODEL, Case(), [own("first", furnace="box"), own("second", furnace="box")]).conflicts == ()


def test_a_view_and_a_factor_exclude_each_other_and_the_later_wins() -> None:
    view, factor = own("view", electricity="market"), own("factor", electricity_kg_co2e_per_kwh=0.3)

    later_factor = combine(MODEL, Case(), [view, factor])
    later_view = combine(MODEL, Case(), [factor, view])

    assert later_factor.case == Case(parameters={"electricity_kg_co2e_per_kwh": 0.3}, electricity="national")
    assert later_view.case == Case(parameters={}, electricity="market")
    assert [len(one.conflicts) for one in (later_factor, later_view)] == [1, 1]


def test_a_view_replaces_the_factor_that_the_base_had_and_keeps_the_rest() -> None:
    base = Case(parameters={"electricity_kg_co2e_per_kwh": 0.3, "finishing_yield": 0.97})

    assert combine(MODEL, base, [own(electricity="market")]).case == Case(
        parameters={"finishing_yield": 0.97}, electricity="market"
    )


def test_another_furnace_brings_its_own_defaults_and_says_what_it_drops() -> None:
    base = Case(parameters={"graphitization_electricity_kwh_per_kg": 14.0, "milling_electricity_kwh_per_kg": 1.0})

    found = combine(MODEL, base, [LIBRARY["furnace_box"]])

    assert found.dropped == ("graphitization_electricity_kwh_per_kg",)
    assert found.case.parameters == {"milling_electricity_kwh_per_kg": 1.0, "furnace": "box"}


def test_the_same_furnace_keeps_what_was_measured() -> None:
    base = Case(parameters={"graphitization_electricity_kwh_per_kg": 14.0})

    assert combine(MODEL, base, [LIBRARY["furnace_acheson"]]).dropped == ()


@given(st.lists(st.sampled_from(sorted(LIBRARY)), max_size=5))
def test_stages_sum_to_the_total_whatever_is_combined(keys: list[str]) -> None:
    try:
        comparison = compare(MODEL, Case(), [[LIBRARY[key] for key in keys]])
    except ParameterError:  # together they claim more than all of the electricity, which is refused
        reject()

    stages = sum(values[1] for values in comparison.results.by_stage_kg_co2e.values())
    assert stages == pytest.approx(comparison.results.total_kg_co2e[1], rel=1e-12)


def test_a_grid_holds_every_combination() -> None:
    axes = [parse_axis(MODEL, "graphitization_electricity_kwh_per_kg=10:14:3"), parse_axis(MODEL, "furnace=acheson_crucible,box")]

    grid = evaluate_grid(MODEL, Case(), axes)

    assert grid.total_kg_co2e.shape == (3, 2)
    alone = calculate_footprint(MODEL, {"graphitization_electricity_kwh_per_kg": 12.0, "furnace": "box"}, check=False)
    assert grid.total_kg_co2e[1, 1] == pytest.approx(alone.total_kg_co2e, rel=1e-12)


def test_thousands_of_points_are_one_solve_and_linear_in_electricity() -> None:
    """12.997 kWh at 0.5777 for each of 13.0: a straight line."""
    grid = evaluate_grid(MODEL, Case(), [parse_axis(MODEL, "graphitization_electricity_kwh_per_kg=0:20:5001")])

    steps = grid.total_kg_co2e[1:] - grid.total_kg_co2e[:-1]
    assert steps == pytest.approx(steps[0], rel=1e-6)
    assert steps[0] * 3250 == pytest.approx(7.508, abs=2e-3)  # 13.0 of 20 kWh in steps of 0.004


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("graphitization_electricity=6:16:11", "There is no parameter “graphitization_electricity”. Near it: graphitization_elec"),
        ("finishing_yield=0.1:0.9:5", "finishing_yield = 0.1 kg/kg is outside 0.3 to 1"),
        ("finishing_yield=0.5:0.9:1", "“0.5:0.9:1” is not a range"),
        ("finishing_yield=0.5:0.9:many", "is not a range for finishing_yield. Write low:high:count"),
        ("finishing_yield=", "is not a range"),
        ("finishing_yield=a:b:3", "finishing_yield = “a” is not a finite number"),
        ("furnace=box,blast", "furnace can't be “blast”. Use one of"),
    ],
)
def test_a_range_that_can_not_be_used_names_parameter_value_and_fix(text: str, message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        parse_axis(MODEL, text)

    assert message in str(caught.value)


def test_a_grid_without_end_is_refused() -> None:
    axes = [parse_axis(MODEL, f"{name}=0.5:0.9:1000") for name in ("finishing_yield", "milling_yield")]

    with pytest.raises(ScenarioError, match=r"1000000 points, more than 100000. Take fewer values"):
        evaluate_grid(MODEL, Case(), axes)
    with pytest.raises(ScenarioError, match="each once"):
        evaluate_grid(MODEL, Case(), [axes[0], axes[0]])


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        (own(), "changes nothing"),
        (own(unheard_of=1.0), "There is no parameter “unheard_of”"),
        (own(finishing_yield=1.2), "finishing_yield = 1.2 kg/kg is outside 0.3 to 1"),
        (own(electricity="provincial"), "There is no electricity view “provincial”"),
        (
            own(electricity="market", electricity_kg_co2e_per_kwh=0.5),
            "electricity_kg_co2e_per_kwh is set while the electricity view",
        ),
    ],
)
def test_a_scenario_that_can_not_be_used_says_why(scenario: Scenario, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        check_scenario(MODEL, scenario)


def test_an_unknown_scenario_is_an_error_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match=r"There is no scenario “furnace_blast”. Use one of: furnace_acheson"):
        find_scenario(LIBRARY, "furnace_blast")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('status = "sourced"', 'status = "certain"', "unknown group or status"),
        ('group = "furnace"', "", "lacks group"),
        ('sources = ["Carrere2024"]', "sources = []", "needs a source"),
        ('sources = ["Carrere2024"]', 'sources = ["hearsay"]', "not there: hearsay"),
    ],
)
def test_a_shipped_scenario_without_status_group_or_source_is_refused(old: str, new: str, message: str) -> None:
    entry = """
[one]
group = "furnace"
name_en = "One"
name_zh = "一"
status = "sourced"
sources = ["Carrere2024"]
reasoning_en = "Because."
reasoning_zh = "因为。"
parameters = { furnace = "box" }
"""
    assert read_scenarios(entry.encode(), sources=MODEL.sources)["one"].parameters == {"furnace": "box"}
    with pytest.raises(ScenarioError, match=message):
        read_scenarios(entry.replace(old, new).encode(), sources=MODEL.sources)
