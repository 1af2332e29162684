"""What the world to attack holds besides the sample: one thing of each kind for suppliers A and B, a certificate, a draft."""

import uuid
from datetime import UTC, date, datetime

from sqlmodel import Session, col, select

from service.accounts.api_keys import KeyOwner, create_key
from service.accounts.models import Organisation, Role
from service.accounts.operations import create_user
from service.cascade.operations import ask
from service.cascade.rules import SUPPLIES
from service.certificates import operations as certificates
from service.certificates.customers import create_customer
from service.certificates.models import Certificate
from service.certificates.schemas import CustomerInput
from service.exemptions.operations import set_exemption
from service.exemptions.schemas import ExemptionInput
from service.footprints.models import FootprintBatch, FootprintRecord, FootprintStatus
from service.footprints.queries import is_stale
from service.green_score.stored_facts import facts_as_stored
from service.jobs.models import Job, JobState
from service.modelling.editing import set_row
from service.modelling.operations import create_draft
from service.product_footprints.models import AlertKind, DeclaredStatus, FootprintAlert, ProductFootprint
from service.product_footprints.queries import active_footprint_of
from service.scenarios.operations import create_scenario
from service.scenarios.schemas import ScenarioInput
from service.settings import Settings
from service.spreadsheets.cells import read_cells
from service.submissions import operations as submissions
from service.submissions.delegation import delegate
from service.submissions.evidence import attach
from service.submissions.models import (
    Answer,
    Depth,
    FieldComment,
    Submission,
    SubmissionStatus,
)
from service.submissions.questionnaire import groups_for, questions_for
from service.submissions.workbook.uploads import questionnaire_file, store_upload
from service.suppliers.models import Supplier, SupplierType
from tests.backgrounds.builders import a_background
from tests.certificates.builders import a_document
from tests.compliance.builders import a_held_certificate
from tests.green_score.builders import a_score
from tests.green_score.facts_builders import EXAMPLE
from tests.procurement.follow_up_builders import an_action, an_appeal
from tests.security.canaries import UNESCAPED, plant_canaries
from tests.security.verification_objects import add_a_verification
from tests.submissions.builders import a_stored_file

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BY = "system"
SUPPLIER_A, SUPPLIER_B = SupplierType.PITCH, SupplierType.CRUCIBLE
MODEL_TABLE, MODEL_ROW = "sources.toml", "somebody"


def supplier_of(session: Session, kind: SupplierType) -> Supplier:
    """Return the sample's supplier of a type; later ones were asked by it or by others."""
    found = session.exec(select(Supplier).where(Supplier.supplier_type == kind).order_by(col(Supplier.id))).first()
    assert found is not None
    return found


def open_submission(session: Session, supplier: Supplier) -> Submission:
    statuses = (SubmissionStatus.RETURNED, SubmissionStatus.IN_PROGRESS)
    wanted = (Submission.supplier_id == supplier.id, col(Submission.status).in_(statuses))
    return session.exec(select(Submission).where(*wanted)).one()


def issue_a_certificate(session: Session, settings: Settings) -> None:
    """Issue one on the products' canary names, and let every certificate have a document."""
    released = session.exec(select(FootprintRecord).where(FootprintRecord.status == FootprintStatus.RELEASED)).all()
    record = next(one for one in released if active_footprint_of(session, one.id) and not is_stale(session, one.id))
    customer = create_customer(session, CustomerInput(name_zh="某电芯", name_en="Some Cells"), by=BY, at=NOW)
    plant_canaries(session)
    session.refresh(customer)
    certificates.issue(session, record, customer=customer, part_no="P-1", valid_until=None, by=BY, at=NOW, settings=settings)
    for certificate in session.exec(select(Certificate)).all():
        certificates.store_document(session, certificate.id, a_document(certificate.number.encode()), at=NOW)


