"""Plan, safeguard 2: the yearly verification report."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.company_inventory import operations
from service.company_inventory.checks import CHECKS
from service.company_inventory.factors import FuelFactorSet
from service.products.models import Plant
from service.settings import Settings
from tests.company_inventory.builders import a_graphitising_plant
from tests.conftest import SignIn
from tests.monitoring.builders import NOW


@pytest.fixture
def closed_plant(app: FastAPI, settings: Settings) -> Plant:
    """A plant whose year 2023 is closed."""
    with app.state.database.writing() as session:
        plant = a_graphitising_plant(session)
        operations.prepare(session, 2023, FuelFactorSet.GB_T_32151_34, version=0, by="user:anna", at=NOW)
        operations.verify(session, 2023, list(CHECKS), version=1, by="user:bert", at=NOW)
        operations.close(session, 2023, version=2, settings=settings, by="user:bert", at=NOW)
        session.expunge(plant)
    return plant


def test_report_regenerates_identically_from_the_snapshot(
    app: FastAPI, client: TestClient, sign_in: SignIn, closed_plant: Plant
) -> None:
    sign_in(Role.COMMITTEE)
    first = client.get("/api/v1/reports/2023.pdf?lang=en")
    with app.state.database.writing() as session:  # what is not in the snapshot changes
        session.get_one(Plant, closed_plant.id).name_en = "Another name"

    again = client.get("/console/plan/inventory/2023/report.pdf?lang=en")

    assert first.status_code == again.status_code == 200
    assert first.content.startswith(b"%PDF-")
    assert first.content == again.content
    assert client.get("/api/v1/reports/2023.pdf?lang=zh").content != first.content


def test_a_year_that_is_not_closed_has_no_report(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.COMMITTEE)
    assert client.get("/api/v1/reports/2024.pdf").status_code == 404
