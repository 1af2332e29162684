"""The one check of a site's month, whichever way its figures came in: against limits, the past, meters and each other.

What is noticed has the same shape as in the suppliers' questionnaire: a warning brings its arithmetic and needs a reason.
`Observation.field` is the id of the source at which it is shown.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

from service.errors import N_, FieldError
from service.monitoring.balances import Balance, balances
from service.monitoring.carriers import ANODE_OUTPUT, carriers
from service.monitoring.models import EmissionSource, Meter
from service.monitoring.rules import main_source
from service.submissions.plausibility.doubts import is_within, number_words, range_words, rounded_words
from service.submissions.plausibility.observations import UNIT, Level, Observation
from service.submissions.units import LABELS, convert

MONTHS_MIN: Final = 3
"""Fewer earlier months say nothing about what is usual."""
TIMES_MEDIAN: Final = 3.0
"""A month may stand still for a holiday or run twice as hard; three times as much is more often a unit."""
SUB_METERS_TOLERANCE: Final = 0.02
"""Two meters of class 1 that read the same flow may differ by so much."""
READING_TOLERANCE: Final = 0.001
"""Of a counter's difference: bills round to whole units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one source came to in one month, in its canonical unit, and its counter at both ends."""

    amount: float
    reading_start: float | None = None
    reading_end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCase:
    """One month of one site.

    Attributes
    ----------
    sources
        All that count in the month.
    figures
        By source; what is missing is missing.
    earlier
        By source the figures of the months before, the latest last.

    """

    month: date
    sources: Sequence[EmissionSource]
    meters: Mapping[uuid.UUID, Meter]
    figures: Mapping[uuid.UUID, Figure]
    earlier: Mapping[uuid.UUID, Sequence[Figure]]

    def main_of(self, source: EmissionSource) -> EmissionSource | None:
        """Return the source whose figure holds this one's."""
        return main_source(source, self.month, sources=self.sources, meters=self.meters)

    def counted(self, keys: Iterable[str]) -> Sequence[EmissionSource]:
        """Return the sources of carriers that count by themselves."""
        wanted = set(keys)
        return [one for one in self.sources if one.carrier in wanted and self.main_of(one) is None]

    def total(self, sources: Iterable[EmissionSource]) -> float | None:
        """Return the sum of sources; None when one has no figure."""
        amounts = [self.figures[one.id].amount if one.id in self.figures else None for one in sources]
        return None if None in amounts else sum(one for one in amounts if one is not None)


def examine_month(case: MonthCase) -> Sequence[Observation]:
    """Return what is odd about a month; the same figures give the same findings, in whichever order and way they came."""
    found: list[Observation] = []
    for source in case.sources:
        if source.id in case.figures:
            found += _of_source(case, source, case.figures[source.id])
    found += _per_tonne(case)
    found += _sub_meters(case)
    for balance in balances():
        found += _of_balance(case, balance)
    return found


def as_error(observation: Observation) -> FieldError:
    """Return an observation as an error of a field, which can be told in any language."""
    values = {name: _word(name, value) for name, value in observation.values.items()}
    return FieldError(observation.template, **values)


def _word(name: str, value: object) -> object:
    if name.startswith(UNIT):
        return FieldError(LABELS.get(str(value), str(value)))
    return FieldError(str(value)) if name.startswith("term_") else str(value)


def source_words(source: EmissionSource) -> str:
    """Return how a source is called in a text for readers of either language."""
    return f"{source.name_zh} / {source.name_en}"


# ---- One source ----


def _of_source(case: MonthCase, source: EmissionSource, figure: Figure) -> Iterator[Observation]:
    limits = carriers()[source.carrier].limits
    if not is_within(figure.amount, limits):
        values = {"value": number_words(figure.amount), "unit_value": limits.unit, "range": range_words(limits)}
        message = N_("%(value)s %(unit_value)s is outside the usual %(range)s %(unit_value)s.")
        yield _warning(source, "outside_limits", message, values)
    yield from _against_median(case, source, figure)
    yield from _of_readings(case, source, figure)


def _against_median(case: MonthCase, source: EmissionSource, figure: Figure) -> Iterator[Observation]:
    earlier = [one.amount for one in case.earlier.get(source.id, ())]
    if len(earlier) < MONTHS_MIN or not (usual := median(earlier)):
        return
    if not 1 / TIMES_MEDIAN <= figure.amount / usual <= TIMES_MEDIAN:
        message = N_(
            "%(value)s %(unit_value)s is %(ratio)s times %(median)s %(unit_value)s, the middle of the %(count)s months before. "
            "Check the figure and its unit."
        )
        values = {
            "value": number_words(figure.amount),
            "unit_value": carriers()[source.carrier].unit,
            "ratio": rounded_words(figure.amount / usual),
            "median": rounded_words(usual),
            "count": str(len(earlier)),
        }
        yield _warning(source, "far_from_median", message, values)


