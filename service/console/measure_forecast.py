"""What is expected of the targets' figure once the decided measures are carried out: the forecast less what they avoid together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.accounts.access import Context
from service.console.target_charts import View
from service.errors import ServiceError
from service.measures.curves import compatible
from service.measures.effects import avoided_in, headline, solve_measures
from service.measures.queries import DECIDED, measures_of
from service.measures.site_accounts import Line
from service.targets.catalogue import Indicator
from service.targets.standing import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The likely figure of each forecast year, or what stands in the way of it; neither where there is nothing to expect."""

    by_year: Mapping[int, float] = field(default_factory=dict)
    problem: ServiceError | None = None


def expected_with_measures(context: Context, record: Record, view: View, *, until: int) -> Expected:
    """Return the likely figure of each forecast year in the unit of the view.

    Only measures that another person has approved count, and only CO2: the model's account has no standard coal.
    """
    forecast = record.forecast
    measures = compatible(measures_of(context.session, statuses=DECIDED))
    if forecast is None or view.indicator is not Indicator.CO2 or not measures:
        return Expected()
    try:
        solved = solve_measures(context.session, measures)
        avoided = {year: avoided_in(context.session, solved, year=year) for year in forecast.years if year <= until}
    except ServiceError as error:
        return Expected(problem=error)
    volume = forecast.volume(view.basis)
    found: dict[int, float] = {}
    for year, lines in avoided.items():
        if year in volume and volume[year].p50 > 0.0:
            toll = forecast.toll_t_co2[year].p50 - lines[Line.TOLL] if view.with_toll else 0.0
            left = forecast.t_co2[year].p50 - headline(lines, solved.scope) + toll
            found[year] = left / volume[year].p50
    return Expected(by_year=found)
