"""Every write on verifications: cases, their days, comments, packs and the verifier's statement."""

import uuid
from datetime import date, datetime

from sqlmodel import Session

from service.accounts.models import Organisation, OrganisationKind, User
from service.accounts.operations import create_organisation
from service.audit.operations import record as audit
from service.clock import day_at
from service.errors import N_, ConflictError, FieldError, ForbiddenError, InvalidInputError, NotFoundError, StaleVersionError
from service.footprints.models import FootprintStatus
from service.footprints.queries import get_records
from service.jobs.operations import enqueue
from service.settings import Settings
from service.verification import mails, queries, rules
from service.verification.models import (
    CaseComment,
    CaseFootprint,
    CaseStatus,
    EvidencePack,
    PackStatus,
    VerificationCase,
    VerificationStatement,
)
from service.verification.schemas import BodyInput, CaseInput, CommentInput, DaysInput, StatementInput

MAKE_PACK = "make_evidence_pack"
"""Name of the background task that writes a case's evidence into one file."""


def add_body(session: Session, fields: BodyInput, *, by: str, at: datetime, is_sample: bool = False) -> Organisation:
    """Add a verifier's organisation; an administrator then invites its people."""
    return create_organisation(
        session,
        kind=OrganisationKind.VERIFIER,
        name_zh=fields.name_zh,
        name_en=fields.name_en,
        registration_no=fields.registration_no,
        is_sample=is_sample,
        by=by,
        at=at,
    )


def open_case(session: Session, fields: CaseInput, *, by: str, at: datetime, settings: Settings) -> VerificationCase:
    """Open some footprints, with everything behind them, to a verifier's people for some days.

    Raises
    ------
    InvalidInputError
        By field: days that make no sense, no footprint, a replaced one, or no verifier.

    """
    today = day_at(at, settings.timezone)
    rules.check_days(fields.opens_on, fields.closes_on, today=today)
    body = _body(session, fields.organisation_id)
    record_ids = _checked_records(session, fields.record_ids)
    case = VerificationCase(
        number=_next_number(session, today),
        organisation_id=body.id,
        title=fields.title,
        opens_on=fields.opens_on,
        closes_on=fields.closes_on,
        opened_by=by,
        opened_at=at,
        is_sample=body.is_sample,
    )
    session.add(case)
    session.flush()  # its footprints and its pack refer to it
    for record_id in record_ids:
        session.add(CaseFootprint(case_id=case.id, record_id=record_id))
    audit_case(session, "verification_case_opened", case, by=by, at=at, footprints=len(record_ids), closes_on=case.closes_on)
    ask_for_pack(session, case, by=by, at=at)
    for person in queries.people_of(session, body.id):
        mails.write(session, person, mails.OPENED, case, settings=settings, at=at)
    return case


def change_days(session: Session, case: VerificationCase, fields: DaysInput, *, by: str, at: datetime, settings: Settings) -> None:
    """Let a verifier look for longer, or less long."""
    rules.check_not_closed(case)
    rules.check_days(case.opens_on, fields.closes_on, today=day_at(at, settings.timezone))
    _claim(case, fields.version)
    case.closes_on = fields.closes_on
    audit_case(session, "verification_case_changed", case, by=by, at=at, closes_on=case.closes_on)


def close_case(session: Session, case: VerificationCase, *, version: int, by: str, at: datetime) -> None:
    """End a verification; its verifier sees nothing of it any more, its statement keeps its force."""
    rules.check_not_closed(case)
    _claim(case, version)
    case.status, case.closed_by, case.closed_at = CaseStatus.CLOSED, by, at
    audit_case(session, "verification_case_closed", case, by=by, at=at)


def ask_for_pack(session: Session, case: VerificationCase, *, by: str, at: datetime) -> EvidencePack:
    """Ask for the evidence of a case as one file; the latest pack counts."""
    rules.check_not_closed(case)
    pack = EvidencePack(case_id=case.id, asked_by=by, asked_at=at)
    session.add(pack)
    session.flush()  # the job refers to it
    enqueue(session, MAKE_PACK, {"pack_id": str(pack.id)}, key=f"{MAKE_PACK}:{pack.id}", run_at=at)
    return pack


def store_pack(session: Session, pack_id: uuid.UUID, *, sha256: str, size_bytes: int, at: datetime) -> None:
    """Make a file that lies on disk the pack of its case."""
    pack = session.get_one(EvidencePack, pack_id)
    pack.status, pack.sha256, pack.size_bytes, pack.made_at = PackStatus.DONE, sha256, size_bytes, at
    case = queries.get_case(session, pack.case_id)
    audit_case(session, "verification_case_packed", case, by="system", at=at, sha256=sha256)


def note_failed_pack(session: Session, pack_id: uuid.UUID) -> None:
    """Let people see that a pack could not be made."""
    session.get_one(EvidencePack, pack_id).status = PackStatus.FAILED


def note_look(session: Session, case: VerificationCase, *, page: str, by: str, at: datetime) -> None:
    """Write down what somebody of the verifier has looked at or downloaded."""
    audit_case(session, "verification_case_viewed", case, by=by, at=at, page=page)


