"""The method library: versions of the method, a footprint under two of them, the gap to the rules of standards."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.opening import may_open
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import Options, read_filter
from service.console.exports import XLSX, attachment
from service.console.method_words import (
    CHOICE_LABELS,
    METHODS,
    RULE_STATES,
    STATES,
    UPTAKES,
    VIEWS,
    method_tabs,
    stage_name,
    step_name,
    word_of,
    words_of,
)
from service.console.register_columns import Column, Kind, worded
from service.console.registers import Register, add_register
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.footprints.disclosure import INSIDERS
from service.footprints.models import FootprintRecord
from service.footprints.queries import find_records, get_record
from service.i18n import Locale, explain, translate
from service.method_library import operations, queries
from service.method_library.choices import GWP_SETS, PARAMETERS
from service.method_library.comparing import MethodComparison, compare_methods
from service.method_library.gaps import RuleResult, gap_of
from service.method_library.models import AccountingMethod, MethodStatus
from service.method_library.schemas import FindingInput, MethodInput
from service.plan.policies import PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.suppliers.workbook import Column as SheetColumn
from service.suppliers.workbook import write_workbook
from service.web.charts_changes import Change, Waterfall, waterfall
from service.web.forms import FormInput, FormState, VersionInput, parse_form

router = APIRouter()

_MOST_RECORDS: Final = 200
_ABOVE: Final = (N_("Methods"), METHODS)


LIBRARY: Final = Register(
    key="accounting_method",
    path=METHODS,
    title=N_("Methods"),
    lead=N_("Versions of the rules by which footprints are calculated; released by a second person, a certificate cites one"),
    empty=N_("Add the version that your footprints follow, then let a second person release it."),
    add_label=N_("Add a method version"),
    table=AccountingMethod,
    fields=MethodInput,
    columns=(
        Column(
            key="label",
            label=N_("Label"),
            hint=N_("As certificates cite it, for example AP-PCF 1.0"),
            href=lambda row: f"{METHODS}/{row.id}",
        ),
        Column(key="standard", label=N_("Standard")),
        Column(key="edition", label=N_("Edition")),
        Column(key="pcr", label=N_("Product category rule"), in_list=False, hint=N_("Leave empty where there is none")),
        Column(key="valid_from", label=N_("Valid from"), kind=Kind.DATE),
        Column(
            key="gwp",
            label=N_("Set of GWP100"),
            kind=Kind.CHOICE,
            choices=lambda _context: [(one, f"IPCC {one}") for one in GWP_SETS],
        ),
        Column(key="electricity", label=N_("Electricity view"), kind=Kind.CHOICE, choices=worded(VIEWS)),
        Column(key="uptake", label=N_("Biogenic uptake"), kind=Kind.CHOICE, choices=worded(UPTAKES), in_list=False),
        *(words_of(choice) for choice in PARAMETERS),
        Column(key="status", label=N_("State"), kind=Kind.CHOICE, choices=worded(STATES), filtered=True),
    ),
    identity=("label",),
    sort=("-valid_from",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.add_method,
    change=operations.change_method,
    check=operations.check_words,
    tabs=method_tabs,
)


class ComparisonFilter(FormInput):
    """What the address of the comparison may hold."""

    footprint: uuid.UUID | None = None
    before: uuid.UUID | None = None
    after: uuid.UUID | None = None


class GapFilter(FormInput):
    """What the address of the gap may hold."""

    footprint: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPage:
    """One version with its choices in words."""

    method: AccountingMethod
    choices: Sequence[tuple[str, str]]
    status: str
    created_by: str
    released_by: str | None
    may_release: bool
    may_retire: bool
    compare_href: str | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """One record under two methods; `steps` are (choice, part, share of the difference)."""

    tabs: Sequence[tuple[str, str, bool]]
    records: Options
    methods: Options
    form: FormState
    found: MethodComparison | None
    steps: Sequence[tuple[str, float]]
    stages: Sequence[tuple[str, float, float]]
    chart: Waterfall | None
    problem: str | None
    file_href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule in words."""

    result: RuleResult
    demands: str
    word: str
    tone: str
    found_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPage:
    """The rules of the library and how a footprint stands to them."""

    tabs: Sequence[tuple[str, str, bool]]
    records: Options
    form: FormState
    record: FootprintRecord | None
    lines: Sequence[RuleLine]
    finding: FormState
    manual: Options
    may_find: bool
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


def _show_finding(context: Context, form: FormState, footprint_id: uuid.UUID) -> Response:
    record = get_record(context.session, footprint_id)
    return _show_gap(context, record, FormState(values={"footprint": str(footprint_id)}), form)


