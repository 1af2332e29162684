from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cascade import rules
from service.submissions.models import SubmissionStatus
from service.suppliers.models import SupplierType


@pytest.mark.parametrize(
    ("kg", "shown", "step"),
    [
        (0.46, "0.5", "0.1"),  # a tenth is 0.046; half of 0.1 is 0.05, half of 0.05 only 0.025
        (1.62, "1.5", "0.5"),  # 0.162; half of 0.5 is 0.25, half of 0.2 only 0.1
        (0.171, "0.15", "0.05"),  # nitrogen: 0.0171; half of 0.05 is 0.025, half of 0.02 only 0.01
        (12.4, "10", "5"),
    ],
)
def test_a_customer_sees_a_footprint_in_steps_of_a_fifth_or_more(kg: float, shown: str, step: str) -> None:
    assert rules.rounded_for_customer(kg) == (Decimal(shown), Decimal(step))


@given(st.floats(0.01, 500.0))
def test_half_a_step_is_never_less_than_a_tenth_of_the_footprint(kg: float) -> None:
    shown, step = rules.rounded_for_customer(kg)

    assert float(step) / 2 >= 0.1 * kg
    assert abs(float(shown) - kg) <= float(step) / 2 * (1 + 1e-9)


def test_a_suppliers_supplier_gets_two_weeks_at_least() -> None:
    assert rules.deadline_for(date(2026, 11, 25), today=date(2026, 11, 22)) == date(2026, 12, 6)
    assert rules.deadline_for(date(2026, 12, 31), today=date(2026, 11, 22)) == date(2026, 12, 31)


def test_the_makers_people_learn_whose_supplier_it_is_and_no_name() -> None:
    assert rules.supplier_names("蒙炭代工", "Mengtan Toll") == ("蒙炭代工的供应商", "A supplier of Mengtan Toll")
    assert [len(name) for name in rules.supplier_names("长" * 200, "x" * 200)] == [200, 200]


def test_nobody_can_ask_for_a_request_that_was_declined_or_withdrawn() -> None:
    closed = {SubmissionStatus.DECLINED, SubmissionStatus.WITHDRAWN, SubmissionStatus.EXPIRED, SubmissionStatus.SUPERSEDED}

    assert not closed & rules.ASKING
    assert SubmissionStatus.IN_PROGRESS in rules.ASKING


def test_each_supply_is_found_by_its_flow_for_its_own_type_only() -> None:
    assert rules.find_supply(SupplierType.COKE, "green_petroleum_coke") is not None
    assert rules.find_supply(SupplierType.TOLL, "green_petroleum_coke") is None
    assert rules.find_supply(SupplierType.LOGISTICS, "green_petroleum_coke") is None
