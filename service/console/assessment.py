"""Contracts of indicators between departments and the committee, and the yearly assessment of each."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field, create_model
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import find_staff, names_of_actors
from service.console.choices import Options
from service.console.exports import XLSX, attachment
from service.console.register_columns import person_choices, plant_choices, unit_choices
from service.console.scorecards import PDF, scorecard_pdf, scorecard_workbook
from service.database import new_id
from service.errors import N_, NotFoundError
from service.governance import assessing, queries
from service.governance.indicators import INDICATORS, MANUAL
from service.governance.models import Assessment, AssessmentStatus, Kpi, KpiContract
from service.governance.schemas import ContractInput, KpiInput
from service.governance.scoring import Scorecard, from_snapshot
from service.i18n import Locale, translate
from service.plan.policies import PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.web.forms import FormInput, FormState, Version, VersionInput, parse_form

router = APIRouter()

HOME: Final = "/console/plan/assessment"


class ApprovalForm(FormInput):
    """What the reviewer says of an assessment."""

    review: Annotated[str, Field(min_length=2, max_length=2000)]
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractLine:
    """One contract of the list."""

    contract: KpiContract
    unit: str
    head: str
    state: tuple[str, str]
    total: float | None
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractsPage:
    """All contracts, and the form for one more."""

    lines: Sequence[ContractLine]
    units: Options
    people: Options
    plants: Options
    form: FormState
    may_write: bool
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPage:
    """One contract with its indicators, signatures and assessment; each form has its own state."""

    contract: KpiContract
    unit: str
    plant: str
    head: str
    state: tuple[str, str]
    kpis: Sequence[tuple[Kpi, str, str]]
    weight_sum: float
    indicators: Options
    signatures: Sequence[tuple[str, str, Any]]
    assessment: Assessment | None
    card: Scorecard | None
    people: Mapping[str, str]
    form: FormState
    manual: Sequence[Kpi]
    may_write: bool
    is_head: bool
    may_approve: bool
    idempotency_key: str


def _show_list(context: Context, form: FormState) -> Response:
    units, people = dict(unit_choices(context)), dict(person_choices(context))
    page = ContractsPage(
        lines=[_line(context, contract, units, people) for contract in queries.contracts(context.session)],
        units=unit_choices(context),
        people=person_choices(context),
        plants=plant_choices(context),
        form=form,
        may_write=PLAN_EDITORS.lets_in(context.principal),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/plan_assessment.html", page, status=form.status)


def _show(context: Context, form: FormState, kpi_contract_id: uuid.UUID) -> Response:
    session, locale = context.session, context.locale
    contract = queries.get_contract(session, kpi_contract_id)
    kpis = queries.kpis_of(session, contract.id)
    assessment = queries.find_assessment(session, contract.id)
    actors = (contract.unit_signed_by, contract.committee_signed_by, contract.created_by)
    more = (assessment.assessed_by, assessment.approved_by) if assessment else ()
    names = names_of_actors(session, [one for one in (*actors, *more) if one])
    heads = {str(one.id): one.name for one in find_staff(session)}
    page = ContractPage(
        contract=contract,
        unit=dict(unit_choices(context)).get(str(contract.unit_id), ""),
        plant=dict(plant_choices(context)).get(str(contract.plant_id), translate(locale, N_("The whole company"))),
        head=heads.get(str(contract.head_id), ""),
        state=_state(contract, assessment, locale),
        kpis=[(kpi, *_kpi_words(kpi, locale)) for kpi in kpis],
        weight_sum=sum(kpi.weight for kpi in kpis),
        indicators=[*((key, _indicator_text(key, locale)) for key in INDICATORS), (MANUAL, translate(locale, N_("Typed by hand")))],
        signatures=[
            (translate(locale, label), names.get(by or "", ""), at)
            for label, by, at in (
                (N_("Head of the department"), contract.unit_signed_by, contract.unit_signed_at),
                (N_("Committee"), contract.committee_signed_by, contract.committee_signed_at),
            )
        ],
        assessment=assessment,
        card=from_snapshot(assessment.scorecard) if assessment else None,
        people=names,
        form=form,
        manual=assessing.manual_kpis(kpis),
        may_write=PLAN_EDITORS.lets_in(context.principal),
        is_head=context.asking.user_id == contract.head_id,
        may_approve=PLAN_APPROVERS.lets_in(context.principal),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/plan_contract.html", page, status=form.status)


@router.get("/console/plan/assessment")
@endpoint(PLAN_READERS)
def show_contracts(context: Context) -> Response:
    """List contracts with the grade of their year."""
    return _show_list(context, FormState())


@router.post("/console/plan/assessment")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_list)
def draw_up_contract(context: Context) -> Response:
    """Draw up a contract."""
    fields = parse_form(ContractInput, context.form)
    _check_choices(context, fields)
    contract = assessing.draw_up(context.session, fields, by=context.asking.actor, at=context.at)
    return see_other(context, f"{HOME}/contracts/{contract.id}", N_("Added."))


@router.get("/console/plan/assessment/contracts/{kpi_contract_id}")
@endpoint(PLAN_READERS)
def show_contract(context: Context, kpi_contract_id: uuid.UUID) -> Response:
    """Show a contract."""
    return _show(context, FormState(), kpi_contract_id)


@router.post("/console/plan/assessment/contracts/{kpi_contract_id}/kpis")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show)
def add_indicator(context: Context, kpi_contract_id: uuid.UUID) -> Response:
    """Add an indicator."""
    fields = parse_form(KpiInput, context.form)
    assessing.add_kpi(context.session, kpi_contract_id, fields, by=context.asking.actor, at=context.at)
    return _back(context, kpi_contract_id)


@router.post("/console/plan/assessment/contracts/{kpi_contract_id}/kpis/{kpi_id}/remove")
@endpoint(PLAN_EDITORS)
def remove_indicator(context: Context, kpi_contract_id: uuid.UUID, kpi_id: uuid.UUID) -> Response:
    """Take an indicator out."""
    contract = queries.get_contract(context.session, kpi_contract_id)
    kpi = next((one for one in queries.kpis_of(context.session, contract.id) if one.id == kpi_id), None)
    if kpi is None:
        raise NotFoundError
    assessing.remove_kpi(context.session, contract.id, kpi, by=context.asking.actor, at=context.at)
    return _back(context, kpi_contract_id)


@router.post("/console/plan/assessment/contracts/{kpi_contract_id}/sign")
@endpoint(PLAN_READERS)
@refusals_shown_by(_show)
def sign_for_unit(context: Context, kpi_contract_id: uuid.UUID) -> Response:
    """Sign as head of the department."""
    version = parse_form(VersionInput, context.form).version
    assessing.sign_for_unit(context.session, kpi_contract_id, version=version, by=context.asking.actor, at=context.at)
    return _back(context, kpi_contract_id)


@router.post("/console/plan/assessment/contracts/{kpi_contract_id}/committee-sign")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show)
def sign_for_committee(context: Context, kpi_contract_id: uuid.UUID) -> Response:
    """Sign for the committee."""
    version = parse_form(VersionInput, context.form).version
    assessing.sign_for_committee(context.session, kpi_contract_id, version=version, by=context.asking.actor, at=context.at)
    return _back(context, kpi_contract_id)


@router.post("/console/plan/assessment/contracts/{kpi_contract_id}/self-assessment")
@endpoint(PLAN_READERS)
@refusals_shown_by(_show)
def assess_unit(context: Context, kpi_contract_id: uuid.UUID) -> Response:
    """Assess one's own department."""
    manual = assessing.manual_kpis(queries.kpis_of(context.session, kpi_contract_id))
    said = parse_form(_assessment_form(manual), context.form).model_dump()
    typed = {kpi.id: assessing.Typed(value=said[f"value_{kpi.id}"], evidence=said[f"evidence_{kpi.id}"]) for kpi in manual}
    assessing.assess(context.session, kpi_contract_id, comment=said["comment"], typed=typed, by=context.asking.actor, at=context.at)
    return _back(context, kpi_contract_id)


