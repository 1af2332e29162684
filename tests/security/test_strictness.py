"""The world of these tests refuses what PostgreSQL refuses; were that not so, half of the others could not fail."""

import pytest
from sqlmodel import select

from service.accounts.models import Organisation, User
from tests import builders
from tests.security.browsing import Browser
from tests.security.strictness import PostgresWouldRefuseError


def test_a_comparison_with_nul_is_refused(browser: Browser) -> None:
    with pytest.raises(PostgresWouldRefuseError, match="user"), browser.world.database.reading() as session:
        session.exec(select(User).where(User.email == "a\0b")).all()


def test_a_text_longer_than_its_column_is_refused(browser: Browser) -> None:
    with (
        pytest.raises(PostgresWouldRefuseError, match=r"Organisation\.name_en, at most 200"),
        browser.world.database.writing() as session,
    ):
        builders.an_organisation(session, name_en="x" * 201)


def test_the_application_forgets_what_it_writes(browser: Browser) -> None:
    with browser.world.app.state.database.writing() as session:
        builders.an_organisation(session, name_en="soon forgotten")
    with browser.world.database.reading() as session:
        assert session.exec(select(Organisation.id).where(Organisation.name_en == "soon forgotten")).all() == []
