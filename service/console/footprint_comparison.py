"""What makes the difference between a footprint and another: another record, one of its electricity views, the model's default."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from lca_models.explanations.comparison import Comparison, Grouping, Rule, Side, Step
from lca_models.explanations.differences import ELECTRICITY_VIEW, GWP, MODEL
from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console import footprint_words as words
from service.console.choices import Options, read_filter
from service.console.footprint_tabs import FootprintHead, FootprintTab, footprint_head
from service.console.model_words import meaning_of
from service.errors import N_, NotFoundError, ServiceError
from service.footprints import queries
from service.footprints.disclosure import INSIDERS
from service.footprints.explaining import compare, default_of, side_of, view_of
from service.footprints.models import FootprintRecord
from service.footprints.queries import RecordFilter, RecordRow
from service.i18n import Locale, explain, translate
from service.web.charts_changes import Change, Waterfall, waterfall
from service.web.formatting import format_date, format_number
from service.web.forms import FormInput, FormState

router = APIRouter()

_UNIT: Final = "kg CO₂e/kg"
_MOST_RECORDS: Final = 200
_VIEW: Final = "view:"
_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

_WHOLE_CHANGES: Final = {
    MODEL: N_("Model version"),
    GWP: N_("GWP values"),
    ELECTRICITY_VIEW: N_("Electricity view"),
    FURNACE: N_("Furnace with its defaults"),
}


class ComparisonFilter(FormInput):
    """What the address of the page may hold.

    Attributes
    ----------
    other
        Id of a record, `view:` and the key of a view, or nothing for the model's default.

    """

    other: str | None = Field(default=None, pattern=rf"^(?:{_VIEW}[a-z_]+|{_UUID})$")
    grouping: Grouping = Grouping.GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceLine:
    """A parameter on both sides, as text."""

    name: str
    meaning: str
    unit: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A change with what differs in it."""

    name: str
    kg_co2e: float
    parameters: Sequence[DifferenceLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """Two footprints and the steps between them; without `chart`, `problem` says why."""

    head: FootprintHead
    record_id: uuid.UUID
    form: FormState
    filter: ComparisonFilter
    others: Options
    groupings: Options
    before_name: str
    after_name: str
    chart: Waterfall | None
    steps: Sequence[StepLine]
    is_exact: bool
    combinations: int
    contradictory: int
    problem: str | None


@router.get("/console/footprints/{record_id:uuid}/compare")
@endpoint(INSIDERS)
def show_comparison(context: Context, record_id: uuid.UUID) -> Response:
    """Show what makes the difference; the other side and the grouping stand in the address."""
    record = queries.get_record(context.session, record_id)
    wanted, form = read_filter(ComparisonFilter, context.request, context.locale)
    after = side_of(context.session, record)
    found, problem = _compared(context, record, after, wanted)
    steps = sorted(found.steps, key=lambda step: -abs(step.kg_co2e)) if found else []
    lines = [step_line(step, after, context.locale, is_group=wanted.grouping is Grouping.GROUP) for step in steps]
    page = ComparePage(
        head=footprint_head(context, record_id, FootprintTab.EXPLAIN),
        record_id=record_id,
        form=form,
        filter=wanted,
        others=_options(context, record),
        groupings=[
            (Grouping.GROUP.value, translate(context.locale, N_("By step of the process chain"))),
            (Grouping.PARAMETER.value, translate(context.locale, N_("By parameter"))),
        ],
        before_name=_name_of(context, record, wanted),
        after_name=record.number,
        chart=chart_of(found, lines) if found else None,
        steps=lines,
        is_exact=found is not None and found.rule is Rule.SHAPLEY,
        combinations=found.combinations if found else 0,
        contradictory=found.contradictory if found else 0,
        problem=problem,
    )
    return render_page(context, "console/footprint_compare.html", page)


def _compared(
    context: Context, record: FootprintRecord, after: Side, wanted: ComparisonFilter
) -> tuple[Comparison | None, str | None]:
    """Return the comparison, or in the reader's words why there is none."""
    try:
        return compare(_before(context, record, after, wanted.other), after, grouping=wanted.grouping), None
    except NotFoundError:
        raise
    except ServiceError as error:
        return None, explain(context.locale, error)


def _before(context: Context, record: FootprintRecord, after: Side, other: str | None) -> Side:
    if other is None:
        return default_of(after)
    if other.startswith(_VIEW):
        view = next((one for one in record.views if one["view"] == other.removeprefix(_VIEW)), None)
        if view is None:
            raise NotFoundError
        return view_of(after, view)
    return side_of(context.session, queries.get_record(context.session, uuid.UUID(other)))


def _options(context: Context, record: FootprintRecord) -> Options:
    """Return what a record can be compared with: its views, the records of its product, then all others, the latest first."""
    rows = queries.find_records(context.session, RecordFilter(), limit=_MOST_RECORDS).rows
    others = sorted((row for row in rows if row.id != record.id), key=lambda row: row.product_id != record.product_id)
    views = [(_VIEW + one["view"], _view_name(one["view"], context.locale)) for one in record.views if not one["is_headline"]]
    return [*views, *((str(row.id), _row_name(row, context.locale)) for row in others)]


def _view_name(view: str, locale: Locale) -> str:
    return translate(locale, N_("This footprint, electricity: %(view)s"), view=translate(locale, words.VIEWS[view][0]))


def _row_name(row: RecordRow, locale: Locale) -> str:
    period = f"{format_date(row.period_start)} – {format_date(row.period_end)}"
    return f"{row.number} · {row.grade} · {period} · {format_number(row.total_kg_co2e_per_kg, locale)}"


def _name_of(context: Context, record: FootprintRecord, wanted: ComparisonFilter) -> str:
    if wanted.other is None:
        return translate(context.locale, N_("The model's default"))
    if wanted.other.startswith(_VIEW):
        return next(text for key, text in _options(context, record) if key == wanted.other)
    return queries.get_row(context.session, uuid.UUID(wanted.other)).number


def chart_of(found: Comparison, lines: Sequence[StepLine]) -> Waterfall:
    """Return the steps of a comparison as a chart; those that change nothing are left out."""
    changes = [Change(label=line.name, value=line.kg_co2e) for line in lines if line.kg_co2e]
    return waterfall(found.before_kg_co2e, changes, unit=_UNIT)


def step_line(step: Step, side: Side, locale: Locale, *, is_group: bool) -> StepLine:
    """Return a step in words, with the parameters that differ in it."""
    return StepLine(
        name=step_name(step.key, side.model, locale, is_group=is_group),
        kg_co2e=step.kg_co2e,
        parameters=[
            DifferenceLine(
                name=one.parameter,
                meaning=meaning_of(side.model, one.parameter, locale),
                unit=_unit_of(side, one.parameter),
                before=_text(one.before, locale),
                after=_text(one.after, locale),
            )
            for one in step.parameters
        ],
    )


def step_name(key: str, model: Model, locale: Locale, *, is_group: bool) -> str:
    """Return what a step is about: a group of parameters, one of them, or the whole model, view or furnace."""
    if key in _WHOLE_CHANGES:
        return translate(locale, _WHOLE_CHANGES[key])
    return words.group_name(key, locale) if is_group and key not in model.definitions else meaning_of(model, key, locale)


def _unit_of(side: Side, parameter: str) -> str:
    definition = side.model.definitions.get(parameter)
    return "" if definition is None or definition.choices or definition.unit == "1" else definition.unit


def _text(value: float | str | None, locale: Locale) -> str:
    if isinstance(value, str):
        return str(words.choice_name(value, locale))
    return format_number(value, locale, 4)
