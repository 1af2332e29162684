from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import procrastinate.schema
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from service.database import Database, open_database
from service.migrations import HEAD, SchemaError, commands, find_revision, require_current_schema
from service.migrations.tables import complete_metadata
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
