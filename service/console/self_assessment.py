"""Pages on the ministry's table with which the maker rates itself as a green supply chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.choices import Options
from service.console.exports import XLSX, attachment
from service.database import new_id
from service.errors import N_, NotFoundError, ServiceError
from service.i18n import Locale, translate
from service.procurement.models import SelfAssessment
from service.procurement.platform_counts import count_platform
from service.procurement.platform_evidence import Statement, evidence_by_item
from service.procurement.self_assessment import (
    EARLIEST_YEAR,
    AssessmentTable,
    Band,
    Item,
    Named,
    assessment_table,
    check_year,
    stars_for,
    total_points,
)
from service.procurement.self_assessment_operations import answer_requirement, rate_item
from service.procurement.self_assessment_queries import assessments_of, find_assessment
from service.suppliers.workbook import Column, write_workbook
from service.web.formatting import format_number, format_percent
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
ADDRESS: Final = "/console/self-assessment"
COLUMNS: Final = (
    Column(key="item", header="指标 / Item", hint="", width=10),
    Column(key="name", header="名称 / Name", hint="", width=56),
    Column(key="most", header="满分 / Maximum", hint="", width=12),
    Column(key="points", header="自评分 / Own points", hint="", width=16),
    Column(key="evidence", header="证明材料 / Evidence", hint="", width=60),
    Column(key="platform", header="平台数据 / What the platform shows", hint="", width=80),
)


class PointsForm(FormInput):
    """Points of an item with the document that supports them."""

    points: float = Field(ge=0)
    evidence: str = Field(default="", max_length=1000)
    version: int


class RequirementForm(FormInput):
    """Whether a basic requirement is met, and what shows it."""

    is_met: bool
    evidence: str = Field(min_length=1, max_length=1000)
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """An item with its rating, if there is one, and what the platform's data say."""

    item: Item
    rated: SelfAssessment | None
    statements: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentPage:
    """The table of a year.

    Attributes
    ----------
    groups
        (group, its items, their points, their maximum).
    requirements
        (basic requirement, what is said of it).

    """

    year: int
    years: Options
    table: AssessmentTable
    groups: Sequence[tuple[Named, Sequence[ItemLine], float, float]]
    requirements: Sequence[tuple[Named, SelfAssessment | None]]
    total: float
    rated: int
    band: Band | None
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingPage:
    """The form of one item or basic requirement; `item` is None for the latter."""

    year: int
    named: Named
    item: Item | None
    statements: Sequence[str]
    form: FormState
    version: int
    idempotency_key: str


@router.get(ADDRESS)
@endpoint(READERS)
def show_this_year(context: Context) -> Response:
    """Show the table of the year that the address asks for, or of this one."""
    wanted = context.request.query_params.get("year", "")
    this_year = _today_year(context)
    return _show(context, int(wanted) if wanted.isdecimal() and len(wanted) == len("2026") else this_year)


@router.get(ADDRESS + "/{year}")
@endpoint(READERS)
def show_year(context: Context, year: int) -> Response:
    """Show the table of a year."""
    return _show(context, year)


@router.get(ADDRESS + "/{year}/export.xlsx")
@endpoint(READERS)
def export(context: Context, year: int) -> Response:
    """Send the table of a year as a workbook, with its source on a second sheet."""
    lines = _lines(context, check_year(year, this_year=_today_year(context)))
    table, locale = assessment_table(), context.locale
    content = write_workbook(
        sheet="自评 Self-assessment",
        columns=COLUMNS,
        rows=[
            (
                one.item.id,
                one.item.name(locale),
                one.item.most,
                one.rated.points if one.rated else None,
                one.rated.evidence if one.rated else None,
                " ".join(one.statements),
            )
            for one in lines
        ],
        choices={"说明 / Notes": _notes(table, lines, locale)},
        choices_sheet="说明 Notes",
    )
    return attachment(content, XLSX, f"self-assessment-{year}.xlsx")


@router.get(ADDRESS + "/{year}/{item}")
@endpoint(WRITERS)
def edit_item(context: Context, year: int, item: str) -> Response:
    """Show the form of an item or basic requirement with what is said of it."""
    check_year(year, this_year=_today_year(context))
    _named(item)
    rated = find_assessment(context.session, item, year=year)
    return _show_form(context, year, item, FormState(values=_values(rated)), version=rated.version if rated else 0)


