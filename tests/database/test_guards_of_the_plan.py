"""Rows that the carbon plan rests on: refused by the session, and by the database for whoever passes it by."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from service.errors import ConflictError
from service.green_power.models import SupplyClaim
from service.material_flows import recycled_operations
from service.method_library import operations as methods
from service.method_library.models import RuleFinding
from service.method_library.schemas import FindingInput
from service.monitoring.models import MonitoringPlan
from service.monitoring.plans import approve_plan, propose_plan
from tests import builders
from tests.certificates.builders import a_record as a_released_record
from tests.green_power.builders import a_site_year, approved, certificates, proposed
from tests.material_flows.builders import ENGINEER, NOW, REVIEWER, a_claim, a_receipt, claim_input
from tests.material_flows.builders import a_source as a_recycled_source
from tests.monitoring.builders import a_source

REFUSAL = "what the carbon plan rests on does not change"


def a_plan(session: Session) -> MonitoringPlan:
    """Return the first version of the monitoring plan, approved."""
    a_source(session, builders.a_plant(session), "natural_gas")
    plan = a_proposed_plan(session)
    return approve_plan(session, plan.id, by=REVIEWER, at=NOW)


def a_proposed_plan(session: Session) -> MonitoringPlan:
    """Return a version that waits for its approval."""
    plan = propose_plan(session, by=ENGINEER, at=NOW)
    session.flush()
    return plan


def a_finding(session: Session) -> RuleFinding:
    """Return what a person found on a rule."""
    fields = FindingInput(rule="pcr", is_fulfilled=True, evidence="no rule of this category")
    return methods.record_finding(session, a_released_record(session), fields, by=ENGINEER, at=NOW)


def a_recycled_receipt(session: Session) -> SQLModel:
    """Return a delivery."""
    return a_receipt(session, a_recycled_source(session))


def a_recycled_claim(session: Session) -> SQLModel:
    """Return an approved claim of recycled content."""
    source = a_recycled_source(session)
    a_receipt(session, source)
    return a_claim(session, source, builders.a_product(session))


def a_supply_claim(session: Session) -> SupplyClaim:
    """Return an approved claim of green power."""
    plant = builders.a_plant(session)
    a_site_year(session, plant)
    return approved(session, proposed(session, plant, certificates(session, plant).first_code))


KEPT: tuple[tuple[Callable[[Session], SQLModel], str, object], ...] = (
    (a_plan, "sha256", "0" * 64),
    (a_plan, "content", []),
    (a_plan, "approved_by", "user:somebody-else"),
    (a_finding, "is_fulfilled", False),
    (a_finding, "found_by", "user:somebody-else"),
    (a_recycled_receipt, "amount_t", 1.0),
    (a_recycled_receipt, "batch", "B-2"),
    (a_recycled_claim, "claimed_t", 1.0),
    (a_supply_claim, "kwh", 1.0),
)
CHANGING: tuple[tuple[Callable[[Session], SQLModel], str, str], ...] = (
    (a_finding, "evidence", "an erased name"),
    (a_recycled_receipt, "evidence", "an erased name"),
    (a_recycled_claim, "reason", "an erased name"),
    (a_supply_claim, "evidence", "an erased name"),
)


@pytest.mark.parametrize(("make", "field", "value"), KEPT)
def test_the_session_refuses_to_change_what_is_kept(
    session: Session, make: Callable[[Session], SQLModel], field: str, value: object
) -> None:
    row = make(session)
    session.flush()

    setattr(row, field, value)
    with session.no_autoflush, pytest.raises(ConflictError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize(("make", "field", "value"), KEPT)
def test_the_database_refuses_to_change_what_is_kept(
    session: Session, make: Callable[[Session], SQLModel], field: str, value: object
) -> None:
    table, row_id = _stored(session, make)
    written = {"content": "'[]'", "is_fulfilled": "NOT is_fulfilled"}.get(field, ":value")
    statement = text(f'UPDATE {table} SET "{field}" = {written} WHERE id = :id')  # noqa: S608 - names from above

    with pytest.raises(DBAPIError, match=REFUSAL), session.begin_nested():
        session.connection().execute(statement, {"id": row_id, **({"value": value} if written == ":value" else {})})


@pytest.mark.parametrize("make", dict.fromkeys(make for make, _, _ in KEPT))
def test_what_is_kept_is_not_deleted(session: Session, make: Callable[[Session], SQLModel]) -> None:
    table, row_id = _stored(session, make)
    statement = text(f"DELETE FROM {table} WHERE id = :id")  # noqa: S608 - names from above

    with pytest.raises(DBAPIError, match=REFUSAL), session.begin_nested():
        session.connection().execute(statement, {"id": row_id})


@pytest.mark.parametrize(("make", "field", "value"), CHANGING)
def test_words_that_may_name_somebody_can_be_erased(
    session: Session, make: Callable[[Session], SQLModel], field: str, value: str
) -> None:
    row = make(session)
    session.flush()

    setattr(row, field, value)
    session.flush()
    session.refresh(row)

    assert getattr(row, field) == value


def test_a_receipt_is_taken_back_and_a_proposal_approved_all_the_same(session: Session) -> None:
    source = a_recycled_source(session)
    receipt = a_receipt(session, source)
    recycled_operations.reverse_receipt(session, receipt.id, reason="typing error", version=1, by=ENGINEER, at=NOW)
    a_receipt(session, source, batch="B-2")
    claim = recycled_operations.propose_claim(session, claim_input(source, builders.a_product(session)), by=ENGINEER, at=NOW)
    claim.claimed_t = 1.0  # nobody has agreed to it yet
    session.flush()

    plan = a_plan(session)
    session.flush()

    assert (receipt.ended_at, plan.approved_by, claim.claimed_t) == (NOW, REVIEWER, 1.0)


def _stored(session: Session, make: Callable[[Session], SQLModel]) -> tuple[str, object]:
    """Return the table and the id, as the database writes it, of a row that was made."""
    row = make(session)
    session.flush()
    table, row_id = row.__tablename__, row.id  # type: ignore[attr-defined] # every row has one
    assert isinstance(row_id, uuid.UUID)
    return str(table), row_id.hex if session.connection().dialect.name == "sqlite" else row_id
