from datetime import date

import pytest
from sqlmodel import Session

from service.errors import ConflictError, InvalidInputError, StaleVersionError
from service.suppliers import operations, queries
from service.suppliers.models import Purchase, SupplierType
from service.suppliers.schemas import PurchaseInput, SupplierInput
from tests import builders
from tests.builders import NOW

BY = "user:test"
YEAR = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}


def coke_supplier(session: Session, name: str) -> queries.SupplierRow:
    supplier = builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh=name, name_en=f"{name} Co.")
    return next(row for row in queries.all_active_suppliers(session) if row.id == supplier.id)


def test_pages_follow_each_other_without_gap_or_repetition_in_both_directions(session: Session) -> None:
    names = [f"S{number:02}" for number in range(7)]
    for name in reversed(names):
        coke_supplier(session, name)

    first = queries.find_suppliers(session, limit=3)
    second = queries.find_suppliers(session, limit=3, after=first.rows[-1].id)
    third = queries.find_suppliers(session, limit=3, after=second.rows[-1].id)
    back = queries.find_suppliers(session, limit=3, before=third.rows[0].id)

    assert [row.name_zh for page in (first, second, third) for row in page.rows] == names
    assert [row.id for row in back.rows] == [row.id for row in second.rows]
    assert [(page.first, page.last, page.total) for page in (first, second, third, back)] == [
        (1, 3, 7),
        (4, 6, 7),
        (7, 7, 7),
        (4, 6, 7),
    ]
    assert [(page.has_previous, page.has_next) for page in (first, second, third, back)] == [
        (False, True),
        (True, True),
        (True, False),
        (True, True),
    ]


def test_suppliers_are_found_by_part_of_a_name_in_either_language_type_and_province(session: Session) -> None:
    builders.a_supplier(session, name_zh="蒙炭代工", name_en="Mengtan Toll", province_code="CN-NM")
    builders.a_supplier(
        session, name_zh="沪焦", name_en="Shanghai 100% Coke", supplier_type=SupplierType.COKE, province_code="CN-SH"
    )

    assert [row.name_zh for row in queries.find_suppliers(session, words="蒙").rows] == ["蒙炭代工"]
    assert [row.name_zh for row in queries.find_suppliers(session, words="mengTAN").rows] == ["蒙炭代工"]
    assert [row.name_zh for row in queries.find_suppliers(session, words="%").rows] == ["沪焦"]
    assert [row.name_zh for row in queries.find_suppliers(session, supplier_type=SupplierType.COKE).rows] == ["沪焦"]
    assert [row.name_zh for row in queries.find_suppliers(session, province_code="CN-NM").rows] == ["蒙炭代工"]


def test_a_registration_number_belongs_to_one_organisation(session: Session) -> None:
    fields = SupplierInput(name_zh="甲", name_en="A", registration_no="91SAMPLE", supplier_type=SupplierType.COKE)
    operations.create_supplier(session, fields, by=BY, at=NOW)

    with pytest.raises(InvalidInputError) as caught:
        operations.create_supplier(session, fields.model_copy(update={"name_zh": "乙"}), by=BY, at=NOW)

    assert "甲" in str(caught.value.fields["registration_no"])


def test_the_second_of_two_people_who_edit_a_supplier_is_told(session: Session) -> None:
    fields = SupplierInput(name_zh="甲", name_en="A", supplier_type=SupplierType.COKE)
    supplier = operations.create_supplier(session, fields, by=BY, at=NOW)
    operations.update_supplier(session, supplier.id, fields, version=1, by=BY, at=NOW)

    with pytest.raises(StaleVersionError):
        operations.update_supplier(session, supplier.id, fields, version=1, by=BY, at=NOW)


def test_a_supplier_delivers_only_what_its_type_delivers(session: Session) -> None:
    toll = builders.a_supplier(session)

    with pytest.raises(InvalidInputError) as caught:
        operations.record_purchase(
            session, PurchaseInput(supplier_id=toll.id, flow="coal_tar_pitch", amount_t=1, **YEAR), by=BY, at=NOW
        )

    assert "graphitised_powder" in str(caught.value.fields["flow"])


def test_a_type_can_not_change_under_recorded_purchases(session: Session) -> None:
    fields = SupplierInput(name_zh="甲", name_en="A", supplier_type=SupplierType.COKE)
    supplier = operations.create_supplier(session, fields, by=BY, at=NOW)
    bought = PurchaseInput(supplier_id=supplier.id, flow="green_petroleum_coke", amount_t=1, **YEAR)
    operations.record_purchase(session, bought, by=BY, at=NOW)

    with pytest.raises(InvalidInputError):
        operations.update_supplier(
            session, supplier.id, fields.model_copy(update={"supplier_type": SupplierType.GAS}), version=1, by=BY, at=NOW
        )


def test_no_day_is_bought_twice(session: Session) -> None:
    supplier = coke_supplier(session, "甲")
    year = PurchaseInput(supplier_id=supplier.id, flow="green_petroleum_coke", amount_t=1200, **YEAR)
    operations.record_purchase(session, year, by=BY, at=NOW)
    december = year.model_copy(update={"period_start": date(2025, 12, 1)})

    with pytest.raises(ConflictError, match="1200 t from 2025-01-01"):
        operations.record_purchase(session, december, by=BY, at=NOW)


def test_amounts_add_up_by_supplier_from_purchases_inside_the_period_only(session: Session) -> None:
    one, other = coke_supplier(session, "甲"), coke_supplier(session, "乙")
    for supplier, start, end, amount in (
        (one, date(2025, 1, 1), date(2025, 6, 30), 100.0),
        (one, date(2025, 7, 1), date(2025, 12, 31), 50.0),
        (one, date(2026, 1, 1), date(2026, 12, 31), 999.0),
        (other, date(2024, 7, 1), date(2025, 6, 30), 10.0),
    ):
        session.add(
            Purchase(
                supplier_id=supplier.id,
                flow="green_petroleum_coke",
                period_start=start,
                period_end=end,
                amount_t=amount,
                created_at=NOW,
            )
        )

    amounts = queries.purchased_amounts(session, [one.id, other.id], flow="green_petroleum_coke", **YEAR)

    assert amounts == {one.id: 150.0}  # 100 + 50; the other's half year begins in 2024
