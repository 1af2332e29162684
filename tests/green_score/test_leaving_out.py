"""What may be left out of a score, and what a supplier is told to do first."""

from dataclasses import replace

import pytest

from service.compliance.models import Proof
from service.errors import FieldError
from service.green_score.facts import Shown
from service.green_score.improvements import Step, cheapest_two
from service.green_score.method import shipped_method
from service.green_score.not_applicable import check_not_applicable, full_points, left_out_of
from service.green_score.scoring import score
from tests.green_score.facts_builders import ELECTRICITY, EXAMPLE, changed
from tests.green_score.test_properties import excellent

METHOD = shipped_method()


@pytest.mark.parametrize("category", sorted(METHOD.profiles))
def test_the_points_of_every_category_sum_to_100(category: str) -> None:
    assert sum(full_points(METHOD, category).values()) == pytest.approx(100)


@pytest.mark.parametrize("indicator", ["A1", "G1"])
def test_footprint_and_environmental_records_always_count(indicator: str) -> None:
    with pytest.raises(FieldError, match="always counts"):
        check_not_applicable(METHOD, indicator, beside=(), category="default")


def test_an_unknown_indicator_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FieldError, match="“Z9” is no indicator of the method"):
        check_not_applicable(METHOD, "Z9", beside=(), category="default")


def test_at_most_20_points_are_left_out() -> None:
    check_not_applicable(METHOD, "E2", beside={"B1", "B2", "E1"}, category="default")  # 8 + 5 + 3 + 3 = 19

    with pytest.raises(FieldError, match="22 of 100 points"):
        check_not_applicable(METHOD, "H2", beside={"B1", "B2", "E1", "E2"}, category="default")


def test_the_same_indicators_weigh_more_where_their_dimension_does() -> None:
    # Toll graphitization: B1 is 22 x 8 / 15 = 11.73, B2 is 7.33; E1 is 4 x 3 / 8 = 1.5
    with pytest.raises(FieldError, match=r"20\.57 of 100 points"):
        check_not_applicable(METHOD, "E1", beside={"B1", "B2"}, category="toll_graphitization")


def test_a_dimension_keeps_at_least_one_indicator() -> None:
    with pytest.raises(FieldError, match="nothing of dimension F"):
        check_not_applicable(METHOD, "F2", beside={"F1"}, category="default")


def test_what_goes_beyond_the_limit_counts_as_any_other_in_the_method_s_order() -> None:
    approved = {"H1", "A1", "B1", "B2", "E1", "E2", "Z9"}

    assert left_out_of(METHOD, approved, category="default") == {"B1", "B2", "E1", "E2"}
    found = score(changed(not_applicable=frozenset(approved)), METHOD)
    assert found.points.indicators["H1"].points == pytest.approx(4 * 0.92)
    assert any("beyond what may be left out" in one.message for one in found.valued["H1"].reasons)


def test_a_bad_value_of_what_is_left_out_does_not_count() -> None:
    bad = {**EXAMPLE.shown, "E1": Shown(number=0.0, proof=Proof.VERIFIED)}

    assert score(changed(shown=bad), METHOD).points == score(EXAMPLE, METHOD).points


def test_the_two_steps_that_gain_most_per_effort_come_first() -> None:
    first, second = cheapest_two(EXAMPLE, METHOD)

    # H2: one step lifts 66.67 to 100, 3 x 0.3333 = 1 point at effort 1.
    # B1: 47.5 to 87.5 at a credit of 0.9, 8 x 0.9 x 0.40 = 2.88 points at effort 3, which is 0.96 each.
    assert (first.indicator, first.step, first.gain) == ("H2", Step.IMPROVE, pytest.approx(1.0))
    assert (second.indicator, second.step, second.gain) == ("B1", Step.IMPROVE, pytest.approx(2.88))


def test_a_supplier_without_a_footprint_is_told_to_give_its_figures() -> None:
    first, _ = cheapest_two(changed(footprint=None), METHOD)

    assert (first.indicator, first.step, first.effort) == ("A1", Step.REPORT, "report")
    assert first.gain == pytest.approx(18 * 0.60)


def test_a_certificate_that_is_missing_is_more_than_a_figure_to_tell() -> None:
    without = replace(EXAMPLE, certificates={})

    assert all(one.indicator not in {"C4", "C5"} for one in cheapest_two(without, METHOD))


def test_better_proof_is_a_step_of_its_own() -> None:
    claimed = {**EXAMPLE.shown, "D2": Shown(number=1.0, proof=Proof.CLAIM)}
    first, _ = cheapest_two(changed(shown=claimed), METHOD)

    # 3 x (1 - 0) x 100 % = 3 points at effort 1.5, which is 2 each
    assert (first.indicator, first.step, first.gain) == ("D2", Step.PROVE, pytest.approx(3.0))


def test_who_has_all_points_is_told_nothing() -> None:
    electricity = replace(ELECTRICITY, renewable_mwh={"own_generation": 1000.0}, proof=Proof.VERIFIED)

    assert cheapest_two(replace(excellent, electricity=electricity), METHOD) == ()
