"""A supplier's own scores, for its people with an account: why, what would raise them, objections, things to put right."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from sqlmodel import select
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page, see_other
from service.clock import day_at
from service.compliance.operations import tell_certificate
from service.compliance.schemas import CertificateClaim
from service.compliance.words import CERTIFICATE_NAMES, LEVEL_NAMES
from service.database import new_id
from service.errors import N_, NotFoundError, ServiceError
from service.green_score.anchor_table import AnchorTable, anchor_table
from service.green_score.method_queries import method_of
from service.green_score.models import Score
from service.green_score.queries import method_version_of
from service.i18n import translate
from service.procurement.appeal_queries import get_visible_score, visible_since
from service.procurement.appeal_rules import last_day
from service.procurement.appeal_schemas import AppealInput
from service.procurement.appeals import file_appeal
from service.procurement.corrective_action_mails import DONE, tell_owner
from service.procurement.corrective_action_queries import get_action
from service.procurement.corrective_action_schemas import DoneInput
from service.procurement.corrective_actions import say_done
from service.procurement.models import CorrectiveAction
from service.suppliers.models import Supplier
from service.web.forms import FormState, parse_form, rejected
from supplier_portal.score_views import (
    ActionView,
    AppealView,
    EntryView,
    ScoreView,
    about_of,
    action_views,
    appeal_views,
    certificate_views,
    material_name,
    record_views,
    score_views,
)

router = APIRouter()

PATH = "/portal/score"
TOLD = (Limit(name="told-certificate", tries=60, per_s=3600),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePage:
    """Context of the page."""

    scores: Sequence[ScoreView]
    actions: Sequence[ActionView]
    certificates: Sequence[EntryView]
    records: Sequence[EntryView]
    appeals: Sequence[AppealView]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorsPage:
    """Context of the page that says how a score was made."""

    material: str
    anchors: AnchorTable


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealPage:
    """Context of the form for an objection; `about` are the indicators that can be objected to."""

    score_id: uuid.UUID
    material: str
    last_day: str
    about: Sequence[tuple[str, str]]
    form: FormState
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePage:
    """Context of the form that says that something is put right."""

    action: CorrectiveAction
    form: FormState
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPage:
    """Context of the form that tells of a new certificate."""

    kinds: Sequence[tuple[str, str]]
    levels: Sequence[tuple[str, str]]
    form: FormState
    idempotency_key: str


@router.get(PATH)
@endpoint(SUPPLIER)
def show_score(context: Context) -> Response:
    """Show the supplier its own scores and what they rest on."""
    supplier = _own_supplier(context)
    page = ScorePage(
        scores=score_views(context, supplier),
        actions=action_views(context, supplier),
        certificates=certificate_views(context, supplier),
        records=record_views(context, supplier),
        appeals=appeal_views(context, supplier),
    )
    return render_page(context, "portal/score.html", page)


@router.get("/portal/score/certificate")
@endpoint(SUPPLIER)
def show_telling(context: Context) -> Response:
    """Ask for what stands on a new certificate."""
    _own_supplier(context)
    return _telling(context, FormState())


@router.post("/portal/score/certificate")
@endpoint(SUPPLIER, limited=TOLD)
def tell(context: Context) -> Response:
    """Keep what the supplier tells of; it counts once somebody of the maker has looked at it."""
    supplier = _own_supplier(context)
    try:
        fields = parse_form(CertificateClaim, context.form)
        today = context.today
        tell_certificate(context.session, supplier, fields, today=today, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _telling(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, PATH, N_("Thank you. It counts once your contact has looked at it."))


@router.get("/portal/score/{score_id}/anchors")
@endpoint(SUPPLIER)
def show_anchors(context: Context, score_id: uuid.UUID) -> Response:
    """Show what earns how many points, by the method that the score was calculated by."""
    score = _own_score(context, score_id)
    method = method_of(method_version_of(context.session, score))
    page = AnchorsPage(
        material=material_name(score.flow, context.locale),
        anchors=anchor_table(method, context.locale, category=score.category),
    )
    return render_page(context, "portal/score_anchors.html", page)


@router.get("/portal/score/{score_id}/appeal")
@endpoint(SUPPLIER)
def show_appeal(context: Context, score_id: uuid.UUID) -> Response:
    """Ask what is wrong with a score."""
    return _appeal(context, _own_score(context, score_id), FormState())


@router.post("/portal/score/{score_id}/appeal")
@endpoint(SUPPLIER)
def appeal(context: Context, score_id: uuid.UUID) -> Response:
    """Keep the supplier's objection."""
    score = _own_score(context, score_id)
    try:
        fields = parse_form(AppealInput, context.form)
        timezone = context.settings.timezone
        file_appeal(context.session, score, fields, timezone=timezone, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _appeal(context, score, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, PATH, N_("Your objection has arrived. Somebody who had no hand in the score decides on it."))


@router.get("/portal/score/actions/{action_id}")
@endpoint(SUPPLIER)
def show_done(context: Context, action_id: uuid.UUID) -> Response:
    """Ask what shows that something is put right."""
    return _done(context, _own_action(context, action_id), FormState())


@router.post("/portal/score/actions/{action_id}")
@endpoint(SUPPLIER)
def done(context: Context, action_id: uuid.UUID) -> Response:
    """Keep that something is put right; somebody of the maker checks it."""
    action = _own_action(context, action_id)
    try:
        fields = parse_form(DoneInput, context.form)
        evidence, version = fields.evidence, fields.version
        say_done(context.session, action, evidence=evidence, version=version, by=context.asking.actor, at=context.at)
        tell_owner(context.session, action, DONE, settings=context.settings, at=context.at)
    except ServiceError as error:
        return _done(context, action, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, PATH, N_("Thank you. Your contact checks it, then your score is calculated again."))


def _own_supplier(context: Context) -> Supplier:
    """Return the supplier of whoever asks; who came by link and PIN for one request has no account, and sees no score."""
    statement = select(Supplier).where(Supplier.organisation_id == context.asking.organisation_id)
    supplier = context.session.exec(statement).first()
    if supplier is None or context.asking.by_link:
        raise NotFoundError(N_("Scores are for people with an account. Ask your contact for one."))
    return supplier


def _own_score(context: Context, score_id: uuid.UUID) -> Score:
    supplier = _own_supplier(context)
    score = get_visible_score(context.session, score_id, asking=context.asking)
    if score.supplier_id != supplier.id:
        raise NotFoundError
    return score


def _own_action(context: Context, action_id: uuid.UUID) -> CorrectiveAction:
    _own_supplier(context)
    return get_action(context.session, action_id, asking=context.asking)


def _telling(context: Context, form: FormState, *, status: int = 200) -> Response:
    page = TellPage(
        kinds=[(value, translate(context.locale, name)) for value, name in CERTIFICATE_NAMES.items()],
        levels=[(value, translate(context.locale, name)) for value, name in LEVEL_NAMES.items()],
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "portal/score_certificate.html", page, status=status)


def _appeal(context: Context, score: Score, form: FormState, *, status: int = 200) -> Response:
    last = last_day(day_at(visible_since(context.session, score), context.settings.timezone))
    page = AppealPage(
        score_id=score.id,
        material=material_name(score.flow, context.locale),
        last_day=last.isoformat(),
        about=[(name, about_of(name, context.locale)) for name in sorted(score.indicators)],
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "portal/score_appeal.html", page, status=status)


def _done(context: Context, action: CorrectiveAction, form: FormState, *, status: int = 200) -> Response:
    page = DonePage(action=action, form=form, idempotency_key=str(new_id()))
    return render_page(context, "portal/score_action.html", page, status=status)
