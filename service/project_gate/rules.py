"""What the gate asks of a project: one function for each rule, pure, on the project, the company's own limits and the rule's row.

A light is red where a limit is broken that the company has set itself, amber where an authority or a document has to be asked or
something is not known, green where nothing is asked. Rules whose documents nobody has read never turn red: they ask.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from service.strategy.finance import npv

_10K: Final = 10_000.0


class GateLight(StrEnum):
    """What a rule says of a project."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Remark(StrEnum):
    """Why a light is as it is."""

    WITHIN = "within"
    NOT_CONCERNED = "not_concerned"
    LISTED = "listed"
    ABOVE_THRESHOLD = "above_threshold"
    ABOVE_LIMIT = "above_limit"
    BETWEEN = "between"
    NOT_KNOWN = "not_known"
    OUTSIDE_PARK = "outside_park"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The figures of a proposal that rules look at; units as in `models.ProjectProposal`."""

    process: str
    class_code: str
    commissioning_year: int
    energy_tce: float
    energy_equal_value_tce: float
    electricity_kwh: float
    coal_t: float
    output_10k_cny: float
    kwh_per_t: float
    t_co2: float
    avoided_t_co2: float
    green_share: float
    is_in_park: bool
    capex_10k_cny: float
    yearly_gain_10k_cny: float
    lifetime_years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule as it holds on the day of an assessment.

    Attributes
    ----------
    limit
        In the unit; None where the rule has none, or takes it from the company's own figures.
    confidence
        `verified`: the document was read; `unverified`: it was not; `internal`: the company's own rule.

    """

    rule: str
    limit: float | None
    unit: str
    classes: tuple[str, ...]
    source: str
    source_zh: str
    confidence: str
    valid_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFacts:
    """What the company's own figures say; None where something is missing, which is never green.

    Attributes
    ----------
    energy_path, carbon_path
        tce and t CO2 per 10 000 yuan that the target path leaves in the year of commissioning.
    best_kwh_per_t, p60_kwh_per_t
        Of verified graphitization furnaces: the best, and what 60 % of them stay below.
    green_duty
        The province's weight of renewable electricity, 0 to 1.
    carbon_prices
        Yuan per t CO2 in each year of the project's life, None where no price is set.
    discount_rate
        Of the price ladder.

    """

    energy_path: float | None
    carbon_path: float | None
    best_kwh_per_t: float | None
    p60_kwh_per_t: float | None
    green_duty: float | None
    carbon_prices: tuple[float, ...] | None
    discount_rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one rule says.

    Attributes
    ----------
    value, limit
        In `unit`; None where the rule compares nothing or does not know.
    documents
        Keys of the documents that it asks for.

    """

    rule: str
    light: GateLight
    remark: Remark
    value: float | None
    limit: float | None
    unit: str
    documents: tuple[str, ...]
    source: str
    source_zh: str
    confidence: str
    valid_from: str


def project_of(proposal: Any) -> Project:  # noqa: ANN401 - a row or a form, which have the same names
    """Return the figures of a proposal."""
    return Project(**{one.name: getattr(proposal, one.name) for one in fields(Project)})


Check = Callable[[Project, CompanyFacts, RuleRow], Outcome]


def assess(project: Project, company: CompanyFacts, rows: Sequence[RuleRow]) -> tuple[Outcome, ...]:
    """Return what every rule in force says, in the order of the rows."""
    return tuple(CHECKS[row.rule](project, company, row) for row in rows)


def worst(outcomes: Sequence[Outcome]) -> GateLight:
    """Return the worst light."""
    order = (GateLight.GREEN, GateLight.AMBER, GateLight.RED)
    return max((one.light for one in outcomes), key=order.index, default=GateLight.GREEN)


def net_value_10k_cny(project: Project, company: CompanyFacts) -> float | None:
    """Return the net present value with each year's carbon price on what is avoided; None while no price is set."""
    if company.carbon_prices is None or company.discount_rate is None:
        return None
    gains = [project.yearly_gain_10k_cny + project.avoided_t_co2 * price / _10K for price in company.carbon_prices]
    return npv([-project.capex_10k_cny, *gains], rate=company.discount_rate)


def _said(
    row: RuleRow,
    light: GateLight,
    remark: Remark,
    *documents: str,
    value: float | None = None,
    limit: float | None = None,
) -> Outcome:
    return Outcome(
        rule=row.rule,
        light=light,
        remark=remark,
        value=value,
        limit=limit,
        unit=row.unit,
        documents=documents,
        source=row.source,
        source_zh=row.source_zh,
        confidence=row.confidence,
        valid_from=row.valid_from,
    )


