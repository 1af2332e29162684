"""How firmly scores, grades and ranks stand, on the worked example and small changes of it."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.compliance.models import Proof, VetoKind
from service.green_score.equal_data import rank_with_equal_data
from service.green_score.facts import Facts, Shown
from service.green_score.method import shipped_method
from service.green_score.models import Score
from service.green_score.robustness import rank_robustness, score_robustness
from service.green_score.scoring import score
from service.green_score.stored_facts import facts_as_stored
from service.green_score.uncertain_values import uncertain_values
from service.scoring.weight_draws import WeightScheme
from tests.green_score.facts_builders import ELECTRICITY, EXAMPLE, FOOTPRINT, changed, with_footprint

METHOD = shipped_method()
SILENT = changed(footprint=None, electricity=None, energy=None)


def a_row(facts: Facts, *, supplier: uuid.UUID | None = None) -> Score:
    found = score(facts, METHOD)
    columns: dict[str, Any] = {"inputs": facts_as_stored(facts), "total": found.points.total, "grade": found.grade.letter}
    return Score(id=uuid.uuid4(), supplier_id=supplier or uuid.uuid4(), flow="coke", category="default", **columns)


def medians(facts: Facts) -> Mapping[str, float]:
    """Return the middle value of everything that is not certain."""
    return {name: float(np.median(one)) for _, values in uncertain_values(facts, METHOD) for name, one in values.items()}


def test_what_is_drawn_lies_around_what_is_known() -> None:
    """The middle of the footprint is 4.10 of 5.00: 60 + 40 ln 0.82 / ln 0.5 = 71.45, without the caution of the score."""
    found = medians(EXAMPLE)

    assert found["A1"] == pytest.approx(71.45, abs=0.05)
    # Of a Beta the middle is near its mean: 0.62 / 0.80, 0.45 / 0.90, 0.25 / 0.60; of electricity 0.35 between 40 and 70.
    assert found["A3"] == pytest.approx(77.5, abs=0.5)
    assert found["E2"] == pytest.approx(50.0, abs=0.5)
    assert found["F2"] == pytest.approx(41.7, abs=0.5)
    assert found["B1"] == pytest.approx(47.5, abs=0.5)


def test_the_spread_of_the_footprint_is_that_of_the_lognormal() -> None:
    """One sigma below the median: 4.10 / 1.15 / 5.00 = 0.713, worth 60 + 40 ln 0.713 / ln 0.5 = 79.5."""
    values = dict(uncertain_values(EXAMPLE, METHOD))["footprint"]["A1"]

    assert np.quantile(values, 0.8413) == pytest.approx(79.5, abs=0.3)


def test_missing_and_left_out_are_certain() -> None:
    first_period = with_footprint(earlier=None, earlier_was_due=False)

    assert {name for _, values in uncertain_values(SILENT, METHOD) for name in values} == {"D2", "E2", "F2"}
    assert "A2" not in {name for _, values in uncertain_values(first_period, METHOD) for name in values}


def test_a_better_proof_makes_a_share_narrower() -> None:
    widths = []
    for proof in (Proof.CLAIM, Proof.DOCUMENT, Proof.METERED, Proof.VERIFIED):
        values = dict(uncertain_values(changed(electricity=replace(ELECTRICITY, proof=proof)), METHOD))["renewable_share"]["B1"]
        widths.append(float(np.quantile(values, 0.95) - np.quantile(values, 0.05)))

    assert all(wide > narrow for wide, narrow in pairwise(widths))


def test_the_score_lies_in_its_interval_and_the_grade_has_its_probability() -> None:
    found = score_robustness(EXAMPLE, METHOD, samples=4000)

    assert found.low < 66.39 < found.high
    assert sum(found.grades.values()) == pytest.approx(1.0)
    assert found.at_least("B") == pytest.approx(found.grades["A+"] + found.grades["A"] + found.grades["B"])
    assert found.at_least("V") == pytest.approx(1.0)
    assert found.as_stored("B")["grade_probability"] == found.at_least("B")


def test_vague_data_makes_a_grade_less_sure_and_never_the_score_higher() -> None:
    sure, vague, unknown = (with_footprint(gsd=gsd) for gsd in (1.05, 1.4, None))

    probabilities = [score_robustness(one, METHOD, samples=4000).at_least("B") for one in (sure, vague, unknown)]
    totals = [score(one, METHOD).points.total for one in (sure, vague, unknown)]

    assert probabilities[0] > probabilities[1] > probabilities[2]
    assert totals[0] > totals[1] > totals[2]


def test_caps_and_exclusions_bind_every_draw() -> None:
    excluded = score_robustness(changed(vetoes=(VetoKind.PERMIT,)), METHOD, samples=500)
    refusing = score_robustness(changed(portal=replace(EXAMPLE.portal, refuses_data=True)), METHOD, samples=500)
    silent = score_robustness(changed(footprint=None), METHOD, samples=500)

    assert excluded.grades["V"] == 1.0
    assert excluded.by_points["B"] > 0.8  # what the margin between periods goes by knows no exclusion
    assert refusing.grades["D"] == 1.0
    assert silent.at_least("B") == 0.0


def test_a_weak_dimension_binds_the_draws_in_which_it_is_weak() -> None:
    """B1 is 61 (a share of 0.44), B2 missing, B3 60: (8 x 61 x 0.7 + 2 x 60 x 0.9) / 15 = 30.0, the least of grade A."""
    strong = {
        "D1": Shown(level="validated", proof=Proof.VERIFIED),
        "D2": Shown(number=1.0, proof=Proof.VERIFIED),
        "E2": Shown(number=0.9, proof=Proof.VERIFIED),
        "F1": Shown(number=0.5, proof=Proof.VERIFIED),
    }
    facts = replace(
        with_footprint(kg_co2e_per_kg=2.3, gsd=1.02, dqr=1.5, primary_data_share=0.9, verification="desk_audit"),
        electricity=replace(ELECTRICITY, renewable_mwh={"own_generation": 440.0}, proof=Proof.DOCUMENT),
        energy=None,
        energy_is_limited=False,
        shown={**EXAMPLE.shown, **strong},
    )
    points = score(facts, METHOD).points

    found = score_robustness(facts, METHOD, samples=2000)

    assert points.total > 78
    assert points.dimensions["B"] == pytest.approx(30.0, abs=0.1)
    assert found.grades["A"] == pytest.approx(0.5, abs=0.15)
    assert found.grades["B"] == pytest.approx(1.0 - found.grades["A"], abs=0.02)


def test_the_same_seed_gives_the_same_figures() -> None:
    one, again, other = (score_robustness(EXAMPLE, METHOD, samples=300, seed=seed) for seed in (3, 3, 4))

    assert one.as_stored("B") == again.as_stored("B")
    assert one.as_stored("B") != other.as_stored("B")


# ---- Ranks ----


@pytest.mark.parametrize("scheme", WeightScheme)
def test_a_clearly_better_supplier_is_first_under_any_weights(scheme: WeightScheme) -> None:
    best = a_row(with_footprint(kg_co2e_per_kg=2.6, gsd=1.05))
    rows = [a_row(with_footprint(kg_co2e_per_kg=5.5)), best, a_row(SILENT)]

    found = rank_robustness(rows, METHOD, scheme=scheme, samples=1500)

    assert [one.score_id for one in found] == [one.id for one in rows]
    assert found[1].low == 1
    assert found[1].expected < 1.1
    assert found[1].among_first[1] > 0.9
    assert found[1].wins_against[rows[2].id] > 0.9
    assert found[1].central_weights is not None
    assert sum(found[1].central_weights.values()) == pytest.approx(1.0)
    assert found[1].confidence is not None
    assert found[1].confidence > 0.9


def test_who_never_wins_has_no_central_weights() -> None:
    rows = [a_row(with_footprint(kg_co2e_per_kg=2.6, gsd=1.05)), a_row(SILENT)]

    found = rank_robustness(rows, METHOD, samples=300)

    assert (found[1].central_weights, found[1].confidence) == (None, None)
    assert rank_robustness([], METHOD) == ()


def test_vagueness_widens_the_interval_of_the_rank() -> None:
    """Five suppliers 8 % apart, the third one well or badly known: it stays third, or may come out anywhere."""

    def width(gsd: float) -> int:
        spreads = [1.01, 1.01, gsd, 1.01, 1.01]
        kgs = [3.4, 3.7, 4.0, 4.3, 4.6]
        rows = [a_row(with_footprint(kg_co2e_per_kg=kg, gsd=spread)) for kg, spread in zip(kgs, spreads, strict=True)]
        found = rank_robustness(rows, METHOD, samples=1500)[2]
        return found.high - found.low

    assert width(1.01) <= 1
    assert width(1.5) == 4


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(4)))
def test_names_exchanged_exchange_ranks(order: list[int]) -> None:
    kgs, suppliers = [3.6, 4.0, 4.4, 5.0], [uuid.UUID(int=number) for number in range(4)]
    rows = [a_row(with_footprint(kg_co2e_per_kg=kg), supplier=one) for kg, one in zip(kgs, suppliers, strict=True)]

    straight, mixed = (
        rank_robustness(rows, METHOD, samples=400),
        rank_robustness([rows[place] for place in order], METHOD, samples=400),
    )

    for place, now in zip(order, mixed, strict=True):
        assert now.acceptability == pytest.approx(straight[place].acceptability, abs=0.01)


# ---- The official order ----


@settings(max_examples=25, deadline=None)
@given(
    kgs=st.lists(st.floats(1.5, 12.0), min_size=2, max_size=6),
    joining=st.floats(1.5, 20.0),
    seed=st.integers(0, 10),
)
def test_who_joins_or_leaves_and_how_suppliers_are_called_changes_no_others_place(
    kgs: list[float], joining: float, seed: int
) -> None:
    few = [a_row(with_footprint(kg_co2e_per_kg=kg)) for kg in kgs]
    many = [*few, a_row(replace(with_footprint(kg_co2e_per_kg=joining), shown={}))]
    again = [a_row(with_footprint(kg_co2e_per_kg=kg)) for kg in np.random.default_rng(seed).permutation(kgs).tolist()]

    def order(rows: list[Score]) -> list[float]:
        ranked = sorted(rows, key=lambda one: -one.total)
        return [one.inputs["footprint"]["kg_co2e_per_kg"] for one in ranked if one is not many[-1]]

    assert order(many) == pytest.approx(order(few))
    assert [one.total for one in sorted(again, key=lambda one: -one.total)] == [
        one.total for one in sorted(few, key=lambda one: -one.total)
    ]


# ---- Who would win if data were as good ----


def test_a_better_footprint_wins_once_it_is_known_as_well_and_silence_gains_nothing() -> None:
    """3.9 badly known has 60.9 points, 4.3 well known 66.9; with equal data the lower footprint is ahead."""
    vague = a_row(with_footprint(kg_co2e_per_kg=3.9, gsd=1.5, dqr=3.5, primary_data_share=0.2, verification="none"))
    sure = a_row(with_footprint(kg_co2e_per_kg=4.3, gsd=1.05))
    silent = a_row(SILENT)

    found = rank_with_equal_data([vague, sure, silent], METHOD)

    assert vague.total < sure.total
    assert [one.rank for one in found] == [1, 2, 3]
    assert found[1].total == pytest.approx(sure.total)
    assert found[2].total == pytest.approx(silent.total)


def test_the_best_proof_of_anybody_counts_for_everybody() -> None:
    """E2 is 50 of 100 and D2 80: at full credit instead of 0.7 they earn 0.3 x (1.5 of 5 counted, x 8) + 0.3 x 2.4 more."""
    proven = changed(shown={**EXAMPLE.shown, "D2": Shown(number=0.8, proof=Proof.VERIFIED)})
    told = changed(footprint=FOOTPRINT)

    found = rank_with_equal_data([a_row(proven), a_row(told)], METHOD)

    assert found[0].total == pytest.approx(found[1].total)
    assert found[0].rank == found[1].rank == 1
    # 3 points, 80 of 100, credit 1 instead of 0.7.
    assert found[1].total - score(told, METHOD).points.total == pytest.approx(3 * 0.8 * 0.3)
