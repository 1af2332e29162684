"""What waits around suppliers' scores: certificates that end, things to put right, objections, second looks."""

from datetime import timedelta

from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from service.accounts.models import Role
from service.compliance.models import ComplianceRecord
from service.compliance.queries import count_told, ending_certificates
from service.compliance.rules import NOTICE_DAYS
from service.console.waiting_kinds import Asked, Counted, Waiting, count
from service.errors import N_
from service.green_score.models import NotApplicable
from service.procurement.models import ActionStatus, Appeal, AppealStatus, CorrectiveAction

WRITERS = frozenset({Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT})
DUE_SOON = timedelta(days=14)


def _ending(asked: Asked) -> Counted:
    until = asked.today + timedelta(days=max(NOTICE_DAYS))
    mine = [
        certificate.valid_until
        for certificate, supplier in ending_certificates(asked.session, until=until)
        if supplier.owner_id == asked.principal.user_id and certificate.valid_until >= asked.today
    ]
    return Counted(count=len(mine), first=min(mine, default=None))


def _ended(asked: Asked) -> Counted:
    mine = [
        certificate.valid_until
        for certificate, supplier in ending_certificates(asked.session, until=asked.today - timedelta(days=1))
        if supplier.owner_id == asked.principal.user_id
    ]
    return Counted(count=len(mine), first=min(mine, default=None))


def _told(asked: Asked) -> Counted:
    if asked.principal.user_id is None:
        return Counted(count=0, first=None)
    number, first = count_told(asked.session, owner_id=asked.principal.user_id)
    return Counted(count=number, first=first)


def _mine(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return (col(CorrectiveAction.owner_id) == asked.principal.user_id, col(CorrectiveAction.status) == ActionStatus.OPEN)


def _overdue_actions(asked: Asked) -> Counted:
    return count(asked, CorrectiveAction.id, CorrectiveAction.due, *_mine(asked), col(CorrectiveAction.due) < asked.today)


def _due_actions(asked: Asked) -> Counted:
    soon = col(CorrectiveAction.due).between(asked.today, asked.today + DUE_SOON)
    return count(asked, CorrectiveAction.id, CorrectiveAction.due, *_mine(asked), soon)


def _to_close(asked: Asked) -> Counted:
    done = col(CorrectiveAction.status) == ActionStatus.DONE
    by_others = (
        col(CorrectiveAction.done_by) != asked.principal.actor,
        col(CorrectiveAction.owner_id) != asked.principal.user_id,
    )
    return count(asked, CorrectiveAction.id, CorrectiveAction.done_at, done, *by_others)


def _to_decide(asked: Asked) -> Counted:
    return count(asked, Appeal.id, Appeal.filed_at, col(Appeal.status) == AppealStatus.FILED)


def _to_verify(asked: Asked) -> Counted:
    waits = (
        col(ComplianceRecord.remedied_on).is_not(None),
        col(ComplianceRecord.remedy_verified_by).is_(None),
        col(ComplianceRecord.withdrawn_at).is_(None),
        col(ComplianceRecord.remedy_recorded_by) != asked.principal.actor,
    )
    return count(asked, ComplianceRecord.id, ComplianceRecord.remedied_on, *waits)


def _to_leave_out(asked: Asked) -> Counted:
    waits = (
        col(NotApplicable.approved_at).is_(None),
        col(NotApplicable.withdrawn_at).is_(None),
        col(NotApplicable.asked_by) != asked.principal.actor,
    )
    return count(asked, NotApplicable.id, NotApplicable.asked_at, *waits)


SUPPLIER_KINDS = (
    Waiting(
        title=N_("Objections to scores"),
        why=N_("A supplier says that its score is wrong; somebody who had no hand in it decides."),
        next_step=N_("Decide on them"),
        href="/console/appeals",
        roles=WRITERS,
        count=_to_decide,
    ),
    Waiting(
        title=N_("Your corrective actions are overdue"),
        why=N_("The supplier has not put right what was asked; ask it, or call the action off."),
        next_step=N_("Open your actions"),
        href="/console/corrective-actions?status=overdue&mine=yes",
        roles=WRITERS,
        count=_overdue_actions,
    ),
    Waiting(
        title=N_("Corrective actions to close"),
        why=N_("Said to be done; another person checks the evidence."),
        next_step=N_("Check and close"),
        href="/console/corrective-actions?status=done",
        roles=WRITERS,
        count=_to_close,
    ),
    Waiting(
        title=N_("Your corrective actions are due soon"),
        why=N_("Ask the supplier how far it is."),
        next_step=N_("Open your actions"),
        href="/console/corrective-actions?status=open&mine=yes",
        roles=WRITERS,
        count=_due_actions,
        ends=True,
    ),
    Waiting(
        title=N_("Certificates that your suppliers told of"),
        why=N_("They count once you have looked at them."),
        next_step=N_("Look at them"),
        href="/console/held-certificates?state=told",
        roles=WRITERS,
        count=_told,
    ),
    Waiting(
        title=N_("Certificates of your suppliers have ended"),
        why=N_("Without a successor the score falls."),
        next_step=N_("Ask for successors"),
        href="/console/held-certificates?state=expired&mine=yes",
        roles=WRITERS,
        count=_ended,
    ),
    Waiting(
        title=N_("Certificates of your suppliers end soon"),
        why=N_("Without a successor the score falls."),
        next_step=N_("Ask for successors"),
        href="/console/held-certificates?state=expiring&mine=yes",
        roles=WRITERS,
        count=_ending,
        ends=True,
    ),
    Waiting(
        title=N_("Remedies to verify"),
        why=N_("Somebody else noted how a violation was put right; a second person verifies."),
        next_step=N_("Look at them"),
        href="/console/second-looks",
        roles=WRITERS,
        count=_to_verify,
    ),
    Waiting(
        title=N_("Indicators that somebody wants to leave out"),
        why=N_("They count until a second person approves."),
        next_step=N_("Look at them"),
        href="/console/second-looks",
        roles=WRITERS,
        count=_to_leave_out,
    ),
)
