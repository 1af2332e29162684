"""A supplier's score for one material: what it is made of, how it came about, what it is held against."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.compliance.models import HeldCertificate
from service.compliance.queries import certificates_of
from service.compliance.words import CERTIFICATE_NAMES
from service.console.choices import flow_label
from service.console.ranking_rows import ShownFootprint, is_robust, shown_footprint
from service.console.score_rows import DimensionRows, dimension_radar, dimension_rows, dimension_steps
from service.console.standing import Badge, certificate_badge
from service.errors import N_, NotFoundError
from service.green_score.anchor_table import anchor_table
from service.green_score.indicator_names import INDICATOR_NAMES
from service.green_score.method_queries import method_of
from service.green_score.models import MethodVersion, NotApplicable, Score
from service.green_score.operations import score_supplier
from service.green_score.periods import latest_period
from service.green_score.published import Disclosure, PublishedScore, disclosure_for, published_score
from service.green_score.queries import latest_score, latest_scores, method_version_of, score_history, scores_of
from service.green_score.rechecking import differences
from service.i18n import translate
from service.procurement.appeal_queries import appeals_of
from service.procurement.corrective_action_queries import WAITING, find_actions
from service.procurement.models import Appeal, AppealStatus, CorrectiveAction
from service.procurement.not_applicable import requests_of
from service.procurement.ranking import Standing, standing_of
from service.suppliers.models import Supplier
from service.suppliers.queries import SupplierRow, get_supplier
from service.suppliers.schemas import FlowKey
from service.web.charts import Sparkline, sparkline
from service.web.charts_scores import PeerStrip, PointSteps, Radar, peer_strip
from service.web.forms import FormInput, parse_form

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
CALCULATORS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER)
LEAST_PEERS: Final = 5
"""Fewer other suppliers would not stay anonymous in a band."""
BAND_PERCENT: Final = (10.0, 90.0)


class MaterialForm(FormInput):
    """The button that has a score calculated again."""

    flow: FlowKey


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """A score of the past as its reader may see it."""

    score_id: uuid.UUID
    period_end: date
    total: float
    grade: str
    method: str
    calculated_at: datetime
    frozen_quarter: str | None
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """A certificate on file with how it stands today."""

    row: HeldCertificate
    name: str
    badge: Badge


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierScorePage:
    """One score laid open.

    Attributes
    ----------
    materials
        (name, address, is this one) of each material that the supplier is scored for.
    share_cap
        Share of a material's demand that the grade may get, 0 to 1.
    band
        Footprints between which four in five of the other suppliers lie; None with fewer than five of them.
    differences
        Parts that another calculation from the stored inputs does not give again; None unless asked for.

    """

    supplier: SupplierRow
    material: str
    flow: str
    materials: Sequence[tuple[str, str, bool]]
    score: Score
    shown: PublishedScore
    standing: Standing
    is_robust: bool | None
    share_cap: float
    method: MethodVersion
    category: str
    radar: Radar
    steps: PointSteps
    dimensions: Sequence[DimensionRows]
    footprint: ShownFootprint
    peers: int
    band: tuple[float, float] | None
    strip: PeerStrip | None
    history: Sequence[HistoryLine]
    line: Sparkline | None
    certificates: Sequence[CertificateLine]
    actions: Sequence[CorrectiveAction]
    appeals: Sequence[Appeal]
    left_out: Sequence[tuple[str, NotApplicable]]
    differences: Sequence[str] | None
    is_rounded: bool
    may_calculate: bool


@router.get("/console/suppliers/{supplier_id}/score")
@endpoint(READERS)
def show_score(context: Context, supplier_id: uuid.UUID) -> Response:
    """Show a supplier's latest score for a material, or the one that the address names; `check` calculates it once more."""
    supplier = get_supplier(context.session, supplier_id, asking=context.asking)
    scores = scores_of(context.session, supplier_id)
    if not scores:
        return render_page(context, "console/supplier_unscored.html", _Unscored(supplier=supplier))
    return render_page(context, "console/supplier_score.html", _page(context, supplier, scores, _chosen(context, scores)))


