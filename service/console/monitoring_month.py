"""One month of one site on one page: each source with last month's figure beside it, and the reason for what is odd."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.console.monitoring_words import ABOVE, meter_words, month_href, month_words, name_of, person_name
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, NotFoundError, ServiceError
from service.i18n import translate
from service.monitoring import queries
from service.monitoring.carriers import Carrier, carriers
from service.monitoring.closing import is_closed
from service.monitoring.entering import Effect, enter_month
from service.monitoring.models import ActivityEntry, Door, EmissionSource, Method
from service.monitoring.months import month_before, month_of, next_month
from service.monitoring.queries import Sources
from service.monitoring.rules import counts_in
from service.monitoring.schemas import EntryInput
from service.plan.policies import EDITOR_ROLES, PLAN_EDITORS, PLAN_READERS
from service.products.queries import all_plants, get_plant
from service.submissions.units import unit_label
from service.web.formatting import format_exact
from service.web.forms import FormState, field_error

router = APIRouter()

Month = Annotated[str, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
MonthFilter = Annotated[str | None, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
TYPED = ("amount", "evidence_number", "evidence_until", "reading_start", "reading_end", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyBox:
    """One measured property to type."""

    name: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBox:
    """One source on the form.

    Attributes
    ----------
    key
        End of the names of its boxes.
    before, year_ago
        What it came to in the month before, and in the same month a year ago, with unit; empty where that is missing.
    converted
        What stands, in the canonical unit, where it was typed in another one.
    standing
        What stands, in the canonical unit; empty where the month is missing.
    has_more
        Whether what is folded away holds something, or something is wrong in there.

    """

    key: str
    name: str
    carrier: str
    responsible: str
    meter: str
    within: str
    units: Sequence[tuple[str, str]]
    before: str
    year_ago: str
    converted: str
    standing: str
    properties: Sequence[PropertyBox]
    has_meter: bool
    has_more: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPage:
    """The form of a site's month."""

    steps: Sequence[tuple[str, str]]
    site: str
    month: str
    action: str
    boxes: Sequence[SourceBox]
    sites: Sequence[tuple[str, str, bool]]
    previous_href: str
    next_href: str | None
    is_closed: bool
    may_write: bool
    form: FormState
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


def _show_refusal(context: Context, form: FormState, *, plant: uuid.UUID, month: Month) -> Response:
    return _show(context, plant, date.fromisoformat(f"{month}-01"), form)


@router.get("/console/plan/monitoring/month")
@endpoint(PLAN_READERS)
def show_month(context: Context, *, plant: uuid.UUID | None = None, month: MonthFilter = None) -> Response:
    """Show a site's month; without a choice, the last one that is over."""
    plant_id = plant or _first_plant(context)
    chosen = date.fromisoformat(f"{month}-01") if month else month_before(month_of(context.today))
    return _show(context, plant_id, chosen, None)


@router.post("/console/plan/monitoring/month")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_refusal)
def save_month(context: Context, *, plant: uuid.UUID, month: Month) -> Response:
    """Enter a site's month; what is left blank stays missing."""
    get_plant(context.session, plant)
    first = date.fromisoformat(f"{month}-01")
    typed = _typed(context, plant, first)
    by, at = context.asking.actor, context.at
    taken = enter_month(context.session, plant, first, typed, today=context.today, by=by, at=at, door=Door.FORM)
    changed = sum(one.effect is not Effect.SAME for one in taken)
    return see_other(context, month_href(plant, first), N_("%(count)s figures stored."), count=changed)


# ---- Reading the form ----


def _typed(context: Context, plant_id: uuid.UUID, month: date) -> Sequence[EntryInput]:
    """Return what was typed, source by source.

    Raises
    ------
    InvalidInputError
        By box, for what is no date or too long, and where something was typed beside an empty amount.

    """
    found: list[EntryInput] = []
    problems: dict[str, ServiceError] = {}
    # Also those not counted in this month: the page may be older than the change of a source's months, and what was typed says so.
    for source in queries.all_sources(context.session, plant_id=plant_id).sources:
        raw = dict(_boxes_of(context.form, source))
        if not set(raw) - {"unit", "version"}:
            continue
        try:
            found.append(EntryInput.model_validate({"source_id": source.id, "month": month, **raw}))
        except ValidationError as error:
            problems |= {f"{one['loc'][0]}-{source.id}": field_error(dict(one)) for one in error.errors()}
    if problems:
        raise InvalidInputError(problems)
    if not found:
        raise InvalidInputError({"": FieldError(N_("Nothing is typed yet; enter at least one figure."))})
    return found


