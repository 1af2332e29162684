"""Grades: conditions, caps, vetoes and thresholds; above all what must not help."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.compliance.models import Proof, RecordArea, VetoKind, Violation
from service.green_score.facts import Facts, RecordFacts
from service.green_score.grading import Grade, PreviousGrade, grade
from service.green_score.method import shipped_method
from service.green_score.points import IndicatorPoints, Points
from service.green_score.scoring import score
from tests.green_score.facts_builders import ENERGY, EXAMPLE, a_violation, changed, records, with_footprint, with_portal

METHOD = shipped_method()
YELLOW = records(a_violation(Violation.YELLOW_CREDIT))
LETTERS = [rule.grade for rule in METHOD.grades]


def points(total: float, *, a5: float = 100.0, g1: float = 100.0, **dimensions: float) -> Points:
    """Return points of which only what a grade looks at is set."""
    indicators = {
        name: IndicatorPoints(value=value, credit=1.0, left_out=False, possible=3.0, points=3.0)
        for name, value in {"A5": a5, "G1": g1}.items()
    }
    return Points(total=total, dimensions=dict.fromkeys("ABCDEFGH", 80.0) | dimensions, indicators=indicators)


GOOD: Facts = changed(records={RecordArea.ENVIRONMENT: records(), RecordArea.CONDUCT: records()})


def graded(total: float, *, facts: Facts = GOOD, previous: PreviousGrade | None = None, **fields: float) -> Grade:
    return grade(points(total, **fields), facts, METHOD, previous=previous)


@pytest.mark.parametrize(
    ("total", "letter"),
    [(100, "A+"), (85, "A+"), (84.99, "A"), (75, "A"), (74.99, "B"), (60, "B"), (59.99, "C"), (45, "C"), (44.99, "D"), (0, "D")],
)
def test_each_grade_begins_at_its_threshold(total: float, letter: str) -> None:
    assert graded(total).letter == letter


@pytest.mark.parametrize(
    ("total", "fields", "letter"),
    [
        (90, {"a5": 84.9}, "A"),
        (90, {"g1": 79.9}, "A"),
        (90, {"C": 49.9}, "A"),
        (90, {"C": 29.9}, "B"),
        (75, {"H": 29.9}, "B"),
    ],
)
def test_points_alone_don_t_make_the_best_grades(total: float, fields: dict[str, float], letter: str) -> None:
    found = graded(total, **fields)

    assert found.letter == letter
    assert found.reasons


def test_the_best_grade_takes_a_footprint_of_the_last_twelve_months() -> None:
    assert graded(90, facts=replace(GOOD, on=date(2026, 12, 31))).letter == "A+"  # the period ended on 2025-12-31
    assert graded(90, facts=replace(GOOD, on=date(2027, 1, 1))).letter == "A"


def test_an_indicator_that_is_left_out_does_not_reach_what_a_grade_asks_of_it() -> None:
    left_out = IndicatorPoints(value=100.0, credit=1.0, left_out=True, possible=0.0, points=0.0)
    base = points(90)

    found = grade(replace(base, indicators={**base.indicators, "A5": left_out}), GOOD, METHOD)

    assert found.letter == "A"


CAPPED = {
    "no footprint": (replace(GOOD, footprint=None), "C"),
    "a footprint of three years ago": (replace(GOOD, on=date(2029, 1, 1)), "C"),
    "energy above the limit": (replace(GOOD, energy=replace(ENERGY, kwh_per_t=7501.0)), "C"),
    "energy not shown where a limit applies": (replace(GOOD, energy=None), "C"),
    "energy below the limit, but only claimed": (replace(GOOD, energy=replace(ENERGY, proof=Proof.CLAIM)), "C"),
    "refused data": (replace(GOOD, portal=replace(GOOD.portal, refuses_data=True)), "D"),
    "yellow credit": (replace(GOOD, records={**GOOD.records, RecordArea.ENVIRONMENT: YELLOW}), "B"),
    "nobody has looked up the environmental credit": (replace(GOOD, records={RecordArea.CONDUCT: records()}), "B"),
    "the look was over a year ago": (
        replace(GOOD, records={**GOOD.records, RecordArea.ENVIRONMENT: RecordFacts(searched_on=date(2025, 1, 30))}), "B",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(CAPPED))
def test_what_stands_in_the_way_caps_the_grade_and_so_does_not_showing_it(what: str) -> None:
    facts, letter = CAPPED[what]

    found = graded(95, facts=facts)

    assert found.letter == letter
    assert any(f"at most {letter}" in reason.in_words("en") for reason in found.reasons)


def test_a_limit_that_does_not_apply_caps_nothing() -> None:
    assert graded(95, facts=replace(GOOD, energy_is_limited=False, energy=None)).letter == "A+"


def test_a_yellow_credit_that_is_remedied_caps_nothing() -> None:
    remedied = records(a_violation(Violation.YELLOW_CREDIT, is_remedied=True))

    assert graded(95, facts=replace(GOOD, records={**GOOD.records, RecordArea.ENVIRONMENT: remedied})).letter == "A+"


@pytest.mark.parametrize("dimension", ["A", "B", "G"])
def test_a_weak_dimension_keeps_the_grade_at_b(dimension: str) -> None:
    assert graded(95, **{dimension: 29.9}).letter == "B"


@pytest.mark.parametrize("kind", list(VetoKind))
def test_a_veto_excludes_whatever_the_points_and_says_why(kind: VetoKind) -> None:
    found = graded(100, facts=replace(GOOD, vetoes=(kind,)))

    assert found.letter == "V"
    assert METHOD.share_cap(found.letter) == 0
    assert len(found.reasons) == 1


def was(letter: str, *, held: bool = False, **probabilities: float) -> PreviousGrade:
    return PreviousGrade(by_points=letter, is_held=held, probabilities=probabilities)


@pytest.mark.parametrize(
    ("total", "previous", "letter"),
    [
        (76.9, was("B"), "B"),  # 75 + 2 = 77 for an A
        (77.0, was("B"), "A"),
        (73.1, was("A"), "A"),  # kept above 75 - 2 = 73
        (73.0, was("A"), "A"),
        (72.9, was("A"), "B"),
        (58.5, was("A"), "B"),  # falls over two thresholds, the second one missed by less than 2
        (57.9, was("A"), "C"),
        (73.1, was("A", held=True), "B"),  # kept once already
        (75.0, was("A", held=True), "A"),
        (76.0, was("Z"), "A"),  # a letter of another method says nothing
    ],
)
def test_a_grade_moves_only_when_its_threshold_is_clearly_passed(total: float, previous: PreviousGrade, letter: str) -> None:
    assert graded(total, previous=previous).letter == letter


def test_a_grade_rises_where_it_is_probable_in_two_periods() -> None:
    probable = {"A": 0.80, "A+": 0.12}
    before = was("B", **probable)

    assert grade(points(75.5), GOOD, METHOD, previous=before, probabilities=probable).letter == "A"
    assert grade(points(75.5), GOOD, METHOD, previous=before, probabilities={"A": 0.85}).letter == "B"
    assert grade(points(75.5), GOOD, METHOD, previous=was("B"), probabilities=probable).letter == "B"
    assert grade(points(74.9), GOOD, METHOD, previous=before, probabilities=probable).letter == "B"


def test_a_grade_that_is_kept_says_so_and_the_next_period_starts_from_it() -> None:
    found = graded(73.5, previous=was("A"))

    assert (found.letter, found.by_points, found.is_held) == ("A", "A", True)
    assert "kept for one period" in found.reasons[-1].in_words("en")
    assert graded(73.5, previous=was("A", held=found.is_held)).letter == "B"


def test_a_cap_that_is_lifted_is_no_threshold_to_pass_again() -> None:
    capped = graded(76, facts=replace(GOOD, footprint=None), previous=was("A"))

    assert (capped.letter, capped.by_points) == ("C", "A")
    assert graded(76, previous=was(capped.by_points, held=capped.is_held)).letter == "A"


@given(
    total=st.floats(0, 100),
    more=st.floats(0, 100),
    previous=st.none() | st.builds(PreviousGrade, by_points=st.sampled_from(LETTERS), is_held=st.booleans()),
)
def test_more_points_never_give_a_worse_grade(total: float, more: float, previous: PreviousGrade | None) -> None:
    low, high = (LETTERS.index(graded(one, previous=previous).by_points) for one in sorted((total, more)))

    assert high <= low


def test_a_first_period_counts_no_trend_whether_or_not_somebody_shows_one() -> None:
    hidden, shown = with_footprint(earlier=None, earlier_was_due=False), with_footprint(earlier_was_due=False)

    assert score(hidden, METHOD).points == score(shown, METHOD).points
    assert score(hidden, METHOD).points.indicators["A2"].left_out


def test_a_trend_that_was_due_and_is_missing_is_not_left_out() -> None:
    found = score(with_footprint(earlier=None), METHOD).points.indicators["A2"]

    assert not found.left_out
    assert found.points == 0


@pytest.mark.parametrize(
    ("on", "share"),
    [(date(2027, 12, 31), 1.0), (date(2028, 1, 1), 0.8), (date(2028, 12, 31), 0.8), (date(2029, 1, 1), 0.0)],
)
def test_an_old_footprint_counts_less_and_then_not_at_all(on: date, share: float) -> None:
    now = score(EXAMPLE, METHOD).points.indicators["A1"].points

    assert score(changed(on=on), METHOD).points.indicators["A1"].points == pytest.approx(share * now)


@pytest.mark.parametrize(
    ("until", "value"),
    [(date(2026, 1, 31), 85.0), (date(2026, 1, 30), 42.5), (date(2025, 1, 31), 42.5), (date(2025, 1, 30), 0.0), (None, None)],
)
def test_a_verification_counts_half_for_a_year_after_its_end_and_needs_one(until: date | None, value: float | None) -> None:
    assert score(with_footprint(verification="limited", verified_until=until), METHOD).valued["A5"].value == value


def test_an_uncertainty_that_can_t_be_computed_counts_as_the_worst_and_no_larger_one_costs_more() -> None:
    unknown, huge, worst = (score(with_footprint(gsd=gsd), METHOD).valued["A1"].value for gsd in (None, 9.0, 1.6))

    # 4.10 / 5.00 x 1.6^0.6745 = 1.1258; 60 x (1 - ln 1.1258 / ln 2)
    assert unknown == huge == worst == pytest.approx(49.74, abs=0.01)


def test_late_answers_are_averaged_over_the_last_four_requests() -> None:
    # 30 days late is dropped; 100, then 0.5 x 100 + 0.5 x 50 = 75, 87.5, 93.75
    found = score(with_portal(days_late=(30.0, 0.0, 15.0, 0.0, 0.0)), METHOD).valued["H2"].value

    assert found == pytest.approx(93.75)
