"""Versions of the scoring method: drafted, changed, proposed, released by another person, never changed again."""

from datetime import date

import pytest
from sqlmodel import Session, select

from service.errors import ConflictError, InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.green_score import method_operations as operations
from service.green_score import method_queries as queries
from service.green_score.method import method_from, shipped_content, shipped_method
from service.green_score.method_cells import cells_of, changes_between, with_typed
from service.green_score.method_rules import check_table
from service.green_score.models import ImmutableMethodError, MethodVersion
from service.jobs.models import Job
from tests.green_score.builders import NOW

TODAY = date(2026, 11, 22)
NEXT_YEAR = date(2027, 1, 1)
TABLE = queries.shipped_table()


def a_draft(session: Session) -> MethodVersion:
    """Return a draft of next year's version in which a fine costs 30 points."""
    draft = operations.create_draft(session, notes="committee of 2026-11-20", effective_from=NEXT_YEAR, by="lin", at=NOW)
    return operations.change_draft(
        session, draft.label, {"penalties/fine_small": "30"}, notes=draft.notes, effective_from=NEXT_YEAR,
        version=draft.version, by="lin", at=NOW,
    )  # fmt: skip


def a_proposal(session: Session) -> MethodVersion:
    """Return the draft, proposed."""
    draft = a_draft(session)
    return operations.propose(session, draft.label, version=draft.version, by="lin", at=NOW)


def test_a_fresh_database_has_the_shipped_method_in_force(session: Session) -> None:
    version, method = queries.method_in_force(session, TODAY)

    assert version.label == "2026.1"
    assert method == shipped_method()
    assert queries.method_in_force(session, date(2020, 1, 1))[0].label == "2026.1"


def test_the_shipped_method_is_stored_once_when_a_score_rests_on_it(session: Session) -> None:
    for _ in range(2):
        version, _ = queries.method_in_force(session, TODAY)
        operations.keep_method(session, version)
    session.flush()

    assert [one.label for one in queries.all_versions(session)] == ["2026.1"]
    assert session.get(MethodVersion, version.id) is not None


def test_another_person_releases_a_version_and_it_counts_from_its_day(session: Session) -> None:
    proposed = a_proposal(session)

    operations.release(session, proposed.label, version=proposed.version, today=TODAY, by="wang", at=NOW)
    session.flush()

    assert proposed.label == "2027.1"
    assert queries.method_in_force(session, date(2026, 12, 31))[1].penalties["fine_small"] == 20
    assert queries.method_in_force(session, NEXT_YEAR)[1].penalties["fine_small"] == 30


def test_everybody_is_scored_again_once_a_version_counts_from_today(session: Session) -> None:
    draft = operations.create_draft(session, notes="at once", effective_from=TODAY, by="lin", at=NOW)
    operations.change_draft(
        session, draft.label, {"penalties/warning": "5"}, notes="at once", effective_from=TODAY, version=1, by="lin", at=NOW
    )
    operations.propose(session, draft.label, version=2, by="lin", at=NOW)

    operations.release(session, draft.label, version=3, today=TODAY, by="wang", at=NOW)

    assert session.exec(select(Job.name)).all() == ["score_suppliers"]


def test_who_changed_a_version_does_not_release_it(session: Session) -> None:
    proposed = a_proposal(session)

    with pytest.raises(SamePersonError, match="Another person"):
        operations.release(session, proposed.label, version=proposed.version, today=TODAY, by="lin", at=NOW)


def test_a_draft_is_not_released_before_it_is_proposed(session: Session) -> None:
    draft = a_draft(session)

    with pytest.raises(InvalidTransitionError):
        operations.release(session, draft.label, version=draft.version, today=TODAY, by="wang", at=NOW)


def test_a_version_never_counts_from_a_day_that_is_past(session: Session) -> None:
    proposed = a_proposal(session)

    with pytest.raises(ConflictError, match="past"):
        operations.release(session, proposed.label, version=proposed.version, today=date(2027, 1, 2), by="wang", at=NOW)


def test_two_versions_never_count_from_the_same_day(session: Session) -> None:
    first, second = a_proposal(session), a_proposal(session)
    operations.release(session, first.label, version=first.version, today=TODAY, by="wang", at=NOW)

    with pytest.raises(ConflictError, match=r"2027\.1 counts from 2027-01-01 already"):
        operations.release(session, second.label, version=second.version, today=TODAY, by="wang", at=NOW)


