import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from service.audit.operations import record
from service.database import Database
from tests import builders

CHANGES = ("UPDATE audit_event SET actor = 'nobody'", "DELETE FROM audit_event")


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_the_audit_trail(database: Database, change: str) -> None:
    with database.writing() as session:
        maker = builders.a_maker(session)
        record(session, "organisation_created", of=maker, by="system", at=builders.NOW)

    with pytest.raises(DatabaseError, match="append-only"), database.writing() as session:
        session.connection().execute(text(change))

    with database.reading() as session:
        assert session.connection().scalar(text("SELECT count(*) FROM audit_event WHERE actor = 'system'")) == 1
