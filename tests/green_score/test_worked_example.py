"""The worked example of the scoring method, from facts to the grade."""

from dataclasses import replace

import pytest

from service.green_score.method import shipped_method
from service.green_score.scoring import score
from tests.green_score.facts_builders import EXAMPLE, changed

METHOD = shipped_method()


def test_each_value_is_that_of_the_hand_calculation() -> None:
    valued = score(EXAMPLE, METHOD).valued

    expected = {
        "A1": 66.01,  # 4.10 / 5.00 x 1.15^0.6745 = 0.9011; 60 + 40 ln 0.9011 / ln 0.5
        "A2": 75.72,  # 40 + 60 x (ln(4.30 / 4.10) / 2) / 0.04
        "A3": 77.5,  # 0.62 / 0.80
        "A4": 72.0,  # (4 - 2.2) / 2.5
        "A5": 60.0,
        "B1": 47.5,  # 40 + 30 x (0.35 - 0.30) / (0.50 - 0.30)
        "B2": 76.0,  # 100 - 30 x (6300 - 5500) / (6500 - 5500)
        "B3": 60.0,
        "C1": 100.0,
        "C3": 50.0,
        "C4": 100.0,
        "C5": 100.0,
        "D1": 60.0,
        "D2": 80.0,
        "E2": 50.0,  # 0.45 / 0.90
        "E3": 100.0,
        "F1": 66.08,  # 60 + 40 ln 0.9 / ln 0.5
        "F2": 41.67,  # 0.25 / 0.60
        "G1": 90.0,  # 100 - 20 x 0.5^1
        "G2": 100.0,
        "H1": 92.0,
        "H2": 66.67,  # 1 - 10 / 30
        "H3": 85.0,
    }
    assert {name: valued[name].value for name in expected} == pytest.approx(expected, abs=0.03)
    assert [valued[name].credit for name in ("B1", "B2", "B3", "C3", "D1", "D2", "E2", "E3", "F1", "F2")] == [
        0.9, 0.9, 0.9, 0.7, 0.7, 0.7, 0.7, 0.9, 0.9, 0.9,
    ]  # fmt: skip
    assert valued["C2"].value is None
    assert valued["E1"].left_out


def test_the_example_is_66_39_points_and_grade_b() -> None:
    found = score(EXAMPLE, METHOD)

    # A (18 x 66.01 + 6 x 75.72 + 5 x 77.5 + 3 x 72 + 3 x 60) / 35 and so on, each times its points.
    expected = {"A": 69.32, "B": 52.80, "C": 60.5, "D": 49.0, "E": 57.0, "F": 52.15, "G": 93.0, "H": 82.3}
    assert found.points.dimensions == pytest.approx(expected, abs=0.01)
    # 24.262 + 7.920 + 6.050 + 2.940 + 4.560 + 3.129 + 9.300 + 8.230
    assert found.points.total == pytest.approx(66.39, abs=0.01)
    assert found.grade.letter == "B"


def test_recycled_content_that_is_missing_instead_of_left_out_costs_its_points() -> None:
    found = score(changed(not_applicable=frozenset()), METHOD)

    # E is (3 x 0 + 3 x 35 + 2 x 90) / 8 = 35.625 instead of 57: 66.389 - 8 x 0.21375
    assert found.points.total == pytest.approx(64.68, abs=0.01)
    assert found.grade.letter == "B"


def test_without_any_footprint_its_35_points_are_gone() -> None:
    found = score(changed(footprint=None), METHOD)

    # 66.389 - 35 x 0.6932
    assert found.points.total == pytest.approx(42.13, abs=0.01)
    assert found.grade.letter == "D"


def test_every_indicator_says_why() -> None:
    for facts in (EXAMPLE, changed(footprint=None, electricity=None, energy=None, certificates={}, shown={}, records={})):
        assert all(one.reasons for one in score(facts, METHOD).points.indicators.values())


def test_a_supplier_that_shows_nothing_has_no_points_and_grade_d() -> None:
    silent = changed(
        footprint=None, electricity=None, energy=None, certificates={}, shown={}, records={},
        not_applicable=frozenset(),
        portal=replace(EXAMPLE.portal, accepted_share=None, days_late=(), evidence_share=None),
    )  # fmt: skip

    found = score(silent, METHOD)

    assert found.points.total == 0.0
    assert found.grade.letter == "D"
