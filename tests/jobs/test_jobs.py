"""What a job promises, on both engines."""

import time
import uuid
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from service.accounts.models import Organisation, OrganisationKind
from service.database import Database
from service.errors import FieldError
from service.jobs import operations
from service.jobs.embedded import run_one
from service.jobs.models import Job, JobState
from service.jobs.operations import LeaseLostError, enqueue
from service.jobs.performing import Bench, perform
from service.jobs.queries import count_unfinished, find_failed, find_job
from service.jobs.rules import LEASE, MAX_ATTEMPTS, pause_after
from service.jobs.work import GiveUpError, Tasks, Work
from service.settings import Settings
from tests.conftest import NOW, MovableClock


def store_effect(work: Work) -> None:
    with work.finishing() as session:
        session.add(Organisation(kind=OrganisationKind.CUSTOMER, name_zh="效果", name_en=work.payload["mark"], created_at=work.at))


def effects(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.exec(select(Organisation.name_en)))


def job_of(database: Database, key: str) -> Job:
    with database.reading() as session:
        job = find_job(session, key=key)
        assert job is not None
        session.expunge(job)
        return job


def ask(database: Database, name: str, *, key: str = "k1", after: timedelta = timedelta()) -> None:
    with database.writing() as session:
        enqueue(session, name, {"mark": key}, key=key, run_at=NOW + after)


@pytest.fixture
def bench(database: Database, settings: Settings, clock: MovableClock) -> Bench:
    return with_tasks({"store": store_effect}, database, settings, clock)


def with_tasks(tasks: Tasks, database: Database, settings: Settings, clock: MovableClock) -> Bench:
    return Bench(database=database, settings=settings, clock=clock, tasks=tasks)


def test_a_job_happens_if_the_asking_transaction_commits(bench: Bench) -> None:
    ask(bench.database, "store")

    assert run_one(bench, holder="a") is JobState.DONE
    assert effects(bench.database) == ["k1"]
    assert job_of(bench.database, "k1").finished_at == NOW


def test_a_job_does_not_happen_if_the_asking_transaction_rolls_back(bench: Bench) -> None:
    def ask_and_fail(session: Session) -> None:
        enqueue(session, "store", {"mark": "never"}, key="k1", run_at=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), bench.database.writing() as session:
        ask_and_fail(session)

    assert run_one(bench, holder="a") is None
    assert effects(bench.database) == []


def test_asking_twice_with_one_key_happens_once(bench: Bench) -> None:
    ask(bench.database, "store")
    run_one(bench, holder="a")
    ask(bench.database, "store")

    assert run_one(bench, holder="a") is None
    assert effects(bench.database) == ["k1"]


def test_a_job_waits_for_its_time(bench: Bench, clock: MovableClock) -> None:
    ask(bench.database, "store", after=timedelta(hours=1))

    assert run_one(bench, holder="a") is None
    clock.move(timedelta(hours=1))
    assert run_one(bench, holder="a") is JobState.DONE


def test_a_failed_attempt_stores_nothing_and_is_repeated_after_a_pause(
    database: Database, settings: Settings, clock: MovableClock
) -> None:
    def fail_first(work: Work) -> None:
        with work.finishing() as session:
            session.add(Organisation(kind=OrganisationKind.CUSTOMER, name_zh="-", name_en="-", created_at=work.at))
            if work.attempt == 1:
                raise OSError("the printer is on fire")

    bench = with_tasks({"shaky": fail_first}, database, settings, clock)
    ask(database, "shaky")

    assert run_one(bench, holder="a") is JobState.WAITING
    assert effects(database) == []
    job = job_of(database, "k1")
    assert (job.last_error, job.run_at) == ("OSError: the printer is on fire", NOW + timedelta(seconds=5))
    assert run_one(bench, holder="a") is None

    clock.move(timedelta(seconds=5))
    assert run_one(bench, holder="a") is JobState.DONE
    assert effects(database) == ["-"]
    assert job_of(database, "k1").last_error is None


