"""The monitoring plan: who answers for each source and how it is measured; its versions, approved by another person."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import User
from service.accounts.pages import render_page, see_other
from service.accounts.queries import get_maker, names_of_actors
from service.console.exports import XLSX, attachment
from service.console.monitoring_words import EVIDENCE, FREQUENCIES, METHODS, monitoring_tabs
from service.database import new_id
from service.errors import N_
from service.i18n import LOCALES, Locale, translate
from service.monitoring.carriers import carriers
from service.monitoring.models import EvidenceKind, Frequency, Method, MonitoringPlan
from service.monitoring.plan_report import PlanReport, render_plan
from service.monitoring.plans import all_plans, approve_plan, find_latest_plan, get_plan, plan_content, propose_plan
from service.plan.policies import APPROVER_ROLES, EDITOR_ROLES, PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.suppliers.workbook import Column, write_workbook

router = APIRouter()

PATH: Final = "/console/plan/monitoring/plan"
HEADS: Final[Sequence[tuple[str, str, int]]] = (
    ("plant", N_("Site"), 24),
    ("code", N_("Code"), 14),
    ("name", N_("Emission source"), 32),
    ("carrier", N_("What is counted"), 24),
    ("responsible", N_("Person responsible"), 22),
    ("unit", N_("Department"), 22),
    ("method", N_("How it is measured"), 20),
    ("meter", N_("Meter"), 20),
    ("calibrated_until", N_("Calibrated until"), 18),
    ("frequency", N_("How often"), 18),
    ("evidence_kind", N_("Paper behind it"), 20),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version: who proposed and approved it, and when."""

    number: int
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime | None
    sha256: str
    file_href: str
    paper_href: str
    approve_href: str | None
    is_own: bool
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPlanPage:
    """The sources as they are now, what differs from the approved version, and all versions."""

    tabs: Sequence[tuple[str, str, bool]]
    heads: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]]
    unassigned: int
    is_changed: bool
    is_waiting: bool
    versions: Sequence[VersionLine]
    may_propose: bool
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


@router.get(PATH)
@endpoint(PLAN_READERS)
def show_plan(context: Context) -> Response:
    """Show the plan as it is now, and its versions."""
    content = plan_content(context.session)
    latest = find_latest_plan(context.session)
    is_waiting = latest is not None and latest.approved_at is None
    is_changed = latest is None or latest.content != content
    page = MonitoringPlanPage(
        tabs=monitoring_tabs(context),
        heads=[(translate(context.locale, text), "text") for _, text, _ in HEADS],
        rows=_rows(context, content, context.locale),
        unassigned=sum(one["responsible"] is None and one["ends"] is None for one in content),
        is_changed=is_changed,
        is_waiting=is_waiting,
        versions=_versions(context),
        may_propose=bool(context.asking.roles & EDITOR_ROLES) and is_changed and not is_waiting and bool(content),
    )
    return render_page(context, "console/plan_monitoring_plan.html", page)


@router.post(PATH)
@endpoint(PLAN_EDITORS)
def propose_version(context: Context) -> Response:
    """Propose the sources as they are now as the next version."""
    plan = propose_plan(context.session, by=context.asking.actor, at=context.at)
    return see_other(context, PATH, N_("Version %(number)s proposed; another person approves it."), number=plan.number)


@router.post(PATH + "/{monitoring_plan_id}/approve")
@endpoint(PLAN_APPROVERS)
def approve_version(context: Context, monitoring_plan_id: uuid.UUID) -> Response:
    """Approve a version."""
    plan = approve_plan(context.session, monitoring_plan_id, by=context.asking.actor, at=context.at)
    return see_other(context, PATH, N_("Version %(number)s approved."), number=plan.number)


@router.get(PATH + "/{monitoring_plan_id}/plan.xlsx")
@endpoint(PLAN_READERS)
def download_version(context: Context, monitoring_plan_id: uuid.UUID) -> Response:
    """Send a version as a workbook in both languages."""
    plan = get_plan(context.session, monitoring_plan_id)
    columns = [Column(key=key, header=_both(text), hint="–", width=width) for key, text, width in HEADS]
    content = write_workbook(
        sheet=f"监测计划 Plan v{plan.number}",
        columns=columns,
        rows=_rows(context, plan.content, "zh-CN"),
        choices={},
        choices_sheet="Choices",
    )
    return attachment(content, XLSX, f"monitoring-plan-v{plan.number}.xlsx")


