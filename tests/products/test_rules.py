import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from lca_models.model import load_model
from service.errors import ConflictError, InvalidInputError, StaleVersionError
from service.modelling.operations import release
from service.products import operations, queries
from service.products.models import Product
from service.products.recipe import read_recipe, recipe_parameters
from service.products.rules import InputShare, WeightsError, check_shares, normalised
from service.products.schemas import ProductFields, ProductionInput
from service.suppliers.codes import is_cas_number
from service.suppliers.models import Purchase, Supplier, SupplierType
from tests import builders
from tests.builders import NOW
from tests.modelling.builders import SECOND, a_draft, change

BY = "user:test"
YEAR = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}
COKE = "green_petroleum_coke"


def coke_supplier(session: Session, name: str) -> Supplier:
    return builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh=name, name_en=f"{name} Co.")


def bought(session: Session, supplier: Supplier, amount_t: float) -> None:
    session.add(Purchase(supplier_id=supplier.id, flow=COKE, amount_t=amount_t, created_at=NOW, **YEAR))


def supplied_by(session: Session, product: Product, *suppliers: Supplier, shares: tuple[float | None, ...]) -> Product:
    inputs = [
        InputShare(flow=COKE, supplier_id=supplier.id, share=share) for supplier, share in zip(suppliers, shares, strict=True)
    ]
    return operations.set_inputs(session, product.id, inputs, version=product.version, by=BY, at=NOW)


@pytest.mark.parametrize(("cas", "right"), [("7782-42-5", True), ("7782-42-4", False), ("64-17-5", True), ("7782425", False)])
def test_a_cas_number_is_checked_by_its_last_digit(cas: str, right: bool) -> None:  # noqa: FBT001 - a table's column
    # 7782-42-5: 2*1 + 4*2 + 2*3 + 8*4 + 7*5 + 7*6 = 125, modulo 10 = 5
    assert is_cas_number(cas) is right


def test_shares_must_add_up_and_the_message_says_by_how_much() -> None:
    inputs = [InputShare(flow=COKE, supplier_id=uuid.uuid4(), share=share) for share in (0.6, 0.3)]

    assert str(check_shares(inputs)[COKE]) == "The shares add up to 90 percent instead of 100; change one by +10."


def test_thirds_rounded_to_a_decimal_are_enough() -> None:
    inputs = [InputShare(flow=COKE, supplier_id=uuid.uuid4(), share=0.3333) for _ in range(3)]

    assert check_shares(inputs) == {}


def test_shares_for_some_suppliers_only_are_refused() -> None:
    inputs = [InputShare(flow=COKE, supplier_id=uuid.uuid4(), share=share) for share in (1.0, None)]

    assert "1 of 2" in str(check_shares(inputs)[COKE])


@given(st.dictionaries(st.uuids(), st.floats(min_value=1e-3, max_value=1e7), min_size=1, max_size=8))
def test_weights_add_up_to_one_and_keep_the_proportions(amounts: dict[uuid.UUID, float]) -> None:
    weights = normalised(amounts)

    assert sum(weights.values()) == pytest.approx(1, rel=1e-12)
    first = next(iter(amounts))
    for supplier_id, amount in amounts.items():
        assert weights[supplier_id] * amounts[first] == pytest.approx(weights[first] * amount, rel=1e-9)


def test_typed_shares_weight_suppliers(session: Session) -> None:
    one, other = coke_supplier(session, "甲"), coke_supplier(session, "乙")
    product = supplied_by(session, builders.a_product(session), one, other, shares=(0.75, 0.25))

    assert queries.supplier_weights(session, product, **YEAR) == {COKE: {one.id: 0.75, other.id: 0.25}}


def test_without_shares_purchases_of_the_period_weight_suppliers(session: Session) -> None:
    one, other = coke_supplier(session, "甲"), coke_supplier(session, "乙")
    product = supplied_by(session, builders.a_product(session), one, other, shares=(None, None))
    bought(session, one, 600)
    bought(session, other, 200)

    # 600 / (600 + 200) = 0.75
    assert queries.supplier_weights(session, product, **YEAR) == {COKE: {one.id: 0.75, other.id: 0.25}}


def test_a_supplier_without_purchases_is_an_error_and_not_zero(session: Session) -> None:
    one, other = coke_supplier(session, "甲"), coke_supplier(session, "乙")
    product = supplied_by(session, builders.a_product(session, grade="AG-350"), one, other, shares=(None, None))
    bought(session, one, 600)

    with pytest.raises(WeightsError, match=r"AG-350: no purchases of green_petroleum_coke from 乙 \(乙 Co\.\)"):
        queries.supplier_weights(session, product, **YEAR)


def test_an_explicit_zero_says_that_nothing_was_bought(session: Session) -> None:
    one, other = coke_supplier(session, "甲"), coke_supplier(session, "乙")
    product = supplied_by(session, builders.a_product(session), one, other, shares=(None, None))
    bought(session, one, 600)
    bought(session, other, 0)

    assert queries.supplier_weights(session, product, **YEAR) == {COKE: {one.id: 1.0, other.id: 0.0}}


