"""Every SELECT on verifications."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.accounts.models import Organisation, OrganisationKind, Role, User
from service.errors import NotFoundError
from service.footprints.models import FootprintRecord, FootprintSource
from service.footprints.queries import RecordRow, get_row
from service.verification.models import (
    CaseComment,
    CaseFootprint,
    CaseStatus,
    EvidencePack,
    VerificationCase,
    VerificationStatement,
)
from service.verification.rules import is_open


def get_case(session: Session, case_id: uuid.UUID) -> VerificationCase:
    """Return a case."""
    case = session.get(VerificationCase, case_id)
    if case is None:
        raise NotFoundError
    return case


def get_open_case(session: Session, case_id: uuid.UUID, *, organisation_id: uuid.UUID, today: date) -> VerificationCase:
    """Return a case that a verifier's people may look at today; any other one is as if it did not exist."""
    case = session.get(VerificationCase, case_id)
    if case is None or case.organisation_id != organisation_id or not is_open(case, today=today):
        raise NotFoundError
    return case


def find_cases(session: Session, *, limit: int = 200) -> Sequence[VerificationCase]:
    """Return cases, the newest first."""
    return session.exec(select(VerificationCase).order_by(col(VerificationCase.number).desc()).limit(limit)).all()


def open_cases_of(session: Session, organisation_id: uuid.UUID, *, today: date) -> Sequence[VerificationCase]:
    """Return the cases that a verifier's people may look at today, the newest first."""
    statement = (
        select(VerificationCase)
        .where(
            VerificationCase.organisation_id == organisation_id,
            VerificationCase.status != CaseStatus.CLOSED,
            VerificationCase.opens_on <= today,
            VerificationCase.closes_on >= today,
        )
        .order_by(col(VerificationCase.number).desc())
    )
    return session.exec(statement).all()


def record_ids_of(session: Session, case_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return the footprints of a case, in the order of their numbers."""
    statement = (
        select(CaseFootprint.record_id)
        .join(FootprintRecord, col(FootprintRecord.id) == col(CaseFootprint.record_id))
        .where(CaseFootprint.case_id == case_id)
        .order_by(FootprintRecord.number)
    )
    return session.exec(statement).all()


def rows_of(session: Session, case_id: uuid.UUID) -> Sequence[RecordRow]:
    """Return the footprints of a case as lists show them."""
    return [get_row(session, record_id) for record_id in record_ids_of(session, case_id)]


def submission_ids_of(session: Session, case_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the submissions that the footprints of a case rest on."""
    statement = (
        select(FootprintSource.submission_id)
        .join(CaseFootprint, col(CaseFootprint.record_id) == col(FootprintSource.footprint_id))
        .where(CaseFootprint.case_id == case_id)
    )
    return frozenset(session.exec(statement))


def comments_of(session: Session, case_id: uuid.UUID) -> Sequence[CaseComment]:
    """Return the comments of a case, the oldest first."""
    statement = select(CaseComment).where(CaseComment.case_id == case_id).order_by(col(CaseComment.written_at), col(CaseComment.id))
    return session.exec(statement).all()


def get_comment(session: Session, case_id: uuid.UUID, comment_id: uuid.UUID) -> CaseComment:
    """Return a comment of a case."""
    comment = session.get(CaseComment, comment_id)
    if comment is None or comment.case_id != case_id:
        raise NotFoundError
    return comment


def open_comments(session: Session, case_id: uuid.UUID) -> int:
    """Return how many questions of a case nobody has settled."""
    statement = (
        select(func.count())
        .select_from(CaseComment)
        .where(CaseComment.case_id == case_id, col(CaseComment.reply_to).is_(None), col(CaseComment.settled_at).is_(None))
    )
    return session.exec(statement).one()


def find_statement(session: Session, case_id: uuid.UUID) -> VerificationStatement | None:
    """Return the statement of a case, if it has been made; it may be withdrawn."""
    return session.exec(select(VerificationStatement).where(VerificationStatement.case_id == case_id)).first()


def get_statement(session: Session, case_id: uuid.UUID) -> VerificationStatement:
    """Return the statement of a case."""
    found = find_statement(session, case_id)
    if found is None:
        raise NotFoundError
    return found


def statement_of(session: Session, record_id: uuid.UUID) -> VerificationStatement | None:
    """Return the latest published statement on a footprint that still stands."""
    statement = (
        select(VerificationStatement)
        .join(CaseFootprint, col(CaseFootprint.case_id) == col(VerificationStatement.case_id))
        .where(
            CaseFootprint.record_id == record_id,
            col(VerificationStatement.published_at).is_not(None),
            col(VerificationStatement.withdrawn_at).is_(None),
        )
        .order_by(col(VerificationStatement.published_at).desc())
    )
    return next((one for one in session.exec(statement) if str(record_id) in one.record_ids), None)


def find_pack(session: Session, case_id: uuid.UUID) -> EvidencePack | None:
    """Return the latest evidence pack of a case."""
    statement = select(EvidencePack).where(EvidencePack.case_id == case_id).order_by(col(EvidencePack.id).desc()).limit(1)
    return session.exec(statement).first()


def last_number(session: Session, prefix: str) -> str | None:
    """Return the highest number of a case that begins with a prefix, or None."""
    statement = (
        select(VerificationCase.number)
        .where(col(VerificationCase.number).startswith(prefix))
        .order_by(col(VerificationCase.number).desc())
        .limit(1)
    )
    return session.exec(statement).first()


def find_bodies(session: Session) -> Sequence[Organisation]:
    """Return the verifiers' organisations by name."""
    statement = select(Organisation).where(Organisation.kind == OrganisationKind.VERIFIER).order_by(Organisation.name_en)
    return session.exec(statement).all()


def get_body(session: Session, organisation_id: uuid.UUID) -> Organisation:
    """Return an active verifier's organisation."""
    found = session.get(Organisation, organisation_id)
    if found is None or found.kind is not OrganisationKind.VERIFIER or not found.is_active:
        raise NotFoundError
    return found


def names_of_bodies(session: Session) -> Mapping[uuid.UUID, tuple[str, str]]:
    """Return the Chinese and the English name of each verifier's organisation."""
    return {one.id: (one.name_zh, one.name_en) for one in find_bodies(session)}


def people_of(session: Session, organisation_id: uuid.UUID) -> Sequence[User]:
    """Return the active people of a verifier."""
    found = session.exec(select(User).where(User.organisation_id == organisation_id, col(User.is_active).is_(True)))
    return [user for user in found if Role.VERIFIER in user.roles]
