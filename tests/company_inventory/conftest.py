"""Tests of the inventory run on SQLite; its one query of its own runs on both engines in test_snapshots.py."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from service.database import Database


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    """A writing transaction on a fresh database."""
    with sqlite_database.writing() as session:
        yield session