@router.post("/console/suppliers/{supplier_id}/score")
@endpoint(CALCULATORS)
def calculate_again(context: Context, supplier_id: uuid.UUID) -> Response:
    """Score a supplier by what is known now; nothing new is stored where nothing has changed."""
    get_supplier(context.session, supplier_id, asking=context.asking)
    flow = parse_form(MaterialForm, context.form).flow
    before = latest_score(context.session, supplier_id, flow)
    if before is None:
        raise NotFoundError
    supplier = context.session.get_one(Supplier, supplier_id)
    today = context.today
    after = score_supplier(context.session, supplier, flow, latest_period(today), by=context.asking.actor, at=context.at, on=today)
    told = N_("Nothing has changed since the last calculation.") if after.id == before.id else N_("Calculated again.")
    return see_other(context, f"/console/suppliers/{supplier_id}/score?flow={flow}", told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unscored:
    """A supplier without any score."""

    supplier: SupplierRow


def _chosen(context: Context, scores: Sequence[Score]) -> Score:
    """Return the score that the address asks for by `score` or `flow`, else the first material's latest one."""
    asked = context.request.query_params
    flow = asked.get("flow", scores[0].flow)
    if "score" in asked:
        found = next((one for one in _history(context, scores) if str(one.id) == asked["score"]), None)
    else:
        found = next((one for one in scores if one.flow == flow), None)
    if found is None:
        raise NotFoundError
    return found


def _history(context: Context, scores: Sequence[Score]) -> list[Score]:
    return [row for one in scores for row in score_history(context.session, one.supplier_id, one.flow)]


def _page(context: Context, supplier: SupplierRow, scores: Sequence[Score], score: Score) -> SupplierScorePage:
    session, locale, disclosure = context.session, context.locale, disclosure_for(context.asking)
    today = context.today
    version = method_version_of(session, score)
    method = method_of(version)
    shown = published_score(score, disclosure)
    footprint = shown_footprint(score, disclosure)
    others = _peers(context, score, disclosure)
    band = _band(others)
    history = _history_lines(context, score, disclosure)
    anchors = anchor_table(method, locale, category=score.category)
    certificates = certificates_of(session, supplier.id, on=today)
    return SupplierScorePage(
        supplier=supplier,
        material=flow_label(score.flow, locale),
        flow=score.flow,
        materials=[(flow_label(one.flow, locale), _address(supplier, one.flow), one.flow == score.flow) for one in scores],
        score=score,
        shown=shown,
        standing=standing_of(score),
        is_robust=is_robust(score),
        share_cap=method.share_cap(score.grade),
        method=version,
        category=score.category,
        radar=dimension_radar(shown, locale),
        steps=dimension_steps(shown, locale),
        dimensions=dimension_rows(shown, anchors, supplier_id=supplier.id, asking=context.asking, locale=locale),
        footprint=footprint,
        peers=len(others),
        band=band,
        strip=_strip(footprint, band),
        history=history,
        line=sparkline([one.total for one in reversed(history)]),
        certificates=[_certificate(context, one) for one in certificates],
        actions=[one for one in find_actions(session, supplier_id=supplier.id) if one.status in WAITING],
        appeals=[one for one in appeals_of(session, supplier.organisation_id) if one.status is AppealStatus.FILED],
        left_out=[(translate(locale, INDICATOR_NAMES[one.indicator]), one) for one in requests_of(session, supplier.id)],
        differences=differences(session, score) if "check" in context.request.query_params else None,
        is_rounded=disclosure is Disclosure.ROUNDED,
        may_calculate=CALCULATORS.lets_in(context.principal),
    )


def _address(supplier: SupplierRow, flow: str) -> str:
    return f"/console/suppliers/{supplier.id}/score?flow={flow}"


def _peers(context: Context, score: Score, disclosure: Disclosure) -> list[float]:
    """Return the other suppliers' own footprints of the material, each as its reader may see it."""
    others = [one for one in latest_scores(context.session, flow=score.flow) if one.supplier_id != score.supplier_id]
    shown = [shown_footprint(one, disclosure).kg_co2e_per_kg for one in others]
    return [one for one in shown if one is not None]


def _band(others: Sequence[float]) -> tuple[float, float] | None:
    if len(others) < LEAST_PEERS:
        return None
    low, high = np.percentile(others, BAND_PERCENT)
    return float(low), float(high)


def _strip(footprint: ShownFootprint, band: tuple[float, float] | None) -> PeerStrip | None:
    if footprint.benchmark_kg_co2e_per_kg is None:
        return None
    return peer_strip(footprint.kg_co2e_per_kg, footprint.benchmark_kg_co2e_per_kg, band)


def _history_lines(context: Context, score: Score, disclosure: Disclosure) -> list[HistoryLine]:
    rows = score_history(context.session, score.supplier_id, score.flow)
    labels = {one.method_id: method_version_of(context.session, one).label for one in rows}
    return [
        HistoryLine(
            score_id=one.id,
            period_end=one.period_end,
            total=published_score(one, disclosure).total,
            grade=one.grade,
            method=labels[one.method_id],
            calculated_at=one.calculated_at,
            frozen_quarter=one.frozen_quarter,
            is_shown=one.id == score.id,
        )
        for one in rows
    ]


def _certificate(context: Context, row: HeldCertificate) -> CertificateLine:
    today = context.today
    return CertificateLine(
        row=row,
        name=translate(context.locale, CERTIFICATE_NAMES[row.kind]),
        badge=certificate_badge(row, today=today, locale=context.locale),
    )
