"""The life of a declared footprint: declared, replaced, declared again, deprecated; never changed."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from service.errors import InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.jobs.models import Job
from service.product_footprints.documents import pact_document
from service.product_footprints.models import DeclaredStatus, ImmutableFootprintError, ProductFootprint
from service.product_footprints.operations import declare_again, declare_released, deprecate
from service.product_footprints.queries import active_footprint_of, latest_footprint_of
from tests.builders import NOW, a_product
from tests.footprints.builders import CALCULATOR, RELEASER
from tests.product_footprints.builders import EARLIER, SETTINGS, a_declared

STATEMENT = {
    "id": "01999999-0000-7000-8000-0000000000aa",
    "coverage": "product",
    "body_name": "Some Verifier",
    "standard": "ISO 14064-3:2019",
    "level": "limited",
    "criteria": "ISO 14067:2018",
    "completed_on": "2026-10-01",
}


def test_a_later_period_replaces_the_earlier_one(session: Session) -> None:
    product = a_product(session)
    earlier = a_declared(session, product, period=EARLIER)

    later = a_declared(session, product, at=NOW + timedelta(hours=1))

    assert earlier.status is DeclaredStatus.DEPRECATED
    assert earlier.deprecated_at == NOW + timedelta(hours=1)
    assert pact_document(later)["precedingPfIds"] == [str(earlier.id)]
    assert active_footprint_of(session, earlier.record_id) is None
    assert latest_footprint_of(session, earlier.record_id) == earlier


def test_an_earlier_period_released_late_does_not_replace_the_later_one(session: Session) -> None:
    product = a_product(session)
    later = a_declared(session, product)

    earlier = a_declared(session, product, period=EARLIER)

    assert later.status is DeclaredStatus.ACTIVE
    assert earlier.preceding_ids == []


def test_another_product_is_not_touched(session: Session) -> None:
    other = a_declared(session)

    a_declared(session)

    assert other.status is DeclaredStatus.ACTIVE


def test_declaring_again_carries_a_statement_under_a_new_id(session: Session) -> None:
    footprint = a_declared(session)

    again = declare_again(session, footprint, statement=STATEMENT, reason="Verified.", by=RELEASER, at=NOW, settings=SETTINGS)

    assert again.id != footprint.id
    assert again.preceding_ids == [str(footprint.id)]
    assert pact_document(footprint)["status"] == "Deprecated"
    assert footprint.deprecated_reason == "Verified."
    assert again.document["pcf"]["verification"] == {
        "coverage": "product level",
        "providerName": "Some Verifier",
        "completedAt": "2026-10-01T00:00:00Z",
        "standardName": "ISO 14064-3:2019",
        "comments": "有限保证，依据 ISO 14067:2018。 / Limited assurance by ISO 14067:2018.",
    }


def test_a_statement_stays_until_it_is_taken_out(session: Session) -> None:
    first = a_declared(session)
    verified = declare_again(session, first, statement=STATEMENT, reason="Verified.", by=RELEASER, at=NOW, settings=SETTINGS)

    texts = declare_again(session, verified, statement=None, reason="A typo.", by=RELEASER, at=NOW, settings=SETTINGS)
    without = declare_again(session, texts, statement={}, reason="Withdrawn.", by=RELEASER, at=NOW, settings=SETTINGS)

    assert texts.statement == STATEMENT
    assert "verification" not in without.document["pcf"]


def test_who_calculated_a_footprint_does_not_declare_it_again(session: Session) -> None:
    with pytest.raises(SamePersonError):
        declare_again(session, a_declared(session), statement=None, reason="A typo.", by=CALCULATOR, at=NOW, settings=SETTINGS)


@pytest.mark.parametrize("last", [date(2025, 12, 31), date(2029, 1, 1)])
def test_validity_begins_after_the_period_and_ends_within_three_years(session: Session, last: date) -> None:
    with pytest.raises(InvalidInputError) as caught:
        declare_again(
            session,
            a_declared(session),
            statement=None,
            reason="Other days.",
            by=RELEASER,
            at=NOW,
            settings=SETTINGS,
            valid_until=last,
        )

    assert caught.value.fields.keys() == {"valid_until"}


def test_a_footprint_may_end_without_a_successor_and_only_once(session: Session) -> None:
    footprint = a_declared(session)

    deprecate(session, footprint, reason="The product ended.", version=footprint.version, by=RELEASER, at=NOW)

    assert footprint.status is DeclaredStatus.DEPRECATED
    with pytest.raises(InvalidTransitionError):
        deprecate(session, footprint, reason="Again.", version=footprint.version, by=RELEASER, at=NOW)


def test_of_two_people_the_second_is_told(session: Session) -> None:
    footprint = a_declared(session)

    with pytest.raises(StaleVersionError):
        deprecate(session, footprint, reason="Ended.", version=footprint.version + 1, by=RELEASER, at=NOW)


def test_a_reason_is_asked_for(session: Session) -> None:
    footprint = a_declared(session)

    with pytest.raises(InvalidInputError) as caught:
        deprecate(session, footprint, reason="  ", version=footprint.version, by=RELEASER, at=NOW)

    assert caught.value.fields.keys() == {"reason"}


def test_the_document_can_not_be_changed(session: Session) -> None:
    footprint = a_declared(session)
    footprint.document = {**footprint.document, "comment": "Greener."}

    with pytest.raises(ImmutableFootprintError, match="document"):
        session.flush()
    session.rollback()


def test_partners_are_told_of_what_is_new_and_of_what_ended(session: Session) -> None:
    footprint = a_declared(session)
    deprecate(session, footprint, reason="Ended.", version=footprint.version, by=RELEASER, at=NOW)

    jobs = session.exec(select(Job).where(col(Job.name) == "announce_published")).all()

    assert [job.payload for job in jobs] == [{"footprint_ids": [str(footprint.id)]}] * 2


def test_what_was_released_before_is_declared_once_in_the_order_of_periods(session: Session) -> None:
    product = a_product(session)
    rows = [a_declared(session, product, period=EARLIER), a_declared(session, product)]
    for row in rows:
        session.expunge(row)
    _forget(session)

    made = declare_released(session, by="system", at=NOW, settings=SETTINGS)

    assert [one.period_end.year for one in made] == [2024, 2025]
    assert made[1].preceding_ids == [str(made[0].id)]
    assert declare_released(session, by="system", at=NOW, settings=SETTINGS) == []


def _forget(session: Session) -> None:
    """Make the database one of an earlier version, which had records but no declared footprints."""
    from sqlalchemy import text  # noqa: PLC0415 - statements by name, past all guards

    connection = session.connection()
    names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all() if _is_sqlite(session) else []
    for name in names:
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    if not _is_sqlite(session):
        connection.execute(text("SET session_replication_role = replica"))
    for table in ("footprint_identifier", "product_footprint"):
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names from above
    if not _is_sqlite(session):
        connection.execute(text("SET session_replication_role = DEFAULT"))


def _is_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def test_the_model_of_a_footprint_is_stored_as_a_row_of_its_record(session: Session) -> None:
    footprint = a_declared(session)

    assert session.get_one(ProductFootprint, footprint.id).record_id == footprint.record_id
