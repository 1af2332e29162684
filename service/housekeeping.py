"""Once a day: rows that have served their time go."""

from datetime import timedelta

from sqlalchemy import delete, or_
from sqlmodel import col

from service.accounts.models import IdempotencyRecord, LoginSession, OneTimeToken, RateWindow
from service.jobs.work import Work
from service.submissions.models import WorkbookUpload

IDEMPOTENCY_KEPT = timedelta(days=7)  # a supplier may repeat a request after a long weekend
LEFTOVERS_KEPT = timedelta(days=1)
WORKBOOKS_KEPT = timedelta(days=7)  # what was taken over is among the answers


def clean_up(work: Work) -> None:
    """Delete ended sessions, used-up links, old idempotency answers and counted tries; never business data."""
    at, settings = work.at, work.settings
    ended = or_(
        col(LoginSession.last_seen_at) < at - timedelta(minutes=settings.session_idle_minutes),
        col(LoginSession.created_at) < at - timedelta(hours=settings.session_absolute_hours),
    )
    with work.finishing() as session:
        session.exec(delete(LoginSession).where(ended))
        session.exec(delete(OneTimeToken).where(col(OneTimeToken.expires_at) < at - LEFTOVERS_KEPT))
        session.exec(delete(IdempotencyRecord).where(col(IdempotencyRecord.created_at) < at - IDEMPOTENCY_KEPT))
        session.exec(delete(WorkbookUpload).where(col(WorkbookUpload.uploaded_at) < at - WORKBOOKS_KEPT))
        session.exec(delete(RateWindow).where(col(RateWindow.window_start) < int((at - LEFTOVERS_KEPT).timestamp())))
