import uuid

from service.evidence.rescanning import FILES_AT_ONCE, scan_files
from service.evidence.virus_scan import Scanner
from service.jobs.work import Work
from service.mail.models import MailMessage
from service.mail.rules import Outcome
from service.submissions import queries
from service.submissions.deliveries import note_bounced, note_delivered
from service.submissions.expiry import expire_outdated, expire_overdue
from service.submissions.invitation_queries import find_invitation_by_mail
from service.submissions.models import Submission
from service.submissions.rescanning import keep_scans
from service.submissions.rules import NEVER_OPENED


def expire_requests(work: Work) -> None:
    """Once a day: close requests that nobody answered before their links ended."""
    with work.finishing() as session:
        expire_overdue(session, timezone=work.settings.timezone, at=work.at)


def scan_evidence(work: Work) -> None:
    """Once a day: send files to the virus scanner that none has seen; without a scanner there is nothing to do."""
    scanner = Scanner(address=work.settings.clamd_address)
    with work.database.reading() as session:
        waiting = queries.unscanned_evidence(session, limit=FILES_AT_ONCE) if scanner.address else []
    found = scan_files(waiting, scanner=scanner, data_dir=work.settings.data_dir)
    with work.finishing() as session:
        keep_scans(session, found, at=work.at)


def expire_answers(work: Work) -> None:
    """Once a day: let answers go that have become too old to be calculated with."""
    settings = work.settings
    with work.finishing() as session:
        expire_outdated(session, valid_months=settings.answers_valid_months, timezone=settings.timezone, at=work.at)


def note_invitation_mail(work: Work) -> None:
    """Let a request know that the mail with its link was taken, or refused for good."""
    message_id, outcome = uuid.UUID(work.payload["message_id"]), Outcome(work.payload["outcome"])
    with work.finishing() as session:
        invitation = find_invitation_by_mail(session, message_id)
        if invitation is None:
            return
        submission = session.get_one(Submission, invitation.submission_id)
        if outcome is Outcome.DELIVERED:
            note_delivered(session, submission, by="system", at=work.at)
        elif submission.status in NEVER_OPENED:
            reason = session.get_one(MailMessage, message_id).last_error or "refused"
            note_bounced(session, submission, reason=reason, by="system", at=work.at)
