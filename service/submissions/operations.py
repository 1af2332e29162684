"""Every write on submissions, from the plan to the decision."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col

from service.accounts.api_keys import end_keys_of_links
from service.accounts.models import LoginSession
from service.accounts.tokens import hash_token
from service.database import flush_unless_taken, new_id
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.jobs.operations import enqueue
from service.mail.models import MailMessage
from service.mail.operations import queue
from service.settings import Settings
from service.submissions import queries, rules
from service.submissions.answers import Entry
from service.submissions.drafts import store_entries
from service.submissions.handover import (
    LONGEST_REASON,
    check_ready,
    close_comments,
    given_reasons,
    known_reasons,
    observe,
    store_findings,
)
from service.submissions.invitation_queries import invitation_of
from service.submissions.link_tokens import address_of, link_token
from service.submissions.mails import Mail, invitation_mail, returned_mail
from service.submissions.models import Delegation, Depth, Door, FieldComment, Invitation, Submission
from service.submissions.models import SubmissionStatus as Status
from service.submissions.parsing import clean_text
from service.submissions.prefill import carry_over
from service.submissions.questionnaire import find_question
from service.submissions.rating import settle
from service.submissions.receipts import issue_receipt
from service.submissions.transitions import lock, move, record_event
from service.submissions.upstream_queries import find_upstream_request
from service.suppliers.models import Supplier
from service.suppliers.rescoring import ask_for_scores

UPSTREAM_TASK = "calculate_upstream_footprint"


def plan(
    session: Session,
    supplier: Supplier,
    *,
    period_start: date,
    period_end: date,
    deadline: date,
    message: str | None,
    depth: Depth = Depth.FIRST,
    prefill: bool = True,
    by: str,
    at: datetime,
) -> Submission:
    """Make a questionnaire for a supplier and period; nobody is invited yet.

    Parameters
    ----------
    prefill
        Carry technical answers over from the supplier's last accepted questionnaire; totals stay empty.

    """
    if period_end <= period_start:
        raise InvalidInputError({"period_end": FieldError(N_("The period must end after it starts."))})
    same = queries.find_same_request(session, supplier.id, period_start=period_start, period_end=period_end)
    if same is not None:
        raise ConflictError(N_("There is an open request for this supplier and period: %(number)s."), number=same.number)
    submission = Submission(
        number=_next_number(session, at.year),
        organisation_id=supplier.organisation_id,
        supplier_id=supplier.id,
        supplier_type=supplier.supplier_type,
        depth=depth,
        period_start=period_start,
        period_end=period_end,
        deadline=deadline,
        message=clean_text(message) if message else None,
        created_by=by,
        created_at=at,
        is_sample=supplier.is_sample,
    )
    session.add(submission)
    _flush_number(session)
    carried = carry_over(session, submission, at=at) if prefill else ()
    record_event(session, submission, "submission_planned", by=by, at=at, carried_over=len(carried))
    return submission


def invite(session: Session, submission: Submission, *, settings: Settings, by: str, at: datetime) -> str:
    """Make a new link, queue its mail and return it; earlier links end at once."""
    supplier = session.get_one(Supplier, submission.supplier_id)
    expires_at = rules.link_expiry(submission.deadline, timezone=settings.timezone)
    if submission.status not in rules.INVITABLE:
        rules.check_transition(submission.status, Status.INVITED)
    if expires_at <= at:
        raise ConflictError(
            N_("The deadline %(deadline)s is too long ago for a link. Extend it first."), deadline=submission.deadline
        )
    _end_links(session, submission, at=at)
    invitation_id = new_id()
    token = link_token(invitation_id, settings=settings)
    link = address_of(token, settings=settings)
    mail = invitation_mail(submission, supplier, link=link, settings=settings)
    message = _mail(session, submission, supplier, mail, reports_to="note_invitation_mail", at=at)
    session.add(
        Invitation(
            id=invitation_id,
            submission_id=submission.id,
            organisation_id=submission.organisation_id,
            token_hash=hash_token(token),
            mail_id=message.id if message else None,
            expires_at=expires_at,
            created_by=by,
            created_at=at,
        )
    )
    if submission.status in {Status.PLANNED, Status.DECLINED, Status.DELIVERED, Status.BOUNCED}:
        move(session, submission, Status.INVITED, by=by, at=at)
    record_event(session, submission, "invitation_issued", by=by, at=at)
    return link


def revoke(session: Session, submission: Submission, *, by: str, at: datetime) -> None:
    """End the submission's links and the sessions opened by them."""
    _end_all_links(session, submission, at=at)
    record_event(session, submission, "invitation_revoked", by=by, at=at)


