"""What the plan leaves open is set by two people, with evidence."""

import pytest
from sqlmodel import Session

from service.errors import ConflictError, InvalidInputError, SamePersonError, StaleVersionError
from service.targets.catalogue import DEFINITIONS, DefinitionKey, Scope
from service.targets.definitions import approve, proposals_of, propose, reading_of, refuse
from service.targets.models import DefinitionStatus
from service.targets.schemas import DefinitionInput
from tests.targets.company import ENGINEER, NOW, REVIEWER

SCOPE = DEFINITIONS[DefinitionKey.SCOPE]
EVIDENCE = "minutes of the committee, item 3"


def proposed(session: Session, value: str = Scope.MARKET.value):  # noqa: ANN201 - the row
    row = propose(session, SCOPE, DefinitionInput(value=value, evidence=EVIDENCE), by=ENGINEER, at=NOW)
    session.flush()
    return row


def test_nothing_is_defined_before_somebody_says_so(session: Session) -> None:
    reading = reading_of(session)

    assert reading.undefined == frozenset(DefinitionKey)
    assert (reading.scope, reading.peak_year) == (Scope.LOCATION, None)


def test_a_proposal_counts_once_another_person_has_approved_it(session: Session) -> None:
    row = proposed(session)
    before = reading_of(session).scope
    with pytest.raises(SamePersonError, match="another person"):
        approve(session, row.id, version=1, by=ENGINEER, at=NOW)

    approve(session, row.id, version=1, by=REVIEWER, at=NOW)

    assert (before, reading_of(session).scope) == (Scope.LOCATION, Scope.MARKET)
    assert DefinitionKey.SCOPE not in reading_of(session).undefined


def test_a_newer_value_replaces_the_one_before_and_both_stay_on_record(session: Session) -> None:
    first, second = proposed(session), proposed(session, Scope.LOCATION.value)

    approve(session, first.id, version=1, by=REVIEWER, at=NOW)
    approve(session, second.id, version=1, by=REVIEWER, at=NOW)

    assert {one.status for one in proposals_of(session, DefinitionKey.SCOPE)} == {
        DefinitionStatus.REPLACED,
        DefinitionStatus.IN_FORCE,
    }
    assert reading_of(session).scope is Scope.LOCATION


def test_a_refused_proposal_changes_nothing_and_is_not_decided_twice(session: Session) -> None:
    row = proposed(session)
    refuse(session, row.id, version=1, by=REVIEWER, at=NOW)

    with pytest.raises(ConflictError):
        approve(session, row.id, version=2, by=REVIEWER, at=NOW)
    with pytest.raises(StaleVersionError):
        approve(session, row.id, version=1, by=REVIEWER, at=NOW)
    assert DefinitionKey.SCOPE in reading_of(session).undefined


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (DefinitionKey.SCOPE, "scope_4", "scope_4"),
        (DefinitionKey.PEAK_YEAR, "soon", "no number between 2021 and 2060"),
        (DefinitionKey.PEAK_YEAR, "2030.5", "2030.5"),
        (DefinitionKey.ENERGY_2030, "101", "no number between 0 and 100"),
        (DefinitionKey.ENERGY_2030, "nan", "nan"),
    ],
)
def test_a_value_that_is_no_answer_is_refused(session: Session, key: DefinitionKey, value: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        propose(session, DEFINITIONS[key], DefinitionInput(value=value, evidence=EVIDENCE), by=ENGINEER, at=NOW)

    assert message in str(caught.value.fields["value"])
