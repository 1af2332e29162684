"""What is late or about to be lost, gathered from all parts of the plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from sqlmodel import Session, col, select

from service.governance.queries import overdue_actions, responsibilities
from service.green_power.coverage import expiring
from service.green_power.rules import valid_until
from service.monitoring.queries import find_sources, missing_months
from service.plan.items import plan_items
from service.project_gate.models import ProjectProposal, ProjectStatus
from service.publicity.models import Claim, PublicationStatus, StakeholderContact


class LateKind(StrEnum):
    """What sort of thing waits."""

    ACTION = "action"
    UNANSWERED = "unanswered"
    MONTH = "month"
    UNASSIGNED = "unassigned"
    CERTIFICATE = "certificate"
    PROJECT = "project"
    CLAIM = "claim"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Something that waits for somebody.

    Attributes
    ----------
    name_zh, name_en
        What it is about, in people's own words.
    due
        When it was or is to be done; None for what should never have been open.
    count
        How many of the same there are behind it.

    """

    kind: LateKind
    name_zh: str
    name_en: str
    due: date | None
    href: str
    count: int = 1
    is_sample: bool = False


def late_items(session: Session, *, on: date) -> Sequence[Late]:
    """Return what waits, the longest overdue first, what has no day last."""
    found = [
        *_actions(session, on),
        *_missing_months(session, on),
        *_unassigned(session),
        *_certificates(session, on),
        *_projects(session),
        *_claims(session),
        *_follow_ups(session, on),
        *_unanswered(session),
    ]
    return sorted(found, key=lambda one: (one.due is None, one.due or on, one.kind, one.name_en))


def _actions(session: Session, on: date) -> Iterator[Late]:
    for one in overdue_actions(session, on=on):
        href = "/console/plan/governance/board"
        yield Late(kind=LateKind.ACTION, name_zh=one.what, name_en=one.what, due=one.due, href=href, is_sample=one.is_sample)


def _missing_months(session: Session, on: date) -> Iterator[Late]:
    """Months of this year that are over, one line a month."""
    end = on.replace(day=1) - timedelta(days=1)
    if end.year < on.year:
        return
    missing = missing_months(session, start=date(on.year, 1, 1), end=end)
    for month, group in groupby(sorted(missing, key=lambda one: one.month), key=lambda one: one.month):
        sources = [one.source for one in group]
        name = f"{month:%Y-%m}"
        yield Late(
            kind=LateKind.MONTH,
            name_zh=f"{name} {sources[0].name_zh}",
            name_en=f"{name} {sources[0].name_en}",
            due=_month_end(month),
            href=f"/console/plan/monitoring/month?plant={sources[0].plant_id}&month={name}",
            count=len(sources),
            is_sample=any(one.is_sample for one in sources),
        )


def _unassigned(session: Session) -> Iterator[Late]:
    for one in find_sources(session):
        if one.responsible_id is None and one.ends is None:
            yield Late(
                kind=LateKind.UNASSIGNED,
                name_zh=one.name_zh,
                name_en=one.name_en,
                due=None,
                href=f"/console/plan/monitoring/sources/{one.id}",
                is_sample=one.is_sample,
            )


def _certificates(session: Session, on: date) -> Iterator[Late]:
    for one in expiring(session, on=on):
        yield Late(
            kind=LateKind.CERTIFICATE,
            name_zh=one.first_code,
            name_en=one.first_code,
            due=valid_until(one.generation_month),
            href="/console/plan/green-power/certificates",
            is_sample=one.is_sample,
        )


def _projects(session: Session) -> Iterator[Late]:
    waiting = (ProjectStatus.DRAFT, ProjectStatus.ASSESSED)
    statement = select(ProjectProposal).where(col(ProjectProposal.status).in_(waiting)).order_by(ProjectProposal.number)
    for one in session.exec(statement):
        name = f"{one.number} {one.title}"
        href = f"/console/plan/project-gate/{one.id}"
        yield Late(kind=LateKind.PROJECT, name_zh=name, name_en=name, due=None, href=href, is_sample=one.is_sample)


def _claims(session: Session) -> Iterator[Late]:
    for one in session.exec(select(Claim).where(Claim.status == PublicationStatus.LAPSED).order_by(col(Claim.id))):
        yield Late(
            kind=LateKind.CLAIM,
            name_zh=one.text_zh,
            name_en=one.text_en,
            due=None,
            href=f"/console/plan/publicity/claims/{one.id}",
            is_sample=one.is_sample,
        )


def _follow_ups(session: Session, on: date) -> Iterator[Late]:
    statement = select(StakeholderContact).where(
        col(StakeholderContact.ended_at).is_(None), col(StakeholderContact.follow_up_by) < on
    )
    for one in session.exec(statement):
        name = f"{one.organisation}: {one.follow_up or one.topic}"
        yield Late(
            kind=LateKind.FOLLOW_UP,
            name_zh=name,
            name_en=name,
            due=one.follow_up_by,
            href="/console/plan/stakeholders",
            is_sample=one.is_sample,
        )


def _unanswered(session: Session) -> Iterator[Late]:
    """Lines of the plan that nobody answers for, as one."""
    items = [plan_items()[one.item] for one in responsibilities(session) if one.is_missing]
    if items:
        href = "/console/plan/governance/responsibilities"
        names = (items[0].name_zh, items[0].name_en)
        yield Late(kind=LateKind.UNANSWERED, name_zh=names[0], name_en=names[1], due=None, href=href, count=len(items))


def _month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