def comment(
    session: Session, case: VerificationCase, fields: CommentInput, *, author: User, at: datetime, settings: Settings
) -> CaseComment:
    """Ask about a page of a case, or answer; the other side gets a mail.

    Raises
    ------
    InvalidInputError
        What it is about is no page of this case.
    ConflictError
        The question is settled, or the case closed.

    """
    rules.check_not_closed(case)
    parent = queries.get_comment(session, case.id, fields.reply_to) if fields.reply_to else None
    if parent is not None and parent.settled_at is not None:
        raise ConflictError(N_("This question is settled; ask a new one."))
    row = CaseComment(
        case_id=case.id,
        reply_to=(parent.reply_to or parent.id) if parent else None,
        about=parent.about if parent else _checked_subject(session, case, fields.about),
        is_from_verifier=author.organisation_id == case.organisation_id,
        text=fields.text,
        author=f"user:{author.id}",
        written_at=at,
    )
    session.add(row)
    audit_case(session, "verification_case_commented", case, by=row.author, at=at)
    _tell_the_other_side(session, case, row, settings=settings, at=at)
    return row


def settle(session: Session, case: VerificationCase, question: CaseComment, *, by: str, at: datetime) -> None:
    """Declare a question answered; only who asked it, or a colleague on the same side, may.

    Parameters
    ----------
    by
        Of the same side as the author; the caller has checked that.

    """
    rules.check_not_closed(case)
    if question.reply_to is not None:
        raise NotFoundError
    if question.settled_at is not None:
        return
    question.settled_by, question.settled_at = by, at
    audit_case(session, "verification_case_settled", case, by=by, at=at)


def check_may_settle(question: CaseComment, *, is_verifier: bool) -> None:
    """Raise unless a question was asked by the side that wants to settle it."""
    if question.is_from_verifier is not is_verifier:
        raise ForbiddenError(N_("Only the side that asked a question settles it; answer it instead."))


def record_statement(
    session: Session, case: VerificationCase, fields: StatementInput, *, by: str, at: datetime, settings: Settings
) -> VerificationStatement:
    """Record what the verifier states; nobody changes it afterwards, the maker only publishes it.

    Parameters
    ----------
    by
        A person of the verifier.

    """
    present = queries.find_statement(session, case.id)
    rules.check_may_state(case, present, open_comments=queries.open_comments(session, case.id))
    rules.check_covered(fields.record_ids, queries.record_ids_of(session, case.id))
    if fields.completed_on > day_at(at, settings.timezone):
        raise InvalidInputError(
            {"completed_on": FieldError(N_("The verification can't be completed on a day to come; check the day."))}
        )
    values = fields.model_dump() | {"record_ids": [str(one) for one in fields.record_ids]}
    statement = VerificationStatement(case_id=case.id, stated_by=by, stated_at=at, **values)
    session.add(statement)
    case.status = CaseStatus.STATED
    case.version += 1
    session.flush()  # the audit trail names it
    audit_case(session, "verification_case_stated", case, by=by, at=at, conclusion=statement.conclusion, level=statement.level)
    mails.write(session, person_of(session, case.opened_by), mails.STATED, case, settings=settings, at=at)
    return statement


def _body(session: Session, organisation_id: uuid.UUID) -> Organisation:
    try:
        return queries.get_body(session, organisation_id)
    except NotFoundError as error:
        raise InvalidInputError(
            {"organisation_id": FieldError(N_("This is no active verifier; pick one from the list."))}
        ) from error


def _checked_records(session: Session, wanted: list[uuid.UUID]) -> list[uuid.UUID]:
    if not wanted:
        raise InvalidInputError({"record_ids": FieldError(N_("Choose at least one footprint."))})
    found = get_records(session, wanted)
    if any(one not in found or found[one].status is FootprintStatus.REPLACED for one in wanted):
        raise InvalidInputError({"record_ids": FieldError(N_("This footprint is not in the list; pick one from it."))})
    return sorted(set(wanted), key=str)


def _checked_subject(session: Session, case: VerificationCase, about: str) -> str:
    subject = rules.subject_of(about)
    known = subject is not None and (subject.record_id is None or subject.record_id in queries.record_ids_of(session, case.id))
    if subject is None or not known:
        raise InvalidInputError({"about": FieldError(N_("This is no page of this verification; pick one from the list."))})
    return subject.key


def _tell_the_other_side(session: Session, case: VerificationCase, row: CaseComment, *, settings: Settings, at: datetime) -> None:
    if row.is_from_verifier:
        mails.write(session, person_of(session, case.opened_by), mails.ASKED, case, settings=settings, at=at)
        return
    for person in queries.people_of(session, case.organisation_id):
        mails.write(session, person, mails.ANSWERED, case, settings=settings, at=at)


def person_of(session: Session, actor: str) -> User | None:
    """Return a person by actor; None for the system."""
    kind, _, user_id = actor.partition(":")
    return session.get(User, uuid.UUID(user_id)) if kind == "user" else None


def _claim(case: VerificationCase, version: int) -> None:
    if case.version != version:
        raise StaleVersionError
    case.version += 1


def audit_case(session: Session, action: str, case: VerificationCase, *, by: str, at: datetime, **details: object) -> None:
    """Note what happened to a case, under its number."""
    audit(session, action, of=case, by=by, at=at, organisation_id=case.organisation_id, number=case.number, **details)


def _next_number(session: Session, today: date) -> str:
    prefix = f"V-{today.year}-"
    last = queries.last_number(session, prefix)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"
