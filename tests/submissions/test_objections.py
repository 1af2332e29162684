"""A supplier stands by a figure that was returned."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from service.errors import ConflictError, InvalidInputError
from service.submissions import operations, queries
from service.submissions.models import Submission
from service.submissions.objections import TIME_TO_OBJECT, object_to_return, returned_fields
from tests.submissions.builders import NOW, REVIEWER, SUPPLIER_ACTOR, a_review

WORDS = {"furnace_electricity": "The meter was calibrated in May; the figure is right."}


@pytest.fixture
def returned(session: Session) -> Submission:
    submission = a_review(session)
    comments = {"furnace_electricity": "Too high?", "": "Please look again"}
    operations.return_to_supplier(session, submission, comments=comments, version=submission.version, by=REVIEWER, at=NOW)
    return submission


def test_an_objection_stays_beside_its_field_when_the_answers_are_handed_in_again(session: Session, returned: Submission) -> None:
    object_to_return(session, returned, WORDS, by=SUPPLIER_ACTOR, at=NOW)
    operations.submit(session, returned, by=SUPPLIER_ACTOR, at=NOW)

    objections = [one for one in queries.comments_of(session, returned.id) if one.is_objection]
    assert [(one.field, one.text, one.from_supplier) for one in objections] == [(*WORDS.items(),)[0] + (True,)]


def test_only_what_was_returned_can_be_objected_to(session: Session, returned: Submission) -> None:
    assert set(returned_fields(session, returned, at=NOW)) == {"furnace_electricity", ""}
    for words in ({"charge_in": "It is right"}, {"furnace_electricity": " "}, {"furnace_electricity": "x" * 1001}):
        with pytest.raises(InvalidInputError):
            object_to_return(session, returned, words, by=SUPPLIER_ACTOR, at=NOW)


def test_after_seven_days_the_return_stands(session: Session, returned: Submission) -> None:
    object_to_return(session, returned, WORDS, by=SUPPLIER_ACTOR, at=NOW + TIME_TO_OBJECT)

    with pytest.raises(ConflictError, match="seven days"):
        object_to_return(session, returned, WORDS, by=SUPPLIER_ACTOR, at=NOW + TIME_TO_OBJECT + timedelta(seconds=1))


def test_what_is_under_review_can_not_be_objected_to(session: Session) -> None:
    with pytest.raises(ConflictError):
        object_to_return(session, a_review(session), WORDS, by=SUPPLIER_ACTOR, at=NOW)
