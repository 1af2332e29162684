"""The bill behind a figure: attached to what stands, taken off with a reason, kept once the year is closed."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from service.audit.models import AuditEvent
from service.errors import ConflictError, InvalidInputError, NotFoundError
from service.evidence import queries as evidence
from service.evidence.models import AttachedFile, FileKeptError, Scan
from service.evidence.operations import keep_scans
from service.evidence.store import FILES_MAX
from service.monitoring import queries
from service.monitoring.closing import ClosedYearError, close_year, reopen_year
from service.monitoring.entering import enter_month, withdraw_entry
from service.monitoring.files import attach_files, remove_file
from service.monitoring.grades import grade_of
from service.monitoring.models import ActivityEntry, ActivityFile, Door
from service.monitoring.schemas import EntryInput
from tests import builders
from tests.monitoring.builders import NOW, a_source, an_entry
from tests.submissions.builders import a_stored_file

BY = "user:1"
MONTH = date(2025, 5, 1)
PDF = b"%PDF-1.7 electricity bill"


@pytest.fixture
def entry(session: Session) -> ActivityEntry:
    return an_entry(session, a_source(session, builders.a_plant(session), "diesel"), MONTH, 12.0)


def attach(session: Session, entry: ActivityEntry, *contents: bytes, data_dir: Path) -> list[AttachedFile]:
    stored = [a_stored_file(content, f"{place}.pdf", data_dir=data_dir) for place, content in enumerate(contents)]
    return list(attach_files(session, entry.id, stored, by=BY, at=NOW))


def test_several_files_stand_behind_one_figure_and_the_same_one_only_once(
    session: Session, entry: ActivityEntry, tmp_path: Path
) -> None:
    attach(session, entry, PDF, PDF + b"2", data_dir=tmp_path)
    again = attach(session, entry, PDF, data_dir=tmp_path)

    assert again == []
    assert [one.name for one in queries.files_of(session, entry.id)] == ["0.pdf", "1.pdf"]
    assert queries.file_counts(session, [entry.id]) == {entry.id: 2}
    events = session.exec(select(AuditEvent).where(AuditEvent.action == "file_attached")).all()
    assert {event.details["behind"] for event in events} == {str(entry.id)}


def test_a_figure_takes_so_many_files_and_no_more(session: Session, entry: ActivityEntry, tmp_path: Path) -> None:
    attach(session, entry, *(PDF + bytes([place]) for place in range(FILES_MAX)), data_dir=tmp_path)

    with pytest.raises(ConflictError, match="At most 20 files"):
        attach(session, entry, PDF + b"one more", data_dir=tmp_path)


def test_a_correction_leaves_the_files_with_the_figure_that_they_prove(
    session: Session, entry: ActivityEntry, tmp_path: Path
) -> None:
    attach(session, entry, PDF, data_dir=tmp_path)
    source = queries.get_source(session, entry.source_id)
    typed = EntryInput(source_id=source.id, month=MONTH, amount="13", reason="the second delivery was missing")

    (taken,) = enter_month(session, source.plant_id, MONTH, [typed], today=NOW.date(), by=BY, at=NOW, door=Door.FORM)

    assert queries.file_counts(session, [entry.id, taken.entry.id]) == {entry.id: 1}
    with pytest.raises(ConflictError, match="2025-05 no longer stands"):
        attach(session, entry, PDF + b"2", data_dir=tmp_path)


def test_a_figure_taken_back_takes_no_file(session: Session, entry: ActivityEntry, tmp_path: Path) -> None:
    withdraw_entry(session, entry.id, reason="counted twice", by=BY, at=NOW)

    with pytest.raises(ConflictError, match="no longer stands"):
        attach(session, entry, PDF, data_dir=tmp_path)


def test_a_file_is_removed_with_a_reason_that_stays_and_is_then_handed_out_no_more(
    session: Session, entry: ActivityEntry, tmp_path: Path
) -> None:
    (file,) = attach(session, entry, PDF, data_dir=tmp_path)
    with pytest.raises(InvalidInputError):
        remove_file(session, entry.id, file.id, reason="  ", by=BY, at=NOW)

    remove_file(session, entry.id, file.id, reason="bill of another site", by=BY, at=NOW)
    session.flush()

    assert queries.file_counts(session, [entry.id]) == {}
    with pytest.raises(NotFoundError):
        queries.get_file(session, entry.id, file.id)
    (kept,) = queries.files_of(session, entry.id)
    assert (kept.removed_by, kept.removed_because) == (BY, "bill of another site")
    event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event is not None
    assert (event.action, event.details["sha256"]) == ("file_removed", file.sha256)
    assert "bill of another site" not in str(event.details)


def test_a_file_that_was_removed_may_be_attached_again(session: Session, entry: ActivityEntry, tmp_path: Path) -> None:
    (file,) = attach(session, entry, PDF, data_dir=tmp_path)
    remove_file(session, entry.id, file.id, reason="wrong name", by=BY, at=NOW)

    (again,) = attach(session, entry, PDF, data_dir=tmp_path)

    assert again.id != file.id


def test_a_closed_year_takes_files_and_gives_none_up_until_it_is_opened_again(
    session: Session, entry: ActivityEntry, tmp_path: Path
) -> None:
    close_year(session, MONTH.year, by=BY, at=NOW)
    (file,) = attach(session, entry, PDF, data_dir=tmp_path)

    with pytest.raises(ClosedYearError):
        remove_file(session, entry.id, file.id, reason="wrong bill", by=BY, at=NOW)
    assert queries.get_file(session, entry.id, file.id) is file

    session.flush()
    reopen_year(session, MONTH.year, reason="wrong bill", by=BY, at=NOW + timedelta(days=1))
    session.flush()
    remove_file(session, entry.id, file.id, reason="wrong bill", by=BY, at=NOW)
    assert queries.file_counts(session, [entry.id]) == {}


def test_a_file_of_another_figure_is_not_found(session: Session, entry: ActivityEntry, tmp_path: Path) -> None:
    (file,) = attach(session, entry, PDF, data_dir=tmp_path)
    other = an_entry(session, queries.get_source(session, entry.source_id), date(2025, 6, 1), 12.0)

    with pytest.raises(NotFoundError):
        queries.get_file(session, other.id, file.id)
    with pytest.raises(NotFoundError):
        remove_file(session, other.id, file.id, reason="not mine", by=BY, at=NOW)


def test_a_file_changes_no_grade(session: Session, tmp_path: Path) -> None:
    source = a_source(session, builders.a_plant(session), "diesel")
    without_number = an_entry(session, source, MONTH, 12.0, evidence_number=None)
    before = grade_of(without_number, source, None)

    attach(session, without_number, PDF, data_dir=tmp_path)

    assert grade_of(without_number, source, None) == before


def test_what_was_attached_is_kept_as_it_came(session: Session, entry: ActivityEntry, tmp_path: Path) -> None:
    (file,) = attach(session, entry, PDF, data_dir=tmp_path)
    session.flush()

    file.sha256 = "0" * 64
    with pytest.raises(FileKeptError, match="sha256"):
        session.flush()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attached_file SET sha256 = 'other'",
        "DELETE FROM attached_file",
        "UPDATE activity_file SET entry_id = file_id",
        "DELETE FROM activity_file",
    ],
)
def test_the_database_itself_refuses_to_exchange_a_file(
    session: Session, entry: ActivityEntry, tmp_path: Path, statement: str
) -> None:
    attach(session, entry, PDF, data_dir=tmp_path)
    session.flush()
    assert session.exec(select(ActivityFile)).one().entry_id == entry.id

    with pytest.raises(DatabaseError, match="does not change"):
        session.execute(text(statement))


def test_files_that_no_scanner_has_seen_wait_for_one_and_an_infected_one_is_locked(
    session: Session, entry: ActivityEntry, tmp_path: Path
) -> None:
    clean, bad, gone = attach(session, entry, PDF, PDF + b"2", PDF + b"3", data_dir=tmp_path)
    remove_file(session, entry.id, gone.id, reason="wrong bill", by=BY, at=NOW)
    session.flush()
    assert {key for key, _ in evidence.unscanned_files(session, limit=10)} == {clean.id, bad.id}

    keep_scans(session, {clean.id: Scan.CLEAN, bad.id: Scan.INFECTED}, at=NOW)
    session.flush()

    assert evidence.unscanned_files(session, limit=10) == []
    (event,) = session.exec(select(AuditEvent).where(AuditEvent.action == "file_quarantined")).all()
    assert event.object_id == str(bad.id)
