"""The money of a measure: its flows, its equivalent annual cost, its worth; as it says, with nothing for carbon.

Year 0 is the year of the begin. What is spent earlier or later is brought to it; running cost and savings come at the end of each
of the years 1 to the end of its life, as in the worked example of `strategy.finance`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.measures.schemas import MeasureContent
from service.strategy.finance import npv, payback_years, yearly_cost_cny


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What a measure costs.

    Attributes
    ----------
    yearly_cny
        Equivalent annual cost; negative if it pays for itself.
    payback_years, discounted_payback_years
        From the year of the begin; None if never.

    """

    capex_cny: float
    yearly_cny: float
    npv_cny: float
    payback_years: float | None
    discounted_payback_years: float | None


def flows_of(content: MeasureContent, *, rate: float) -> Sequence[float]:
    """Return the flows of years 0, 1, 2... from the begin, yuan; the investment as it is worth in the year of the begin."""
    gain = content.savings_cny - content.opex_change_cny
    return [-_capex(content, rate), *[gain] * content.lifetime_years]


def money_of(content: MeasureContent, *, rate: float) -> Money:
    """Return what a measure costs at a discount rate."""
    flows = flows_of(content, rate=rate)
    return Money(
        capex_cny=sum(content.capex_cny.values()),
        yearly_cny=yearly_cost_cny(
            -flows[0],
            rate=rate,
            years=content.lifetime_years,
            opex_change_cny=content.opex_change_cny,
            savings_cny=content.savings_cny,
        ),
        npv_cny=npv(flows, rate=rate),
        payback_years=payback_years(flows),
        discounted_payback_years=payback_years(flows, rate=rate),
    )


def capex_by_age(content: MeasureContent) -> Sequence[float]:
    """Return what is invested in the year of the begin and after it; what is spent before falls into the begin."""
    if not content.capex_cny:
        return (0.0,)
    ages = {max(0, year - content.begins) for year in content.capex_cny}
    return [
        sum(cny for year, cny in content.capex_cny.items() if max(0, year - content.begins) == age) for age in range(max(ages) + 1)
    ]


def _capex(content: MeasureContent, rate: float) -> float:
    return sum(cny / (1.0 + rate) ** (year - content.begins) for year, cny in content.capex_cny.items())