@router.post("/console/plan/assessment/contracts/{kpi_contract_id}/approve")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show)
def approve_assessment(context: Context, kpi_contract_id: uuid.UUID) -> Response:
    """Approve what a department says of its year."""
    said = parse_form(ApprovalForm, context.form)
    assessing.approve(
        context.session, kpi_contract_id, review=said.review, version=said.version, by=context.asking.actor, at=context.at
    )
    return _back(context, kpi_contract_id)


@router.get("/console/plan/assessment/contracts/{kpi_contract_id}/scorecard.pdf")
@endpoint(PLAN_READERS, prepare=scorecard_pdf)
def download_scorecard(context: Context, pdf: bytes, kpi_contract_id: uuid.UUID) -> Response:
    """Send the approved scorecard, set from its snapshot."""
    contract = queries.get_contract(context.session, kpi_contract_id)
    return attachment(pdf, PDF, f"scorecard-{contract.year}.pdf")


@router.get("/console/plan/assessment/contracts/{kpi_contract_id}/scorecard.xlsx")
@endpoint(PLAN_READERS)
def download_workbook(context: Context, kpi_contract_id: uuid.UUID) -> Response:
    """Send the scorecard as a workbook."""
    contract = queries.get_contract(context.session, kpi_contract_id)
    assessment = queries.find_assessment(context.session, contract.id)
    if assessment is None:
        raise NotFoundError
    content = scorecard_workbook(from_snapshot(assessment.scorecard), context.locale)
    return attachment(content, XLSX, f"scorecard-{contract.year}.xlsx")


