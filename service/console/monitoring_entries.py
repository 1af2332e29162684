"""One source's and one entry's own page: the figure, where it comes from, and what is odd about it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import name_of_actor
from service.console.attached_files import AttachedFiles, attached_files
from service.console.monitoring_words import (
    DOORS,
    EVIDENCE,
    FREQUENCIES,
    METHODS,
    TONES,
    entry_href,
    is_unassigned,
    meter_words,
    monitoring_tabs,
    month_href,
    month_words,
    name_of,
    person_name,
    source_href,
)
from service.database import new_id
from service.errors import N_
from service.i18n import translate
from service.monitoring import queries
from service.monitoring.carriers import PROPERTIES, carriers
from service.monitoring.closing import is_closed
from service.monitoring.entering import findings_of, withdraw_entry
from service.monitoring.grades import FAULT_TEXTS, Graded, grade_of
from service.monitoring.models import ActivityEntry, EmissionSource
from service.monitoring.queries import Sources
from service.plan.models import OrgUnit
from service.plan.policies import EDITOR_ROLES, PLAN_EDITORS, PLAN_READERS
from service.products.models import Plant
from service.submissions.plausibility.observations import Level, explain_observation
from service.submissions.units import unit_label
from service.web.forms import FormInput, FormState, parse_form

router = APIRouter()

WITHDRAWN_MAX: Final = 500
NOTHING_TYPED: Final = FormState()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry in a table; `files` stand behind it."""

    month: str
    href: str
    amount: float
    unit: str
    grade: str
    tone: str
    evidence: str
    files: int
    is_standing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """One source: who, how, by which meter, and its months."""

    tabs: Sequence[tuple[str, str, bool]]
    name: str
    facts: Sequence[tuple[str, str]]
    is_unassigned: bool
    is_sample: bool
    edit_href: str | None
    lines: Sequence[EntryLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """One entry: the figure, where it comes from, what is odd about it, and what stood before."""

    tabs: Sequence[tuple[str, str, bool]]
    name: str
    source_href: str
    month: str
    amount: float
    unit: str
    facts: Sequence[tuple[str, str]]
    grade: str
    tone: str
    faults: Sequence[str]
    findings: Sequence[str]
    is_standing: bool
    is_sample: bool
    history: Sequence[EntryLine]
    month_href: str
    withdraw_href: str | None
    files: AttachedFiles
    form: FormState
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


class WithdrawForm(FormInput):
    """The button that takes a figure back."""

    reason: Annotated[str, Field(min_length=2, max_length=WITHDRAWN_MAX)]


def entry_page(
    context: Context, activity_entry_id: uuid.UUID, *, form: FormState = NOTHING_TYPED, files_form: FormState = NOTHING_TYPED
) -> Response:
    """Return the page of a figure, with what was typed into one of its forms."""
    entry = queries.get_entry(context.session, activity_entry_id)
    source = queries.get_source(context.session, entry.source_id)
    known = queries.all_sources(context.session, plant_id=source.plant_id)
    graded = grade_of(entry, source, known.meter_of(source), on=context.today)
    is_standing = entry.superseded_at is None
    may_withdraw = is_standing and bool(context.asking.roles & EDITOR_ROLES) and not is_closed(context.session, entry.month)
    page = EntryPage(
        tabs=monitoring_tabs(context),
        name=name_of(source, context),
        source_href=source_href(source),
        month=month_words(entry.month),
        amount=entry.amount,
        unit=unit_label(carriers()[source.carrier].unit, context.locale),
        facts=_facts_of_entry(context, entry, source, known),
        grade=graded.grade.value,
        tone=TONES[graded.grade.value],
        faults=_faults(context, graded),
        findings=_findings(context, entry, source) if is_standing else (),
        is_standing=is_standing,
        is_sample=entry.is_sample,
        history=_lines(context, queries.history_of(context.session, source.id, entry.month), source, known),
        month_href=month_href(source.plant_id, entry.month),
        withdraw_href=f"/console/plan/monitoring/entries/{entry.id}/withdraw" if may_withdraw else None,
        files=_files(context, entry, files_form),
        form=form,
    )
    return render_page(context, "console/plan_entry.html", page, status=max(form.status, files_form.status))


def _show_entry(context: Context, form: FormState, activity_entry_id: uuid.UUID) -> Response:
    return entry_page(context, activity_entry_id, form=form)


@router.get("/console/plan/monitoring/sources/{emission_source_id}")
@endpoint(PLAN_READERS)
def show_source(context: Context, emission_source_id: uuid.UUID) -> Response:
    """Show one source with its months, the latest first."""
    source = queries.get_source(context.session, emission_source_id)
    known = queries.all_sources(context.session, plant_id=source.plant_id)
    entries = queries.current_entries(context.session, start=source.starts, end=context.today, source_id=source.id)
    page = SourcePage(
        tabs=monitoring_tabs(context),
        name=name_of(source, context),
        facts=_facts_of_source(context, source, known),
        is_unassigned=is_unassigned(source),
        is_sample=source.is_sample,
        edit_href=f"{source_href(source)}/edit" if context.asking.roles & EDITOR_ROLES else None,
        lines=_lines(context, list(reversed(entries)), source, known),
    )
    return render_page(context, "console/plan_source.html", page)


@router.get("/console/plan/monitoring/entries/{activity_entry_id}")
@endpoint(PLAN_READERS)
def show_entry(context: Context, activity_entry_id: uuid.UUID) -> Response:
    """Show one entry."""
    return entry_page(context, activity_entry_id)


@router.post("/console/plan/monitoring/entries/{activity_entry_id}/withdraw")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_entry)
def take_back_entry(context: Context, activity_entry_id: uuid.UUID) -> Response:
    """Take a figure back, with the reason."""
    entry = queries.get_entry(context.session, activity_entry_id)
    reason = parse_form(WithdrawForm, context.form).reason
    withdraw_entry(context.session, entry.id, reason=reason, by=context.asking.actor, at=context.at)
    message = N_("Taken back; the month is missing now.")
    return see_other(context, f"/console/plan/monitoring/sources/{entry.source_id}", message)