def extend_deadline(session: Session, submission: Submission, *, deadline: date, timezone: str, by: str, at: datetime) -> None:
    """Give the supplier more time; the present link lives on with it."""
    if deadline <= submission.deadline:
        problem = FieldError(
            N_("%(deadline)s is not after the present deadline %(present)s."), deadline=deadline, present=submission.deadline
        )
        raise InvalidInputError({"deadline": problem})
    submission.deadline = deadline
    session.add(submission)
    invitation = invitation_of(session, submission.id)
    if invitation is not None:
        invitation.expires_at = rules.link_expiry(deadline, timezone=timezone)
        session.add(invitation)
    record_event(session, submission, "submission_deadline_extended", by=by, at=at, deadline=deadline.isoformat())


def open_questionnaire(session: Session, submission: Submission, *, by: str, at: datetime) -> None:
    """Note that the supplier has opened it for the first time."""
    if submission.status in rules.NEVER_OPENED:
        move(session, submission, Status.OPENED, by=by, at=at)


def begin_uninvited(session: Session, submission: Submission, *, by: str, at: datetime) -> None:
    """Begin a questionnaire whose answers another system has sent already, so that nobody is invited to type them."""
    move(session, submission, Status.IN_PROGRESS, by=by, at=at)


def save_draft(
    session: Session,
    submission: Submission,
    entries: Mapping[str, Entry],
    *,
    by: str,
    at: datetime,
    seen: Mapping[str, str] | None = None,
    door: Door = Door.WEB,
) -> Sequence[str]:
    """Store answers as typed, readable or not, and return fields where somebody else's newer answer was typed over.

    Parameters
    ----------
    entries
        By field; other fields stay as they are.
    seen
        By field, `drafts.stamp_of` the answer on the page that comes back.

    """
    lock(session, submission)
    rules.check_editable(submission.status)
    typed_over = store_entries(session, submission, entries, seen=seen, door=door, by=by, at=at)
    if by not in submission.typed_by:
        submission.typed_by = [*submission.typed_by, by]
        session.add(submission)
        session.flush()
    if submission.status in rules.NEVER_OPENED | {Status.OPENED}:
        move(session, submission, Status.IN_PROGRESS, by=by, at=at)
    record_event(session, submission, "answers_saved", by=by, at=at, fields=len(entries))
    return typed_over


def keep_reasons(session: Session, submission: Submission, reasons: Mapping[str, str]) -> None:
    """Store reasons for warnings of a draft, by `Observation.key`, so that correcting another field does not lose them."""
    lock(session, submission)
    rules.check_editable(submission.status)
    store_findings(session, submission, observe(session, submission), reasons)


def submit(
    session: Session, submission: Submission, *, by: str, at: datetime, reasons: Mapping[str, str] | None = None
) -> Submission:
    """Hand the answers in and give a receipt; once more for answers already handed in changes nothing.

    Parameters
    ----------
    reasons
        Why a value that a check doubts is right all the same, by `Observation.key`.

    Raises
    ------
    InvalidInputError
        By field for errors; by `reason.<key>` for warnings without a reason.

    """
    lock(session, submission)
    if submission.status is Status.SUBMITTED:
        return submission
    rules.check_transition(submission.status, Status.SUBMITTED)
    observations = observe(session, submission)
    check_ready(observations, {**known_reasons(session, submission, observations), **given_reasons(reasons or {})})
    store_findings(session, submission, observations, reasons or {})
    close_comments(session, submission)
    receipt = issue_receipt(session, submission, by=by, at=at)
    move(
        session,
        submission,
        Status.SUBMITTED,
        by=by,
        at=at,
        submitted_at=at,
        submitted_by=by,
        receipt_no=receipt.number,
        answers_sha256=receipt.sha256,
    )
    return submission


def start_review(session: Session, submission: Submission, *, by: str, at: datetime) -> None:
    """Take a submission into review."""
    move(session, submission, Status.IN_REVIEW, by=by, at=at, reviewer=by)


def return_to_supplier(
    session: Session,
    submission: Submission,
    *,
    comments: Mapping[str, str],
    version: int,
    settings: Settings | None = None,
    by: str,
    at: datetime,
) -> None:
    """Give a submission back with words on one or more fields.

    Parameters
    ----------
    settings
        Given: the supplier's contact also gets a mail.

    """
    words = {field: clean_text(text) for field, text in comments.items() if clean_text(text)}
    _check_comments(submission, words)
    move(session, submission, Status.RETURNED, version=version, by=by, at=at, decided_at=at, decided_by=by)
    for field, text in words.items():
        session.add(FieldComment(submission_id=submission.id, field=field, text=text, by=by, at=at))
    if settings is not None:
        supplier = session.get_one(Supplier, submission.supplier_id)
        _mail(session, submission, supplier, returned_mail(submission, supplier, settings=settings), at=at)