def _threshold(value: float, row: RuleRow, *documents: str, otherwise: Sequence[str] = ()) -> Outcome:
    """Return amber with documents from the limit on, else green, where lesser documents may be asked for."""
    limit = row.limit or 0.0
    if value > limit or (value == limit and limit > 0.0):
        return _said(row, GateLight.AMBER, Remark.ABOVE_THRESHOLD, *documents, value=value, limit=limit)
    return _said(row, GateLight.GREEN, Remark.WITHIN, *otherwise, value=value, limit=limit)


def _own_limit(value: float | None, limit: float | None, row: RuleRow, document: str, *, at_least: bool = False) -> Outcome:
    """Return red where a limit of the company's own is broken, and amber where it is not known."""
    if value is None or limit is None:
        return _said(row, GateLight.AMBER, Remark.NOT_KNOWN, document, value=value, limit=limit)
    holds = value >= limit if at_least else value <= limit
    if holds:
        return _said(row, GateLight.GREEN, Remark.WITHIN, value=value, limit=limit)
    return _said(row, GateLight.RED, Remark.ABOVE_LIMIT, document, value=value, limit=limit)


def _catalogue(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    del company
    if project.class_code in row.classes:
        return _said(row, GateLight.AMBER, Remark.LISTED, "catalogue_opinion", "environmental_approval")
    return _said(row, GateLight.GREEN, Remark.NOT_CONCERNED)


def _energy_review(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    del company
    return _threshold(project.energy_tce, row, "energy_review", otherwise=("energy_commitment",))


def _energy_review_electricity(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    del company
    return _threshold(project.electricity_kwh, row, "energy_review")


def _provincial_review(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    del company
    return _threshold(project.energy_equal_value_tce, row, "energy_review", "replacement_plan")


def _carbon_evaluation(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    del company
    return _threshold(project.energy_tce, row, "carbon_evaluation")


def _coal(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    del company
    return _threshold(project.coal_t, row, "replacement_plan")


def _park(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    del company
    if project.is_in_park:
        return _said(row, GateLight.GREEN, Remark.WITHIN, "park_certificate")
    return _said(row, GateLight.AMBER, Remark.OUTSIDE_PARK, "park_certificate", "environmental_approval")


def _peer_furnace(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    del company
    if project.process != _FURNACE:
        return _said(row, GateLight.GREEN, Remark.NOT_CONCERNED)
    return _threshold(project.kwh_per_t, row, "efficiency_plan")


def _own_benchmark(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    if project.process != _FURNACE:
        return _said(row, GateLight.GREEN, Remark.NOT_CONCERNED)
    found = _own_limit(project.kwh_per_t, company.p60_kwh_per_t, row, "efficiency_plan")
    best = company.best_kwh_per_t
    if found.light is GateLight.GREEN and best is not None and project.kwh_per_t > best:
        return _said(row, GateLight.AMBER, Remark.BETWEEN, "efficiency_plan", value=project.kwh_per_t, limit=best)
    return found


def _energy_path(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    return _own_limit(_per_output(project.energy_tce, project), company.energy_path, row, "target_plan")


def _carbon_path(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    return _own_limit(_per_output(project.t_co2, project), company.carbon_path, row, "target_plan")


def _green_share(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    found = _own_limit(project.green_share, company.green_duty, row, "green_power_plan", at_least=True)
    if found.light is not GateLight.RED:
        return found
    return _said(row, GateLight.AMBER, found.remark, *found.documents, value=found.value, limit=found.limit)


def _net_value(project: Project, company: CompanyFacts, row: RuleRow) -> Outcome:
    return _own_limit(net_value_10k_cny(project, company), row.limit or 0.0, row, "target_plan", at_least=True)


def _per_output(amount: float, project: Project) -> float | None:
    return amount / project.output_10k_cny if project.output_10k_cny > 0.0 else None


_FURNACE: Final = "graphitization"

CHECKS: Final[Mapping[str, Check]] = {
    "catalogue": _catalogue,
    "energy_review": _energy_review,
    "energy_review_electricity": _energy_review_electricity,
    "provincial_review": _provincial_review,
    "carbon_evaluation": _carbon_evaluation,
    "coal": _coal,
    "park": _park,
    "peer_furnace": _peer_furnace,
    "own_benchmark": _own_benchmark,
    "energy_path": _energy_path,
    "carbon_path": _carbon_path,
    "green_share": _green_share,
    "net_value": _net_value,
}