def _facts_of_source(context: Context, source: EmissionSource, known: Sources) -> Sequence[tuple[str, str]]:
    locale, meter = context.locale, known.meter_of(source)
    main = known.main_of(source, source.starts)
    unit = context.session.get(OrgUnit, source.unit_id) if source.unit_id else None
    plant = context.session.get_one(Plant, source.plant_id)
    chinese = locale == "zh-CN"
    facts = [
        (N_("Code"), source.code),
        (N_("Site"), plant.name_zh if chinese else plant.name_en),
        (N_("What is counted"), carriers()[source.carrier].name(locale)),
        (N_("Person responsible"), person_name(context, source)),
        (N_("Department"), "" if unit is None else unit.name_zh if chinese else unit.name_en),
        (N_("How it is measured"), translate(locale, METHODS[source.method])),
        (N_("How often"), translate(locale, FREQUENCIES[source.frequency])),
        (N_("Paper behind it"), translate(locale, EVIDENCE[source.evidence_kind]) if source.evidence_kind else ""),
        (N_("Meter"), meter_words(meter)),
        (N_("Calibrated until"), meter.calibrated_until.isoformat() if meter and meter.calibrated_until else ""),
        (N_("Counted within"), name_of(main, context) if main else ""),
        (N_("From month"), month_words(source.starts)),
        (N_("Last month"), month_words(source.ends) if source.ends else ""),
    ]
    return [(translate(locale, label), value or "–") for label, value in facts]


def _lines(context: Context, entries: Sequence[ActivityEntry], source: EmissionSource, known: Sources) -> Sequence[EntryLine]:
    files = queries.file_counts(context.session, [one.id for one in entries])
    return [_line(context, one, source, known, files=files.get(one.id, 0)) for one in entries]


def _line(context: Context, entry: ActivityEntry, source: EmissionSource, known: Sources, *, files: int) -> EntryLine:
    grade = grade_of(entry, source, known.meter_of(source)).grade.value
    return EntryLine(
        month=month_words(entry.month),
        href=entry_href(entry.id),
        amount=entry.amount,
        unit=unit_label(carriers()[source.carrier].unit, context.locale),
        grade=grade,
        tone=TONES[grade],
        evidence=entry.evidence_number or "",
        files=files,
        is_standing=entry.superseded_at is None,
    )


def _files(context: Context, entry: ActivityEntry, form: FormState) -> AttachedFiles:
    may_write = bool(context.asking.roles & EDITOR_ROLES)
    stays = is_closed(context.session, entry.month)
    return attached_files(
        context,
        queries.files_of(context.session, entry.id),
        path=f"{entry_href(entry.id)}/files",
        may_attach=may_write and entry.superseded_at is None,
        may_remove=lambda _: may_write and not stays,
        kept_because=translate(context.locale, N_("The year is closed, so its files stay.")) if stays else "",
        form=form,
    )


def _facts_of_entry(context: Context, entry: ActivityEntry, source: EmissionSource, known: Sources) -> Sequence[tuple[str, str]]:
    locale, meter = context.locale, known.meter_of(source)
    readings = f"{entry.reading_start:g} → {entry.reading_end:g}" if entry.reading_start is not None else ""
    facts = [
        (N_("As it was typed"), f"{entry.typed} · {unit_label(entry.typed_unit, locale)}"),
        (N_("Person responsible"), person_name(context, source)),
        (N_("How it is measured"), translate(locale, METHODS[source.method])),
        (N_("Meter"), meter_words(meter)),
        (N_("Calibrated until"), meter.calibrated_until.isoformat() if meter and meter.calibrated_until else ""),
        (N_("Counter of the meter"), readings),
        (N_("Number of the bill or sheet"), entry.evidence_number or ""),
        (N_("Valid until"), entry.evidence_until.isoformat() if entry.evidence_until else ""),
        *((PROPERTIES[key].label, f"{value:g} {PROPERTIES[key].unit}") for key, value in entry.properties.items()),
        (N_("Entered by"), name_of_actor(context.session, entry.entered_by)),
        (N_("Way in"), translate(locale, DOORS[entry.door])),
        (N_("Reason for what is odd"), entry.reason or ""),
        (N_("Reason for taking it back"), entry.withdrawn_because or ""),
    ]
    return [(translate(locale, label), value) for label, value in facts if value]


def _faults(context: Context, graded: Graded) -> Sequence[str]:
    return [translate(context.locale, FAULT_TEXTS[one]) for one in graded.faults]


def _findings(context: Context, entry: ActivityEntry, source: EmissionSource) -> Sequence[str]:
    found = findings_of(context.session, source.plant_id, entry.month)
    return [
        explain_observation(context.locale, one.template, one.values)
        for one in found
        if one.level is Level.WARNING and str(source.id) in one.about
    ]
