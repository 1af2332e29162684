"""Why emissions changed: decomposition out of inventory and output."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.strategy.lmdi import DecompositionError
from service.targets.catalogue import Basis, Indicator
from service.targets.changes import EFFECTS, Question, explain
from service.targets.figures import LineKind, YearFigures
from tests.targets.years import A, B, a_line, a_year, an_output, worked_example


def test_the_worked_example_of_a_price_that_hides_a_saving() -> None:
    found = explain(worked_example(), Question.CURRENT_PRICE)

    # 106,592 / 125,000 and 98,983 / 105,000
    assert (found.before, found.after) == pytest.approx((0.85273, 0.94269), abs=1e-4)
    assert found.end_point["activity"] == pytest.approx(0.45783, abs=1e-4)
    assert found.end_point["structure"] == pytest.approx(-0.05387, abs=1e-4)
    assert found.end_point["intensity"] == pytest.approx(-0.06840, abs=1e-4)
    assert found.end_point["mix"] == pytest.approx(-0.00153, abs=1e-4)
    assert found.end_point["factor"] == pytest.approx(-0.24407, abs=1e-4)
    assert math.fsum(found.end_point.values()) == pytest.approx(0.08996, abs=1e-4)


def test_per_tonne_the_worked_example_fell_by_a_third_and_price_has_no_effect() -> None:
    found = explain(worked_example(), Question.PER_TONNE)

    assert found.after / found.before - 1 == pytest.approx(-0.337, abs=1e-3)  # 4.264 to 2.828
    assert found.end_point["activity"] == 0.0


def test_absolute_emissions_of_the_worked_example() -> None:
    found = explain(worked_example(), Question.ABSOLUTE)

    assert (found.before, found.after) == pytest.approx((106_592, 98_983), abs=1)
    assert math.fsum(found.end_point.values()) == pytest.approx(98_983 - 106_592, abs=1)


def middle_year() -> YearFigures:
    lines = [
        a_line(A, "electricity_purchased", 22_000 * 8_900, factor=0.00053, tce=0.0001229, kind=LineKind.ELECTRICITY),
        a_line(A, "natural_gas", 22_000 * 59, factor=0.002162, tce=0.00133),
        a_line(B, "electricity_purchased", 6_000 * 1_190, factor=0.00053, tce=0.0001229, kind=LineKind.ELECTRICITY),
        a_line(B, "natural_gas", 6_000 * 39, factor=0.002162, tce=0.00133),
    ]
    return a_year(2023, lines, an_output(2023, {A: 22_000, B: 6_000}, value=140_000))


def test_year_by_year_and_end_to_end_sum_to_the_same_change_and_split_it_differently() -> None:
    first, last = worked_example()

    found = explain([first, middle_year(), last], Question.CURRENT_PRICE)

    change = found.after - found.before
    assert math.fsum(found.chained.values()) == pytest.approx(change, abs=1e-12)
    assert math.fsum(found.end_point.values()) == pytest.approx(change, abs=1e-12)
    assert abs(found.chained["activity"] - found.end_point["activity"]) > 1e-4
    assert [(step.earlier, step.later) for step in found.steps] == [("2021", "2023"), ("2023", "2025")]


def test_a_plant_that_appears_is_due_to_structure_alone() -> None:
    """A makes 100 t with 1 t CO2/t in both years; B begins with 50 t at 2 t CO2/t: 100 t more."""
    first = a_year(2021, [a_line(A, "natural_gas", 100, factor=1.0, tce=1.0)], an_output(2021, {A: 100, B: 0}))
    both = [a_line(A, "natural_gas", 100, factor=1.0, tce=1.0), a_line(B, "natural_gas", 100, factor=1.0, tce=1.0)]
    last = a_year(2022, both, an_output(2022, {A: 100, B: 50}))

    found = explain([first, last], Question.ABSOLUTE)

    [cell] = [one for one in found.cells if one.key[0] == B]
    assert cell.effects == {"activity": 0.0, "structure": 100.0, "intensity": 0.0, "mix": 0.0, "factor": 0.0}
    assert math.fsum(found.end_point.values()) == pytest.approx(100.0)


def test_a_plant_that_vanishes_takes_its_emissions_along_as_structure() -> None:
    lines = [a_line(A, "natural_gas", 100, factor=1.0, tce=1.0), a_line(B, "natural_gas", 70, factor=1.0, tce=1.0)]
    first = a_year(2021, lines, an_output(2021, {A: 100, B: 50}))
    last = a_year(2022, lines[:1], an_output(2022, {A: 100, B: 0}))

    [cell] = [one for one in explain([first, last], Question.ABSOLUTE).cells if one.key[0] == B]

    assert cell.effects["structure"] == -70.0
    assert cell.total == -70.0


def test_a_carrier_that_appears_is_due_to_the_mix() -> None:
    """10 tce of gas become 5 of gas and 5 of coal, which emits 3 t per tce: 15 t more of coal, half of the gas less."""
    first = a_year(2021, [a_line(A, "natural_gas", 10, factor=2.0, tce=1.0)], an_output(2021, {A: 100}))
    mixed = [a_line(A, "natural_gas", 5, factor=2.0, tce=1.0), a_line(A, "bituminous_coal", 5, factor=3.0, tce=1.0)]
    last = a_year(2022, mixed, an_output(2022, {A: 100}))

    found = explain([first, last], Question.ABSOLUTE)

    assert {name: round(effect, 9) for name, effect in found.end_point.items() if round(effect, 9)} == {"mix": 5.0}
    [coal] = [one for one in found.cells if one.key[1] == "bituminous_coal"]
    assert coal.effects["mix"] == 15.0


def test_own_wind_lowers_emissions_by_mix_although_it_emits_nothing() -> None:
    grid = {"factor": 0.5, "tce": 0.1, "kind": LineKind.ELECTRICITY}
    first = a_year(2021, [a_line(A, "electricity_purchased", 100, **grid)], an_output(2021, {A: 10}))
    wind = a_line(A, "electricity_wind_own", 40, factor=0.0, tce=0.1, kind=LineKind.ELECTRICITY)
    last = a_year(2022, [a_line(A, "electricity_purchased", 60, **grid), wind], an_output(2022, {A: 10}))

    found = explain([first, last], Question.ABSOLUTE)

    assert found.end_point["mix"] == pytest.approx(-20.0)
    assert math.fsum(abs(effect) for effect in found.end_point.values()) == pytest.approx(20.0)


def test_carbon_that_reacts_counts_per_tonne_without_touching_the_mix() -> None:
    """Packing coke of 10 t at 3 t CO2/t becomes 8 t for the same output: intensity alone, -6 t."""
    years = [
        a_year(year, [a_line(A, "packing_coke", amount, factor=3.0, kind=LineKind.PROCESS)], an_output(year, {A: 100}))
        for year, amount in ((2021, 10.0), (2022, 8.0))
    ]

    assert explain(years, Question.ABSOLUTE).end_point["intensity"] == pytest.approx(-6.0)


amounts = st.one_of(st.just(0.0), st.floats(1e-2, 1e4))


@given(st.lists(st.tuples(amounts, amounts, amounts, amounts), min_size=2, max_size=4), st.sampled_from(list(Question)))
def test_the_effects_sum_to_the_change_whatever_appears_or_vanishes(
    rows: list[tuple[float, float, float, float]], question: Question
) -> None:
    years = []
    for number, (coal, gas_a, gas_b, packing) in enumerate(rows):
        lines = [
            a_line(A, "coal", coal, factor=2.6, tce=0.7),
            a_line(A, "natural_gas", gas_a, factor=2.1, tce=1.3),
            a_line(B, "natural_gas", gas_b, factor=2.1, tce=1.3),
            a_line(A, "packing_coke", packing, factor=3.1, kind=LineKind.PROCESS),
        ]
        tonnes = {A: 100.0 + 7 * number, B: 50.0 if gas_b else 0.0}
        years.append(a_year(2021 + number, lines, an_output(2021 + number, tonnes, value=900.0 - 50 * number, index=1.0)))

    found = explain(years, question)

    size = max(abs(found.before), abs(found.after), 1e-6)
    assert math.fsum(found.end_point.values()) == pytest.approx(found.after - found.before, abs=1e-9 * size)
    assert math.fsum(found.chained.values()) == pytest.approx(found.after - found.before, abs=1e-8 * size * len(rows))
    assert set(found.end_point) == set(EFFECTS)


def test_missing_output_and_a_plant_that_makes_nothing_are_named() -> None:
    line = a_line(A, "natural_gas", 100, factor=1.0, tce=1.0)
    good = a_year(2021, [line], an_output(2021, {A: 100}, value=10.0))

    with pytest.raises(DecompositionError, match="needs two periods; here is 1"):
        explain([good], Question.ABSOLUTE)
    with pytest.raises(DecompositionError, match="output of 2022 is not entered"):
        explain([good, a_year(2022, [line], None)], Question.ABSOLUTE)
    with pytest.raises(DecompositionError, match="output of 2021 is not entered, or lacks its price index"):
        explain([good, good], Question.CONSTANT_PRICE)
    with pytest.raises(DecompositionError, match="emits in 2022 and makes nothing"):
        explain([good, a_year(2022, [line], an_output(2022, {A: 0, B: 10}, value=1.0))], Question.ABSOLUTE)


def test_the_worked_example_reads_the_same_figures_as_the_targets() -> None:
    first, _ = worked_example()

    assert first.figure(Indicator.CO2, Basis.ABSOLUTE) == pytest.approx(106_592, abs=1)
