"""Questionnaires as clerks fill them in from a plant's books: rounded readings, units as on the bill, some fields left out."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.bench.plants.books import PLANTS, draw_plant
from service.bench.plants.draws import Plant
from service.submissions.answers import Entry
from service.submissions.models import Absence, Depth
from service.submissions.peers import comparable
from service.submissions.plausibility import Surroundings
from service.submissions.questionnaire import questions_for
from service.submissions.questions import Question
from service.submissions.units import convert, factor

PERIOD: Final = (date(2025, 1, 1), date(2025, 12, 31))
TODAY: Final = date(2026, 3, 16)
DIGITS: Final = 5
"""Significant digits that people copy from a ledger."""
LEFT_OUT: Final = 0.3
"""How often a field that may be left out is."""
FIRST_UNIT: Final = 0.6
"""How often the unit that is preselected is kept."""
READING_NOISE: Final[Mapping[str, float]] = {"kWh": 0.01, "Nm3": 0.01, "GJ": 0.01, "t": 0.005, "%": 0.002}
"""Relative standard deviation of a reading, by canonical unit; 0.5 % where none is named."""
COUNTED: Final = frozenset({"次", "台", "只", "a"})
"""Units of what is counted, not read from a meter."""
BY_PRODUCTS: Final[Mapping[str, tuple[str, ...]]] = {
    "MAKER": ("fines_out", "packing_coke_sold"),
    "TOLL": ("packing_coke_sold",),
    "PITCH": ("co_products",),
    "COKE": ("co_products",),
}
ENERGY: Final = ("onsite_electricity", "diesel", "petrol", "coal", "coke_oven_gas", "other_fuel", "purchased_steam")
"""Like by-products never left out of a clean form: to leave out what is there is a mistake."""
YEARLY_SCALE: Final = 1.15
YEARLY_CHANGE: Final = 1.04
"""Geometric standard deviations from one year to the next: of the output, and of each figure besides."""
PEERS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """One questionnaire with what is known around it."""

    supplier_type: str
    depth: Depth
    knowledge: str
    plant: Plant
    entries: Mapping[str, Entry]
    surroundings: Surroundings

    @property
    def questions(self) -> Sequence[Question]:
        """What was asked."""
        return questions_for(self.supplier_type, self.depth)


def fill_form(supplier_type: str, depth: Depth, knowledge: str, rng: random.Random) -> FilledForm:
    """Return a clean form of a new plant.

    Parameters
    ----------
    knowledge
        `nothing`, `past` (the same supplier's answers of the year before) or `past and peers` (besides, eight plants of the kind).

    """
    plant = draw_plant(supplier_type, rng)
    questions = questions_for(supplier_type, depth)
    kept = (*BY_PRODUCTS.get(supplier_type, ()), *ENERGY)
    entries = {question.key: _fill(question, plant, rng, is_kept=question.key in kept) for question in questions}
    surroundings = Surroundings(
        supplier_type=supplier_type,
        today=TODAY,
        period=PERIOD,
        earlier={} if knowledge == "nothing" else _year_before(plant, questions, entries, rng),
        peers=_peers(supplier_type, plant, questions, rng) if knowledge == "past and peers" else {},
    )
    return FilledForm(
        supplier_type=supplier_type,
        depth=depth,
        knowledge=knowledge,
        plant=plant,
        entries={key: entry for key, entry in entries.items() if entry is not None},
        surroundings=surroundings,
    )


def supplier_types() -> Sequence[str]:
    """Return all supplier types."""
    return tuple(PLANTS)


def write_number(value: float) -> str:
    """Return a number as it is typed: five digits, thousands set apart."""
    rounded = float(f"{value:.{DIGITS}g}")
    return (
        f"{rounded:,.0f}" if rounded.is_integer() else f"{rounded:,.{max(0, DIGITS - 1 - math.floor(math.log10(abs(rounded))))}f}"
    )


def _fill(question: Question, plant: Plant, rng: random.Random, *, is_kept: bool) -> Entry | None:
    value = plant.get(question.key)
    may_be_left_out = not (question.required or question.essential or question.is_first or is_kept)
    if may_be_left_out and rng.random() < LEFT_OUT:
        return None
    if isinstance(value, float):
        return _typed(question, _read(value, question.unit or "", rng), plant, rng)
    if isinstance(value, str):
        return Entry(entered=value)
    return _fill_in(question) if question.required else None


def _fill_in(question: Question) -> Entry:
    """Answer what has nothing to do with the plant."""
    if question.key in {"data_from", "data_to"}:
        return Entry(entered=PERIOD[question.key == "data_to"].isoformat())
    if question.kind == "choice":
        return Entry(entered=question.choices[0].key)
    if question.kind == "number":
        return Entry(absent=Absence.UNKNOWN, note="no meter of its own")
    return Entry(entered=question.example[0] if question.example else "-")


def _read(value: float, unit: str, rng: random.Random) -> float:
    if unit in COUNTED:
        return float(max(1, round(value)))
    read = value * math.exp(rng.gauss(0.0, READING_NOISE.get(unit, 0.005)))
    return min(read, 100.0) if unit == "%" else read


def _typed(question: Question, value: float, plant: Plant, rng: random.Random) -> Entry:
    if question.key == "fuel_use":
        return Entry(entered=write_number(value), unit=FUEL_UNITS[str(plant["vehicle_energy"])])
    if not value:
        return Entry(entered="0", unit=question.units[0])
    fitting = [unit for unit in question.units if factor(question.unit or "", unit) is not None]
    unit = question.units[0] if rng.random() < FIRST_UNIT or question.units[0] not in fitting else rng.choice(fitting)
    return Entry(entered=write_number(convert(value, question.unit or "", to=unit)), unit=unit)


FUEL_UNITS: Final[Mapping[str, str]] = {"diesel": "L/100km", "lng": "kg/100km", "electric": "kWh/100km"}


# ---- What is known around it ----


def _year_before(
    plant: Plant, questions: Sequence[Question], entries: Mapping[str, Entry | None], rng: random.Random
) -> Mapping[str, float | str]:
    """Return the same plant's answers a year ago: another output, and each figure a little different."""
    scale = math.exp(rng.gauss(0.0, math.log(YEARLY_SCALE)))
    values: dict[str, float | str] = {}
    for question in questions:
        value = plant.get(question.key)
        if isinstance(value, float) and entries[question.key] is not None:
            is_total = question.unit in {"t", "kWh", "Nm3", "GJ", "tce", "只"}
            before = value * (scale if is_total else 1.0) * math.exp(rng.gauss(0.0, math.log(YEARLY_CHANGE)))
            values[question.key] = min(before, 100.0) if question.unit == "%" else before
        elif isinstance(value, str):
            values[question.key] = value
    return values


def _peers(supplier_type: str, plant: Plant, questions: Sequence[Question], rng: random.Random) -> Mapping[str, Sequence[float]]:
    """Return how other plants of the kind compare, as many as make the same with the same technology."""
    technology = {question.key: plant[question.key] for question in questions if isinstance(plant.get(question.key), str)}
    found: list[Plant] = []
    while len(found) < PEERS:
        other = draw_plant(supplier_type, rng)
        if all(other.get(key) == value for key, value in technology.items() if key in KIND_OF_PLANT):
            found.append(other)
    values = {
        question.key: [value for other in found if (value := comparable(question, other)) is not None]
        for question in questions
        if question.kind == "number"
    }
    return {key: several for key, several in values.items() if len(several) == PEERS}


KIND_OF_PLANT: Final = frozenset(
    {"furnace_type", "coke_type", "kiln_type", "vehicle_energy", "nitrogen_route", "packaging_material", "equipment_kind"}
)