@router.post(ADDRESS + "/{year}/{item}")
@endpoint(WRITERS)
def rate(context: Context, year: int, item: str) -> Response:
    """Keep the points of an item, or whether a basic requirement is met."""
    check_year(year, this_year=_today_year(context))
    _named(item)
    try:
        _keep(context, year, item)
    except ServiceError as error:
        form = rejected(context.form, error, context.locale)
        version = form.value("version")
        return _show_form(context, year, item, form, version=int(version) if version.isdecimal() else 0, status=error.status)
    return see_other(context, f"{ADDRESS}/{year}", N_("Saved."))


def _keep(context: Context, year: int, item: str) -> None:
    by, at = context.asking.actor, context.at
    rated = assessment_table().items.get(item)
    if rated is None:
        said = parse_form(RequirementForm, context.form)
        answer_requirement(
            context.session,
            item,
            year=year,
            is_met=said.is_met,
            evidence=said.evidence,
            version=said.version,
            by=by,
            at=at,
        )
        return
    given = parse_form(PointsForm, context.form)
    rate_item(context.session, rated, year=year, points=given.points, evidence=given.evidence, version=given.version, by=by, at=at)


def _today_year(context: Context) -> int:
    return context.today.year


def _named(item: str) -> Named:
    table = assessment_table()
    found = table.items.get(item) or table.requirements.get(item)
    if found is None:
        raise NotFoundError
    return found


def _values(rated: SelfAssessment | None) -> Mapping[str, str]:
    if rated is None:
        return {}
    points = {} if rated.points is None else {"points": f"{rated.points:g}"}
    met = {} if rated.is_met is None else {"is_met": "true" if rated.is_met else "false"}
    return {"evidence": rated.evidence} | points | met


def _lines(context: Context, year: int) -> Sequence[ItemLine]:
    rated = assessments_of(context.session, year)
    said = evidence_by_item(count_platform(context.session, year, today=context.today))
    return [
        ItemLine(item=item, rated=rated.get(item.id), statements=_said(said.get(item.id, ()), context.locale))
        for item in assessment_table().items.values()
    ]


def _said(statements: Sequence[Statement], locale: Locale) -> list[str]:
    return [
        translate(locale, one.text, **one.counts, **{name: format_percent(share, locale) for name, share in one.shares.items()})
        for one in statements
    ]


def _points(lines: Sequence[ItemLine]) -> float:
    return total_points([one.rated.points if one.rated else None for one in lines])


def _show(context: Context, year: int) -> Response:
    this_year = _today_year(context)
    lines = _lines(context, check_year(year, this_year=this_year))
    table = assessment_table()
    rated = assessments_of(context.session, year)
    total = _points(lines)
    page = AssessmentPage(
        year=year,
        years=[(str(one), str(one)) for one in range(this_year, max(EARLIEST_YEAR, this_year - 5) - 1, -1)],
        table=table,
        groups=[_group(group, [one for one in lines if one.item.group == group.id]) for group in table.groups],
        requirements=[(one, rated.get(one.id)) for one in table.requirements.values()],
        total=total,
        rated=sum(1 for one in lines if one.rated),
        band=stars_for(total, table),
        may_write=WRITERS.lets_in(context.principal),
    )
    return render_page(context, "console/self_assessment.html", page)


def _group(group: Named, lines: Sequence[ItemLine]) -> tuple[Named, Sequence[ItemLine], float, float]:
    return group, lines, _points(lines), sum(one.item.most for one in lines)


def _notes(table: AssessmentTable, lines: Sequence[ItemLine], locale: Locale) -> list[str]:
    notes = [
        table.source_zh if locale == "zh-CN" else table.source_en,
        translate(
            locale,
            N_("Total: %(total)s of %(most)s points, by our own rating."),
            total=format_number(_points(lines), locale),
            most=format_number(table.most, locale),
        ),
    ]
    unverified = N_("The table was read from a copy and not held against the ministry's own text yet.")
    return notes if table.is_verified else [*notes, translate(locale, unverified)]


def _show_form(context: Context, year: int, item: str, form: FormState, *, version: int, status: int = 200) -> Response:
    line = next((one for one in _lines(context, year) if one.item.id == item), None)
    page = RatingPage(
        year=year,
        named=_named(item),
        item=line.item if line else None,
        statements=line.statements if line else (),
        form=form,
        version=version,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/self_assessment_form.html", page, status=status)
