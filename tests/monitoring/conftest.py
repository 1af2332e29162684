from collections.abc import Iterator

import pytest
from sqlmodel import Session

from service.database import Database


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    """A writing transaction on SQLite; `test_queries.py` tries both engines."""
    with sqlite_database.writing() as session:
        yield session
