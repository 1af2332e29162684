"""What a supplier gets back for accepted answers: its own footprint, where it stands, what it could do, and what we did with it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.models import Organisation
from service.accounts.pages import render_page
from service.errors import N_
from service.feedback.card import Card, accepted_only, feedback_card
from service.feedback.document import NATIONAL_NAME, document_of, render_document
from service.feedback.improvements import SHARE, Effort, Improvement
from service.feedback.own_footprint import OwnFootprint, own_footprint
from service.feedback.pact import Owner, canonical, pact_footprint
from service.feedback.peers import Position
from service.feedback.queries import Usage
from service.feedback.wording import EFFECTS, FLOW_NAMES, PRODUCT_NAMES, QUARTERS, UNIT_NAMES
from service.i18n import Locale, explain, translate
from service.modelling.queries import active_model
from service.pdf.bilingual import Bilingual
from service.products.recipe import FURNACE_LABELS
from service.submissions.models import Submission
from service.submissions.questionnaire import find_question
from service.suppliers.provinces import province_name
from service.web.charts import BarChart, Part, horizontal_bars
from service.web.formatting import format_number, format_percent
from supplier_portal.frames import Frame, frame_of, questionnaire_of

router = APIRouter()

EFFORTS: Final = {
    Effort.OPERATION: N_("No investment"),
    Effort.CONTRACT: N_("A contract"),
    Effort.EQUIPMENT: N_("Large investment"),
}
SANDBOXED: Final = "sandbox; default-src 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementLine:
    """One thing to do, in words."""

    title: str
    change: str
    how: str
    effort: str
    saved_kg_co2e: float
    by_market: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnView:
    """The supplier's own footprint, in words.

    Attributes
    ----------
    is_screening
        Whether the electricity factor is derived for screening and not official.
    given_share
        Share of it that rests on the supplier's own amounts, 0 to 1.

    """

    product: str
    boundary: str
    unit: str
    total: float
    low: float
    high: float
    market: float | None
    green_share: float
    place: str
    kg_co2e_per_kwh: float
    is_screening: bool
    given_share: float
    primary_data_share: float
    parts: BarChart


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackPage:
    """Context of the card.

    Attributes
    ----------
    refusal, missing
        Why there is no footprint of its own, and the questions that would make one.
    effect
        Sentence on the maker's product; empty while nothing rests on the answers.

    """

    frame: Frame
    own: OwnView | None
    refusal: str
    missing: Sequence[str]
    trend: BarChart | None
    position: Position | None
    position_words: str
    improvements: Sequence[ImprovementLine]
    effect: str
    usage: Usage
    usage_before: Usage | None


@router.get("/portal/submissions/{submission_id}/feedback")
@endpoint(SUPPLIER)
def show_feedback(context: Context, submission_id: uuid.UUID) -> Response:
    """Show what the supplier gets back for its accepted answers."""
    submission = questionnaire_of(context, submission_id)
    card = feedback_card(context.session, submission)
    locale = context.locale
    page = FeedbackPage(
        frame=frame_of(context, submission),
        own=_own_view(card.own, locale) if card.own else None,
        refusal=explain(locale, card.refusal) if card.refusal else "",
        missing=_missing(card, locale),
        trend=_trend(card) if len(card.trend) > 1 else None,
        position=card.position,
        position_words=translate(locale, QUARTERS[card.position.quarter]) if card.position else "",
        improvements=[_improvement(one, locale) for one in card.improvements],
        effect=translate(locale, EFFECTS[card.effect]) if card.effect else "",
        usage=card.usage,
        usage_before=card.usage_before,
    )
    return render_page(context, "portal/feedback.html", page)


@router.get("/portal/submissions/{submission_id}/footprint.json")
@endpoint(SUPPLIER)
def download_pact(context: Context, submission_id: uuid.UUID) -> Response:
    """Return the supplier's own footprint as data for its other customers."""
    submission = questionnaire_of(context, submission_id)
    own = _own(context, submission)
    return _download(
        canonical(_pact(context, submission, own)), name=f"{submission.number}-pcf.json", media_type="application/json"
    )