def _boxes_of(form: FormData, source: EmissionSource) -> Iterator[tuple[str, Any]]:
    for name in TYPED:
        if text := _text(form, f"{name}-{source.id}"):
            yield name, text
    properties = {one.key: _text(form, f"{one.key}-{source.id}") for one in carriers()[source.carrier].properties}
    if any(properties.values()):
        yield "properties", {key: text for key, text in properties.items() if text}
    if unit := _text(form, f"amount-{source.id}_unit"):
        yield "unit", unit
    if version := _text(form, f"version-{source.id}"):
        yield "version", version


def _is_typed(form: FormState | None, source: EmissionSource) -> bool:
    return form is not None and any(form.value(f"{name}-{source.id}") for name in TYPED)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


# ---- Showing it ----


def _show(context: Context, plant_id: uuid.UUID, month: date, form: FormState | None) -> Response:
    plant = get_plant(context.session, plant_id)
    chinese = context.locale == "zh-CN"
    known = queries.all_sources(context.session, plant_id=plant_id)
    found = _entries(context, plant_id, month)
    sources = [one for one in known.sources if counts_in(one, month) or _is_typed(form, one)]
    standing = {one.id: found[one.id, month] for one in sources if (one.id, month) in found}
    shown = form or FormState(values=dict(_standing_values(standing)))
    page = MonthPage(
        steps=[(translate(context.locale, ABOVE[0]), ABOVE[1])],
        site=plant.name_zh if chinese else plant.name_en,
        month=month_words(month),
        action=month_href(plant_id, month),
        boxes=[_box(context, one, known, month, found, form=shown) for one in sources],
        sites=[
            (one.name_zh if chinese else one.name_en, month_href(one.id, month), one.id == plant_id)
            for one in all_plants(context.session)
        ],
        previous_href=month_href(plant_id, month_before(month)),
        next_href=month_href(plant_id, next_month(month)) if next_month(month) < month_of(context.today) else None,
        is_closed=is_closed(context.session, month),
        may_write=bool(context.asking.roles & EDITOR_ROLES),
        form=shown,
    )
    return render_page(context, "console/plan_month.html", page, status=shown.status)


def _entries(context: Context, plant_id: uuid.UUID, month: date) -> Mapping[tuple[uuid.UUID, date], ActivityEntry]:
    start = date(max(month.year - 1, 1), month.month, 1)
    entries = queries.current_entries(context.session, start=start, end=month, plant_id=plant_id)
    return {(one.source_id, one.month): one for one in entries}


def _standing_values(standing: Mapping[uuid.UUID, ActivityEntry]) -> Iterator[tuple[str, str]]:
    """Yield the boxes' values as they were typed."""
    for source_id, entry in standing.items():
        yield f"amount-{source_id}", entry.typed
        yield f"amount-{source_id}_unit", entry.typed_unit
        for name in ("evidence_number", "evidence_until", "reading_start", "reading_end", "reason"):
            if (value := getattr(entry, name)) is not None:
                yield f"{name}-{source_id}", f"{value:.15g}" if isinstance(value, float) else str(value)
        for key, value in entry.properties.items():
            yield f"{key}-{source_id}", f"{value:.15g}"


def _box(
    context: Context,
    source: EmissionSource,
    known: Sources,
    month: date,
    found: Mapping[tuple[uuid.UUID, date], ActivityEntry],
    *,
    form: FormState,
) -> SourceBox:
    carrier = carriers()[source.carrier]
    meter, main = known.meter_of(source), known.main_of(source, month)
    entry = found.get((source.id, month))
    more = ("reading_start", "reading_end", "evidence_until", *(one.key for one in carrier.properties))
    return SourceBox(
        key=str(source.id),
        name=name_of(source, context),
        carrier=carrier.name(context.locale),
        responsible=person_name(context, source),
        meter=meter_words(meter),
        within=name_of(main, context) if main else "",
        units=[(unit, unit_label(unit, context.locale)) for unit in carrier.units],
        before=_amount_words(context, carrier, found.get((source.id, month_before(month)))),
        year_ago=_amount_words(context, carrier, found.get((source.id, date(month.year - 1, month.month, 1)))),
        converted=_amount_words(context, carrier, entry) if entry and entry.typed_unit != carrier.unit else "",
        standing=_amount_words(context, carrier, entry),
        properties=[
            PropertyBox(name=f"{one.key}-{source.id}", label=translate(context.locale, one.label), unit=one.unit)
            for one in carrier.properties
        ],
        has_meter=source.method is Method.METERED,
        has_more=any(form.value(f"{name}-{source.id}") or form.error(f"{name}-{source.id}") for name in more),
        version=entry.version if entry else 0,
    )


def _amount_words(context: Context, carrier: Carrier, entry: ActivityEntry | None) -> str:
    if entry is None:
        return ""
    return f"{format_exact(float(f'{entry.amount:.12g}'), context.locale)} {unit_label(carrier.unit, context.locale)}"


def _first_plant(context: Context) -> uuid.UUID:
    plants = all_plants(context.session)
    if not plants:
        raise NotFoundError(N_("There is no site yet; add the first one under products."))
    return plants[0].id
