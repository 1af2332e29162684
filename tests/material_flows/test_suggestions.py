"""The model's own flows stand in where nothing is measured, and close."""

from datetime import date

import pytest
from sqlmodel import Session

from service.material_flows import operations
from service.material_flows.balances import closures
from service.material_flows.models import FlowBasis, MaterialAccount
from service.material_flows.queries import flows_of
from service.material_flows.schemas import AccountInput, FlowInput
from service.material_flows.suggestions import suggested_flows
from service.products.models import Product
from tests import builders
from tests.material_flows.builders import ENGINEER, NOW, an_output


def an_account(session: Session, product: Product) -> MaterialAccount:
    fields = AccountInput(plant_id=product.plant_id, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))
    return operations.open_account(session, fields, by=ENGINEER, at=NOW)


def test_suggestions_are_defaults_scaled_to_the_output_and_close(session: Session) -> None:
    product = builders.a_product(session)
    an_output(session, product, output_t=1000.0)
    account = an_account(session, product)

    found = suggested_flows(session, account, product.id)

    assert {one.basis for one in found} == {FlowBasis.DEFAULT}
    assert sum(one.amount_t for one in found if one.to_node == "customer" and one.material == "anode_graphite") == 1000.0
    # 1.015 t coated powder per t packed product, as the model has it
    assert next(one.amount_t for one in found if one.material == "coated_powder") == pytest.approx(1015.0, rel=1e-6)
    assert [one.node for one in closures(found, tolerance=0.02) if not one.closes] == []


def test_what_is_measured_already_is_not_suggested(session: Session) -> None:
    product = builders.a_product(session)
    an_output(session, product)
    account = an_account(session, product)
    measured = FlowInput(
        account_id=account.id,
        from_node="P4",
        to_node="P5",
        material="coated_powder",
        kind="product",
        amount_t=990.0,
        evidence="scale",
    )
    operations.add_flow(session, measured, by=ENGINEER, at=NOW)

    found = suggested_flows(session, account, product.id)
    operations.add_suggested(session, found, by=ENGINEER, at=NOW)

    assert "coated_powder" not in {one.material for one in found}
    assert len(flows_of(session, account.id)) == len(found) + 1
    assert suggested_flows(session, account, product.id) == []


def test_without_output_nothing_is_suggested(session: Session) -> None:
    product = builders.a_product(session)

    assert suggested_flows(session, an_account(session, product), product.id) == []