def test_a_job_that_always_fails_ends_as_failed_with_its_error_visible(
    database: Database, settings: Settings, clock: MovableClock
) -> None:
    def fail(work: Work) -> None:
        raise OSError(f"attempt {work.attempt}, last {work.is_last_attempt}")

    bench = with_tasks({"hopeless": fail}, database, settings, clock)
    ask(database, "hopeless")

    states = []
    while (state := run_one(bench, holder="a")) is not None:
        states.append(state)
        clock.move(timedelta(hours=1))

    assert states == [JobState.WAITING] * (MAX_ATTEMPTS - 1) + [JobState.FAILED]
    with database.reading() as session:
        [row] = find_failed(session)
        assert (row.attempts, row.last_error) == (MAX_ATTEMPTS, f"OSError: attempt {MAX_ATTEMPTS}, last True")


def test_only_the_last_attempt_that_breaks_off_is_noted_beside_the_job(
    database: Database, settings: Settings, clock: MovableClock
) -> None:
    noted = []

    def fail(work: Work) -> None:
        with work.noting_last_failure(lambda _session: noted.append(work.attempt)):
            raise OSError("the printer is on fire")

    bench = with_tasks({"hopeless": fail}, database, settings, clock)
    ask(database, "hopeless")
    while run_one(bench, holder="a") is not None:
        clock.move(timedelta(hours=1))

    assert noted == [MAX_ATTEMPTS]
    assert job_of(database, "k1").last_error == "OSError: the printer is on fire"


def test_a_last_attempt_whose_job_another_worker_has_notes_nothing(
    database: Database, settings: Settings, clock: MovableClock
) -> None:
    def lose(work: Work) -> None:
        with work.noting_last_failure(lambda _session: pytest.fail("the other worker says how it ended")):
            raise LeaseLostError

    job = Work(
        database=database,
        settings=settings,
        clock=clock,
        job_id=uuid.uuid4(),
        holder="a",
        name="lost",
        payload={},
        attempt=MAX_ATTEMPTS,
        at=NOW,
    )
    with pytest.raises(LeaseLostError):
        lose(job)


@pytest.mark.parametrize("error", [GiveUpError("no such footprint"), FieldError("no such footprint")])
def test_an_error_that_trying_again_cannot_help_fails_at_once(
    database: Database, settings: Settings, clock: MovableClock, error: Exception
) -> None:
    def give_up(work: Work) -> None:
        del work
        raise error

    ask(database, "pointless")

    assert run_one(with_tasks({"pointless": give_up}, database, settings, clock), holder="a") is JobState.FAILED
    assert job_of(database, "k1").last_error == "no such footprint"


def test_an_unknown_task_fails_visibly(bench: Bench) -> None:
    ask(bench.database, "misspelt")

    assert run_one(bench, holder="a") is JobState.FAILED
    assert job_of(bench.database, "k1").last_error == "no task is named 'misspelt'"


def test_a_task_that_forgets_to_finish_fails_visibly(database: Database, settings: Settings, clock: MovableClock) -> None:
    ask(database, "forgetful")

    assert run_one(with_tasks({"forgetful": lambda _: None}, database, settings, clock), holder="a") is JobState.FAILED
    assert "returned without work.finishing()" in str(job_of(database, "k1").last_error)


def test_a_failed_job_can_be_tried_again_by_a_person(bench: Bench) -> None:
    ask(bench.database, "misspelt")
    run_one(bench, holder="a")

    with bench.database.writing() as session:
        job = find_job(session, key="k1")
        assert job is not None
        job.name = "store"
        operations.retry(session, job, at=NOW)

    assert run_one(bench, holder="a") is JobState.DONE
    assert effects(bench.database) == ["k1"]


