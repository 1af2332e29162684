"""How a site stands to the duty to consume renewable electricity."""

from datetime import date

import pytest
from sqlmodel import Session

from service.green_power.coverage import duty_coverage, expiring, site_coverage
from service.green_power.models import ConsumptionWeight
from service.green_power.schemas import WeightInput
from service.green_power.weights import shipped_weights
from service.registers.operations import add_row
from tests.builders import NOW, a_plant
from tests.green_power.builders import PROPOSER, YEAR, a_site_year, approved, certificates, code, proposed


def test_the_platform_brings_the_weights_of_2023_and_says_what_is_uncertain() -> None:
    weights = shipped_weights()

    assert len(weights) == 30
    assert {year for _, year in weights} == {2023}
    guangdong = weights["CN-GD", 2023]
    assert (guangdong.total, guangdong.nonhydro) == (pytest.approx(0.296), pytest.approx(0.075))
    assert "to be verified" in guangdong.note


def test_a_year_without_a_weight_is_not_known_and_takes_no_other_year_s(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant)

    duty = duty_coverage(session, site_coverage(session, plant, year=YEAR))

    assert (duty.weight, duty.required_kwh, duty.ratio) == (None, None, None)


def test_an_entered_weight_measures_what_is_claimed(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant, kwh=100_000.0)
    certificates(session, plant)
    approved(session, proposed(session, plant, code(1)))
    fields = WeightInput(province_code="CN-GD", year=YEAR, total_percent=32.0, nonhydro_percent=9.0, document="No. 7")
    add_row(session, ConsumptionWeight, fields, by=PROPOSER, at=NOW)

    coverage = site_coverage(session, plant, year=YEAR)
    duty = duty_coverage(session, coverage)

    # 32 % of 100 MWh are 32 MWh; 10 MWh are claimed
    assert (duty.required_kwh, duty.ratio) == (pytest.approx(32_000.0), pytest.approx(10 / 32))
    assert (coverage.certificates_kwh, coverage.metered_kwh, coverage.unclaimed_kwh) == (10_000.0, 0.0, pytest.approx(90_000.0))


def test_nuclear_power_is_claimed_and_is_no_renewable_power(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant, kwh=100_000.0)
    certificates(session, plant, technology="nuclear")
    approved(session, proposed(session, plant, code(1)))

    coverage = site_coverage(session, plant, year=YEAR)

    assert (coverage.claimed_kwh, coverage.renewable_kwh) == (10_000.0, 0.0)


def test_held_certificates_that_run_out_soon_are_listed(session: Session) -> None:
    plant = a_plant(session)
    # generated in January 2025, valid until the end of December 2026: 39 days after 22 November
    soon = certificates(session, plant, generation_month=date(2025, 1, 1), cancelled_on=None, cancellation_proof=None)
    certificates(
        session,
        plant,
        first_code=code(5),
        last_code=None,
        generation_month=date(2025, 6, 1),
        cancelled_on=None,
        cancellation_proof=None,
    )

    assert [one.id for one in expiring(session, on=NOW.date())] == [soon.id]
