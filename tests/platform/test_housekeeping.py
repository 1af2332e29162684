from datetime import timedelta

from sqlmodel import Session, select

from service.accounts.models import IdempotencyRecord, LoginSession, OneTimeToken, RateWindow
from service.database import Database
from service.jobs.embedded import run_all_due
from service.jobs.models import Job
from service.jobs.performing import Bench
from service.jobs.regular import Calendar
from service.settings import Settings
from service.spreadsheets.cells import read_cells
from service.submissions.models import WorkbookUpload
from service.submissions.workbook.uploads import questionnaire_file, store_upload
from service.tasks import DAILY, TASKS
from service.warm_up import warm_up
from tests import builders
from tests.conftest import NOW, MovableClock
from tests.submissions.builders import an_invited_submission


def fill(session: Session) -> None:
    person = builders.a_user(session)
    for name, age in (("fresh", timedelta(minutes=5)), ("idle", timedelta(hours=1))):
        session.add(
            LoginSession(
                token_hash=name,
                user_id=person.id,
                organisation_id=person.organisation_id,
                created_at=NOW - age,
                last_seen_at=NOW - age,
            )
        )
    for name, ends in (("open", timedelta(hours=1)), ("past", timedelta(days=-2))):
        session.add(OneTimeToken(token_hash=name, user_id=person.id, purpose="reset", expires_at=NOW + ends))
    for name, age in (("new", timedelta(days=6)), ("old", timedelta(days=8))):
        session.add(IdempotencyRecord(scope="s", key=name, body_sha256="0" * 64, status=200, body=b"", created_at=NOW - age))
    submission = an_invited_submission(session)
    for name, age in (("of this week.xlsx", timedelta(days=6)), ("of last week.xlsx", timedelta(days=8))):
        content = questionnaire_file(session, submission)
        store_upload(session, submission, name=name, content=content, cells=read_cells(content), by="user:x", at=NOW - age)
    for name, age in (("now", timedelta(hours=1)), ("then", timedelta(days=3))):
        session.add(RateWindow(key=name, window_start=int((NOW - age).timestamp()), tries=1))


def test_what_has_served_its_time_goes_and_the_rest_stays(database: Database, settings: Settings, clock: MovableClock) -> None:
    with database.writing() as session:
        fill(session)
    bench = Bench(database=database, settings=settings, clock=clock, tasks=TASKS, daily=DAILY)

    Calendar(bench).turn()
    run_all_due(bench)

    with database.reading() as session:
        assert session.exec(select(LoginSession.token_hash)).all() == ["fresh"]
        assert session.exec(select(OneTimeToken.token_hash)).all() == ["open"]
        assert session.exec(select(IdempotencyRecord.key)).all() == ["new"]
        assert session.exec(select(RateWindow.key)).all() == ["now"]
        assert session.exec(select(WorkbookUpload.name)).all() == ["of this week.xlsx"]


def test_each_daily_task_is_asked_for_once_a_day_whoever_asks(database: Database, settings: Settings, clock: MovableClock) -> None:
    bench = Bench(database=database, settings=settings, clock=clock, tasks=TASKS, daily=DAILY)
    calendars = [Calendar(bench), Calendar(bench)]

    for _ in range(3):
        for calendar in calendars:
            calendar.turn()
        clock.move(timedelta(hours=12))

    with database.reading() as session:
        keys = set(session.exec(select(Job.key)))
    assert keys == {f"{name}:{day}" for name in DAILY for day in ("2026-11-22", "2026-11-23")}
    assert "clean_up" in DAILY


def test_warming_up_needs_no_database(settings: Settings) -> None:
    warm_up(settings)
