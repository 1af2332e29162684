"""The sample company as a world to attack: everybody in it signed in, and one object of each kind that belongs to supplier A."""

import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from fastapi import FastAPI
from sqlmodel import Session, col, select

from lca_models.revisions import TableRow
from service.accounts.access import session_cookie
from service.accounts.api_keys import KeyOwner, create_key
from service.accounts.models import ApiKey, LoginSession, Organisation, Role, User
from service.accounts.operations import create_user
from service.accounts.tokens import csrf_token, hash_token
from service.backgrounds.models import Background
from service.campaigns.models import Campaign, CampaignMember
from service.campaigns.opting_out import opt_out_token
from service.cascade.operations import ask
from service.cascade.rules import SUPPLIES
from service.certificates import operations as certificates
from service.certificates.customers import create_customer
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.schemas import CustomerInput
from service.compliance.models import HeldCertificate
from service.database import Database, open_database
from service.exemptions.models import ExemptedFlow
from service.exemptions.operations import set_exemption
from service.exemptions.schemas import ExemptionInput
from service.footprints.models import FootprintBatch, FootprintRecord, FootprintStatus
from service.green_score.models import Score
from service.green_score.stored_facts import facts_as_stored
from service.jobs.models import Job, JobState
from service.keys import load_secret
from service.main import create_app
from service.modelling.editing import set_row
from service.modelling.models import ModelStatus, ModelVersion
from service.modelling.operations import create_draft
from service.procurement.models import Appeal, CorrectiveAction
from service.products.models import Plant, Product, Production
from service.sample.loading import load_sample
from service.scenarios.models import OwnScenario
from service.scenarios.operations import create_scenario
from service.scenarios.schemas import ScenarioInput
from service.settings import Settings
from service.spreadsheets.cells import read_cells
from service.submissions import operations as submissions
from service.submissions.delegation import delegate
from service.submissions.evidence import attach
from service.submissions.models import (
    Answer,
    Delegation,
    Depth,
    Evidence,
    FieldComment,
    Invitation,
    Submission,
    SubmissionStatus,
    UpstreamRequest,
    WorkbookUpload,
)
from service.submissions.questionnaire import groups_for, questions_for
from service.submissions.workbook.uploads import questionnaire_file, store_upload
from service.suppliers.models import Purchase, Supplier, SupplierType
from tests.backgrounds.builders import a_background
from tests.certificates.builders import a_document
from tests.compliance.builders import a_held_certificate
from tests.databases import make_sqlite_template
from tests.green_score.builders import a_score
from tests.green_score.facts_builders import EXAMPLE
from tests.procurement.follow_up_builders import an_action, an_appeal
from tests.security.canaries import UNESCAPED, plant_canaries
from tests.security.procurement_objects import procurement_objects
from tests.security.strictness import as_strict_as_postgresql
from tests.submissions.builders import a_stored_file

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BY = "system"
SUPPLIER_A, SUPPLIER_B = SupplierType.PITCH, SupplierType.CRUCIBLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody at a browser.

    Attributes
    ----------
    token
        Of the session; None is a stranger.
    supplier
        "A" or "B" for suppliers, None for staff and strangers.
    by_link
        Came by link and PIN, for one submission.

    """

    name: str
    token: str | None = None
    roles: frozenset[Role] = frozenset()
    supplier: str | None = None
    by_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A populated application.

    Attributes
    ----------
    objects
        By name of a path parameter: the object of supplier A, or of the maker.
    objects_of_b
        The same of supplier B, where it has one.
    marks_of_a
        Texts that give supplier A away: nobody of supplier B may ever read one.

    """

    app: FastAPI
    database: Database
    settings: Settings
    actors: Mapping[str, Actor]
    objects: Mapping[str, str]
    objects_of_b: Mapping[str, str]
    marks_of_a: frozenset[str]

    def form_token(self, actor: Actor) -> str:
        """Return the token that the actor's forms carry."""
        return csrf_token(self.app.state.secret, actor.token or ANONYMOUS)

    def cookies(self, actor: Actor, locale: str = "en") -> str:
        """Return the Cookie header of the actor's browser."""
        own = f"{session_cookie(self.settings)}={actor.token}" if actor.token else f"anodeprint_form={ANONYMOUS}"
        return f"{own}; anodeprint_locale={locale}"


ANONYMOUS = "an-anonymous-browser"
MODEL_TABLE, MODEL_ROW = "sources.toml", "somebody"


class ForgetfulDatabase(Database):
    """A database that rolls every transaction back, so that thousands of requests can be tried on the same world."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a writing transaction; what it wrote reaches the database and is then taken back."""
        with suppress(_ForgottenError), super().writing() as session:
            yield session
            session.flush()
            raise _ForgottenError


class _ForgottenError(Exception):
    pass


def settings_in(folder: Path) -> Settings:
    """Return the settings of a world in a folder."""
    return Settings(env="test", data_dir=folder, secret_key="0" * 64, jobs_in_web_process=False)  # type: ignore[arg-type] # parsed


