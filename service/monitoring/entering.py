"""A site's month entered: the one way in, behind form, workbook and API.

Everything is read and checked before anything changes, the site's month as it would then stand; a figure that stands is superseded,
never changed.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, ServiceError, StaleVersionError
from service.monitoring import queries
from service.monitoring.carriers import Property, carriers
from service.monitoring.checks import Figure, MonthCase, as_error, examine_month
from service.monitoring.closing import check_open
from service.monitoring.models import ActivityEntry, Door, EmissionSource
from service.monitoring.months import last_day, month_before, month_of
from service.monitoring.queries import Sources
from service.monitoring.rules import counts_in
from service.monitoring.schemas import EntryInput
from service.submissions.amounts import parse_amount
from service.submissions.parsing import parse_number
from service.submissions.plausibility.observations import Level, Observation
from service.submissions.units import LABELS, convert


class Effect(StrEnum):
    """What an entry did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An entry that stands, and whether it is new."""

    effect: Effect
    entry: ActivityEntry


class EntryRefusedError(InvalidInputError):
    """A month that can't be entered as typed.

    Attributes
    ----------
    of_source
        Problem by source and field: what each door puts beside its own boxes.

    """

    def __init__(self, of_source: Mapping[tuple[uuid.UUID, str], ServiceError]) -> None:
        self.of_source = of_source
        super().__init__({f"{field}-{source_id}": error for (source_id, field), error in of_source.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An entry read: its amount in the canonical unit."""

    typed: EntryInput
    source: EmissionSource
    unit: str
    amount: float
    properties: Mapping[str, float]
    reading_start: float | None
    reading_end: float | None

    @property
    def figure(self) -> Figure:
        return Figure(amount=self.amount, reading_start=self.reading_start, reading_end=self.reading_end)


def enter_month(
    session: Session,
    plant_id: uuid.UUID,
    month: date,
    entries: Sequence[EntryInput],
    *,
    today: date,
    by: str,
    at: datetime,
    door: Door,
    is_sample: bool = False,
) -> Sequence[Taken]:
    """Enter what sources of a site came to in one month that is over today; what is not given stays as it is.

    Raises
    ------
    EntryRefusedError
        By source and field: what can't be read, what lies outside of the source's time, and what is odd without a reason.
    ClosedYearError
        When the year is closed.

    """
    month = month_of(month)
    check_open(session, month)
    read, standing = _checked(session, plant_id, month, entries, today=today)
    return [_take(session, one, month, standing.get(one.source.id), by=by, at=at, door=door, is_sample=is_sample) for one in read]


def check_month(session: Session, plant_id: uuid.UUID, month: date, entries: Sequence[EntryInput], *, today: date) -> None:
    """Check entries as `enter_month` would, and change nothing.

    Raises
    ------
    EntryRefusedError
        As `enter_month`.

    """
    _checked(session, plant_id, month_of(month), entries, today=today)


def findings_of(session: Session, plant_id: uuid.UUID, month: date) -> Sequence[Observation]:
    """Return what is odd about a site's month as it stands."""
    return findings_with(session, plant_id, month, {})


def findings_with(session: Session, plant_id: uuid.UUID, month: date, typed: Mapping[uuid.UUID, Figure]) -> Sequence[Observation]:
    """Return what would be odd about a site's month if these figures stood."""
    known = queries.all_sources(session, plant_id=plant_id)
    first = date(month.year - 1, month.month, 1)
    entries = queries.current_entries(session, start=first, end=month, plant_id=plant_id)
    figures = {one.source_id: _figure(one) for one in entries if one.month == month} | dict(typed)
    earlier: dict[uuid.UUID, list[Figure]] = {}
    for one in entries:
        if one.month < month:
            # the counter of a month that is not the one before says nothing about this month's start
            earlier.setdefault(one.source_id, []).append(_figure(one, with_readings=one.month == month_before(month)))
    sources = [one for one in known.sources if counts_in(one, month)]
    return examine_month(MonthCase(month=month, sources=sources, meters=known.meters, figures=figures, earlier=earlier))


