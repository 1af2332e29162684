"""The invariants of the ledger: what may be claimed, once, by whom, and how much."""

from datetime import date

import pytest
from sqlmodel import Session

from service.errors import FieldError, InvalidInputError, SamePersonError
from service.green_power.claims import approve_claim, propose_metered, reject_claim, withdraw_claim
from service.green_power.models import ClaimStatus, Instrument, SupplyClaim, Technology
from service.green_power.operations import sell_certificates
from service.green_power.queries import UnknownConsumptionError, claimed_supplies, evidenced_supplies, shares_of
from service.green_power.schemas import MeteredClaimInput
from service.products.models import Plant, Production
from tests.builders import NOW, PERIOD, a_plant, a_product
from tests.green_power.builders import (
    APPROVER,
    PROPOSER,
    YEAR,
    a_contract,
    a_site_year,
    approved,
    certificates,
    code,
    delivered,
    proposed,
)


def problem(refused: pytest.ExceptionInfo[InvalidInputError]) -> str:
    (error,) = refused.value.fields.values()
    assert isinstance(error, FieldError)
    return str(error)


def metered(session: Session, plant: Plant, contract_id: object, kwh: float | None = None) -> SupplyClaim:
    fields = {"plant_id": plant.id, "year": YEAR, "contract_id": contract_id, "kwh": kwh, "evidence": "meter PV-1"}
    return propose_metered(session, MeteredClaimInput.model_validate(fields), by=PROPOSER, at=NOW)


def test_an_approved_claim_counts_as_its_part_of_what_the_site_used(session: Session) -> None:
    product = a_product(session)
    plant = session.get_one(Plant, product.plant_id)
    a_site_year(session, plant, kwh=100_000.0)
    spent = certificates(session, plant)

    claim = proposed(session, plant, code(1))
    before = shares_of(evidenced_supplies(session, product, period_start=PERIOD[0], period_end=PERIOD[1]))
    approved(session, claim)

    assert before == {}
    # 10 certificates of 1 MWh of 100 MWh
    shares = shares_of(evidenced_supplies(session, product, period_start=PERIOD[0], period_end=PERIOD[1]))
    assert shares == {"contract_wind_share": pytest.approx(0.1)}
    (supply,) = claimed_supplies(session, plant.id, start=PERIOD[0], end=PERIOD[1])
    assert (supply.kwh, supply.instrument, supply.technology) == (10_000.0, Instrument.CONTRACT, Technology.WIND)
    assert supply.certificate_ids == (spent.id,)


def test_the_proposer_does_not_approve(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant)
    certificates(session, plant)
    claim = proposed(session, plant, code(1))

    with pytest.raises(SamePersonError, match="another person"):
        approve_claim(session, claim.id, version=1, tolerance_months=0, by=PROPOSER, at=NOW)


def test_a_certificate_is_claimed_once_at_any_site_and_in_any_year(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant)
    certificates(session, plant)
    approved(session, proposed(session, plant, code(1)))

    with pytest.raises(InvalidInputError) as refused:
        proposed(session, plant, code(1))

    assert f"{code(1)} is claimed already, for 2025; each MWh counts once" in problem(refused)


def test_a_refused_proposal_frees_its_certificates_and_a_withdrawn_claim_does_not(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant)
    certificates(session, plant)
    first = proposed(session, plant, code(1))
    reject_claim(session, first.id, version=1, reason="wrong site", by=APPROVER, at=NOW)
    second = approved(session, proposed(session, plant, code(1)))

    withdraw_claim(session, second.id, version=2, reason="billed twice", by=APPROVER, at=NOW)

    assert claimed_supplies(session, plant.id, start=PERIOD[0], end=PERIOD[1]) == []
    with pytest.raises(InvalidInputError, match="attention"):
        proposed(session, plant, code(1))


def test_a_code_is_in_the_ledger_once_even_inside_a_block(session: Session) -> None:
    plant = a_plant(session)
    certificates(session, plant)
    inside = code(1)[:17] + f"{int(code(1)[17:]) + 4:015}"

    with pytest.raises(InvalidInputError) as refused:
        certificates(session, plant, first_code=inside, last_code=None)

    assert f"{code(1)} to" in problem(refused)


def test_claims_may_not_be_more_than_the_site_used(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant, kwh=9_999.0)
    certificates(session, plant)

    with pytest.raises(InvalidInputError) as refused:
        proposed(session, plant, code(1))

    assert "9,999 kWh were used in 2025 and 0 kWh of them are claimed; 10,000 kWh more is too much" in problem(refused)


def test_without_every_month_of_consumption_nothing_is_claimed(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant, months=11)
    certificates(session, plant)

    with pytest.raises(UnknownConsumptionError, match="is not complete"):
        proposed(session, plant, code(1))


def test_generation_outside_the_claim_year_is_refused(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant)
    certificates(session, plant, generation_month=date(2024, 12, 1), cancelled_on=date(2025, 2, 1))

    with pytest.raises(InvalidInputError) as refused:
        proposed(session, plant, code(1))

    assert "was generated in 2024-12, outside the claim year 2025" in problem(refused)