def add_what_the_sample_lacks(session: Session, settings: Settings) -> None:
    _draft_a_model(session)
    _alert(session)
    add_a_verification(session, settings, by=BY, at=NOW)
    a_background(session, data_dir=settings.data_dir)
    left_out = ExemptionInput(flow="samples", name="Samples", kg_co2e_per_kg=0.001, reason="Small", evidence="Counted once")
    set_exemption(session, left_out, by=BY, at=NOW)
    session.add(
        FootprintBatch(period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), total=3, done=3, started_by=BY, started_at=NOW)
    )
    session.add(
        Job(name="send_mail", key="failed-one", state=JobState.FAILED, attempts=6, run_at=NOW, created_at=NOW, last_error="refused")
    )
    _follow_up(session, supplier_of(session, SUPPLIER_A))
    what_if = ScenarioInput(name_zh="某情景", name_en="Some scenario", reasoning="Because", parameters={"furnace": "box"})
    create_scenario(session, what_if, by=BY, at=NOW)
    for kind in (SUPPLIER_A, SUPPLIER_B):
        supplier = supplier_of(session, kind)
        submission = open_submission(session, supplier)
        stored = a_stored_file(f"meter,{kind}\n1,2\n".encode(), f"{kind}.csv", data_dir=settings.data_dir)
        attach(session, submission, [stored], field=None, by=BY, at=NOW)
        _upload_a_workbook(session, submission)
        _make_a_key(session, supplier.organisation_id)
        _ask_a_colleague(session, submission, settings)
        _ask_upstream(session, submission, settings)
        _answer_everything(session, supplier)
        organisation = session.get_one(Organisation, supplier.organisation_id)
        create_user(
            session,
            organisation=organisation,
            email=f"{kind.lower()}@supplier.example",
            name="Someone",
            roles=[Role.SUPPLIER],
            password=None,
            by=BY,
            at=NOW,
        )


def _alert(session: Session) -> None:
    """Raise an alert on a declared footprint that nobody has closed."""
    declared = session.exec(select(ProductFootprint).where(ProductFootprint.status == DeclaredStatus.ACTIVE)).first()
    assert declared is not None
    said = {"grade": "AG", "number": "F-2026-0001", "end": "2028-12-31"}
    session.add(FootprintAlert(footprint_id=declared.id, kind=AlertKind.ENDING, reason="90", details=said, raised_at=NOW))


def _follow_up(session: Session, supplier: Supplier) -> None:
    """Give supplier A a score with an objection and something to put right, and a certificate on file."""
    score = a_score(session, supplier=supplier, inputs=facts_as_stored(EXAMPLE))
    an_action(session, score)
    an_appeal(session, score)
    a_held_certificate(session, supplier=supplier)


def _make_a_key(session: Session, organisation_id: uuid.UUID) -> None:
    owner = KeyOwner(organisation_id=organisation_id, user_id=None, invitation_id=None, submission_id=None, actor=BY, ends_at=None)
    create_key(session, owner, name="ERP", days=30, may_hand_in=True, at=NOW)


def _upload_a_workbook(session: Session, submission: Submission) -> None:
    content = questionnaire_file(session, submission)
    store_upload(session, submission, name="filled in.xlsx", content=content, cells=read_cells(content), by=BY, at=NOW)


def _ask_upstream(session: Session, submission: Submission, settings: Settings) -> None:
    """Let the supplier ask one of its own suppliers."""
    flow = SUPPLIES[submission.supplier_type][0].flow
    ask(session, submission, flow=flow, name="Hidden", email="hidden@upstream.example", settings=settings, by=BY, at=NOW)


def _answer_everything(session: Session, supplier: Supplier) -> None:
    """Add a questionnaire at full depth, in review, with an answer to every question."""
    submission = submissions.plan(
        session,
        supplier,
        period_start=date(2023, 1, 1),
        period_end=date(2023, 12, 31),
        deadline=date(2026, 12, 31),
        message=None,
        depth=Depth.FULL,
        prefill=False,
        by=BY,
        at=NOW,
    )
    submission.status = SubmissionStatus.IN_REVIEW
    session.add(submission)
    for question in questions_for(supplier.supplier_type, Depth.FULL):
        entered = question.choices[0].key if question.choices else "1"
        session.add(
            Answer(
                submission_id=submission.id,
                field=question.key,
                entered=entered,
                entered_unit=question.unit,
                note="A note",
                typed_by=BY,
                typed_at=NOW,
            )
        )
    session.add(FieldComment(submission_id=submission.id, field="", text="A comment", by=BY, at=NOW))


def _ask_a_colleague(session: Session, submission: Submission, settings: Settings) -> None:
    first = groups_for(submission.supplier_type, submission.depth)[0].questions[0].key
    delegate(session, submission, fields=[first], colleague="Somebody", message="Please", settings=settings, by=BY, at=NOW)


def _draft_a_model(session: Session) -> None:
    """Begin a draft whose table of sources holds a text that is markup."""
    draft = create_draft(session, notes="A draft.", by=BY, at=NOW)
    cells = {"key": MODEL_ROW, "citation": UNESCAPED, "licence": "none", "status": "found", "used_for": "nothing"}
    set_row(session, draft.id, file=MODEL_TABLE, key_digest=None, cells=cells, version=draft.version, by=BY, at=NOW)