def _of_readings(case: MonthCase, source: EmissionSource, figure: Figure) -> Iterator[Observation]:
    """Compare the counter of the meter with the amount, and its beginning with the end of the month before."""
    if figure.reading_start is None or figure.reading_end is None:
        return
    ends = {"start": number_words(figure.reading_start), "end": number_words(figure.reading_end)}
    if figure.reading_end < figure.reading_start:
        message = N_("The meter ends at %(end)s, below its start of %(start)s. Was it replaced, or are the two mixed up?")
        yield _warning(source, "counter_backwards", message, ends)
    elif source.meter_id is not None:
        yield from _difference(source, case.meters[source.meter_id], figure, ends)
    before = next((one for one in reversed(case.earlier.get(source.id, ()))), None)
    if before is not None and before.reading_end is not None and before.reading_end != figure.reading_start:
        message = N_(
            "The meter starts at %(start)s, but the month before ended at %(before)s: "
            "what lies between them is in no month, or in two."
        )
        yield _warning(source, "counter_gap", message, {"start": ends["start"], "before": number_words(before.reading_end)})


def _difference(source: EmissionSource, meter: Meter, figure: Figure, ends: Mapping[str, str]) -> Iterator[Observation]:
    unit = carriers()[source.carrier].unit
    steps = (figure.reading_end or 0.0) - (figure.reading_start or 0.0)
    counted = convert(steps * meter.multiplier, meter.unit, to=unit)
    if abs(counted - figure.amount) <= max(counted, figure.amount) * READING_TOLERANCE:
        return
    message = N_(
        "The meter says (%(end)s − %(start)s) × %(multiplier)s = %(counted)s %(unit_value)s, but %(value)s %(unit_value)s is given."
    )
    values = {
        **ends,
        "multiplier": number_words(meter.multiplier),
        "counted": rounded_words(counted),
        "value": number_words(figure.amount),
        "unit_value": unit,
    }
    yield _warning(source, "counter_differs", message, values)


# ---- The site ----


def _per_tonne(case: MonthCase) -> Iterator[Observation]:
    """Compare a carrier's total per tonne of anode material with what is usual."""
    output = case.total(outputs) if (outputs := case.counted([ANODE_OUTPUT])) else None
    if not output:
        return
    for key in dict.fromkeys(one.carrier for one in case.sources):
        band, sources = carriers()[key].per_tonne, case.counted([key])
        total = case.total(sources)
        if band is None or total is None or is_within(total / output, band):
            continue
        message = N_(
            "%(value)s %(unit_value)s over %(output)s t of anode material is %(ratio)s %(unit_value)s per tonne, "
            "outside the usual %(range)s. Check both figures and their units."
        )
        values = {
            "value": number_words(total),
            "unit_value": carriers()[key].unit,
            "output": number_words(output),
            "ratio": rounded_words(total / output),
            "range": range_words(band),
        }
        yield _warning(_largest(case, sources), "per_tonne_outside", message, values, about=[*sources, *outputs])


def _sub_meters(case: MonthCase) -> Iterator[Observation]:
    """Compare what sub-meters count with their main meter."""
    for main in case.sources:
        parts = [one for one in case.sources if one.id in case.figures and case.main_of(one) is main]
        if not parts or main.id not in case.figures:
            continue
        total, whole = sum(case.figures[one.id].amount for one in parts), case.figures[main.id].amount
        if total > whole * (1 + SUB_METERS_TOLERANCE):
            message = N_(
                "Sub-meters: %(parts)s = %(total)s %(unit_value)s, "
                "more than the main meter %(main)s with %(whole)s %(unit_value)s. "
                "Check the readings and that no meter stands in two places."
            )
            values = {
                "parts": _sum_words(case, parts),
                "total": rounded_words(total),
                "main": source_words(main),
                "whole": number_words(whole),
                "unit_value": carriers()[main.carrier].unit,
            }
            yield _warning(main, "sub_meters_above_main", message, values, about=[main, *parts])


def _of_balance(case: MonthCase, balance: Balance) -> Iterator[Observation]:
    left, right = case.counted(balance.left), case.counted(balance.right)
    out, into = case.total(left), case.total(right)
    if not left or not right or out is None or into is None or out <= into * (1 + balance.tolerance):
        return
    message = N_("%(term_title)s: %(left)s = %(out)s %(unit_value)s, but %(right)s = %(into)s %(unit_value)s. %(term_hint)s")
    values = {
        "term_title": balance.title,
        "left": _sum_words(case, left),
        "out": rounded_words(out),
        "right": _sum_words(case, right),
        "into": rounded_words(into),
        "unit_value": balance.unit,
        "term_hint": balance.hint,
    }
    yield _warning(_largest(case, left), balance.rule, message, values, about=[*left, *right])


def _sum_words(case: MonthCase, sources: Sequence[EmissionSource]) -> str:
    return " + ".join(f"{source_words(one)} {number_words(case.figures[one.id].amount)}" for one in sources)


def _largest(case: MonthCase, sources: Sequence[EmissionSource]) -> EmissionSource:
    return max(sources, key=lambda one: (case.figures[one.id].amount, one.code))


def _warning(
    source: EmissionSource, rule: str, template: str, values: Mapping[str, str], *, about: Sequence[EmissionSource] = ()
) -> Observation:
    fields = tuple(str(one.id) for one in about) or (str(source.id),)
    return Observation(field=str(source.id), rule=rule, level=Level.WARNING, template=template, values=values, about=fields)
