"""How good a figure is on a day: by its method, and a step less for each fault. The table is data."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from service.errors import N_
from service.monitoring.models import ActivityEntry, EmissionSource, Meter, Method
from service.monitoring.months import last_day


class Grade(StrEnum):
    """A is best."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Fault(StrEnum):
    """What makes a figure less good than its method."""

    NO_EVIDENCE = "no_evidence"
    EVIDENCE_EXPIRED = "evidence_expired"
    NO_METER = "no_meter"
    CALIBRATION_EXPIRED = "calibration_expired"


FAULT_TEXTS: Final = {
    Fault.NO_EVIDENCE: N_("No number of a bill or sheet is given; type it."),
    Fault.EVIDENCE_EXPIRED: N_("The paper behind it has run out; get a new one."),
    Fault.NO_METER: N_("It is said to be metered, but no meter is named; name it."),
    Fault.CALIBRATION_EXPIRED: N_("The meter's calibration had run out; have it calibrated."),
}

_GRADES: Final = tuple(Grade)
_FILE: Final = "grades.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A grade and what lowered it."""

    grade: Grade
    faults: tuple[Fault, ...]


def grade_of(entry: ActivityEntry, source: EmissionSource, meter: Meter | None, *, on: date | None = None) -> Graded:
    """Grade a figure.

    Parameters
    ----------
    on
        The day on which its paper must hold; None: the last day of its month. A meter must have been calibrated in the month.

    """
    month_end = last_day(entry.month)
    faults = tuple(_faults(entry, source, meter, month_end=month_end, on=on or month_end))
    table = _table()
    steps = table["starts"][source.method.value] + sum(table["falls"][fault.value] for fault in faults)
    return Graded(grade=_GRADES[min(steps, len(_GRADES)) - 1], faults=faults)


def _faults(entry: ActivityEntry, source: EmissionSource, meter: Meter | None, *, month_end: date, on: date) -> Sequence[Fault]:
    faults = []
    if not entry.evidence_number:
        faults.append(Fault.NO_EVIDENCE)
    elif entry.evidence_until is not None and entry.evidence_until < on:
        faults.append(Fault.EVIDENCE_EXPIRED)
    if source.method is Method.METERED:
        if meter is None:
            faults.append(Fault.NO_METER)
        elif meter.calibrated_until is None or meter.calibrated_until < month_end:
            faults.append(Fault.CALIBRATION_EXPIRED)
    return faults


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads((files("service.monitoring") / "data" / _FILE).read_text(encoding="utf-8"))
