"""What a measure costs: annuities, present values, payback, and the cost of a tonne not emitted.

Cash flows are yuan at the end of each year, year 0 being the year of the first payment; what is received is positive. Formulas are
those of any textbook of investment; the worked example of the tests is 72.1 yuan/t, and 80.8 yuan/t where the abatement shrinks.
"""

from collections.abc import Sequence


def crf(rate: float, years: int) -> float:
    """Return the capital recovery factor: the yearly payment that repays 1 yuan over `years` at interest `rate` (0.08 for 8 %)."""
    if rate == 0.0:
        return 1.0 / years
    growth = (1.0 + rate) ** years
    return rate * growth / (growth - 1.0)


def yearly_cost_cny(capex_cny: float, *, rate: float, years: int, opex_change_cny: float = 0.0, savings_cny: float = 0.0) -> float:
    """Return the equivalent annual cost: the annuity of the investment and what running costs more, less what is saved.

    Negative for a measure that pays for itself.
    """
    return capex_cny * crf(rate, years) + opex_change_cny - savings_cny


def present_value(flows: Sequence[float], *, rate: float) -> float:
    """Return what flows of year 0, 1, 2... are worth in year 0."""
    return sum(flow / (1.0 + rate) ** year for year, flow in enumerate(flows))


def npv(flows: Sequence[float], *, rate: float) -> float:
    """Return the net present value of an investment, whose first flows are negative."""
    return present_value(flows, rate=rate)


def payback_years(flows: Sequence[float], *, rate: float = 0.0) -> float | None:
    """Return after how many years the flows have paid back what was spent, within a year in proportion; None if never.

    A `rate` above zero gives the discounted payback. What falls below zero again later is not paid back yet.
    """
    balance, paid_back = 0.0, None
    for year, flow in enumerate(flows):
        before, worth = balance, flow / (1.0 + rate) ** year
        balance += worth
        if balance < 0.0:
            paid_back = None
        elif paid_back is None:
            paid_back = float(year) if before >= 0.0 else year - 1 + -before / worth
    return paid_back


def abatement_cost(yearly_cny: float, t_co2: float) -> float | None:
    """Return yuan per tonne; None where nothing is avoided, because a quotient would be meaningless."""
    return yearly_cny / t_co2 if t_co2 > 0.0 else None


def levelised_abatement_cost(costs_cny: Sequence[float], t_co2: Sequence[float], *, rate: float) -> float | None:
    """Return yuan per tonne where the tonnes change over the years: present value of costs over that of tonnes.

    A grid that gets cleaner lets a measure avoid less each year, so that each tonne costs more than a first year's quotient says.
    """
    return abatement_cost(present_value(costs_cny, rate=rate), present_value(t_co2, rate=rate))