def accept(session: Session, submission: Submission, *, version: int, by: str, at: datetime) -> None:
    """Accept the answers; the supplier's earlier accepted ones of the same period are superseded.

    What the reviewer has not rated keeps the rating that was suggested.

    Raises
    ------
    SamePersonError
        The acceptor typed an answer or handed the questionnaire in.
    StaleVersionError
        Somebody else decided first.

    """
    rules.check_second_person(by, typed_by=submission.typed_by, submitted_by=submission.submitted_by)
    # Two questionnaires of one supplier accepted at the same moment must see each other.
    session.get_one(Supplier, submission.supplier_id, with_for_update=True)
    earlier = queries.find_accepted(
        session, submission.supplier_id, period_start=submission.period_start, period_end=submission.period_end
    )
    supersedes = earlier.id if earlier else None
    move(
        session, submission, Status.ACCEPTED, version=version, by=by, at=at, decided_at=at, decided_by=by, supersedes_id=supersedes
    )
    settle(session, submission, by=by, at=at)
    if earlier is not None:
        move(session, earlier, Status.SUPERSEDED, by=by, at=at)
    ask_for_scores(session, submission.supplier_id, at=at)
    upstream = find_upstream_request(session, submission.id)
    if upstream is not None:
        payload = {"request_id": str(upstream.id)}
        enqueue(session, UPSTREAM_TASK, payload, key=f"{UPSTREAM_TASK}:{submission.id}:{submission.version}", run_at=at)


def decline(session: Session, submission: Submission, *, reason: str, by: str, at: datetime) -> None:
    """Close a questionnaire because the supplier will not answer it; the reason stays as a comment on the whole."""
    words = clean_text(reason)[:LONGEST_REASON]
    if not words:
        raise InvalidInputError({"reason": FieldError(N_("Please say why, so that your contact can help."))})
    move(session, submission, Status.DECLINED, by=by, at=at)
    session.add(FieldComment(submission_id=submission.id, field="", text=words, from_supplier=True, by=by, at=at))
    _end_all_links(session, submission, at=at)


def withdraw(session: Session, submission: Submission, *, by: str, at: datetime) -> None:
    """Take a request back; its links end."""
    move(session, submission, Status.WITHDRAWN, by=by, at=at)
    _end_all_links(session, submission, at=at)


# ---- What the operations above share ----


def _next_number(session: Session, year: int) -> str:
    prefix = f"S-{year}-"
    last = queries.last_number(session, prefix)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04}"


def _flush_number(session: Session) -> None:
    # Two requests planned at the same moment: the second loses its number here.
    flush_unless_taken(session, ConflictError(N_("Another request was made at the same moment. Send this one again.")))


def _end_all_links(session: Session, submission: Submission, *, at: datetime) -> None:
    """End the supplier's link and those of its colleagues."""
    _end_links(session, submission, at=at)
    live = (col(Delegation.submission_id) == submission.id, col(Delegation.revoked_at).is_(None))
    session.exec(update(Delegation).where(*live).values(revoked_at=at))
    session.exec(delete(LoginSession).where(col(LoginSession.submission_id) == submission.id))


def _end_links(session: Session, submission: Submission, *, at: datetime) -> None:
    live = (col(Invitation.submission_id) == submission.id, col(Invitation.revoked_at).is_(None))
    session.exec(update(Invitation).where(*live).values(revoked_at=at))
    opened_by_link = (col(LoginSession.submission_id) == submission.id, col(LoginSession.invitation_id).is_not(None))
    session.exec(delete(LoginSession).where(*opened_by_link))
    end_keys_of_links(session, submission.id, at=at)


def _mail(
    session: Session, submission: Submission, supplier: Supplier, mail: Mail, *, reports_to: str | None = None, at: datetime
) -> MailMessage | None:
    if not supplier.contact_email:
        return None
    return queue(
        session,
        to=supplier.contact_email,
        subject=mail.subject,
        body=mail.body,
        about=f"submission:{submission.id}",
        organisation_id=submission.organisation_id,
        reports_to=reports_to,
        at=at,
    )


def _check_comments(submission: Submission, comments: Mapping[str, str]) -> None:
    if not comments:
        raise InvalidInputError({"": FieldError(N_("Say on at least one field what the supplier should change."))})
    problems = {
        field: FieldError(N_("This is not a question for this type of supplier."))
        for field in comments
        if field and find_question(submission.supplier_type, field) is None
    }
    problems |= {
        field: FieldError(N_("At most %(max)s characters; shorten this."), max=LONGEST_REASON)
        for field, text in comments.items()
        if len(text) > LONGEST_REASON
    }
    if problems:
        raise InvalidInputError(problems)
