import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import procrastinate.schema
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from service.database import Database, new_id, open_database
from service.green_power.models import ClaimStatus, Instrument, SupplyClaim
from service.migrations import HEAD, SchemaError, commands, find_revision, require_current_schema
from service.migrations.tables import complete_metadata
from service.submissions.models import EvidenceLink
from tests.databases import PostgresTemplate


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path}/empty.db")
        yield database
        database.close()
    else:
        template: PostgresTemplate = request.getfixturevalue("postgres")
        with template.empty_database() as database:
            yield database


def tables_of(database: Database) -> set[str]:
    with database.reading() as session:
        return set(inspect(session.connection()).get_table_names())


def differences(database: Database) -> list[object]:
    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not str(name).startswith("procrastinate_")

    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True, "include_name": is_ours})
        return [*compare_metadata(context, complete_metadata())]


def test_migrations_make_the_tables_that_the_service_declares(empty_database: Database) -> None:
    commands.upgrade(empty_database)

    assert differences(empty_database) == []
    assert find_revision(empty_database) == HEAD


def test_migrations_go_down_to_nothing_and_up_again(empty_database: Database) -> None:
    commands.upgrade(empty_database)
    full = tables_of(empty_database)

    commands.downgrade(empty_database, to="base")
    assert tables_of(empty_database) == {"alembic_version"}

    commands.upgrade(empty_database)
    assert tables_of(empty_database) == full


def test_each_migration_can_be_taken_back_alone(empty_database: Database) -> None:
    commands.upgrade(empty_database)

    while find_revision(empty_database) is not None:
        before = find_revision(empty_database)
        commands.downgrade(empty_database)
        commands.upgrade(empty_database, to="+1")
        assert find_revision(empty_database) == before
        commands.downgrade(empty_database)


def insert(database: Database, table: str, **given: object) -> uuid.UUID:
    """Insert a row as an older version wrote it; columns that must have a value get one of their type."""
    identity = new_id()
    plain = {
        str: "x",
        int: 1,
        bool: False,
        date: date(2025, 1, 1),
        datetime: datetime(2026, 1, 1, tzinfo=UTC),
        dict: [],
        object: [],
    }
    with database.writing() as session:
        found = Table(table, MetaData(), autoload_with=session.connection())
        of_id = found.columns["id"].type.python_type  # SQLite knows no UUID: what is read back is their digits
        needed = {
            one.name: plain[one.type.python_type] for one in found.columns if not one.nullable and one.name not in given | {"id": 0}
        }
        row = {name: value.hex if isinstance(value, uuid.UUID) and of_id is str else value for name, value in given.items()}
        session.connection().execute(found.insert().values({**needed, **row, "id": identity.hex if of_id is str else identity}))
    return identity


def test_files_keep_the_figure_that_they_belong_to(empty_database: Database) -> None:
    commands.upgrade(empty_database, to="0003")
    organisation = insert(empty_database, "organisation")
    supplier = insert(empty_database, "supplier", organisation_id=organisation)
    submission = insert(empty_database, "submission", organisation_id=organisation, supplier_id=supplier)
    of_all = {"organisation_id": organisation, "submission_id": submission}
    bill = insert(empty_database, "evidence", field="grid_electricity", **of_all)
    insert(empty_database, "evidence", field=None, **of_all)

    commands.upgrade(empty_database)
    with empty_database.reading() as session:
        links = [(link.evidence_id, link.field) for link in session.exec(select(EvidenceLink))]
    assert links == [(bill, "grid_electricity")]

    commands.downgrade(empty_database, to="0003")
    with empty_database.reading() as session:
        fields = session.connection().execute(text("SELECT field FROM evidence ORDER BY field IS NULL")).scalars()
        assert list(fields) == ["grid_electricity", None]


def test_electricity_of_known_origin_is_taken_over_into_the_ledger(empty_database: Database) -> None:
    commands.upgrade(empty_database, to="0007")
    plant = insert(empty_database, "plant")
    typed = {"instrument": "direct_line", "technology": "wind", "share": 0.4, "evidence": "Meter 7"}
    supply = insert(empty_database, "plant_supply", plant_id=plant, **typed)

    commands.upgrade(empty_database)
    with empty_database.reading() as session:
        claim = session.exec(select(SupplyClaim)).one()
        assert (claim.id, claim.plant_id, claim.taken_over_share, claim.evidence) == (supply, plant, 0.4, "Meter 7")
        assert (claim.instrument, claim.status) == (Instrument.DIRECT_LINE, ClaimStatus.APPROVED)

    commands.downgrade(empty_database, to="0007")
    with empty_database.reading() as session:
        back = session.connection().execute(text("SELECT share, evidence, recorded_by FROM plant_supply")).one()
        assert tuple(back) == (0.4, "Meter 7", "x")


def change(database: Database, statement: str) -> None:
    with database.writing() as session:
        session.connection().execute(text(statement))


def test_what_the_carbon_plan_rests_on_refuses_changes_that_pass_by_the_service(empty_database: Database) -> None:
    commands.upgrade(empty_database)
    insert(empty_database, "inventory_snapshot", year=2025)
    insert(empty_database, "target_settlement", status="draft")

    change(empty_database, "UPDATE target_settlement SET drafted_by = 'somebody'")
    change(empty_database, "UPDATE target_settlement SET status = 'approved'")
    for statement in (
        "UPDATE inventory_snapshot SET sha256 = 'y'",
        "DELETE FROM inventory_snapshot",
        "UPDATE target_settlement SET drafted_by = 'nobody'",
        "DELETE FROM target_settlement",
    ):
        with pytest.raises(DBAPIError, match="rests on does not change"):
            change(empty_database, statement)


def test_the_service_refuses_tables_that_are_older_than_it_needs(empty_database: Database) -> None:
    with pytest.raises(SchemaError, match=r"revision none, .* needs .*: run `anodeprint migrate`"):
        require_current_schema(empty_database)


def test_the_service_refuses_tables_that_are_newer_than_it_knows(database: Database) -> None:
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaError, match=r"revision 9999, this version knows .* only"):
        require_current_schema(database)
    with pytest.raises(SchemaError, match="can't migrate from revision 9999"):
        commands.upgrade(database)


def test_there_is_one_line_of_migrations_and_its_end_is_the_one_the_service_names(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        scripts = ScriptDirectory.from_config(commands.configuration(session.connection()))

    assert scripts.get_heads() == [HEAD]


def test_the_migrated_job_tables_are_those_of_the_installed_procrastinate() -> None:
    ours = (files("service.migrations") / "sql" / "procrastinate.sql").read_text()

    assert ours == procrastinate.schema.SchemaManager.get_schema()
