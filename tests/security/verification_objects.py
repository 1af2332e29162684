"""A verifier with a case, a shared certificate and a customer's workbook in the world to attack."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from service.accounts.models import Role
from service.accounts.operations import create_user
from service.audit.models import AuditEvent
from service.certificates.models import Certificate, CertificateStatus
from service.footprints.models import FootprintRecord, FootprintSource, FootprintStatus
from service.footprints.queries import get_record
from service.sales.models import AnswerSheet
from service.sales.operations import make_link, store_sheet
from service.sales.schemas import SheetInput
from service.settings import Settings
from service.verification.models import CaseComment, CaseStatus, VerificationCase
from service.verification.operations import add_body, ask_for_pack, comment, open_case, record_statement, settle, store_pack
from service.verification.packing import members_of, write_pack
from service.verification.schemas import BodyInput, CaseInput, CommentInput
from tests.sales.test_filling import a_form
from tests.verification.builders import stated


def add_a_verification(session: Session, settings: Settings, *, by: str, at: datetime) -> None:
    """Open a case on the certificate's footprint, with a settled question, a pack and a statement; add a customer's workbook."""
    certificate = _certificate(session)
    body = add_body(session, BodyInput(name_zh="某核查", name_en="Some Verifier"), by=by, at=at)
    person = create_user(
        session, organisation=body, email="vera@sample.example", name="Vera Fier", roles=[Role.VERIFIER], by=by, at=at
    )
    today = at.date()
    with_answers = session.exec(
        select(FootprintSource.footprint_id)
        .join(FootprintRecord, col(FootprintRecord.id) == col(FootprintSource.footprint_id))
        .where(FootprintRecord.status != FootprintStatus.REPLACED)
    ).first()
    assert with_answers is not None
    fields = CaseInput(
        title="Annual",
        organisation_id=body.id,
        record_ids=[certificate.footprint_id, with_answers],
        opens_on=today,
        closes_on=today + timedelta(days=60),
    )
    case = open_case(session, fields, by=by, at=at, settings=settings)
    question = comment(session, case, CommentInput(text="Which meter?"), author=person, at=at, settings=settings)
    settle(session, case, question, by=by, at=at)
    pack = ask_for_pack(session, case, by=by, at=at)
    packed = write_pack(members_of(session, case, settings=settings), data_dir=settings.data_dir)
    store_pack(session, pack.id, sha256=packed.sha256, size_bytes=packed.size_bytes, at=at)
    statement = stated(get_record(session, certificate.footprint_id), completed_on=today)
    record_statement(session, case, statement, by=f"user:{person.id}", at=at, settings=settings)
    store_sheet(session, SheetInput(customer_id=certificate.customer_id, name="Annual form"), a_form(), [], by=by, at=at)


def verification_objects(session: Session, *, by: str, at: datetime) -> Mapping[str, str]:
    """Return the objects of the case, and a link whose secret is known."""
    link, secret = make_link(session, _certificate(session), days=7, by=by, at=at)
    case = session.exec(select(VerificationCase).where(VerificationCase.status == CaseStatus.STATED)).one()
    return {
        "case_id": str(case.id),
        "comment_id": str(session.exec(select(CaseComment).where(CaseComment.case_id == case.id)).one().id),
        "event_id": str(session.exec(select(AuditEvent.id)).first()),
        "answer_sheet_id": str(session.exec(select(AnswerSheet)).one().id),
        "share_link_id": str(link.id),
        "share_token": secret,
    }


def _certificate(session: Session) -> Certificate:
    found = session.exec(select(Certificate).where(Certificate.status == CertificateStatus.VALID)).first()
    assert found is not None
    return found
