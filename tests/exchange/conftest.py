from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from service.main import create_app
from service.product_footprints.models import DeclaredStatus
from service.settings import Settings
from tests.conftest import MovableClock
from tests.databases import sqlite_copy
from tests.exchange.server import Program, a_declared, a_partner


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A deployment with three declared footprints.

    Attributes
    ----------
    program, stranger
        Systems of partners: with which everything is shared, and nothing.
    ids
        Of the footprints, by what is said of them.

    """

    app: FastAPI
    clock: MovableClock
    program: Program
    stranger: Program
    ids: Mapping[str, str]


@pytest.fixture(scope="module")
def shared_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all tests of a module that take nothing away from it."""
    yield from _world(sqlite_template, tmp_path_factory.mktemp("exchange"))


@pytest.fixture
def own_world(sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    """A world for one test."""
    yield from _world(sqlite_template, tmp_path)


@pytest.fixture
def program(shared_world: World) -> Program:
    return shared_world.program


@pytest.fixture
def stranger(shared_world: World) -> Program:
    return shared_world.stranger


@pytest.fixture
def ids(shared_world: World) -> Mapping[str, str]:
    return shared_world.ids


def _world(template: Path, folder: Path) -> Iterator[World]:
    settings = Settings(env="test", data_dir=folder, secret_key="0" * 64, jobs_in_web_process=False)
    clock = MovableClock()
    with sqlite_copy(template, folder) as database:
        app = create_app(settings, database=database, clock=clock)
        with database.writing() as session:
            partner, stranger = a_partner(session, shares_all=True), a_partner(session)
            found = {
                "first": a_declared(session),
                "second": a_declared(
                    session,
                    product_ids=["urn:gtin:4712345060507"],
                    company_ids=["urn:company:other"],
                    classifications=["urn:eclass:28070000"],
                    subdivision="CN-NM",
                    valid=(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
                ),
                "deprecated": a_declared(session, status=DeclaredStatus.DEPRECATED),
            }
            ids = {name: str(footprint.id) for name, footprint in found.items()}
        yield World(
            app=app,
            clock=clock,
            program=Program(app, partner.client_id),
            stranger=Program(app, stranger.client_id),
            ids=ids,
        )