def test_a_released_version_never_changes(session: Session) -> None:
    proposed = a_proposal(session)
    released = operations.release(session, proposed.label, version=proposed.version, today=TODAY, by="wang", at=NOW)
    session.flush()

    with pytest.raises(ConflictError, match="does not change"):
        operations.change_draft(
            session, released.label, {}, notes="", effective_from=NEXT_YEAR, version=released.version, by="lin", at=NOW
        )
    released.notes = "by another way"
    with pytest.raises(ImmutableMethodError):
        session.flush()


def test_a_proposal_that_is_sent_back_can_be_changed_and_thrown_away(session: Session) -> None:
    proposed = a_proposal(session)

    with pytest.raises(InvalidTransitionError):
        operations.discard(session, proposed.label, version=proposed.version, by="lin", at=NOW)
    draft = operations.send_back(session, proposed.label, version=proposed.version, by="wang", at=NOW)
    operations.discard(session, draft.label, version=draft.version, by="lin", at=NOW)
    session.flush()

    assert queries.find_version(session, "2027.1") is None


def test_a_draft_that_changes_nothing_is_not_proposed(session: Session) -> None:
    draft = operations.create_draft(session, notes="nothing", effective_from=NEXT_YEAR, by="lin", at=NOW)

    with pytest.raises(ConflictError, match=r"same table as version 2026\.1"):
        operations.propose(session, draft.label, version=draft.version, by="lin", at=NOW)


def test_a_page_that_is_out_of_date_changes_nothing(session: Session) -> None:
    draft = a_draft(session)

    with pytest.raises(StaleVersionError):
        operations.propose(session, draft.label, version=draft.version - 1, by="lin", at=NOW)


def test_every_adjustable_value_is_a_cell_and_comes_back_as_it_was() -> None:
    typed = {path: str(cell.value) for path, cell in cells_of(TABLE).items()}

    again = with_typed(TABLE, typed)

    assert not changes_between(TABLE, again)
    assert method_from({**shipped_content(), **again}).values == shipped_method().values
    assert {path.partition("/")[0] for path in typed} == set(TABLE)


def test_a_change_names_its_cell_with_both_values() -> None:
    (change,) = changes_between(TABLE, with_typed(TABLE, {"grades/A+/least_values/A5": "80"}))

    assert (change.cell.path, change.before, change.after) == ("grades/A+/least_values/A5", 85, 80.0)


@pytest.mark.parametrize(
    ("typed", "path", "message"),
    [
        ({"profiles/default/A": "36"}, "profiles/default/A", "sum to 101"),
        ({"indicators/B1/points": "9"}, "indicators/A1/points", "sum to 101"),
        ({"evidence_credits/verified": "1.2"}, "evidence_credits/verified", "between 0 and 1"),
        ({"evidence_credits/claim": "0.1"}, "evidence_credits/claim", "silence would pay"),
        ({"evidence_credits/document": "0.95"}, "evidence_credits/document", "worse would be worth more"),
        ({"penalties/fine_small": "-5"}, "penalties/fine_small", "-5 must lie between 0 and 100"),
        ({"values/freight_best_ratio": "1"}, "values/freight_best_ratio", "between 0.01 and 0.99"),
        ({"grades/A/least_score": "86"}, "grades/A+/least_score", r"Grade A\+ \(85\) must ask and give more than grade A \(86\)"),
        ({"grades/D/least_score": "10"}, "grades/D/least_score", "begins at 0"),
        ({"ladders/A5/none": "5"}, "ladders/A5/none", "silence would pay"),
        ({"ladders/A5/limited": "20"}, "ladders/A5/desk_audit", "60 must not be greater than the 20"),
        ({"values/best_dqr": "4"}, "values/best_dqr", "must differ"),
        ({"values/stale_factor": "about half"}, "values/stale_factor", "not a number"),
        ({"caps/no_footprint": "Z"}, "caps/no_footprint", "not one of the choices"),
        ({"values/unknown_gsd": "1e999"}, "values/unknown_gsd", "too large"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_right_is_refused_with_cell_value_and_fix(typed: dict[str, str], path: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        with_typed(TABLE, typed)

    assert path in refused.value.fields
    with pytest.raises(Exception, match=message):
        raise refused.value.fields[path]


def test_the_shipped_table_keeps_its_own_rules() -> None:
    assert check_table(TABLE) == {}