@router.get("/portal/submissions/{submission_id}/footprint.pdf")
@endpoint(SUPPLIER)
def download_statement(context: Context, submission_id: uuid.UUID) -> Response:
    """Return the supplier's own footprint as a page to print or send on."""
    submission = questionnaire_of(context, submission_id)
    own = _own(context, submission)
    organisation = context.session.get_one(Organisation, submission.organisation_id)
    document = document_of(
        own,
        _pact(context, submission, own),
        supplier=Bilingual(zh=organisation.name_zh, en=organisation.name_en),
        registration_no=organisation.registration_no or "",
        accepted_at=_accepted_at(submission),
        is_sample=submission.is_sample,
    )
    return _download(render_document(document), name=f"{submission.number}-pcf.pdf", media_type="application/pdf")


def _download(content: bytes, *, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": SANDBOXED}
    return Response(content, media_type=media_type, headers=headers)


def _own(context: Context, submission: Submission) -> OwnFootprint:
    return own_footprint(accepted_only(context.session, submission), active_model(context.session))


def _pact(context: Context, submission: Submission, own: OwnFootprint) -> dict[str, Any]:
    """Return the data of the file; names stand in English where they can, for readers abroad."""
    organisation = context.session.get_one(Organisation, submission.organisation_id)
    owner = Owner(
        organisation_id=organisation.id,
        name=organisation.name_en or organisation.name_zh,
        product_name=PRODUCT_NAMES[own.found.product],
        province_code=str(own.answers.values.get("site_province", "")),
        is_sample=submission.is_sample,
    )
    return pact_footprint(own, active_model(context.session), owner=owner, accepted_at=_accepted_at(submission))


def _accepted_at(submission: Submission) -> datetime:
    """Return when the answers were accepted; only accepted ones come here, and they have the time."""
    return submission.decided_at or submission.created_at


def _own_view(own: OwnFootprint, locale: Locale) -> OwnView:
    found = own.found
    unit = f"kg CO₂e/{UNIT_NAMES[found.unit]}"
    names = {flow: translate(locale, FLOW_NAMES.get(flow, flow)) for flow in found.by_flow_kg_co2e}
    place = province_name(str(own.answers.values.get("site_province", "")), locale)
    return OwnView(
        product=translate(locale, PRODUCT_NAMES[found.product]),
        boundary=translate(locale, own.own.boundary),
        unit=unit,
        total=found.total_kg_co2e,
        low=own.low_kg_co2e,
        high=own.high_kg_co2e,
        market=own.market_kg_co2e,
        green_share=own.own.green_share,
        place=place or translate(locale, NATIONAL_NAME),
        kg_co2e_per_kwh=found.electricity.kg_co2e_per_kwh,
        is_screening=found.electricity.status == "screening",
        given_share=found.given_share,
        primary_data_share=found.primary_data_share,
        parts=horizontal_bars(
            [Part(code=flow, label=names[flow], value=kg) for flow, kg in found.by_flow_kg_co2e.items()], unit=unit
        ),
    )


def _trend(card: Card) -> BarChart:
    """Return one bar for each of the supplier's periods."""
    parts = [Part(code="own", label=f"{one.period_start:%Y-%m} – {one.period_end:%Y-%m}", value=one.kg_co2e) for one in card.trend]
    unit = UNIT_NAMES[card.own.found.unit] if card.own else "kg"
    return horizontal_bars(parts, unit=f"kg CO₂e/{unit}")


def _missing(card: Card, locale: Locale) -> Sequence[str]:
    fields = card.refusal.missing if card.refusal else ()
    questions = (find_question(card.answers.supplier_type, field) for field in fields)
    return [translate(locale, question.label) for question in questions if question]


def _improvement(one: Improvement, locale: Locale) -> ImprovementLine:
    return ImprovementLine(
        title=translate(locale, one.advice.title),
        change=_change(one, locale),
        how=translate(locale, one.advice.how),
        effort=translate(locale, EFFORTS[one.advice.effort]),
        saved_kg_co2e=one.saved_kg_co2e,
        by_market=one.by_market,
    )


def _change(one: Improvement, locale: Locale) -> str:
    if one.furnace:
        return translate(locale, FURNACE_LABELS[one.furnace])
    if one.unit == SHARE:
        return f"{format_percent(one.present, locale)} → {format_percent(one.target, locale)}"
    return f"{format_number(one.present, locale)} → {format_number(one.target, locale)} {one.unit}"
