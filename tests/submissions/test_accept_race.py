import threading
import uuid

from service.database import Database
from service.errors import ConflictError
from service.submissions import operations
from service.submissions.models import Submission, SubmissionStatus
from tests import builders
from tests.submissions.builders import NOW, OTHER_REVIEWER, REVIEWER, a_review


def race(database: Database, decisions: list[tuple[uuid.UUID, int, str]]) -> list[str]:
    """Accept in one thread each, all reading before any writes where the engine lets them; return what came of it."""
    ready = threading.Barrier(len(decisions))
    outcomes: list[str] = []

    def decide(submission_id: uuid.UUID, version: int, by: str) -> None:
        ready.wait(timeout=30)
        try:
            with database.writing() as session:
                submission = session.get_one(Submission, submission_id)
                operations.accept(session, submission, version=version, by=by, at=NOW)
            outcomes.append("accepted")
        except ConflictError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=decide, args=decision) for decision in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


def test_of_reviewers_who_accept_at_once_one_gets_through(database: Database) -> None:
    with database.writing() as session:
        submission = a_review(session)
        seen = (submission.id, submission.version)

    outcomes = race(database, [(*seen, by) for by in (REVIEWER, OTHER_REVIEWER, "user:third", "user:fourth")])

    assert outcomes == ["accepted", "stale-version", "stale-version", "stale-version"]
    with database.reading() as session:
        assert session.get_one(Submission, seen[0]).version == seen[1] + 1


def test_of_two_questionnaires_of_one_period_accepted_at_once_one_stays_accepted(database: Database) -> None:
    with database.writing() as session:
        supplier = builders.a_supplier(session)
        first = a_review(session, supplier=supplier)
        second = builders.a_submission(session, supplier=supplier, status=SubmissionStatus.IN_REVIEW)
        decisions = [(one.id, one.version, REVIEWER) for one in (first, second)]

    assert race(database, decisions) == ["accepted", "accepted"]
    with database.reading() as session:
        statuses = sorted(session.get_one(Submission, submission_id).status for submission_id, _, _ in decisions)
    assert statuses == ["accepted", "superseded"]
