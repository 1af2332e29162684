"""What makes the difference between a base and scenarios over it, in steps that sum to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.calculation import calculate_footprint
from lca_models.explanations.comparison import Grouping, Rule, Side
from lca_models.model import Model
from lca_models.scenarios import Combination
from service.console.footprint_comparison import chart_of, step_line
from service.errors import ServiceError
from service.footprints.explaining import compare
from service.i18n import Locale, explain
from service.web.charts_changes import Waterfall

MOST: Final = 6
"""Scenarios that are taken apart on one page; each is up to some thousand calculations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioWaterfall:
    """The steps from the base to one scenario; without `chart`, `problem` says why."""

    name: str
    chart: Waterfall | None
    is_exact: bool = True
    calculations: int = 0
    problem: str = ""


def scenario_waterfalls(
    model: Model, combinations: Sequence[Combination], names: Sequence[str], *, locale: Locale
) -> list[ScenarioWaterfall]:
    """Return the steps from the first combination to each of the others, the first few of them."""
    before = _side(model, combinations[0])
    chosen = list(zip(combinations, names, strict=True))[1 : MOST + 1]
    return [_steps(before, _side(model, one), name, locale) for one, name in chosen]


def _side(model: Model, combination: Combination) -> Side:
    case = combination.case
    return Side(model=model, footprint=calculate_footprint(model, case.parameters, electricity=case.electricity, check=False))


def _steps(before: Side, after: Side, name: str, locale: Locale) -> ScenarioWaterfall:
    try:
        found = compare(before, after, grouping=Grouping.GROUP)
    except ServiceError as error:
        return ScenarioWaterfall(name=name, chart=None, problem=explain(locale, error))
    lines = [step_line(step, after, locale, is_group=True) for step in found.steps]
    return ScenarioWaterfall(
        name=name, chart=chart_of(found, lines), is_exact=found.rule is Rule.SHAPLEY, calculations=found.combinations
    )
