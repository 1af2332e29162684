"""Claims of recycled content: mass balance, two people, no lot twice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import Session

from service.errors import ConflictError, InvalidInputError, InvalidTransitionError, SamePersonError
from service.material_flows import recycled_operations as operations
from service.material_flows.models import ClaimStatus, Custody
from service.material_flows.recycled import recycled_share
from service.material_flows.recycled_operations import RecycledBalanceError
from service.material_flows.recycled_rules import Window, balance_window, usable_mass
from service.suppliers.models import SupplierType
from tests import builders
from tests.material_flows.builders import (
    ENGINEER,
    NOW,
    REVIEWER,
    PlainReceipt,
    a_claim,
    a_receipt,
    a_source,
    an_output,
    claim_input,
    source_input,
)

YEAR = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}


def test_no_more_can_be_claimed_than_received_recycled_material_converts_to(session: Session) -> None:
    product = builders.a_product(session)
    source = a_source(session, conversion=0.9)
    a_receipt(session, source, amount_t=100.0, post_consumer_share=0.8)  # 100 t x 0.8 x 0.9 = 72 t

    with pytest.raises(RecycledBalanceError, match=r"gives 72\.000 t .* but 72\.500 t would be claimed"):
        operations.propose_claim(session, claim_input(source, product, claimed_t=72.5), by=ENGINEER, at=NOW)


def test_all_of_it_can_be_claimed(session: Session) -> None:
    product = builders.a_product(session)
    source = a_source(session, conversion=0.9)
    a_receipt(session, source, amount_t=100.0, post_consumer_share=0.8)

    assert a_claim(session, source, product, claimed_t=72.0).status is ClaimStatus.APPROVED


def test_two_products_share_what_one_source_gives(session: Session) -> None:
    first, second = builders.a_product(session), builders.a_product(session)
    source = a_source(session, conversion=1.0)
    a_receipt(session, source, amount_t=100.0)
    a_claim(session, source, first, claimed_t=70.0)

    with pytest.raises(RecycledBalanceError, match=r"110\.000 t would be claimed"):
        operations.propose_claim(session, claim_input(source, second, claimed_t=40.0), by=ENGINEER, at=NOW)


def test_a_second_claim_of_the_same_days_is_refused_and_names_the_first(session: Session) -> None:
    product = builders.a_product(session)
    source = a_source(session)
    a_receipt(session, source)
    first = a_claim(session, source, product, claimed_t=10.0)

    with pytest.raises(ConflictError, match=f"Claim {first.number} already claims 10 t"):
        operations.propose_claim(session, claim_input(source, product, claimed_t=1.0), by=ENGINEER, at=NOW)


def test_who_proposed_a_claim_may_not_approve_it(session: Session) -> None:
    product = builders.a_product(session)
    source = a_source(session)
    a_receipt(session, source)
    claim = operations.propose_claim(session, claim_input(source, product), by=ENGINEER, at=NOW)

    with pytest.raises(SamePersonError, match="another person"):
        operations.decide_claim(session, claim.id, approve=True, version=1, by=ENGINEER, at=NOW)
    assert claim.status is ClaimStatus.PROPOSED


def test_a_claim_counts_only_once_it_is_approved(session: Session) -> None:
    product = builders.a_product(session)
    an_output(session, product)
    source = a_source(session)
    a_receipt(session, source)
    claim = operations.propose_claim(session, claim_input(source, product, claimed_t=60.0), by=ENGINEER, at=NOW)
    proposed = recycled_share(session, product.id, **YEAR, on=NOW.date())

    operations.decide_claim(session, claim.id, approve=True, version=1, by=REVIEWER, at=NOW)

    approved = recycled_share(session, product.id, **YEAR, on=NOW.date())
    assert proposed is None
    assert approved is not None
    assert approved.share == pytest.approx(60 / 1000)


def test_a_withdrawn_claim_gives_its_tonnes_back(session: Session) -> None:
    product = builders.a_product(session)
    an_output(session, product)
    source = a_source(session, conversion=1.0)
    a_receipt(session, source, amount_t=60.0)
    claim = a_claim(session, source, product, claimed_t=60.0)

    operations.withdraw_claim(session, claim.id, reason="wrong product", version=claim.version, by=ENGINEER, at=NOW)

    assert recycled_share(session, product.id, **YEAR, on=NOW.date()) is None
    assert a_claim(session, source, product, claimed_t=60.0).number != claim.number
    with pytest.raises(InvalidTransitionError):
        operations.withdraw_claim(session, claim.id, reason="again", version=claim.version, by=ENGINEER, at=NOW)


def test_a_receipt_that_a_claim_rests_on_cannot_be_reversed(session: Session) -> None:
    product = builders.a_product(session)
    source = a_source(session, conversion=1.0)
    receipt = a_receipt(session, source, amount_t=60.0)
    a_claim(session, source, product, claimed_t=60.0)

    with pytest.raises(RecycledBalanceError, match="record the missing receipts"):
        operations.reverse_receipt(session, receipt.id, reason="typing error", version=1, by=ENGINEER, at=NOW)


def test_a_batch_counts_once(session: Session) -> None:
    source = a_source(session)
    a_receipt(session, source, batch="B-1")

    with session.begin_nested(), pytest.raises(InvalidInputError) as refused:
        a_receipt(session, source, batch="B-1")
    assert "recorded already" in str(refused.value.fields["batch"])


def test_a_receipt_outside_the_certificate_is_refused(session: Session) -> None:
    source = a_source(session, valid_from=date(2025, 6, 1))

    with pytest.raises(InvalidInputError) as refused:
        a_receipt(session, source, received_on=date(2025, 5, 31))
    assert "lies outside the certificate MB-2025-001" in str(refused.value.fields["received_on"])


def test_only_a_supplier_of_recycled_graphite_is_a_source(session: Session) -> None:
    toll = builders.a_supplier(session, supplier_type=SupplierType.TOLL)
    recycler = builders.a_supplier(session, supplier_type=SupplierType.RECYCLED)

    with pytest.raises(InvalidInputError):
        operations.add_source(session, source_input(supplier_id=toll.id), by=ENGINEER, at=NOW)
    assert operations.add_source(session, source_input(supplier_id=recycler.id), by=ENGINEER, at=NOW).supplier_id == recycler.id


def test_a_claim_over_new_year_is_two_claims(session: Session) -> None:
    product, source = builders.a_product(session), a_source(session)

    with pytest.raises(ValidationError):
        claim_input(source, product, period_start=date(2025, 12, 1), period_end=date(2026, 1, 31))


def test_blended_material_is_claimed_in_its_own_period_only(session: Session) -> None:
    product = builders.a_product(session)
    source = a_source(session, custody=Custody.CONTROLLED_BLENDING)
    a_receipt(session, source, received_on=date(2025, 2, 1))
    second_quarter = claim_input(source, product, period_start=date(2025, 4, 1), period_end=date(2025, 6, 30), claimed_t=1.0)

    with pytest.raises(RecycledBalanceError, match="From 2025-04-01 to 2025-06-30"):
        operations.propose_claim(session, second_quarter, by=ENGINEER, at=NOW)


def a_row(day: date, amount: float, pre: float, post: float) -> PlainReceipt:
    return PlainReceipt(received_on=day, amount_t=amount, pre_consumer_share=pre, post_consumer_share=post)


@given(
    amounts=st.lists(st.tuples(st.integers(1, 12), st.floats(0.0, 1e5), st.floats(0.0, 0.5), st.floats(0.0, 0.5)), max_size=12),
    conversion=st.floats(0.01, 1.0),
)
def test_what_a_year_gives_is_never_more_than_came_in(amounts: list[tuple[int, float, float, float]], conversion: float) -> None:
    receipts = [a_row(date(2025, month, 1), amount, pre, post) for month, amount, pre, post in amounts]
    window = balance_window(Custody.MASS_BALANCE, period_start=date(2025, 4, 1), period_end=date(2025, 4, 30))

    usable = usable_mass(receipts, window, conversion=conversion)

    assert window == Window(start=date(2025, 1, 1), end=date(2025, 12, 31))
    assert usable.total_t <= sum(one.amount_t for one in receipts) * conversion * (1 + 1e-9)
