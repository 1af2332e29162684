from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from lca_models import load_model
from service.audit.models import AuditEvent
from service.database import Database
from service.errors import StaleVersionError
from service.exemptions.models import ExemptedFlow
from service.exemptions.operations import set_exemption, withdraw_exemption
from service.exemptions.queries import find_in_force, ledger, rows_in_force
from service.exemptions.schemas import ExemptionInput
from tests.builders import NOW

BY = "user:1"


def an_input(flow: str = "samples", kg: float = 0.01) -> ExemptionInput:
    return ExemptionInput(flow=flow, name="Samples", kg_co2e_per_kg=kg, reason="Small", evidence="Counted in 2025")


def test_the_ledger_is_the_models_until_somebody_adds_to_it(database: Database) -> None:
    with database.writing() as session:
        assert [entry.exemption for entry in ledger(session, load_model())] == list(load_model().exemptions.values())

        set_exemption(session, an_input(), by=BY, at=NOW)

        *shipped, added = ledger(session, load_model())
        assert [entry.row for entry in shipped] == [None] * len(load_model().exemptions)
        assert (added.exemption.flow, added.exemption.kg_co2e_per_kg) == ("samples", 0.01)


def test_an_own_estimate_takes_the_place_of_the_models(database: Database) -> None:
    with database.writing() as session:
        row = set_exemption(session, an_input("capital_goods", 0.05), by=BY, at=NOW)

        found = {entry.exemption.flow: entry for entry in ledger(session, load_model())}
        assert len(found) == len(load_model().exemptions)
        assert found["capital_goods"].exemption.kg_co2e_per_kg == 0.05

        withdraw_exemption(session, row, by=BY, at=NOW)

        assert {entry.exemption.flow: entry.row for entry in ledger(session, load_model())}["capital_goods"] is None


def test_a_changed_estimate_keeps_the_old_one_as_history(database: Database) -> None:
    with database.writing() as session:
        first = set_exemption(session, an_input(kg=0.01), by=BY, at=NOW)
        second = set_exemption(session, an_input(kg=0.02), by="user:2", at=NOW + timedelta(days=1))

        assert (first.withdrawn_by, first.withdrawn_at) == ("user:2", NOW + timedelta(days=1))
        assert list(rows_in_force(session)) == [second]
        assert find_in_force(session, "samples") == second


def test_every_change_is_in_the_audit_trail(database: Database) -> None:
    with database.writing() as session:
        row = set_exemption(session, an_input(), by=BY, at=NOW)
        withdraw_exemption(session, row, by=BY, at=NOW)

        events = session.exec(select(AuditEvent).where(AuditEvent.object_type == "exemptedflow")).all()
        assert sorted(event.action for event in events) == ["exemption_recorded", "exemption_withdrawn"]
        assert all(event.details["flow"] == "samples" for event in events)


def test_a_row_is_withdrawn_once(database: Database) -> None:
    with database.writing() as session:
        row = set_exemption(session, an_input(), by=BY, at=NOW)
        withdraw_exemption(session, row, by=BY, at=NOW)

        with pytest.raises(StaleVersionError):
            withdraw_exemption(session, row, by="user:2", at=NOW)
        assert row.withdrawn_by == BY


def test_the_database_holds_one_row_in_force_per_flow(database: Database) -> None:
    with database.writing() as session:
        row = set_exemption(session, an_input(), by=BY, at=NOW)
        session.add(ExemptedFlow(**row.model_dump(exclude={"id"})))

        with pytest.raises(IntegrityError), session.begin_nested():
            session.flush()
        session.rollback()


@pytest.mark.parametrize(
    "wrong",
    [
        {"flow": "Waste Water"},
        {"flow": ""},
        {"kg_co2e_per_kg": -0.1},
        {"kg_co2e_per_kg": float("nan")},
        {"evidence": "  "},
        {"name": ""},
    ],
)
def test_an_entry_needs_a_key_an_estimate_and_evidence(wrong: dict[str, object]) -> None:
    given = {"flow": "samples", "name": "Samples", "kg_co2e_per_kg": 0.1, "reason": "Small", "evidence": "Counted"} | wrong

    with pytest.raises(ValidationError):
        ExemptionInput.model_validate(given)
