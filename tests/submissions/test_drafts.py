from datetime import timedelta

import pytest
from sqlmodel import Session

from service.errors import InvalidInputError
from service.submissions import operations, queries
from service.submissions.answers import Entry
from service.submissions.drafts import stamp_of
from service.submissions.models import Submission
from tests.submissions.builders import NOW, an_invited_submission

ANNA, BO = "invitation:anna", "user:bo"


def type_in(session: Session, submission: Submission, text: str, *, by: str, minute: int, seen: str | None = None) -> list[str]:
    stamps = None if seen is None else {"charge_in": seen}
    entry = Entry(entered=text, unit="t")
    return list(
        operations.save_draft(session, submission, {"charge_in": entry}, by=by, at=NOW + timedelta(minutes=minute), seen=stamps)
    )


def stamp(session: Session, submission: Submission) -> str:
    return stamp_of(queries.answers_of(session, submission.id).get("charge_in"))


def text(session: Session, submission: Submission) -> str:
    return queries.answers_of(session, submission.id)["charge_in"].entered


def earlier(session: Session, submission: Submission) -> list[str]:
    return [one.entered for one in queries.earlier_answers_of(session, submission.id)]


def test_the_last_figure_counts_and_the_one_before_is_kept(session: Session) -> None:
    submission = an_invited_submission(session)

    type_in(session, submission, "100", by=ANNA, minute=1)
    type_in(session, submission, "200", by=ANNA, minute=2)

    assert text(session, submission) == "200"
    assert earlier(session, submission) == ["100"]


def test_typing_over_somebody_elses_newer_figure_is_told_and_loses_nothing(session: Session) -> None:
    submission = an_invited_submission(session)
    type_in(session, submission, "100", by=ANNA, minute=1)
    shown = stamp(session, submission)
    type_in(session, submission, "200", by=ANNA, minute=2, seen=shown)

    told = type_in(session, submission, "300", by=BO, minute=3, seen=shown)

    assert told == ["charge_in"]
    assert text(session, submission) == "300"
    assert earlier(session, submission) == ["200", "100"]


def test_a_field_left_as_it_was_shown_does_not_undo_somebody_elses_figure(session: Session) -> None:
    submission = an_invited_submission(session)
    type_in(session, submission, "100", by=ANNA, minute=1)
    shown = stamp(session, submission)
    type_in(session, submission, "200", by=ANNA, minute=2, seen=shown)

    told = type_in(session, submission, "100", by=BO, minute=3, seen=shown)

    assert told == []
    assert text(session, submission) == "200"


def test_a_field_left_empty_does_not_undo_somebody_elses_first_figure(session: Session) -> None:
    submission = an_invited_submission(session)
    type_in(session, submission, "100", by=ANNA, minute=1, seen="")

    told = type_in(session, submission, "", by=BO, minute=2, seen="")

    assert told == []
    assert text(session, submission) == "100"


def test_taking_a_figure_back_keeps_it_among_the_earlier_ones(session: Session) -> None:
    submission = an_invited_submission(session)
    type_in(session, submission, "100", by=ANNA, minute=1)

    type_in(session, submission, "", by=ANNA, minute=2, seen=stamp(session, submission))

    assert text(session, submission) == ""
    assert earlier(session, submission) == ["100"]


def test_who_typed_is_noted_once_each(session: Session) -> None:
    submission = an_invited_submission(session)

    for minute, by in enumerate((ANNA, BO, ANNA)):
        type_in(session, submission, str(minute), by=by, minute=minute)

    assert submission.typed_by == [ANNA, BO]


def test_unreadable_figures_are_kept_as_typed(session: Session) -> None:
    submission = an_invited_submission(session)

    type_in(session, submission, "about １２0,5", by=ANNA, minute=1)

    answer = queries.answers_of(session, submission.id)["charge_in"]
    assert (answer.entered, answer.value) == ("about １２0,5", None)


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("no_such_field", Entry(entered="1")),
        ("pitch_type", Entry(entered="coal_tar")),
        ("charge_in", Entry(entered="1" * 201)),
        ("charge_in", Entry(entered="1", note="x" * 1001)),
        ("charge_in", Entry(entered="1", unit="x" * 21)),
        ("charge_in", Entry(entered="1\0")),
    ],
)
def test_what_cannot_be_stored_is_refused_by_field(session: Session, field: str, entry: Entry) -> None:
    submission = an_invited_submission(session)

    with pytest.raises(InvalidInputError) as refused:
        operations.save_draft(session, submission, {field: entry}, by=ANNA, at=NOW)

    assert set(refused.value.fields) == {field}