def withdraw_entry(session: Session, entry_id: uuid.UUID, *, reason: str, by: str, at: datetime) -> ActivityEntry:
    """Take back a figure that should not be there; its month is then missing, not zero."""
    entry = queries.get_entry(session, entry_id)
    check_open(session, entry.month)
    if not reason.strip():
        raise InvalidInputError({"reason": FieldError(N_("Say why this figure is taken back."))})
    entry.superseded_at, entry.withdrawn_because = at, reason.strip()
    record(session, "activity_entry_withdrawn", of=entry, by=by, at=at, month=entry.month.isoformat())
    return entry


# ---- Reading ----


def _checked(
    session: Session, plant_id: uuid.UUID, month: date, entries: Sequence[EntryInput], *, today: date
) -> tuple[Sequence[_Read], Mapping[uuid.UUID, ActivityEntry]]:
    """Return the entries read, and what stands in their month."""
    read = _read_all(entries, queries.all_sources(session, plant_id=plant_id), month, today=today)
    standing = {one.source_id: one for one in queries.current_entries(session, start=month, end=month, plant_id=plant_id)}
    _check(read, findings_with(session, plant_id, month, {one.source.id: one.figure for one in read}), standing)
    return read, standing


def _read_all(entries: Sequence[EntryInput], known: Sources, month: date, *, today: date) -> Sequence[_Read]:
    by_id = {one.id: one for one in known.sources}
    problems: dict[tuple[uuid.UUID, str], ServiceError] = {}
    read: list[_Read] = []
    for typed in entries:
        source = by_id.get(typed.source_id)
        found = dict(_problems_of_time(source, month, today=today))
        one, unread = _read(typed, source) if source is not None else (None, {})
        if typed.source_id in {earlier.typed.source_id for earlier in read}:
            found["amount"] = FieldError(N_("This source stands here twice; keep one of them."))
        problems |= {(typed.source_id, field): error for field, error in {**unread, **found}.items()}
        if one is not None:
            read.append(one)
    if problems:
        raise EntryRefusedError(problems)
    return read


def _problems_of_time(source: EmissionSource | None, month: date, *, today: date) -> Iterator[tuple[str, ServiceError]]:
    if source is None:
        yield "source_id", FieldError(N_("This site has no such source; pick one from the list."))
    elif not counts_in(source, month):
        message = N_("“%(name)s” is counted from %(start)s to %(end)s, so not in %(month)s. Change its months first.")
        ends = f"{source.ends:%Y-%m}" if source.ends else "…"
        yield "amount", FieldError(message, name=source.name_zh, start=f"{source.starts:%Y-%m}", end=ends, month=f"{month:%Y-%m}")
    if last_day(month) > today:
        yield "amount", FieldError(N_("%(month)s is not over yet; enter it when it is."), month=f"{month:%Y-%m}")


def _read(typed: EntryInput, source: EmissionSource) -> tuple[_Read | None, Mapping[str, ServiceError]]:
    problems: dict[str, ServiceError] = {}
    unit, amount = carriers()[source.carrier].unit, 0.0
    try:
        unit, amount = _read_amount(typed, source)
    except FieldError as error:
        problems["amount"] = error
    properties = _read_properties(typed, source, problems)
    start, end = (_read_number(typed, name, problems) for name in ("reading_start", "reading_end"))
    if (start is None) != (end is None) and not problems:
        missing = "reading_start" if start is None else "reading_end"
        problems[missing] = FieldError(N_("Give the meter's counter at both ends of the month, or at neither."))
    if problems:
        return None, problems
    read = _Read(typed=typed, source=source, unit=unit, amount=amount, properties=properties, reading_start=start, reading_end=end)
    return read, {}


def _read_amount(typed: EntryInput, source: EmissionSource) -> tuple[str, float]:
    """Return the unit that was meant and the amount in the canonical one."""
    carrier = carriers()[source.carrier]
    if typed.unit is not None and typed.unit not in carrier.units:
        offered = ", ".join(carrier.units)
        message = N_("The unit “%(unit)s” is not offered here; choose one of: %(units)s.")
        raise FieldError(message, unit=typed.unit, units=offered)
    read = parse_amount(typed.amount, units=carrier.units, chosen=typed.unit, canonical=carrier.unit)
    if read.number < 0:
        raise FieldError(
            N_("%(value)s is below zero; an amount can't be. What was given to others has a source of its own."), value=typed.amount
        )
    return read.unit, convert(read.number, read.unit, to=carrier.unit)


