"""Money planned and spent for the plan, by year and by measure."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.governance.models import FundingItem, FundingYear


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Planned and spent money of some years.

    Attributes
    ----------
    spent_cny
        Of the years whose accounts are closed; None where none is.
    deviation_cny
        Spent minus planned, of those same years only: an open year is no saving.

    """

    planned_cny: float
    spent_cny: float | None
    deviation_cny: float | None
    open_years: tuple[int, ...]


def spending_of(years: Iterable[FundingYear]) -> Spending:
    """Return the sums of some years."""
    rows = list(years)
    closed = [(one.planned_cny, one.spent_cny) for one in rows if one.spent_cny is not None]
    spent = sum(amount for _, amount in closed) if closed else None
    return Spending(
        planned_cny=sum(one.planned_cny for one in rows),
        spent_cny=spent,
        deviation_cny=None if spent is None else spent - sum(planned for planned, _ in closed),
        open_years=tuple(sorted({one.year for one in rows if one.spent_cny is None})),
    )


def spending_by_year(years: Sequence[FundingYear]) -> Mapping[int, Spending]:
    """Return the sums of each year."""
    return {year: spending_of(one for one in years if one.year == year) for year in sorted({one.year for one in years})}


def spending_by_measure(items: Sequence[FundingItem], years: Sequence[FundingYear]) -> Mapping[uuid.UUID | None, Spending]:
    """Return the sums of each measure; None holds what is for the plan as a whole."""
    measure_of = {item.id: item.measure_id for item in items}
    measures = list(dict.fromkeys(measure_of.values()))
    rows = [one for one in years if one.funding_item_id in measure_of]
    return {one: spending_of(row for row in rows if measure_of[row.funding_item_id] == one) for one in measures}
