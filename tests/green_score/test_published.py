"""What buyers see of suppliers: an attack with all of it at once must leave the energy per tonne uncertain."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.green_score.facts import Facts
from service.green_score.method import shipped_method
from service.green_score.models import Score
from service.green_score.points import Valued
from service.green_score.published import (
    Disclosure,
    PublishedScore,
    Range,
    Visibility,
    published_footprint,
    published_kg_co2e,
    published_score,
)
from service.green_score.scoring import score
from service.green_score.supplier_footprint import MaterialFootprint, Origin
from service.green_score.valuing import value_indicators
from tests.green_score.facts_builders import ELECTRICITY, ENERGY, EXAMPLE, FOOTPRINT

LIMIT: Final = 0.07
"""Decision 0010: a supplier's input stays uncertain by more than this share to either side."""
CAN_ATTACK: Final = 0.01
METHOD: Final = shipped_method()
ANSWERED: Final = ("A1", "A2", "A3", "A4", "B1", "B2")
EARLIER: Final = 4.30


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A toll plant's secrets; the rest of its facts are known to the buyer.

    Attributes
    ----------
    electric
        Share of its footprint that is proportional to its kWh per tonne; the reader knows this and all other emissions exactly.

    """

    kwh_per_t: float = 6300.0
    electric: float = 0.9
    gsd: float = 1.15
    primary: float = 0.62
    dqr: float = 2.2
    renewable: float = 0.35

    def facts(self, *, category: str, kwh: float = 1.0, earlier: float = EARLIER, **secrets: float) -> Facts:
        """Return the facts, with `kwh` times the true energy per tonne and other secrets as somebody may guess them."""
        guess = replace(self, **secrets)
        kg = 4.10 * (1 - self.electric + self.electric * kwh)
        before = replace(FOOTPRINT.earlier, kg_co2e_per_kg=earlier) if FOOTPRINT.earlier else None
        return replace(
            EXAMPLE,
            category=category,
            footprint=replace(
                FOOTPRINT, kg_co2e_per_kg=kg, gsd=guess.gsd, primary_data_share=guess.primary, dqr=guess.dqr, earlier=before
            ),
            electricity=replace(ELECTRICITY, renewable_mwh={"own_generation": 1000 * guess.renewable}, total_mwh=1000.0),
            energy=replace(ENERGY, kwh_per_t=self.kwh_per_t * kwh),
        )


WORST: Final = {"gsd": 1.6, "primary": 0.0, "dqr": 5.0, "renewable": 0.0}
BEST: Final = {"gsd": 1.05, "primary": 1.0, "dqr": 1.0, "renewable": 1.0}


def a_row(facts: Facts, **fields: Any) -> Score:
    """Return a score of facts as it is stored."""
    found = score(facts, METHOD)
    stored = {
        name: asdict(one) | {"reasons": [reason.as_stored() for reason in one.reasons], "sources": _sources(name)}
        for name, one in found.points.indicators.items()
    }
    columns: dict[str, Any] = {
        "category": facts.category,
        "indicators": stored,
        "dimensions": dict(found.points.dimensions),
        "total": found.points.total,
        "grade": found.grade.letter,
        "robustness": {},
        "grade_reasons": [reason.as_stored() for reason in found.grade.reasons],
    }
    return Score(**(columns | fields))


def _sources(name: str) -> list[str]:
    return ["submission:1"] if name in ANSWERED or name.startswith("H") else ["held_certificate:1"]


def doubt(plant: Plant, *, category: str, disclosure: Disclosure) -> float:
    """Return how far the kWh per tonne can still be from the middle of what is possible, as a share of its true size.

    The reader knows the method, the anchors, everything that buyers record, and all of the footprint but the electricity. It tries
    every kWh per tonne from half to one and a half of the true one, and keeps those at which some value of the spread, the quality
    and the renewable share agrees with all figures shown.
    """
    row = a_row(plant.facts(category=category))
    seen = published_score(row, disclosure)
    kg = published_kg_co2e(4.10, disclosure)
    before = _possible_kg(EARLIER, disclosure)
    possible = [
        kwh
        for kwh in np.linspace(0.5, 1.5, 401).tolist()
        if _agrees(published_kg_co2e(4.10 * (1 - plant.electric + plant.electric * kwh), disclosure), kg, disclosure)
        and _fits(plant, seen, row, kwh=kwh, before=before)
    ]
    return float(max(possible) - min(possible)) / 2


def _agrees(one: float, other: float, disclosure: Disclosure) -> bool:
    return one == other if disclosure is Disclosure.ROUNDED else abs(one - other) < 1e-3


def _possible_kg(kg: float, disclosure: Disclosure) -> tuple[float, float]:
    shown = published_kg_co2e(kg, disclosure)
    candidates = [
        one
        for one in np.linspace(0.5 * kg, 1.5 * kg, 2001).tolist()
        if _agrees(published_kg_co2e(one, disclosure), shown, disclosure)
    ]
    return min(candidates), max(candidates)


def _fits(plant: Plant, seen: PublishedScore, row: Score, *, kwh: float, before: tuple[float, float]) -> bool:
    """Tell whether all figures shown can be true at some values of the other secrets.

    Every value rises or falls with each secret, and each secret stands in one indicator: the possible values of an indicator lie
    between those at the two ends, and the figures are sums of them.
    """
    worst = value_indicators(plant.facts(category=row.category, kwh=kwh, earlier=before[0], **WORST), METHOD)
    best = value_indicators(plant.facts(category=row.category, kwh=kwh, earlier=before[1], **BEST), METHOD)
    points: dict[str, tuple[float, float]] = {}
    for name, one in seen.indicators.items():
        if one.visibility in {Visibility.MISSING, Visibility.LEFT_OUT}:
            continue
        low, high = _value(worst[name]), _value(best[name])
        if one.value is not None:
            low, high = max(low, one.value.low - 1e-9), min(high, one.value.high + 1e-9)
        if low > high:
            return False
        points[name] = (low * one.credit * one.possible / 100, high * one.credit * one.possible / 100)
    return _sums_fit(points, seen, METHOD.profiles[row.category])


def _value(valued: Valued) -> float:
    assert valued.value is not None
    return valued.value


def _sums_fit(points: Mapping[str, tuple[float, float]], seen: PublishedScore, profile: Mapping[str, float]) -> bool:
    half = 0.5 if seen.disclosure is Disclosure.ROUNDED else 0.0
    lows, highs = [], []
    for dimension, shown in seen.dimensions.items():
        own = [one for name, one in points.items() if name.startswith(dimension)]
        lows.append(max(sum(low for low, _ in own), shown.low * profile[dimension] / 100 - 1e-6))
        highs.append(min(sum(high for _, high in own), shown.high * profile[dimension] / 100 + 1e-6))
    is_inside = all(low <= high + 1e-6 for low, high in zip(lows, highs, strict=True))
    return is_inside and sum(lows) <= seen.total + half + 1e-6 and sum(highs) >= seen.total - half - 1e-6


PLANTS: Final = [
    Plant(),
    Plant(kwh_per_t=5700, electric=0.95, gsd=1.3, renewable=0.1),
    Plant(kwh_per_t=6900, electric=0.7, primary=0.9, dqr=1.5),
    Plant(kwh_per_t=7300, electric=0.85, gsd=1.45, dqr=3.1, renewable=0.7),
]


@pytest.mark.parametrize("category", ["default", "toll_graphitization"])
@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.kwh_per_t:g} kWh/t")
def test_a_buyer_can_not_work_out_a_toll_plants_consumption(plant: Plant, category: str) -> None:
    assert doubt(plant, category=category, disclosure=Disclosure.ROUNDED) > LIMIT


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.kwh_per_t:g} kWh/t")
def test_the_same_attack_succeeds_on_exact_figures(plant: Plant) -> None:
    assert doubt(plant, category="toll_graphitization", disclosure=Disclosure.EXACT) < CAN_ATTACK


# ---- Footprints, and what is calculated from them ----


@pytest.mark.parametrize(
    ("kg", "shown"), [(4.10, 4.0), (4.46, 4.0), (4.48, 5.0), (0.87, 0.8), (12.0, 12.5), (0.0, 0.0), (-0.5, -0.5)]
)
def test_a_footprint_is_shown_as_the_nearest_preferred_number(kg: float, shown: float) -> None:
    """4 and 5 meet at the 13th half of a tenth of a power of ten: 10^0.65 = 4.467."""
    assert published_kg_co2e(kg, Disclosure.ROUNDED) == shown
    assert published_kg_co2e(kg, Disclosure.EXACT) == kg


@given(st.floats(1e-4, 1e4))
def test_whatever_the_footprint_a_tenth_of_it_stays_uncertain(kg: float) -> None:
    """10^0.05 above and below a number: (1.122 - 0.891) / 2 = 0.1154 of it, 0.1154 / 1.122 = 0.103 of the largest."""
    shown = published_kg_co2e(kg, Disclosure.ROUNDED)
    alike = [one for one in np.linspace(0.7 * kg, 1.4 * kg, 1401).tolist() if published_kg_co2e(one, Disclosure.ROUNDED) == shown]

    assert (max(alike) - min(alike)) / 2 >= 0.10 * kg


def test_a_stand_in_holds_no_secret_and_an_own_footprint_hides_its_spread_too() -> None:
    own = MaterialFootprint(kg_co2e_per_kg=4.1, gsd=1.17, origin=Origin.OWN, period_end=date(2025, 12, 31), source="submission:1")
    stand_in = replace(own, origin=Origin.STAND_IN, gsd=None)

    assert published_footprint(own, Disclosure.ROUNDED) == replace(own, kg_co2e_per_kg=4.0, gsd=1.2)
    assert published_footprint(stand_in, Disclosure.ROUNDED) == stand_in
    assert published_footprint(own, Disclosure.EXACT) == own


# ---- Scores ----


def test_a_buyer_sees_whole_points_and_ranges_and_no_reason_that_names_an_answer() -> None:
    """The worked example: 66.39 points; A 69.32, B 52.80, G 93.0; A3 77.5 and B1 47.5."""
    seen = published_score(a_row(EXAMPLE), Disclosure.ROUNDED)

    assert (seen.total, seen.grade) == (66.0, "B")
    assert (seen.dimensions["A"], seen.dimensions["B"]) == (Range(low=60, high=70), Range(low=40, high=60))
    assert seen.dimensions["G"].middle == pytest.approx(93.0, abs=0.01)
    assert seen.indicators["A3"].value == Range(low=60, high=80)
    assert seen.indicators["B1"].value == Range(low=0, high=50)
    assert {name for name, one in seen.indicators.items() if one.visibility is Visibility.IN_DIMENSION} == {"A1", "A2", "B2"}
    assert {reason.message for name in ANSWERED for reason in seen.indicators[name].reasons} == {
        "Rests on the supplier's own figures: shown in its dimension only.",
        "Rests on the supplier's own figures: shown as a range.",
    }


def test_an_engineer_sees_what_is_stored() -> None:
    row = a_row(EXAMPLE)

    seen = published_score(row, Disclosure.EXACT)

    assert seen.total == row.total
    assert seen.indicators["B2"].value == Range(low=76.0, high=76.0)
    assert all(one.sources for one in seen.indicators.values())


def test_missing_is_shown_as_missing_to_everybody() -> None:
    seen = published_score(a_row(replace(EXAMPLE, energy=None)), Disclosure.ROUNDED)

    assert seen.indicators["B2"].visibility is Visibility.MISSING
    assert seen.indicators["B2"].reasons[0].message == "Energy per tonne is not known."


def test_a_weak_dimension_is_told_as_roughly_as_it_is_shown() -> None:
    weak = replace(EXAMPLE, electricity=None, energy=None)

    seen = published_score(a_row(weak), Disclosure.ROUNDED)

    told = [reason.values["value"] for reason in seen.grade_reasons if reason.values.get("dimension") == "B"]
    assert told
    assert set(told) == {"0\u201320"}


def test_intervals_and_probabilities_are_coarse_for_buyers() -> None:
    robustness = {"p5": 61.3, "p95": 68.8, "grade_probability": 0.934}

    seen = published_score(a_row(EXAMPLE, robustness=robustness), Disclosure.ROUNDED)
    exact = published_score(a_row(EXAMPLE, robustness=robustness), Disclosure.EXACT)

    assert (seen.interval, seen.grade_probability) == (Range(low=60, high=70), 0.9)
    assert (exact.interval, exact.grade_probability) == (Range(low=61.3, high=68.8), 0.934)