def test_the_only_supplier_needs_no_purchase_and_a_flow_without_supplier_is_absent(session: Session) -> None:
    only = coke_supplier(session, "甲")
    product = supplied_by(session, builders.a_product(session), only, shares=(None,))

    assert queries.supplier_weights(session, product, **YEAR) == {COKE: {only.id: 1.0}}


def test_a_supplier_can_not_be_named_for_what_it_does_not_deliver(session: Session) -> None:
    product = builders.a_product(session)

    with pytest.raises(InvalidInputError) as caught:
        supplied_by(session, product, builders.a_supplier(session), shares=(1.0,))

    assert set(caught.value.fields) == {COKE}


def test_a_recipe_keeps_numbers_inside_the_bounds_and_leaves_empty_fields_out() -> None:
    recipe = read_recipe(load_model(), {"milling_yield": " 0.9 ", "coating_yield": ""}, furnace="box")

    assert recipe == {"milling_yield": 0.9}


def test_each_wrong_parameter_of_a_recipe_gets_its_own_message() -> None:
    typed = {"milling_yield": "1.2", "coating_yield": "viel", "electricity_kg_co2e_per_kwh": "0.1"}

    with pytest.raises(InvalidInputError) as caught:
        read_recipe(load_model(), typed, furnace="box")

    assert set(caught.value.fields) == set(typed)
    assert "outside 0.3 to 1" in str(caught.value.fields["milling_yield"])


def test_defaults_follow_the_furnace() -> None:
    def electricity(furnace: str) -> float:
        name = "graphitization_electricity_kwh_per_kg"
        return next(item.default for item in recipe_parameters(load_model(), furnace) if item.name == name)

    assert electricity("acheson_crucible") == 13.0
    assert electricity("box") < 13.0


def test_values_outside_the_usual_range_are_noted() -> None:
    # usual range of the milling yield: 1/1.43 to 1/1.05
    milling_yield = next(item for item in recipe_parameters(load_model(), "box") if item.name == "milling_yield")

    assert [milling_yield.is_unusual(value) for value in (0.69, 0.7, 0.95, 0.96)] == [True, False, False, True]


def test_a_grade_exists_once_per_plant(session: Session) -> None:
    product = builders.a_product(session, grade="AG-350")
    fields = ProductFields(plant_id=product.plant_id, grade="AG-350", name_zh="粉", name_en="Powder", furnace="box")

    with pytest.raises(InvalidInputError, match="attention") as caught:
        operations.create_product(session, fields, by=BY, at=NOW)

    assert "AG-350" in str(caught.value.fields["grade"])


def test_a_furnace_that_the_recipe_does_not_fit_is_refused(session: Session) -> None:
    product = builders.a_product(session)  # Acheson furnace: it emits carbon monoxide, a continuous one does not
    operations.set_recipe(session, product.id, {"graphitization_co_kg_per_kg": 0.01}, version=1, by=BY, at=NOW)
    fields = ProductFields(plant_id=product.plant_id, grade=product.grade, name_zh="粉", name_en="Powder", furnace="continuous")

    with pytest.raises(InvalidInputError) as caught:
        operations.update_product(session, product.id, fields, version=2, by=BY, at=NOW)

    assert "graphitization_co_kg_per_kg" in str(caught.value.fields["furnace"])


def test_the_second_of_two_people_who_edit_a_recipe_is_told(session: Session) -> None:
    product = builders.a_product(session)
    operations.set_recipe(session, product.id, {"milling_yield": 0.9}, version=1, by=BY, at=NOW)

    with pytest.raises(StaleVersionError):
        operations.set_recipe(session, product.id, {"milling_yield": 0.8}, version=1, by=BY, at=NOW)


def test_production_of_overlapping_days_is_refused(session: Session) -> None:
    product = builders.a_product(session)
    operations.record_production(session, product.id, ProductionInput(output_t=5000, **YEAR), by=BY, at=NOW)

    with pytest.raises(ConflictError, match="5000 t"):
        operations.record_production(session, product.id, ProductionInput(output_t=1, **YEAR), by=BY, at=NOW)


def test_a_recipe_is_checked_against_the_model_in_use(session: Session) -> None:
    """The version in use allows the utilities 1 kWh per kg at most; the shipped one allows more."""
    product = builders.a_product(session)
    draft = a_draft(session)
    draft = change(session, draft, "parameters.csv", ("utilities_electricity_kwh_per_kg",), {"maximum": "1"})
    release(
        session, draft.id, exemptions=tuple(load_model().exemptions.values()), version=draft.version, by=SECOND, at=builders.NOW
    )

    with pytest.raises(InvalidInputError) as caught:
        operations.set_recipe(
            session, product.id, {"utilities_electricity_kwh_per_kg": "1.5"}, version=product.version, by="system", at=builders.NOW
        )

    assert "outside 0 to 1" in str(caught.value.fields["utilities_electricity_kwh_per_kg"])