def _show_method(context: Context, form: FormState, accounting_method_id: uuid.UUID) -> Response:
    method, locale = queries.get_method(context.session, accounting_method_id), context.locale
    actors = {one for one in (method.created_by, method.released_by) if one}
    people = names_of_actors(context.session, actors)
    approves = PLAN_APPROVERS.lets_in(context.principal)
    page = MethodPage(
        method=method,
        choices=_choices(method, locale),
        status=method.status.value,
        created_by=people.get(method.created_by, "–"),
        released_by=people.get(method.released_by, "–") if method.released_by else None,
        may_release=approves and method.status is MethodStatus.DRAFT and method.created_by != context.asking.actor,
        may_retire=approves and method.status is MethodStatus.RELEASED,
        compare_href=_comparison_with(context, method),
        error=form.first_error,
    )
    return render_page(context, "console/method_version.html", page, status=form.status)


@router.get("/console/plan/methods/compare")
@endpoint(INSIDERS)
def show_comparison(context: Context) -> Response:
    """Show a footprint under two method versions, and which choice makes which part of the difference."""
    wanted, form = read_filter(ComparisonFilter, context.request, context.locale)
    found, problem = None, None
    if wanted.footprint and wanted.before and wanted.after:
        try:
            found = _comparison(context, wanted.footprint, wanted.before, wanted.after)
        except ServiceError as error:
            if error.status == 404:  # noqa: PLR2004 - what does not exist stays a page that does not exist
                raise
            problem = explain(context.locale, error)
    steps = _steps(found, context.locale) if found else []
    page = ComparisonPage(
        tabs=method_tabs(context),
        records=_record_options(context),
        methods=[
            (str(one.id), f"{one.label} · {translate(context.locale, STATES[one.status])}")
            for one in queries.find_methods(context.session)
        ],
        form=_chosen(wanted, form),
        found=found,
        steps=steps,
        stages=[(stage_name(one.stage, context.locale), one.before, one.after) for one in found.stages] if found else [],
        chart=_chart(found, steps),
        problem=problem,
        file_href=f"{METHODS}/compare.xlsx?{context.request.url.query}" if found else None,
    )
    return render_page(context, "console/method_comparison.html", page)


@router.get("/console/plan/methods/compare.xlsx")
@endpoint(INSIDERS)
def export_comparison(context: Context) -> Response:
    """Send the comparison as a workbook."""
    wanted, _ = read_filter(ComparisonFilter, context.request, context.locale)
    if not (wanted.footprint and wanted.before and wanted.after):
        raise InvalidInputError({"footprint": FieldError(N_("Choose a footprint and two methods first."))})
    found = _comparison(context, wanted.footprint, wanted.before, wanted.after)
    return attachment(_workbook(found, context.locale), XLSX, f"{found.record.number}-methods.xlsx")


@router.get("/console/plan/methods/gap")
@endpoint(INSIDERS)
def show_gap(context: Context) -> Response:
    """Show which rules of the library a footprint fulfils."""
    wanted, form = read_filter(GapFilter, context.request, context.locale)
    record = get_record(context.session, wanted.footprint) if wanted.footprint else None
    return _show_gap(context, record, _chosen(wanted, form), FormState())


@router.post("/console/plan/methods/gap/{footprint_id}/findings")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_finding)
def record_finding(context: Context, footprint_id: uuid.UUID) -> Response:
    """Write down what a person found on a rule."""
    record = get_record(context.session, footprint_id)
    fields = parse_form(FindingInput, context.form)
    operations.record_finding(context.session, record, fields, by=context.asking.actor, at=context.at)
    return see_other(context, f"{METHODS}/gap?footprint={footprint_id}", N_("Saved."))


add_register(router, LIBRARY)


@router.get("/console/plan/methods/{accounting_method_id}")
@endpoint(PLAN_READERS)
def show_method(context: Context, accounting_method_id: uuid.UUID) -> Response:
    """Show one version with its choices."""
    return _show_method(context, FormState(), accounting_method_id)


@router.post("/console/plan/methods/{accounting_method_id}/release")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show_method)
def release_method(context: Context, accounting_method_id: uuid.UUID) -> Response:
    """Release a draft, so that certificates may cite it."""
    version = parse_form(VersionInput, context.form).version
    operations.release_method(context.session, accounting_method_id, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, f"{METHODS}/{accounting_method_id}", N_("Released."))


