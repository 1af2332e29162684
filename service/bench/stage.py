"""The company on which everything is measured: the sample company with many copies of its submissions, and people signed in."""

import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, make_url, text
from sqlmodel import Session, col, select

from service.accounts.models import LoginSession, Role, User
from service.accounts.tokens import hash_token
from service.certificates.models import Certificate, CertificateStatus
from service.clock import system_clock
from service.database import Database, new_id, open_database
from service.jobs.embedded import run_all_due
from service.jobs.performing import Bench
from service.migrations.commands import upgrade
from service.postgres import temporary_server
from service.sample.loading import load_sample
from service.settings import Settings
from service.submissions.models import Answer, Submission, SubmissionStatus
from service.tasks import TASKS

COPIES = 5000
TIME_TO_ANSWER = timedelta(days=30)  # the server, when it starts, closes what is overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the requests go.

    Attributes
    ----------
    staff, supplier
        Session cookies of an engineer and of a supplier's person.
    open_submissions
        Of that supplier; their answers may be changed.

    """

    settings: Settings
    staff: str
    supplier: str
    submissions: Sequence[uuid.UUID]
    open_submissions: Sequence[uuid.UUID]
    certificate: str


@contextmanager
def sqlite_settings() -> Iterator[Settings]:
    """Yield settings of an empty deployment in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="anodeprint-bench-") as folder:
        yield Settings(data_dir=Path(folder), log_level="ERROR", forwarded_allow_ips="127.0.0.1")


@contextmanager
def postgres_settings() -> Iterator[Settings]:
    """Yield settings of an empty deployment on a PostgreSQL server of its own that waits for the disk."""
    with temporary_server(durable=True) as server, sqlite_settings() as settings:
        yield settings.model_copy(update={"database_url": make_url(server).render_as_string(hide_password=False)})


@contextmanager
def sample_database(settings: Settings) -> Iterator[Database]:
    """Open the deployment's database with the sample company in it."""
    database = open_database(settings.effective_database_url)
    try:
        upgrade(database)
        load_sample(database, settings, system_clock())
        _finish_jobs(settings, database)
        yield database
    finally:
        database.close()


def _finish_jobs(settings: Settings, database: Database) -> None:
    """Set the sample's certificates, as the service would have done by the time that people come."""
    run_all_due(Bench(database=database, settings=settings, clock=system_clock, tasks=TASKS))


def set_up(settings: Settings) -> Stage:
    """Load the sample company, copy its submissions, sign two people in."""
    with sample_database(settings) as database:
        at = system_clock()
        with database.writing() as session:
            staff = _sign_in(session, Role.ENGINEER, at=at)
            supplier = _sign_in(session, Role.SUPPLIER, at=at)
            copies, open_copies = _copy_submissions(session, deadline=at.date() + TIME_TO_ANSWER)
            certificate = session.exec(
                select(Certificate.public_id).where(Certificate.status == CertificateStatus.VALID).limit(1)
            ).one()
        if not database.is_sqlite:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ANALYZE"))
    return Stage(
        settings=settings,
        staff=staff,
        supplier=supplier,
        submissions=copies,
        open_submissions=open_copies,
        certificate=certificate,
    )


def signed_in(session: Session) -> str:
    """Sign an engineer in; return the session's cookie."""
    return _sign_in(session, Role.ENGINEER, at=system_clock())


def _sign_in(session: Session, role: Role, *, at: datetime) -> str:
    person = next(user for user in session.exec(select(User)) if str(role) in user.roles)
    token = uuid.uuid4().hex
    session.add(
        LoginSession(
            token_hash=hash_token(token),
            user_id=person.id,
            organisation_id=person.organisation_id,
            created_at=at,
            last_seen_at=at,
        )
    )
    return token


def _copy_submissions(session: Session, *, deadline: date) -> tuple[Sequence[uuid.UUID], Sequence[uuid.UUID]]:
    """Copy each of the sample's submissions with its answers; the copies of the supplier who is signed in stay open."""
    person = next(user for user in session.exec(select(User)) if str(Role.SUPPLIER) in user.roles)
    originals = session.exec(select(Submission)).all()
    open_copies: list[uuid.UUID] = []
    copies: list[uuid.UUID] = []
    number = 0
    for original in originals:
        answers = session.exec(select(Answer).where(col(Answer.submission_id) == original.id)).all()
        is_own = original.organisation_id == person.organisation_id
        ids = [new_id() for _ in range(COPIES // len(originals) + 1)]
        status = SubmissionStatus.IN_PROGRESS if is_own else original.status
        own = {"receipt_no": None, "status": status, "supersedes_id": None, "deadline": deadline}
        rows = [original.model_dump() | own | {"id": one, "number": f"S-{number + n:07}"} for n, one in enumerate(ids)]
        session.execute(insert(Submission), rows)
        if answers:
            session.execute(
                insert(Answer),
                [answer.model_dump() | {"id": new_id(), "submission_id": one} for one in ids for answer in answers],
            )
        copies += ids
        open_copies += ids if is_own else []
        number += len(ids)
    return copies, open_copies
