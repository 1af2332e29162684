"""What a supplier has handed in, each time, in a form from which anybody can compute the receipt's hash again."""

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, select

from service.submissions import queries
from service.submissions.canonical import canonical_answers
from service.submissions.models import Receipt, Submission
from service.submissions.questionnaire import questions_for
from service.submissions.rules import hash_answers, receipt_number

FORMAT: Final = "anodeprint-answers/1"


def issue_receipt(session: Session, submission: Submission, *, by: str, at: datetime) -> Receipt:
    """Keep what is handed in now under a number of its own; earlier receipts stay as they are."""
    content = content_of(session, submission)
    receipt = Receipt(
        submission_id=submission.id,
        organisation_id=submission.organisation_id,
        number=receipt_number(submission.number, earlier=submission.receipt_no),
        content=content,
        sha256=hash_answers(content),
        submitted_by=by,
        submitted_at=at,
    )
    session.add(receipt)
    return receipt


def find_receipt(session: Session, submission: Submission) -> Receipt | None:
    """Return the receipt of what was handed in last, if anything was."""
    return session.exec(select(Receipt).where(Receipt.number == submission.receipt_no)).first()


def content_of(session: Session, submission: Submission) -> dict[str, Any]:
    """Return what the receipt's hash is taken of: what the answers say, not which door they came by or how they were typed."""
    asked = {question.key: question for question in questions_for(submission.supplier_type, submission.depth)}
    return {
        "format": FORMAT,
        "submission": submission.number,
        "supplier_type": submission.supplier_type,
        "depth": submission.depth,
        "period": [submission.period_start.isoformat(), submission.period_end.isoformat()],
        "answers": canonical_answers(asked, queries.entries_of(session, submission.id)),
        "evidence": sorted({one.sha256 for one in queries.evidence_of(session, submission.id)}),
    }