def make_world(folder: Path) -> Path:
    """Fill a folder with the sample company, supplier A's objects and a canary in every free text; return the folder."""
    make_sqlite_template(folder)
    settings = settings_in(folder)
    database = open_database(settings.effective_database_url)
    load_sample(database, settings, NOW)
    with database.writing() as session:
        plant_canaries(session)
        _issue_a_certificate(session, settings)
        _add_what_the_sample_lacks(session, settings)
        plant_canaries(session)
    database.close()
    return folder


@contextmanager
def opened(template: Path, folder: Path, *, forgetful: bool) -> Iterator[World]:
    """Open a copy of a world, with everybody signed in."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    settings = settings_in(folder)
    database = open_database(settings.effective_database_url)
    with database.writing() as session:
        supplier_a = _supplier(session, SUPPLIER_A)
        objects = _objects(session, supplier_a, settings)  # a new link ends sessions, so they are opened after it
        actors = {actor.name: actor for actor in _actors(session)}
        objects_of_b = _submission_objects(session, _supplier(session, SUPPLIER_B))
        marks = _marks(session, supplier_a)
    served = ForgetfulDatabase(engine=database.engine, writer_lock=database.writer_lock) if forgetful else database
    app = create_app(settings, database=served, clock=lambda: NOW)
    with as_strict_as_postgresql(database.engine):
        yield World(
            app=app,
            database=database,
            settings=settings,
            actors=actors,
            objects=objects,
            objects_of_b=objects_of_b,
            marks_of_a=marks,
        )
    database.close()


def _supplier(session: Session, kind: SupplierType) -> Supplier:
    """Return the sample's supplier of a type; later ones were asked by it or by others."""
    found = session.exec(select(Supplier).where(Supplier.supplier_type == kind).order_by(col(Supplier.id))).first()
    assert found is not None
    return found


def _open_submission(session: Session, supplier: Supplier) -> Submission:
    statuses = (SubmissionStatus.RETURNED, SubmissionStatus.IN_PROGRESS)
    wanted = (Submission.supplier_id == supplier.id, col(Submission.status).in_(statuses))
    return session.exec(select(Submission).where(*wanted)).one()


def _issue_a_certificate(session: Session, settings: Settings) -> None:
    """Issue one on the products' canary names, and let every certificate have a document."""
    released = select(FootprintRecord).where(FootprintRecord.status == FootprintStatus.RELEASED)
    record = session.exec(released).first()
    assert record is not None
    customer = create_customer(session, CustomerInput(name_zh="某电芯", name_en="Some Cells"), by=BY, at=NOW)
    plant_canaries(session)
    session.refresh(customer)
    certificates.issue(session, record, customer=customer, part_no="P-1", valid_until=None, by=BY, at=NOW, settings=settings)
    for certificate in session.exec(select(Certificate)).all():
        certificates.store_document(session, certificate.id, a_document(certificate.number.encode()), at=NOW)


def _add_what_the_sample_lacks(session: Session, settings: Settings) -> None:
    _draft_a_model(session)
    a_background(session, data_dir=settings.data_dir)
    left_out = ExemptionInput(flow="samples", name="Samples", kg_co2e_per_kg=0.001, reason="Small", evidence="Counted once")
    set_exemption(session, left_out, by=BY, at=NOW)
    session.add(
        FootprintBatch(period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), total=3, done=3, started_by=BY, started_at=NOW)
    )
    session.add(
        Job(name="send_mail", key="failed-one", state=JobState.FAILED, attempts=6, run_at=NOW, created_at=NOW, last_error="refused")
    )
    _follow_up(session, _supplier(session, SUPPLIER_A))
    what_if = ScenarioInput(name_zh="某情景", name_en="Some scenario", reasoning="Because", parameters={"furnace": "box"})
    create_scenario(session, what_if, by=BY, at=NOW)
    for kind in (SUPPLIER_A, SUPPLIER_B):
        supplier = _supplier(session, kind)
        submission = _open_submission(session, supplier)
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


def _actors(session: Session) -> Iterator[Actor]:
    yield Actor(name="anonymous")
    suppliers = {_supplier(session, SUPPLIER_A).organisation_id: "A", _supplier(session, SUPPLIER_B).organisation_id: "B"}
    for user in session.exec(select(User)).all():
        supplier = suppliers.get(user.organisation_id)
        roles = frozenset(Role(name) for name in user.roles)
        if supplier is None and Role.SUPPLIER in roles:
            continue
        name = f"supplier {supplier}" if supplier else "+".join(sorted(roles))
        yield Actor(
            name=name,
            token=_signed_in(session, user_id=user.id, organisation_id=user.organisation_id),
            roles=roles,
            supplier=supplier,
        )
    for kind, supplier in ((SUPPLIER_A, "A"), (SUPPLIER_B, "B")):
        submission = _open_submission(session, _supplier(session, kind))
        live = (Invitation.submission_id == submission.id, col(Invitation.revoked_at).is_(None))
        invitation = session.exec(select(Invitation).where(*live)).one()
        token = _signed_in(
            session,
            invitation_id=invitation.id,
            submission_id=submission.id,
            organisation_id=submission.organisation_id,
        )
        yield Actor(name=f"link {supplier}", token=token, roles=frozenset({Role.SUPPLIER}), supplier=supplier, by_link=True)