def test_a_worker_that_lost_its_lease_stores_nothing(bench: Bench, clock: MovableClock) -> None:
    ask(bench.database, "store")
    with bench.database.writing() as session:
        slow = operations.claim(session, holder="slow", at=NOW, lease=LEASE)
    assert slow is not None
    clock.move(LEASE + timedelta(seconds=1))

    assert run_one(bench, holder="quick") is JobState.DONE
    assert perform(bench, slow, holder="slow") is JobState.RUNNING  # its attempt is refused
    assert effects(bench.database) == ["k1"]


def test_a_job_is_held_by_one_worker_at_a_time(bench: Bench, clock: MovableClock) -> None:
    ask(bench.database, "store")
    with bench.database.writing() as session:
        assert operations.claim(session, holder="a", at=NOW, lease=LEASE) is not None

    assert run_one(bench, holder="b") is None
    clock.move(LEASE - timedelta(seconds=1))
    assert run_one(bench, holder="b") is None


def test_a_worker_that_stops_gives_its_job_back(bench: Bench) -> None:
    ask(bench.database, "store")
    with bench.database.writing() as session:
        operations.claim(session, holder="a", at=NOW, lease=LEASE)
    with bench.database.writing() as session:
        operations.give_back(session, holder="a", at=NOW)

    assert run_one(bench, holder="b") is JobState.DONE


def test_a_job_that_kills_every_worker_is_not_tried_for_ever(bench: Bench, clock: MovableClock) -> None:
    ask(bench.database, "store")
    for _ in range(MAX_ATTEMPTS):
        with bench.database.writing() as session:
            operations.rescue(session, at=clock(), grace=LEASE)
            assert operations.claim(session, holder="dies", at=clock(), lease=LEASE) is not None
        clock.move(LEASE + timedelta(seconds=1))

    assert run_one(bench, holder="a") is None
    job = job_of(bench.database, "k1")
    assert (job.state, job.last_error) == (JobState.FAILED, "the worker died in every attempt")


def test_the_heartbeat_keeps_a_long_job(database: Database, settings: Settings, clock: MovableClock) -> None:
    lease = timedelta(seconds=0.3)
    seen = []

    def long_task(work: Work) -> None:
        clock.move(timedelta(seconds=0.25))
        for _ in range(100):
            with work.database.reading() as session:
                until = session.exec(select(Job.lease_until)).one()
            assert until is not None
            seen.append(until)
            if until > NOW + lease:
                break
            time.sleep(0.05)
        with work.finishing():
            pass

    bench = Bench(database=database, settings=settings, clock=clock, tasks={"long": long_task}, lease=lease)
    ask(database, "long")

    assert run_one(bench, holder="a") is JobState.DONE
    assert seen[-1] == NOW + timedelta(seconds=0.25) + lease


def test_progress_is_visible_while_the_job_runs(database: Database, settings: Settings, clock: MovableClock) -> None:
    seen = []

    def half(work: Work) -> None:
        work.report_progress(0.5)
        seen.append(job_of(database, "k1").progress)
        with work.finishing():
            pass

    ask(database, "half")
    run_one(with_tasks({"half": half}, database, settings, clock), holder="a")

    assert seen == [0.5]
    assert job_of(database, "k1").progress == 1.0


def test_finishing_what_is_done_is_refused(bench: Bench) -> None:
    ask(bench.database, "store")
    run_one(bench, holder="a")
    job = job_of(bench.database, "k1")

    with pytest.raises(LeaseLostError), bench.database.writing() as session:
        operations.finish(session, job.id, holder="a", at=NOW)


def test_unfinished_jobs_are_counted(session: Session) -> None:
    enqueue(session, "store", {}, key="k1", run_at=NOW)
    enqueue(session, "store", {}, key="k2", run_at=NOW + timedelta(days=1))

    assert count_unfinished(session) == 2


@pytest.mark.parametrize(("attempts", "pause_s"), [(1, 5), (2, 20), (3, 80), (4, 320), (5, 1280), (6, 3600), (8, 3600)])
def test_pauses_grow_fourfold_up_to_an_hour(attempts: int, pause_s: int) -> None:
    assert pause_after(attempts) == timedelta(seconds=pause_s)
