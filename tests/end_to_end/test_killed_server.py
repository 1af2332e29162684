"""Nothing acknowledged is lost: kill the server while suppliers hand in, and compare what they were told with what is stored."""

import itertools
import queue
import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, insert, text
from sqlmodel import Session, select

from service.accounts.access import session_cookie
from service.accounts.models import IdempotencyRecord, LoginSession, Organisation, Role
from service.accounts.tokens import csrf_token, hash_token
from service.audit.models import AuditEvent
from service.clock import system_clock
from service.database import Database, new_id
from service.keys import load_secret
from service.settings import Settings
from service.submissions import operations
from service.submissions.answers import Entry
from service.submissions.handover import observe
from service.submissions.models import Answer, EvidenceKind, Submission, SubmissionStatus
from service.suppliers.models import SupplierType
from tests import builders
from tests.end_to_end.killable import KillableServer

WRITERS = 8
TOKEN = "token-of-a-supplier"
ANSWERS = {
    "site_province": Entry(entered="CN-SD"),
    "product_output": Entry(entered="118000", unit="t"),
    "co_products": Entry(entered="402000", unit="t"),
    "grid_electricity": Entry(entered="1650", unit="万kWh"),
    "natural_gas": Entry(entered="520", unit="万Nm3"),
    "coke_type": Entry(entered="petroleum_green"),
    "coking_yield": Entry(entered="22.7", unit="%"),
    "transport_distance": Entry(entered="1650", unit="km"),
    "own_pcf": Entry(entered="585", unit="kgCO2e/t"),
    "evidence_source": Entry(entered="estimated", evidence_kind=EvidenceKind.ESTIMATED),
}


@dataclass
class Story:
    """What the writers were told.

    Attributes
    ----------
    receipts
        Where each acknowledged hand-in sent its supplier, by submission.
    tries
        Requests sent, repetitions included.

    """

    waiting: queue.SimpleQueue[uuid.UUID]
    form: Mapping[str, str]
    receipts: dict[uuid.UUID, str] = field(default_factory=dict)
    tries: itertools.count = field(default_factory=itertools.count)
    over: threading.Event = field(default_factory=threading.Event)


def prepare(settings: Settings, database: Database, *, count: int) -> Story:
    """Make one supplier with so many questionnaires that are ready to be handed in."""
    now = system_clock()
    with database.writing() as session:
        builders.a_maker(session)
        supplier = builders.a_supplier(session, supplier_type=SupplierType.COKE)
        first = builders.a_submission(session, supplier=supplier)
        operations.save_draft(session, first, ANSWERS, by="user:typist", at=now)
        reasons = {f"reason.{one.key}": "as metered" for one in observe(session, first)}
        session.flush()
        ids = [first.id, *_copies(session, first, count=count - 1)]
        organisation = session.get(Organisation, supplier.organisation_id)
        person = builders.a_user(session, roles=[Role.SUPPLIER], organisation=organisation)
        session.add(
            LoginSession(
                token_hash=hash_token(TOKEN),
                user_id=person.id,
                organisation_id=supplier.organisation_id,
                created_at=now,
                last_seen_at=now,
            )
        )
    waiting: queue.SimpleQueue[uuid.UUID] = queue.SimpleQueue()
    for one in ids:
        waiting.put(one)
    return Story(waiting=waiting, form={"csrf_token": csrf_token(load_secret(settings), TOKEN), **reasons})


def _copies(session: Session, first: Submission, *, count: int) -> Sequence[uuid.UUID]:
    ids = [new_id() for _ in range(count)]
    values = first.model_dump()
    submissions = [values | {"id": one, "number": f"S-2099-{n:05}"} for n, one in enumerate(ids)]
    answers = session.exec(select(Answer).where(Answer.submission_id == first.id)).all()
    rows = [answer.model_dump() | {"id": new_id(), "submission_id": one} for one in ids for answer in answers]
    session.execute(insert(Submission), submissions)
    session.execute(insert(Answer), rows)
    return ids


def write(story: Story, settings: Settings, url: str) -> None:
    """Hand one questionnaire in after the other; repeat each request under its key until it is answered."""
    with httpx.Client(
        base_url=url, cookies={session_cookie(settings): TOKEN}, timeout=10, trust_env=False, headers={"accept": "text/html"}
    ) as client:
        while not story.over.is_set():
            try:
                submission_id = story.waiting.get_nowait()
            except queue.Empty:
                return
            story.receipts[submission_id] = _hand_in(client, story, submission_id)


def _hand_in(client: httpx.Client, story: Story, submission_id: uuid.UUID) -> str:
    form = {**story.form, "idempotency_key": str(uuid.uuid4())}
    while True:
        next(story.tries)
        try:
            answer = client.post(f"/portal/submissions/{submission_id}/check", data=form)
        except httpx.TransportError:
            time.sleep(0.02)
            continue
        if answer.status_code in {409, 503}:  # the same key is being handled, or the database is away: ask again
            time.sleep(0.02)
            continue
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


def run_and_kill(story: Story, settings: Settings, database: Database, *, kills: int) -> None:
    """Let eight writers write while the server is killed again and again; then let them end what they began."""
    server = KillableServer(database_url=database.engine.url.render_as_string(hide_password=False), data_dir=str(settings.data_dir))
    chance = random.Random(7)
    server.start()
    writers = [threading.Thread(target=write, args=(story, settings, server.url)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for _ in range(kills):
        time.sleep(chance.uniform(0.2, 0.9))
        assert any(writer.is_alive() for writer in writers), "nothing was left to hand in: the kills hit an idle server"
        server.kill()
        server.start()
    story.over.set()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()
    server.kill()


def assert_nothing_lost(story: Story, database: Database) -> None:
    acknowledged = set(story.receipts)
    with database.reading() as session:
        rows = session.exec(
            select(Submission.id, Submission.receipt_no).where(Submission.status == SubmissionStatus.SUBMITTED)
        ).all()
        stored = {row[0] for row in rows}
        assert stored == acknowledged, f"lost {acknowledged - stored}, unannounced {stored - acknowledged}"
        assert len({row[1] for row in rows}) == len(rows), "two submissions share a receipt"
        audited = session.exec(select(AuditEvent.object_id).where(AuditEvent.action == "submission_submitted")).all()
        assert sorted(audited) == sorted(map(str, stored)), "audit events differ from effects"
        keys = session.exec(select(func.count()).select_from(IdempotencyRecord)).one()
        assert keys == len(stored)
        if database.is_sqlite:
            assert session.connection().scalar(text("PRAGMA integrity_check")) == "ok"
    assert len(acknowledged) > WRITERS


@pytest.fixture
def server_settings(tmp_path: Path) -> Settings:
    return Settings(env="test", data_dir=tmp_path / "data")


def test_twenty_kills_lose_no_receipt_and_store_nothing_twice(
    sqlite_database: Database, server_settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    story = prepare(server_settings, sqlite_database, count=3000)

    run_and_kill(story, server_settings, sqlite_database, kills=20)

    assert_nothing_lost(story, sqlite_database)
    record_property("outcome", f"20 kills, {len(story.receipts)} receipts, {next(story.tries)} requests, 0 lost, 0 twice")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_hundred_kills_lose_no_receipt_on_either_engine(
    database: Database, server_settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    story = prepare(server_settings, database, count=20_000)

    run_and_kill(story, server_settings, database, kills=100)

    assert_nothing_lost(story, database)
    record_property("outcome", f"100 kills, {len(story.receipts)} receipts, {next(story.tries)} requests, 0 lost, 0 twice")
