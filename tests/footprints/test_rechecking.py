from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import col, select

from service.accounts.models import Role
from service.audit.models import AuditEvent
from service.database import Database
from service.footprints.models import FootprintRecord
from tests.builders import a_product, a_supplier
from tests.footprints.builders import a_record, a_toll_product, an_accepted_submission

SignIn = Callable[..., object]


@pytest.fixture
def record_id(database: Database) -> str:
    with database.writing() as session:
        supplier = a_supplier(session)
        an_accepted_submission(session, supplier)
        return str(a_record(session, a_toll_product(session, a_product(session), supplier)).id)


def test_a_record_is_obtained_again_and_brightway_agrees(
    client: TestClient, sign_in: SignIn, database: Database, record_id: str
) -> None:
    sign_in(Role.AUDITOR)

    found = client.post(f"/api/v1/footprints/{record_id}/recheck").json()

    assert found["agrees"] is True
    assert found["oracle_relative_difference"] <= 1e-12
    with database.reading() as session:
        record = session.exec(select(FootprintRecord)).one()
        assert found["stored_kg_co2e_per_kg"] == record.total_kg_co2e_per_kg
        assert found["recalculated_kg_co2e_per_kg"] == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)
        assert found["system_sha256"] == record.result["system_sha256"]
        assert "footprint_rechecked" in session.exec(select(col(AuditEvent.action))).all()


def test_a_total_that_was_changed_in_the_database_is_found_out(
    client: TestClient, sign_in: SignIn, database: Database, record_id: str
) -> None:
    guard = "footprint_record_no_update" + ("" if database.is_sqlite else " ON footprint_record")
    with database.writing() as session:
        session.connection().execute(text(f"DROP TRIGGER {guard}"))  # as somebody who may change the tables themselves
        session.connection().execute(text("UPDATE footprint_record SET total_kg_co2e_per_kg = total_kg_co2e_per_kg * 0.999"))
    sign_in(Role.REVIEWER)

    found = client.post(f"/api/v1/footprints/{record_id}/recheck").json()

    assert found["agrees"] is False
    # 1 / 0.999 - 1
    assert found["relative_difference"] == pytest.approx(0.001001, abs=1e-6)


@pytest.mark.parametrize("role", [Role.SALES, Role.PROCUREMENT])
def test_those_who_may_not_see_inputs_do_not_recheck(client: TestClient, sign_in: SignIn, record_id: str, role: Role) -> None:
    sign_in(role)

    assert client.post(f"/api/v1/footprints/{record_id}/recheck").status_code == 403
