"""Mistakes of clerks, made in clean forms: each in one figure that then is too large, too small or of something else."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from service.bench.filled_forms import BY_PRODUCTS, FilledForm, write_number
from service.submissions.answers import Entry, read_entry
from service.submissions.models import Depth
from service.submissions.questions import Question
from service.submissions.units import convert, factor

SAME: Final = 1.5
"""Units nearer to each other than this are no mistake that anybody could see: m³ at 20 °C and Nm³, litre and kilogram of fuel."""
EQUIVALENT: Final = 0.0003035
CALORIFIC: Final = 0.0001229
"""tce per kWh, by the coal that a power station burns for it and by its heat."""
BATCH_T: Final = (8.0, 60.0)
"""Smallest and largest charge of a furnace or kiln, t, where the form does not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One way to get a figure wrong."""

    field: str
    entry: Entry | None


Maker = Callable[[FilledForm, random.Random], Iterator[Mistake]]


def make_mistake(form: FilledForm, kind: str, rng: random.Random) -> tuple[FilledForm, str] | None:
    """Return the form with one mistake of a kind in it and the field concerned; None where the kind can't happen there."""
    possible = list(KINDS[kind](form, rng))
    if not possible:
        return None
    mistake = rng.choice(possible)
    entries = {key: entry for key, entry in form.entries.items() if key != mistake.field}
    if mistake.entry is not None:
        entries[mistake.field] = mistake.entry
    return replace(form, entries=entries), mistake.field


def _figures(form: FilledForm) -> Iterator[tuple[Question, Entry, float]]:
    """Yield questions whose answer is a number other than zero, with the number as typed."""
    for question in form.questions:
        entry = form.entries.get(question.key)
        reading = read_entry(question, entry) if entry and question.kind == "number" else None
        if entry is not None and reading is not None and reading.typed_value:
            yield question, entry, reading.typed_value


def _times_thousand(form: FilledForm, rng: random.Random) -> Iterator[Mistake]:
    """The figure of a ledger in another unit, or with the thousands' point taken for a decimal one."""
    for question, entry, typed in _figures(form):
        yield Mistake(field=question.key, entry=replace(entry, entered=write_number(typed * rng.choice((1000.0, 0.001)))))


def _ten_thousand(form: FilledForm, _: random.Random) -> Iterator[Mistake]:
    """万kWh for kWh or the other way round, and likewise for gas and water."""
    for question, entry, _typed in _figures(form):
        unit = entry.unit or question.units[0]
        other = unit.removeprefix("万") if unit.startswith("万") else f"万{unit}"
        if other in question.units:
            yield Mistake(field=question.key, entry=replace(entry, unit=other))


def _another_unit(form: FilledForm, _: random.Random) -> Iterator[Mistake]:
    """Any other unit of the list."""
    for question, entry, _typed in _figures(form):
        unit = entry.unit or question.units[0]
        for other in question.units:
            ratio = factor(other, unit)
            if other.removeprefix("万") != unit.removeprefix("万") and (ratio is None or not 1 / SAME <= ratio <= SAME):
                yield Mistake(field=question.key, entry=replace(entry, unit=other))


MOISTURE: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "MAKER": {"coke_in": (0.06, 0.12)},
    "COKE": {"product_output": (0.06, 0.12)},
    "PITCH": {"tar_input": (0.03, 0.06)},
    "RECYCLED": {"scrap_input": (0.15, 0.30)},
}
"""Water in what is weighed as it comes, as a share."""


def _moist(form: FilledForm, rng: random.Random) -> Iterator[Mistake]:
    """What was weighed with its water in it."""
    for question, entry, typed in _figures(form):
        water = MOISTURE.get(form.supplier_type, {}).get(question.key)
        if water is not None and not (form.supplier_type == "COKE" and not str(form.plant["coke_type"]).endswith("green")):
            yield Mistake(field=question.key, entry=replace(entry, entered=write_number(typed / (1 - rng.uniform(*water)))))


def _missing_by_product(form: FilledForm, rng: random.Random) -> Iterator[Mistake]:
    """A by-product left blank, or typed as none."""
    for question, _entry, _typed in _figures(form):
        if question.key in BY_PRODUCTS.get(form.supplier_type, ()):
            yield Mistake(field=question.key, entry=rng.choice((None, Entry(entered="0", unit=question.units[0]))))


PER_CHARGE: Final[Mapping[str, tuple[str, ...]]] = {
    "TOLL": ("fgd_reagent", "lining_waste", "crucible_wear"),
    "TOLL_CARB": ("carbonization_electricity", "carbonization_gas", "carbonization_nitrogen"),
    "CRUCIBLE": ("block_electricity", "block_gas"),
}
OF_THE_PERIOD: Final[Mapping[str, tuple[str, ...]]] = {
    "TOLL": ("furnace_electricity", "auxiliary_electricity", "packing_coke_net", "packing_coke_sold"),
    "MAKER": ("furnace_electricity", "auxiliary_electricity", "packing_coke_net", "packing_coke_sold"),
}


def _per_charge(form: FilledForm, rng: random.Random) -> Iterator[Mistake]:
    """For one furnace charge, where it is asked per tonne of product or for the whole period."""
    charge = form.plant.get("charge_per_heat", rng.uniform(*BATCH_T))
    made = form.plant.get("product_out")
    for question, entry, typed in _figures(form):
        if question.key in PER_CHARGE.get(form.supplier_type, ()) and isinstance(charge, float):
            yield Mistake(field=question.key, entry=replace(entry, entered=write_number(typed * charge)))
        if question.key in OF_THE_PERIOD.get(form.supplier_type, ()) and isinstance(charge, float) and isinstance(made, float):
            yield Mistake(field=question.key, entry=replace(entry, entered=write_number(typed * charge / made)))


def _other_energy_value(form: FilledForm, _: random.Random) -> Iterator[Mistake]:
    """Total energy with electricity by its equivalent value where the calorific one is said, or the other way round."""
    electricity, basis = form.plant.get("grid_electricity"), form.plant.get("energy_basis")
    for question, entry, typed in _figures(form):
        if question.key == "total_energy" and isinstance(electricity, float):
            added = electricity * (EQUIVALENT - CALORIFIC) * (1 if basis == "calorific" else -1)
            unit = entry.unit or "tce"
            yield Mistake(field=question.key, entry=replace(entry, entered=write_number(typed + convert(added, "tce", to=unit))))


KINDS: Final[Mapping[str, Maker]] = {
    "× 1000 or ÷ 1000": _times_thousand,
    "万 forgotten or added": _ten_thousand,
    "another unit": _another_unit,
    "moist for dry": _moist,
    "by-product left out": _missing_by_product,
    "per charge": _per_charge,
    "等价 for 当量": _other_energy_value,
}
DEPTHS: Final = (Depth.FIRST, Depth.FULL)