@router.post("/console/plan/methods/{accounting_method_id}/retire")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show_method)
def retire_method(context: Context, accounting_method_id: uuid.UUID) -> Response:
    """Take a method out of use; issued certificates keep citing it."""
    version = parse_form(VersionInput, context.form).version
    operations.retire_method(context.session, accounting_method_id, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, f"{METHODS}/{accounting_method_id}", N_("Saved."))


def _chosen(wanted: FormInput, form: FormState) -> FormState:
    """Return the form with what the address chose, unless it can't be used."""
    if form.errors:
        return form
    return FormState(values={name: str(value) for name, value in wanted.model_dump().items() if value is not None})


def _comparison_with(context: Context, method: AccountingMethod) -> str | None:
    """Return the comparison of the newest footprint under another method and this one; None for who may see no breakdown."""
    if not may_open(context, f"{METHODS}/compare"):
        return None
    records = find_records(context.session, limit=1).rows
    others = [one for one in queries.find_methods(context.session) if one.id != method.id]
    given = {"footprint": records[0].id if records else None, "before": others[0].id if others else None, "after": method.id}
    return f"{METHODS}/compare?{urlencode({name: str(value) for name, value in given.items() if value})}"


def _choices(method: AccountingMethod, locale: Locale) -> Sequence[tuple[str, str]]:
    return [
        (translate(locale, N_("Standard")), f"{method.standard} {method.edition}"),
        (translate(locale, N_("Product category rule")), method.pcr or translate(locale, N_("None exists for this material"))),
        (translate(locale, N_("Set of GWP100")), f"IPCC {method.gwp}"),
        (translate(locale, N_("Electricity view")), translate(locale, VIEWS[method.electricity])),
        (translate(locale, N_("Biogenic uptake")), translate(locale, UPTAKES[method.uptake])),
        *((translate(locale, label), word_of(name, getattr(method, name), locale)) for name, label in CHOICE_LABELS.items()),
    ]


def _comparison(context: Context, footprint: uuid.UUID, before: uuid.UUID, after: uuid.UUID) -> MethodComparison:
    record = get_record(context.session, footprint)
    methods = (queries.get_method(context.session, one) for one in (before, after))
    return compare_methods(context.session, record, *methods)


def _record_options(context: Context) -> Options:
    rows = find_records(context.session, limit=_MOST_RECORDS).rows
    return [(str(row.id), f"{row.number} · {row.grade} · {row.period_start} – {row.period_end}") for row in rows]


def _steps(found: MethodComparison, locale: Locale) -> Sequence[tuple[str, float]]:
    return [(step_name(key, locale), value) for key, value in found.steps.items()]


def _chart(found: MethodComparison | None, steps: Sequence[tuple[str, float]]) -> Waterfall | None:
    if found is None or not steps:
        return None
    changes = [Change(label=name, value=value) for name, value in steps]
    return waterfall(found.before_total, changes, unit="kg CO₂e/kg")


def _workbook(found: MethodComparison, locale: Locale) -> bytes:
    heads = [
        translate(locale, N_("Part")),
        found.before.label,
        found.after.label,
        translate(locale, N_("Difference, kg CO2e/kg")),
    ]
    rows = [
        (translate(locale, N_("Total")), found.before_total, found.after_total, found.difference),
        *((stage_name(one.stage, locale), one.before, one.after, one.after - one.before) for one in found.stages),
        *((name, None, None, value) for name, value in _steps(found, locale)),
    ]
    columns = [SheetColumn(key=str(place), header=head, hint="", width=32) for place, head in enumerate(heads)]
    return write_workbook(sheet=found.record.number, columns=columns, rows=rows, choices={}, choices_sheet="-")


def _show_gap(context: Context, record: FootprintRecord | None, form: FormState, finding: FormState) -> Response:
    results = gap_of(context.session, record) if record else []
    people = names_of_actors(context.session, {one.finding.found_by for one in results if one.finding})
    locale = context.locale
    page = GapPage(
        tabs=method_tabs(context),
        records=_record_options(context),
        form=form,
        record=record,
        lines=[
            RuleLine(
                result=one,
                demands=one.rule.demands(locale),
                word=translate(locale, RULE_STATES[one.state][0]),
                tone=RULE_STATES[one.state][1],
                found_by=people.get(one.finding.found_by, "–") if one.finding else None,
            )
            for one in results
        ],
        finding=finding,
        manual=[
            (one.rule.key, f"{one.rule.standard} {one.rule.clause} · {one.rule.demands(locale)}")
            for one in results
            if not one.rule.check
        ],
        may_find=record is not None and PLAN_EDITORS.lets_in(context.principal),
    )
    return render_page(context, "console/method_gap.html", page, status=finding.status)