def _read_properties(typed: EntryInput, source: EmissionSource, problems: dict[str, ServiceError]) -> Mapping[str, float]:
    offered = {one.key: one for one in carriers()[source.carrier].properties}
    found: dict[str, float] = {}
    for key, text in typed.properties.items():
        try:
            found[key] = _read_property(offered.get(key), key, text)
        except FieldError as error:
            problems[key] = error
    return found


def _read_property(known: Property | None, key: str, text: str) -> float:
    if known is None:
        raise FieldError(N_("“%(key)s” is not measured for this source; leave it empty."), key=key)
    value = parse_number(text)
    if not 0 <= value <= known.high:
        message = N_("%(value)s can't be right; it lies between 0 and %(high)s %(unit)s.")
        raise FieldError(message, value=text, high=f"{known.high:g}", unit=FieldError(LABELS.get(known.unit, known.unit)))
    return value


def _read_number(typed: EntryInput, name: str, problems: dict[str, ServiceError]) -> float | None:
    text: str | None = getattr(typed, name)
    try:
        return None if text is None else parse_number(text)
    except FieldError as error:
        problems[name] = error
        return None


# ---- Checking and taking ----


def _check(read: Sequence[_Read], findings: Sequence[Observation], standing: Mapping[uuid.UUID, ActivityEntry]) -> None:
    """Refuse figures that are odd without a reason; what stands unchanged is not asked about again."""
    changed = {str(one.source.id): one for one in read if not _stands(standing.get(one.source.id), one)}
    problems: dict[tuple[uuid.UUID, str], ServiceError] = {}
    for finding in findings:
        concerned = [key for key in (finding.field, *finding.about) if key in changed]
        if finding.level is Level.WARNING and concerned and changed[concerned[0]].typed.reason is None:
            message = N_("%(finding)s If the figure is right all the same, say why.")
            place = (changed[concerned[0]].source.id, "reason")
            problems.setdefault(place, FieldError(message, finding=as_error(finding)))
    if problems:
        raise EntryRefusedError(problems)


def _take(
    session: Session, one: _Read, month: date, present: ActivityEntry | None, *, by: str, at: datetime, door: Door, is_sample: bool
) -> Taken:
    if present is not None and _stands(present, one):
        return Taken(effect=Effect.SAME, entry=present)
    if one.typed.version not in {None, 0 if present is None else present.version}:
        raise StaleVersionError
    if present is not None:
        present.superseded_at = at
        session.flush()  # only one entry of a month may stand, also for a moment
    entry = ActivityEntry(
        source_id=one.source.id,
        month=month,
        version=_next_version(session, one.source.id, month),
        typed=one.typed.amount,
        typed_unit=one.unit,
        **_values(one),
        reason=one.typed.reason,
        door=door,
        entered_by=by,
        entered_at=at,
        is_sample=is_sample or one.source.is_sample,
    )
    session.add(entry)
    session.flush()  # the next of the same transaction counts versions
    action = "activity_entered" if present is None else "activity_corrected"
    record(session, action, of=entry, by=by, at=at, month=month.isoformat(), source=one.source.code, door=door)
    return Taken(effect=Effect.NEW if present is None else Effect.CHANGED, entry=entry)


def _next_version(session: Session, source_id: uuid.UUID, month: date) -> int:
    return max((one.version for one in queries.history_of(session, source_id, month)), default=0) + 1


def _stands(present: ActivityEntry | None, one: _Read) -> bool:
    """Whether what was typed is what is there already."""
    if present is None or present.typed_unit != one.unit:
        return False
    same = all(getattr(present, name) == value for name, value in _values(one).items())
    return same and (one.typed.reason is None or present.reason == one.typed.reason)


def _values(one: _Read) -> dict[str, Any]:
    return {
        "amount": one.amount,
        "properties": dict(one.properties),
        "reading_start": one.reading_start,
        "reading_end": one.reading_end,
        "evidence_number": one.typed.evidence_number,
        "evidence_until": one.typed.evidence_until,
    }


def _figure(entry: ActivityEntry, *, with_readings: bool = True) -> Figure:
    if not with_readings:
        return Figure(amount=entry.amount)
    return Figure(amount=entry.amount, reading_start=entry.reading_start, reading_end=entry.reading_end)
