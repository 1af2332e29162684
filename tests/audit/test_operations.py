import uuid
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from service.accounts.models import Organisation
from service.audit.operations import record
from service.audit.queries import find_events, find_latest_events
from service.database import Database
from tests import builders
from tests.builders import NOW


def test_an_event_says_who_did_what_to_which_row_when_and_on_which_facts(session: Session) -> None:
    maker, other = builders.a_maker(session), uuid.uuid4()
    facts = {"number": "S-2026-0001", "version": 2, "share": 0.5, "is_first": True, "previous": None, "successor": other}

    record(session, "organisation_renamed", of=maker, by=f"user:{other}", at=NOW, organisation_id=maker.id, **facts)

    session.flush()
    [event] = find_events(session, object_type="organisation", object_id=maker.id)
    session.refresh(event)
    assert (event.action, event.actor, event.at) == ("organisation_renamed", f"user:{other}", NOW)
    assert (event.object_type, event.object_id, event.organisation_id) == ("organisation", str(maker.id), maker.id)
    assert event.details == {**facts, "successor": str(other)}


def test_the_history_of_a_row_is_its_own_newest_first(session: Session) -> None:
    maker, customer = builders.a_maker(session), builders.an_organisation(session)
    for step, action in enumerate(("one", "two", "three")):
        record(session, action, of=maker, by="system", at=NOW + timedelta(hours=step))
        record(session, f"other {action}", of=customer, by="system", at=NOW)

    history = find_events(session, object_type="organisation", object_id=maker.id)

    assert [event.action for event in history] == ["three", "two", "one"]
    assert find_events(session, object_type="user", object_id=maker.id) == []
    assert [event.action for event in find_events(session, object_type="organisation", object_id=maker.id, limit=1)] == ["three"]


def test_the_trail_is_read_page_by_page_without_gap_or_repetition(session: Session) -> None:
    maker = builders.a_maker(session)
    for number in range(5):
        record(session, f"event {number}", of=maker, by="system", at=NOW)  # all at one moment: the id decides

    pages = [find_latest_events(session, limit=2)]
    while pages[-1]:
        pages.append(find_latest_events(session, before=pages[-1][-1].id, limit=2))

    assert [[event.action[-1] for event in page] for page in pages] == [["4", "3"], ["2", "1"], ["0"], []]


def test_an_event_goes_with_the_change_it_tells_of(database: Database) -> None:
    def create_then_give_up() -> None:
        with database.writing() as session:
            customer = builders.an_organisation(session)
            record(session, "organisation_created", of=customer, by="system", at=NOW)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        create_then_give_up()

    with database.reading() as session:
        assert find_latest_events(session) == []
        assert session.exec(select(Organisation)).all() == []
