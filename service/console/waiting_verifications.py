"""What waits around verifications: the verifier's open questions, statements that nobody has published."""

from sqlalchemy import select
from sqlmodel import col

from service.accounts.models import Role
from service.console.waiting_kinds import Asked, Counted, Waiting, count
from service.errors import N_
from service.verification.models import CaseComment, CaseStatus, Conclusion, VerificationCase, VerificationStatement

TEAM = frozenset({Role.ENGINEER, Role.REVIEWER})


def _questions(asked: Asked) -> Counted:
    open_cases = select(col(VerificationCase.id)).where(col(VerificationCase.status) != CaseStatus.CLOSED)
    answered = select(col(CaseComment.reply_to)).where(
        col(CaseComment.reply_to).is_not(None), col(CaseComment.is_from_verifier).is_(False)
    )
    waits = (
        col(CaseComment.reply_to).is_(None),
        col(CaseComment.is_from_verifier).is_(True),
        col(CaseComment.settled_at).is_(None),
    )
    return count(
        asked,
        CaseComment.id,
        CaseComment.written_at,
        *waits,
        col(CaseComment.case_id).in_(open_cases),
        col(CaseComment.id).not_in(answered),
    )


def _statements(asked: Asked) -> Counted:
    open_cases = select(col(VerificationCase.id)).where(col(VerificationCase.status) != CaseStatus.CLOSED)
    return count(
        asked,
        VerificationStatement.id,
        VerificationStatement.stated_at,
        col(VerificationStatement.published_at).is_(None),
        col(VerificationStatement.withdrawn_at).is_(None),
        col(VerificationStatement.conclusion) != Conclusion.ADVERSE,
        col(VerificationStatement.case_id).in_(open_cases),
    )


VERIFICATION_KINDS = (
    Waiting(
        title=N_("Verifications with open questions"),
        why=N_("The verifier waits for an answer."),
        next_step=N_("Answer the verifier"),
        href="/console/verification",
        roles=TEAM,
        count=_questions,
    ),
    Waiting(
        title=N_("Statements to publish"),
        why=N_("The verifier has recorded its statement; publishing carries it into footprint and certificates."),
        next_step=N_("Publish the statements"),
        href="/console/verification",
        roles=TEAM,
        count=_statements,
    ),
)
