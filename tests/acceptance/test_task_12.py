"""Task 12, green investment."""

import pytest
from sqlmodel import Session

from service.measures.models import Investment, InvestmentKind
from service.measures.portfolio import own_capacity_kw, portfolio
from service.measures.queries import find_investments
from service.measures.schemas import InvestmentInput
from service.registers.operations import add_row
from tests.builders import NOW, a_plant
from tests.measures.builders import ENGINEER

PRICES = (0.0, 200.0, 500.0)


def an_investment(session: Session, **fields: object) -> Investment:
    given: dict[str, object] = {
        "kind": InvestmentKind.EQUIPMENT,
        "name_zh": "某投资",
        "name_en": "Some investment",
        "first_year": 2026,
        "lifetime_years": 10,
        "source": "Offer",
        **fields,
    }
    return add_row(session, Investment, InvestmentInput.model_validate(given), by=ENGINEER, at=NOW)


def test_npv_and_cost_per_tonne_match_a_hand_calculation(session: Session) -> None:
    an_investment(session, capex_cny=12e6, yearly_gain_cny=1.5e6, avoided_t_co2_per_a=4000.0)

    (worth,) = portfolio(find_investments(session), rate=0.08, prices=PRICES)

    # annuity factor of 10 years at 8 %: 6.710081; -12 000 000 + 1 500 000 x 6.710081 = -1 934 878
    assert worth.npv_cny[0.0] == pytest.approx(-1_934_878, abs=1)
    # 12 000 000 x 0.149029 - 1 500 000 = 288 354 a year over 4000 t
    assert worth.cny_per_t == pytest.approx(72.1, abs=0.05)
    assert worth.levelised_cny_per_t == pytest.approx(worth.cny_per_t)
    assert worth.payback_years == pytest.approx(8.0)
    assert worth.discounted_payback_years is None


def test_ranking_under_three_carbon_prices(session: Session) -> None:
    gainful = an_investment(session, name_en="Gainful", capex_cny=1e6, yearly_gain_cny=3e5, avoided_t_co2_per_a=10.0)
    clean = an_investment(session, name_en="Clean", capex_cny=1e6, yearly_gain_cny=1e5, avoided_t_co2_per_a=1200.0)

    worths = {one.investment.id: one for one in portfolio(find_investments(session), rate=0.08, prices=PRICES)}

    # 6.710081 x 300 000 - 1 000 000 = 1 013 024 against 6.710081 x 100 000 - 1 000 000 = -328 992;
    # at 200 yuan/t 6.710081 x 2 000 = 13 420 more against 6.710081 x 240 000 = 1 610 419 more
    assert [worths[gainful.id].npv_cny[price] for price in PRICES[:2]] == pytest.approx([1_013_024, 1_026_444], abs=1)
    assert [worths[clean.id].npv_cny[price] for price in PRICES[:2]] == pytest.approx([-328_992, 1_281_427], abs=1)
    assert [worths[gainful.id].rank[price] for price in PRICES] == [1, 2, 2]


def test_own_generation_is_counted_in_kilowatts_by_site(session: Session) -> None:
    plant = a_plant(session)
    makes = {"plant_id": plant.id, "capex_cny": 1e6, "yearly_gain_cny": 1e5, "avoided_t_co2_per_a": 400.0}
    an_investment(session, kind="photovoltaics", capacity_kw=600.0, generation_kwh_per_a=6e5, **makes)
    an_investment(session, kind="wind", capacity_kw=3000.0, generation_kwh_per_a=8e6, **makes)
    an_investment(session, **makes)

    assert own_capacity_kw(find_investments(session)) == {plant.id: (3600.0, 8.6e6)}