def _signed_in(session: Session, **who: uuid.UUID) -> str:
    token = f"token-of-{uuid.uuid4()}"
    session.add(LoginSession(token_hash=hash_token(token), created_at=NOW, last_seen_at=NOW, **who))
    return token


def _objects(session: Session, supplier: Supplier, settings: Settings) -> Mapping[str, str]:
    certificate = session.exec(select(Certificate).where(Certificate.status == CertificateStatus.VALID)).first()
    assert certificate is not None
    owner = session.exec(select(User).where(User.organisation_id == supplier.organisation_id)).one()
    submission = _open_submission(session, supplier)
    link = submissions.invite(session, submission, settings=settings, by=BY, at=NOW)
    record_id = certificate.footprint_id
    return {
        **_submission_objects(session, supplier),
        "token": link.rpartition("/")[2],
        "locale": "en",
        "supplier_type": "TOLL",
        "depth": "full",
        "user_id": str(owner.id),
        "job_id": _first(session, Job, Job.state == JobState.FAILED),
        "supplier_id": str(supplier.id),
        "product_id": _first(session, Product),
        "production_id": _first(session, Production),
        "plant_id": _first(session, Plant),
        "entry_kind": "certificate",
        "entry_id": _first(session, HeldCertificate, HeldCertificate.supplier_id == supplier.id),
        "step": "withdraw",
        "held_certificate_id": _first(session, HeldCertificate, HeldCertificate.supplier_id == supplier.id),
        "score_id": _first(session, Score, Score.supplier_id == supplier.id, col(Score.is_open).is_(False)),
        "action_id": _first(session, CorrectiveAction, CorrectiveAction.supplier_id == supplier.id),
        "appeal_id": _first(session, Appeal, Appeal.supplier_id == supplier.id),
        "purchase_id": _first(session, Purchase, Purchase.supplier_id == supplier.id),
        "record_id": str(record_id),
        "footprint_id": str(record_id),
        "other_id": _first(session, FootprintRecord, FootprintRecord.id != record_id),
        "batch_id": _first(session, FootprintBatch),
        "model_version_id": _first(session, ModelVersion, ModelVersion.status == ModelStatus.DRAFT),
        "table": MODEL_TABLE,
        "row": TableRow(key=(MODEL_ROW,), cells={}, line=0).key_digest,
        "process": "P1_milling_shaping",
        "parameter": "milling_yield",
        "export_format": "excel",
        "exemption_id": _first(session, ExemptedFlow),
        "background_id": _first(session, Background),
        "certificate_id": str(certificate.id),
        "customer_id": str(certificate.customer_id),
        "campaign_id": _first(session, Campaign),
        "member_id": _first(session, CampaignMember, CampaignMember.supplier_id == supplier.id),
        "reminder_token": opt_out_token(load_secret(settings), submission.id),
        "scenario_id": _first(session, OwnScenario),
        "public_id": certificate.public_id,
        **procurement_objects(session, supplier, by=BY, at=NOW),
    }


def _submission_objects(session: Session, supplier: Supplier) -> Mapping[str, str]:
    submission = _open_submission(session, supplier)
    evidence = _first(session, Evidence, Evidence.submission_id == submission.id)
    return {
        "upstream_id": _first(session, UpstreamRequest, UpstreamRequest.submission_id == submission.id),
        "submission_id": str(submission.id),
        "evidence_id": evidence,
        "delegation_id": _first(session, Delegation, Delegation.submission_id == submission.id),
        "key_id": _first(session, ApiKey, ApiKey.organisation_id == supplier.organisation_id),
        "upload_id": _first(session, WorkbookUpload, WorkbookUpload.submission_id == submission.id),
        "group_key": groups_for(submission.supplier_type, Depth.FIRST)[0].key,
    }


def _first(session: Session, table: type, *conditions: object) -> str:
    found = session.exec(select(table).where(*conditions)).first()  # type: ignore[arg-type] # conditions of a table
    assert found is not None, f"the world has no {table.__name__}"
    return str(found.id)


def _marks(session: Session, supplier: Supplier) -> frozenset[str]:
    """Return ids, numbers and canaries' marks of a supplier."""
    organisation = session.get_one(Organisation, supplier.organisation_id)
    own = session.exec(select(Submission).where(Submission.supplier_id == supplier.id)).all()
    answers = session.exec(select(Answer).where(col(Answer.submission_id).in_([one.id for one in own]))).all()
    evidence = session.exec(select(Evidence).where(Evidence.organisation_id == organisation.id)).all()
    texts = {*(one.entered for one in answers), organisation.name_zh, *(one.name for one in evidence)}
    marks = {mark for text in texts for mark in re.findall(r"#\w+#", text)}
    return frozenset({str(one.id) for one in (organisation, supplier, *own, *evidence)} | {one.number for one in own} | marks)
