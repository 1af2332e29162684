"""Plan, task 6: material-flow accounts with closure, and loops solved exactly."""

from collections.abc import Callable
from datetime import date

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.audit.models import AuditEvent
from service.material_flows import operations
from service.material_flows.models import MaterialAccount
from service.material_flows.schemas import AccountInput, FlowInput
from service.material_flows.summaries import summary_of
from service.products.queries import get_plant
from tests import builders
from tests.material_flows.builders import ENGINEER, NOW

FormData = Callable[..., dict[str, str]]

# A furnace with its packing material, t: 100 fed, a tenth of what leaves comes back.
FURNACE = (
    ("supply", "P3", "precarbonised_granulate", "input", 100.0),
    ("P3", "recycling", "graphite_fines", "loop", 10.0),
    ("recycling", "P3", "graphite_fines", "loop", 10.0),
    ("P3", "customer", "anode_graphite", "product", 95.0),
    ("P3", "air", "volatiles", "loss", 5.0),
)


def an_account(session: Session, flows: tuple[tuple[str, str, str, str, float], ...] = FURNACE) -> MaterialAccount:
    plant = builders.a_plant(session)
    period = AccountInput(plant_id=plant.id, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))
    account = operations.open_account(session, period, by=ENGINEER, at=NOW)
    session.flush()
    for source, target, material, kind, amount in flows:
        given = {"from_node": source, "to_node": target, "material": material, "kind": kind, "amount_t": amount}
        fields = FlowInput.model_validate({**given, "account_id": account.id, "evidence": "weigh-bridge slips"})
        operations.add_flow(session, fields, by=ENGINEER, at=NOW)
    session.flush()
    return account


def test_mass_closes_within_tolerance(session: Session) -> None:
    summary = summary_of(session, an_account(session))

    assert [one.node for one in summary.closures] == ["P3", "recycling", "site"]
    assert summary.open_closures == ()


def test_a_difference_beyond_the_tolerance_names_process_sums_and_cause(
    app: FastAPI, client: TestClient, sign_in: Callable[..., object]
) -> None:
    with app.state.database.writing() as session:
        account_id = an_account(session, (*FURNACE[:3], ("P3", "customer", "anode_graphite", "product", 90.0))).id
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/plan/material-flows/{account_id}").text

    # in 110, out 100: 10 t are missing, as much as the fines that go round
    assert "P3 Graphitization" in page
    assert "Does not close" in page
    assert "The difference is about as large as “Graphite fines”" in page


def test_loop_solved_exactly(session: Session) -> None:
    # of 110 t that leave P3, 10 come back: x = 100 + x * 10/110, so x = 100 / (1 - 1/11) = 110
    flows = (*FURNACE[:3], ("P3", "customer", "anode_graphite", "product", 100.0))

    summary = summary_of(session, an_account(session, flows))

    assert summary.throughputs is not None
    furnace = summary.throughputs[0]
    assert furnace.through_t == pytest.approx(110.0, rel=1e-14)
    assert furnace.passes == pytest.approx(1.1, rel=1e-14)


def test_a_flow_is_entered_corrected_and_taken_out_with_its_trail(
    app: FastAPI, client: TestClient, sign_in: Callable[..., object], form: FormData
) -> None:
    with app.state.database.writing() as session:
        account_id = str(an_account(session, ()).id)
    sign_in(Role.ENGINEER)
    typed = {
        "account_id": account_id,
        "from_node": "P1",
        "to_node": "treatment",
        "material": "dust",
        "kind": "waste",
        "basis": "measured",
        "amount_t": "12.5",
        "is_hazardous": "false",
        "evidence": "manifest 7",
    }

    refused = client.post("/console/plan/material-flows/flows", data=form(**typed))
    accepted = client.post("/console/plan/material-flows/flows", data=form(**typed, treatment="landfill"))

    assert refused.status_code == 422
    assert "choose its treatment" in refused.text
    assert "manifest 7" in refused.text  # nothing typed is lost
    assert accepted.status_code == 303
    page = client.get(f"/console/plan/material-flows/{account_id}").text
    assert "manifest 7" in page
    with app.state.database.reading() as session:
        actions = [one.action for one in session.exec(select(AuditEvent))]
    assert "material_flow_added" in actions


def test_the_model_stands_in_where_nothing_is_measured(
    app: FastAPI, client: TestClient, sign_in: Callable[..., object], form: FormData
) -> None:
    with app.state.database.writing() as session:
        account = an_account(session, ())
        plant = get_plant(session, account.plant_id)
        product = builders.a_product(session, plant=plant)
        path, product_id = f"/console/plan/material-flows/{account.id}", str(product.id)
    sign_in(Role.ENGINEER)

    without_output = client.post(f"{path}/suggestions", data=form(product_id=product_id))
    nothing = client.post(f"{path}/suggestions", data=form(product_id="not-an-id"))

    assert without_output.status_code == 303
    assert nothing.status_code == 422
    assert "not one of the choices" in nothing.text
