"""Tests of the targets run on SQLite; their tables are also made on PostgreSQL by the tests of migrations."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from service.database import Database


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    """A writing transaction on a fresh database."""
    with sqlite_database.writing() as session:
        yield session
