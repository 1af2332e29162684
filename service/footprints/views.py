"""The same product under the electricity views: national headline, provinces of the plants (screening), evidenced contracts.

Only electricity that the model knows by kWh changes with the view: that of the maker's plant, of toll graphitization and of toll
carbonization. Electricity inside a supplier's factor stays as the supplier or the database counted it.
"""

import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from lca_models.calculation import Footprint, calculate_footprint
from lca_models.electricity import MARKET, NATIONAL, PROVINCE
from lca_models.model import Model
from service.errors import N_
from service.footprints.parameters import Answers, ParametersError, Values
from service.footprints.provenance import Part, Provenance
from service.submissions.queries import AcceptedAnswers

ViewKey = Literal["national", "provinces", "market"]
HEADLINE: Final[ViewKey] = "national"
PROVINCES: Final[ViewKey] = "provinces"

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
    """Where electricity is used: ISO 3166-2 codes of the maker's plant and of suppliers."""

    plant: str
    suppliers: Mapping[uuid.UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One user of electricity in one view.

    Attributes
    ----------
    step
        The electricity parameter it counts for; empty for the maker's plant.
    kwh_share
        Share of the step's electricity, 0 to 1.
    contract_share
        Share of its electricity with evidenced green contracts, 0 to 1; counted in the market view only.

    """

    step: str
    supplier_id: uuid.UUID | None
    province: str | None
    kwh_share: float
    kg_co2e_per_kwh: float
    contract_share: float
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
            "is_captive": self.is_captive,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A footprint under one electricity view."""

    key: ViewKey
    footprint: Footprint
    sites: tuple[Site, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what a record keeps."""
        parameters = self.footprint.parameters
        return {
            "view": self.key,
            "total_kg_co2e": self.footprint.total_kg_co2e,
            "by_stage": dict(self.footprint.by_stage_kg_co2e),
            "kg_co2e_per_kwh": parameters["electricity_kg_co2e_per_kwh"],
            "graphitization_kg_co2e_per_kwh": parameters["graphitization_electricity_kg_co2e_per_kwh"],
            "is_headline": self.key == HEADLINE,
            "is_screening": self.key == PROVINCES,
            "sites": [site.as_dict() for site in self.sites],
        }


def calculate_views(
    model: Model, parameters: Values, provenance: Mapping[str, Provenance], *, answers: Answers, locations: Locations
) -> tuple[View, ...]:
    """Return the footprint under each view, the headline first; Brightway checks each of them."""
    supply = _Supply(model=model, answers=answers, locations=locations)
    return tuple(_view(model, key, parameters, provenance, supply) for key in (HEADLINE, PROVINCES, "market"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Supply:
    """Life-cycle factors of electricity by view and user."""

    model: Model
    answers: Answers
    locations: Locations

    def plant_view(self, key: ViewKey) -> str:
        """Return the model's view for the maker's plant; a province without factor takes the national one."""
        by_key = {HEADLINE: NATIONAL, "market": MARKET, PROVINCES: self._province_view(self.locations.plant)}
        return by_key[key]

    def site(self, key: ViewKey, step: str, part: Part, kwh_share: float) -> Site:
        """Return who uses a part of a step's electricity, and its factor."""
        answers = self.answers.get(part.supplier_id) if part.supplier_id else None
        province = self._province(part)
        contracts = _contract_share(answers) if answers else 0.0
        is_captive = answers is not None and answers.values.get("power_source") == _CAPTIVE
        return Site(
            step=step,
            supplier_id=part.supplier_id,
            province=province,
            kwh_share=kwh_share,
            kg_co2e_per_kwh=self._captive() if is_captive else self._factor(key, province, contracts),
            contract_share=contracts,
            is_captive=is_captive,
        )

    def _province(self, part: Part) -> str | None:
        if part.place == "own":
            return self.locations.plant
        return self.locations.suppliers.get(part.supplier_id) if part.supplier_id else None

    def _province_view(self, province: str | None) -> str:
        key = f"{PROVINCE}{province}"
        return key if key in self.model.electricity.views else NATIONAL

    def _factor(self, key: ViewKey, province: str | None, contracts: float) -> float:
        table = self.model.electricity
        if key == "market":
            green = table.green_supply[_GREEN_SUPPLY].value
            return contracts * green + (1.0 - contracts) * table.view(MARKET).kg_co2e_per_kwh
        return table.view(self._province_view(province) if key == PROVINCES else NATIONAL).kg_co2e_per_kwh

    def _captive(self) -> float:
        return self.model.factors.life_cycle[_CAPTIVE_SUPPLY].value


def _view(model: Model, key: ViewKey, parameters: Values, provenance: Mapping[str, Provenance], supply: _Supply) -> View:
    # A step done in the maker's plant alone follows the plant's factor by itself.
    shared = {step: kwh for step, kwh in _STEPS.items() if any(part.place != "own" for part in provenance[kwh].parts)}
    sites = {step: tuple(_sites(key, step, provenance[kwh].parts, supply)) for step, kwh in shared.items()}
    factors = {
        step: _step_factor(found) for step, found in sites.items() if key != HEADLINE or any(site.is_captive for site in found)
    }
    footprint = calculate_footprint(model, {**parameters, **factors}, electricity=supply.plant_view(key))
    plant = Site(
        step="",
        supplier_id=None,
        province=supply.locations.plant,
        kwh_share=1.0,
        kg_co2e_per_kwh=footprint.electricity_view.kg_co2e_per_kwh,
        contract_share=0.0,
        is_captive=False,
    )
    return View(key=key, footprint=footprint, sites=(plant, *(site for found in sites.values() for site in found)))


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