@router.get(PATH + "/{monitoring_plan_id}/plan.pdf")
@endpoint(PLAN_READERS)
def download_paper(context: Context, monitoring_plan_id: uuid.UUID) -> Response:
    """Send a version as PDF in the reader's language."""
    plan = get_plan(context.session, monitoring_plan_id)
    locale = context.locale
    [line] = [one for one in _versions(context) if one.number == plan.number]
    facts = [
        (N_("Proposed"), f"{line.proposed_by} · {plan.proposed_at:%Y-%m-%d}"),
        (N_("Approved"), f"{line.approved_by} · {plan.approved_at:%Y-%m-%d}" if plan.approved_at else "–"),
        (N_("Emission sources"), str(len(plan.content))),
    ]
    maker = get_maker(context.session)
    report = PlanReport(
        number=f"MP-{plan.number}",
        title=translate(locale, N_("Monitoring plan")),
        company=maker.name_zh if locale == "zh-CN" else maker.name_en,
        facts=[(translate(locale, label), text) for label, text in facts],
        heads=[translate(locale, text) for _, text, _ in HEADS],
        rows=_rows(context, plan.content, locale),
        proposed_at=plan.proposed_at,
        sha256=plan.sha256,
        is_sample=plan.is_sample,
    )
    content = render_plan(report, language="zh" if locale == "zh-CN" else "en")
    return attachment(content, "application/pdf", f"monitoring-plan-v{plan.number}.pdf")


def _both(text: str) -> str:
    return " / ".join(dict.fromkeys(translate(locale, text) for locale in LOCALES))


def _rows(context: Context, content: Sequence[Mapping[str, Any]], locale: Locale) -> list[list[str]]:
    people = {str(one["responsible"]) for one in content if one["responsible"]}
    names = {key: person.name for key in people if (person := context.session.get(User, uuid.UUID(key)))}
    return [_row(one, names, locale) for one in content]


def _row(one: Mapping[str, Any], names: Mapping[str, str], locale: Locale) -> list[str]:
    tail = "zh" if locale == "zh-CN" else "en"
    evidence = one["evidence_kind"]
    return [
        one[f"plant_{tail}"] or "–",
        one["code"],
        one[f"name_{tail}"],
        carriers()[one["carrier"]].name(locale),
        names.get(str(one["responsible"]), "–"),
        one[f"unit_{tail}"] or "–",
        translate(locale, METHODS[Method(one["method"])]),
        one["meter"] or "–",
        one["calibrated_until"] or "–",
        translate(locale, FREQUENCIES[Frequency(one["frequency"])]),
        translate(locale, EVIDENCE[EvidenceKind(evidence)]) if evidence else "–",
    ]


def _versions(context: Context) -> Sequence[VersionLine]:
    plans = all_plans(context.session)
    names = names_of_actors(context.session, [actor for one in plans for actor in (one.proposed_by, one.approved_by) if actor])
    return [_version(context, one, names) for one in plans]


def _version(context: Context, plan: MonitoringPlan, names: Mapping[str, str]) -> VersionLine:
    is_own = plan.proposed_by == context.asking.actor
    may_approve = plan.approved_at is None and bool(context.asking.roles & APPROVER_ROLES) and not is_own
    return VersionLine(
        number=plan.number,
        proposed_by=names.get(plan.proposed_by, plan.proposed_by),
        proposed_at=plan.proposed_at,
        approved_by=names.get(plan.approved_by, "") if plan.approved_by else "",
        approved_at=plan.approved_at,
        sha256=plan.sha256,
        file_href=f"{PATH}/{plan.id}/plan.xlsx",
        paper_href=f"{PATH}/{plan.id}/plan.pdf",
        approve_href=f"{PATH}/{plan.id}/approve" if may_approve else None,
        is_own=is_own,
        is_sample=plan.is_sample,
    )
