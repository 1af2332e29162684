"""The same product under the electricity views: national headline, provinces (screening), contracts, EU draft, China label.

Only electricity that the model knows by kWh changes with the view: that of the maker's plant, of toll graphitization and of toll
carbonization. Electricity inside a supplier's factor stays as the supplier or the database counted it.
"""

import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from lca_models.calculation import Footprint, calculate_footprint
from lca_models.electricity import (
    CHINA_LABEL,
    EU_DRAFT,
    MARKET,
    NATIONAL,
    PROVINCE,
    ElectricityTable,
    ElectricityView,
    mixed_factor,
)
from lca_models.model import Model
from service.errors import N_
from service.footprints.parameter_setting import Answers, ParametersError, Values
from service.footprints.provenance import Part, Provenance
from service.submissions.queries import AcceptedAnswers

ViewKey = Literal["national", "provinces", "market", "eu_draft", "china_label"]
HEADLINE: Final[ViewKey] = "national"
PROVINCES: Final[ViewKey] = "provinces"
VIEWS: Final[tuple[ViewKey, ...]] = (HEADLINE, PROVINCES, MARKET, EU_DRAFT, CHINA_LABEL)

# kWh of a step by the parameter that characterises them; the rest of the route is the maker's plant.
_STEPS: Final[Mapping[str, str]] = {
    "graphitization_electricity_kg_co2e_per_kwh": "graphitization_electricity_kwh_per_kg",
    "carbonization_electricity_kg_co2e_per_kwh": "carbonization_electricity_kwh_per_kg",
}
# The questionnaire does not ask for the technology of green power; the highest of the green supplies counts for all of it.
_GREEN_SUPPLY: Final = "solar_pv"
# An own power plant of a supplier counts as coal-fired until its fuel is known.
_CAPTIVE_SUPPLY: Final = "electricity_gen_coal"
_CAPTIVE: Final = "captive"
_CONTRACT_EVIDENCE: Final = frozenset({"metered", "billed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Locations:
    """Where electricity is used, and what the maker's plant has evidence for.

    Attributes
    ----------
    plant, suppliers
        ISO 3166-2 codes.
    plant_shares
        Shares of the plant's electricity with evidenced contracts or direct lines, by the name of the model's parameter.
    plant_claims
        Ids of the claims of green power that these shares are made of, in order.

    """

    plant: str
    suppliers: Mapping[uuid.UUID, str]
    plant_shares: Mapping[str, float] = field(default_factory=dict)
    plant_claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One user of electricity in one view.

    Attributes
    ----------
    step
        The electricity parameter it counts for; empty for the maker's plant.
    kwh_share
        Share of the step's electricity, 0 to 1.
    contract_share, direct_line_share
        Shares of its electricity with evidenced green contracts, and from evidenced direct lines, 0 to 1. Contracts count in the
        market and China label views; direct lines in these and the EU draft.

    """

    step: str
    supplier_id: uuid.UUID | None
    province: str | None
    kwh_share: float
    kg_co2e_per_kwh: float
    contract_share: float
    direct_line_share: float
    is_captive: bool

    def as_dict(self) -> dict[str, Any]:
        """Return what a record keeps."""
        return {
            "step": self.step,
            "supplier_id": None if self.supplier_id is None else str(self.supplier_id),
            "province": self.province,
            "kwh_share": self.kwh_share,
            "kg_co2e_per_kwh": self.kg_co2e_per_kwh,
            "contract_share": self.contract_share,
            "direct_line_share": self.direct_line_share,
            "is_captive": self.is_captive,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A footprint under one electricity view; `factor_set` is where the factor of the plant's electricity comes from."""

    key: ViewKey
    footprint: Footprint
    sites: tuple[Site, ...]
    factor_set: Mapping[str, str] | None

    def as_dict(self) -> dict[str, Any]:
        """Return what a record keeps."""
        parameters = self.footprint.parameters
        return {
            "view": self.key,
            "total_kg_co2e": self.footprint.total_kg_co2e,
            "by_stage": dict(self.footprint.by_stage_kg_co2e),
            "kg_co2e_per_kwh": parameters["electricity_kg_co2e_per_kwh"],
            "graphitization_kg_co2e_per_kwh": parameters["graphitization_electricity_kg_co2e_per_kwh"],
            "carbonization_kg_co2e_per_kwh": parameters["carbonization_electricity_kg_co2e_per_kwh"],
            "factor_set": self.factor_set,
            "is_headline": self.key == HEADLINE,
            "is_screening": self.key == PROVINCES,
            "sites": [site.as_dict() for site in self.sites],
        }


def calculate_views(
    model: Model, parameters: Values, provenance: Mapping[str, Provenance], *, answers: Answers, locations: Locations
) -> tuple[View, ...]:
    """Return the footprint under each view, the headline first; Brightway checks each of them."""
    supply = _Supply(model=model, answers=answers, locations=locations)
    return tuple(_view(model, key, parameters, provenance, supply) for key in VIEWS)


def headline_parameters(
    model: Model, parameters: Values, provenance: Mapping[str, Provenance], *, answers: Answers, locations: Locations
) -> dict[str, float | str]:
    """Return all that the headline is calculated with: the parameters, and the factor of electricity from own power plants."""
    factors, _ = _step_factors(HEADLINE, provenance, _Supply(model=model, answers=answers, locations=locations))
    return {**parameters, **factors}


def _factor_set(table: ElectricityTable, view: ElectricityView) -> dict[str, str] | None:
    """Return the set that a view's factor comes from."""
    head = table.set_of(view)
    return None if head is None else {"key": head.key, "name_zh": head.name_zh, "name_en": head.name_en}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Supply:
    """Life-cycle factors of electricity by view and user."""

    model: Model
    answers: Answers
    locations: Locations

    def plant_view(self, key: ViewKey) -> ElectricityView:
        """Return the model's view for the maker's plant; a province without factor takes the national one."""
        return self._view(key, self.locations.plant)

    def site(self, key: ViewKey, step: str, part: Part, kwh_share: float) -> Site:
        """Return who uses a part of a step's electricity, and its factor."""
        answers = self.answers.get(part.supplier_id) if part.supplier_id else None
        province = self._province(part)
        is_captive = answers is not None and answers.values.get("power_source") == _CAPTIVE
        shares = self._shares(part, answers)
        return Site(
            step=step,
            supplier_id=part.supplier_id,
            province=province,
            kwh_share=kwh_share,
            kg_co2e_per_kwh=self._captive() if is_captive else self._factor(key, province, shares),
            contract_share=_sum_of(shares, "contract_"),
            direct_line_share=_sum_of(shares, "direct_line_"),
            is_captive=is_captive,
        )

    def plant_site(self, footprint: Footprint) -> Site:
        """Return the maker's plant itself."""
        return Site(
            step="",
            supplier_id=None,
            province=self.locations.plant,
            kwh_share=1.0,
            kg_co2e_per_kwh=_plant_factor(footprint),
            contract_share=_sum_of(self.locations.plant_shares, "contract_"),
            direct_line_share=_sum_of(self.locations.plant_shares, "direct_line_"),
            is_captive=False,
        )

    def _province(self, part: Part) -> str | None:
        if part.place == "own":
            return self.locations.plant
        return self.locations.suppliers.get(part.supplier_id) if part.supplier_id else None

    def _shares(self, part: Part, answers: AcceptedAnswers | None) -> Mapping[str, float]:
        """Return the evidenced shares of a site; suppliers tell of contracts only, without the technology."""
        if part.place == "own":
            return self.locations.plant_shares
        return {f"contract_{_GREEN_SUPPLY}_share": _contract_share(answers)} if answers else {}

    def _view(self, key: ViewKey, province: str | None) -> ElectricityView:
        table = self.model.electricity
        wanted = f"{PROVINCE}{province}" if key == PROVINCES else key
        return table.views.get(wanted) or table.view(NATIONAL)

    def _factor(self, key: ViewKey, province: str | None, shares: Mapping[str, float]) -> float:
        view = self._view(key, province)
        if not view.is_mixed:
            return view.kg_co2e_per_kwh
        return float(mixed_factor(self.model.electricity, view, "", lambda name: shares.get(name, 0.0)))

    def _captive(self) -> float:
        return self.model.factors.life_cycle[_CAPTIVE_SUPPLY].value


def _view(model: Model, key: ViewKey, parameters: Values, provenance: Mapping[str, Provenance], supply: _Supply) -> View:
    factors, sites = _step_factors(key, provenance, supply)
    view = supply.plant_view(key)
    shares = supply.locations.plant_shares if view.is_mixed else {}
    footprint = calculate_footprint(model, {**parameters, **shares, **factors}, electricity=view)
    return View(
        key=key,
        footprint=footprint,
        sites=(supply.plant_site(footprint), *(site for found in sites.values() for site in found)),
        factor_set=_factor_set(model.electricity, view),
    )


def _step_factors(
    key: ViewKey, provenance: Mapping[str, Provenance], supply: _Supply
) -> tuple[dict[str, float], dict[str, tuple[Site, ...]]]:
    """Return the factor of each step's electricity, where it is not the plant's, and who uses it."""
    # A step done in the maker's plant alone follows the plant's factor by itself.
    shared = {step: kwh for step, kwh in _STEPS.items() if any(part.place != "own" for part in provenance[kwh].parts)}
    sites = {step: tuple(_sites(key, step, provenance[kwh].parts, supply)) for step, kwh in shared.items()}
    factors = {
        step: _step_factor(found) for step, found in sites.items() if key != HEADLINE or any(site.is_captive for site in found)
    }
    return factors, sites


def _plant_factor(footprint: Footprint) -> float:
    return float(footprint.parameters["electricity_kg_co2e_per_kwh"])


def _sum_of(shares: Mapping[str, float], beginning: str) -> float:
    return math.fsum(share for name, share in shares.items() if name.startswith(beginning))


def _step_factor(sites: Iterable[Site]) -> float:
    return math.fsum(site.kwh_share * site.kg_co2e_per_kwh for site in sites)


def _sites(key: ViewKey, step: str, parts: Iterable[Part], supply: _Supply) -> Iterable[Site]:
    kwh = [(part, part.weight * part.value) for part in parts]
    total = sum(amount for _, amount in kwh)
    return (supply.site(key, step, part, amount / total if total else part.weight) for part, amount in kwh)


def _contract_share(answers: AcceptedAnswers) -> float:
    """Return the share of a site's purchased electricity that certificates or contract settlements back, 0 to 1."""
    green, grid = answers.values.get("green_electricity"), answers.values.get("grid_electricity")
    evidence = str(answers.evidence_kinds.get("green_electricity") or answers.values.get("evidence_source") or "")
    if not isinstance(green, int | float) or not isinstance(grid, int | float) or grid <= 0 or evidence not in _CONTRACT_EVIDENCE:
        return 0.0
    if green > grid:
        raise ParametersError(
            N_(
                "%(submission)s claims %(green)s kWh of green electricity, more than the %(grid)s kWh bought. "
                "Return the submission to the supplier."
            ),
            submission=answers.number,
            green=f"{green:,.10g}",
            grid=f"{grid:,.10g}",
        )
    return green / grid