def test_there_is_no_claim_without_proof_of_cancellation(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant)
    certificates(session, plant, cancelled_on=None, cancellation_proof=None)

    with pytest.raises(InvalidInputError) as refused:
        proposed(session, plant, code(1))

    assert "is not cancelled: cancel it and enter day and proof first" in problem(refused)


@pytest.mark.parametrize(
    ("cancelled_on", "said"),
    [
        (date(2026, 12, 1), "lies ahead"),
        (date(2024, 2, 29), "before its electricity was made (2024-03)"),
        (date(2026, 3, 1), "was valid until 2026-02-28"),
    ],
)
def test_a_cancellation_lies_between_generation_and_two_years_later(session: Session, cancelled_on: date, said: str) -> None:
    # generated in March 2024, which counts: valid until the end of February 2026
    with pytest.raises(InvalidInputError) as refused:
        certificates(session, a_plant(session), generation_month=date(2024, 3, 1), cancelled_on=cancelled_on)

    assert said in problem(refused)


def test_an_i_rec_of_2025_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInputError) as refused:
        certificates(session, a_plant(session), scheme="i_rec", first_code="CN-WF-1-000000000017", last_code=None)

    assert "there are none for generation after 2024-12" in problem(refused)


def test_electricity_whose_certificates_are_sold_is_residual_mix_for_the_host(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant)
    contract = a_contract(session, plant, kind="own_plant", technology="solar_pv", attributes_sold=True)
    delivered(session, contract, 50_000.0)

    with pytest.raises(InvalidInputError) as refused:
        metered(session, plant, contract.id)

    assert "its electricity counts as residual mix here" in problem(refused)


def test_sold_certificates_of_an_own_plant_take_their_kwh_away(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant)
    contract = a_contract(session, plant, kind="own_plant", technology="wind")
    delivered(session, contract, 50_000.0)
    sold = certificates(session, plant, contract_id=contract.id, cancelled_on=None, cancellation_proof=None)
    sell_certificates(session, sold.id, reason="sold to a neighbour", version=1, by=PROPOSER, at=NOW)

    claim = metered(session, plant, contract.id)

    # 50 MWh by the meter less 10 MWh of sold certificates
    assert claim.kwh == 40_000.0


def test_traded_power_and_its_certificates_count_once(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant)
    contract = a_contract(session, plant)
    delivered(session, contract, 5_000.0)
    certificates(session, plant, contract_id=contract.id)

    with pytest.raises(InvalidInputError) as by_meter:
        metered(session, plant, contract.id)
    with pytest.raises(InvalidInputError) as by_certificates:
        proposed(session, plant, code(1))

    assert "has no wire of its own; claim it by its cancelled certificates" in problem(by_meter)
    assert "delivered 5,000 kWh in 2025" in problem(by_certificates)


def test_a_claim_for_one_product_counts_for_that_product_only(session: Session) -> None:
    first = a_product(session, grade="first")
    plant = session.get_one(Plant, first.plant_id)
    second = a_product(session, plant=plant, grade="second")
    for product, output_t in ((first, 100.0), (second, 300.0)):
        session.add(Production(product_id=product.id, period_start=PERIOD[0], period_end=PERIOD[1], output_t=output_t))
    a_site_year(session, plant, kwh=80_000.0)
    certificates(session, plant)

    approved(session, proposed(session, plant, code(1), product_id=first.id))

    # a quarter of the output: 20 MWh of 80 are its own, 10 of them are claimed
    assert shares_of(evidenced_supplies(session, first, period_start=PERIOD[0], period_end=PERIOD[1])) == {
        "contract_wind_share": 0.5
    }
    assert shares_of(evidenced_supplies(session, second, period_start=PERIOD[0], period_end=PERIOD[1])) == {}


def test_a_claim_for_one_product_is_not_more_than_its_part(session: Session) -> None:
    product = a_product(session)
    plant = session.get_one(Plant, product.plant_id)
    other = a_product(session, plant=plant, grade="other")
    for one, output_t in ((product, 50.0), (other, 950.0)):
        session.add(Production(product_id=one.id, period_start=PERIOD[0], period_end=PERIOD[1], output_t=output_t))
    a_site_year(session, plant, kwh=100_000.0)
    certificates(session, plant)

    with pytest.raises(InvalidInputError) as refused:
        proposed(session, plant, code(1), product_id=product.id)

    # 5 % of 100 MWh
    assert "5,000 kWh were used in 2025" in problem(refused)


def test_a_proposal_holds_its_kwh_until_it_is_decided(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant, kwh=15_000.0)
    certificates(session, plant)
    certificates(session, plant, first_code=code(7), last_code=code(7)[:17] + f"{int(code(7)[17:]) + 9:015}")
    first = proposed(session, plant, code(1))

    with pytest.raises(InvalidInputError):
        proposed(session, plant, code(7))

    reject_claim(session, first.id, version=1, reason="the other one", by=APPROVER, at=NOW)
    assert proposed(session, plant, code(7)).status is ClaimStatus.PROPOSED