def _assessment_form(manual: Sequence[Kpi]) -> type[FormInput]:
    """Return the form of a self-assessment: a comment, and a value with evidence for each manual indicator."""
    fields: dict[str, Any] = {"comment": (Annotated[str, Field(min_length=2, max_length=2000)], ...)}
    for kpi in manual:
        fields[f"value_{kpi.id}"] = (Annotated[float, Field(ge=-1e12, le=1e12)], ...)
        fields[f"evidence_{kpi.id}"] = (Annotated[str, Field(min_length=2, max_length=300)], ...)
    made: type[FormInput] = create_model("SelfAssessmentForm", __base__=FormInput, **fields)
    return made


def _check_choices(context: Context, fields: ContractInput) -> None:
    """Refuse units, people and sites that are not there."""
    from_lists = (("unit_id", unit_choices), ("head_id", person_choices), ("plant_id", plant_choices))
    for name, choices in from_lists:
        value = getattr(fields, name)
        if value is not None and str(value) not in dict(choices(context)):
            raise assessing.unknown_choice(name, value)


def _back(context: Context, kpi_contract_id: uuid.UUID) -> Response:
    return see_other(context, f"{HOME}/contracts/{kpi_contract_id}", N_("Saved."))


def _line(context: Context, contract: KpiContract, units: Mapping[str, str], people: Mapping[str, str]) -> ContractLine:
    assessment = queries.find_assessment(context.session, contract.id)
    card = from_snapshot(assessment.scorecard) if assessment else None
    return ContractLine(
        contract=contract,
        unit=units.get(str(contract.unit_id), ""),
        head=people.get(str(contract.head_id), ""),
        state=_state(contract, assessment, context.locale),
        total=card.total if card else None,
        grade=card.grade if card else "",
    )


def _state(contract: KpiContract, assessment: Assessment | None, locale: Locale) -> tuple[str, str]:
    """Return how far it is, in words, with the tone of its badge."""
    if assessment is not None and assessment.status is AssessmentStatus.APPROVED:
        return translate(locale, N_("Approved")), "good"
    if assessment is not None:
        return translate(locale, N_("Waits for review")), "attention"
    if contract.committee_signed_by is not None:
        return translate(locale, N_("Signed")), "info"
    if contract.unit_signed_by is not None:
        return translate(locale, N_("Waits for the committee")), "attention"
    return translate(locale, N_("Being drawn up")), "neutral"


def _kpi_words(kpi: Kpi, locale: Locale) -> tuple[str, str]:
    """Return name and unit of an indicator."""
    if kpi.indicator == MANUAL:
        return kpi.name, kpi.unit
    return translate(locale, INDICATORS[kpi.indicator].name), INDICATORS[kpi.indicator].unit


def _indicator_text(key: str, locale: Locale) -> str:
    one = INDICATORS[key]
    return f"{translate(locale, one.name)} ({one.unit})"
