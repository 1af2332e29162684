"""Electricity views of a product footprint: what a kilowatt hour counts under each rule, all from one table.

Life-cycle factors and direct-CO2 factors stand in one official table but are different types here: only `LifeCycleFactor` can
become a view.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from lca_models.errors import N_, DirectCo2FactorError, FactorSetError, Notice, ParameterError
from lca_models.factor_sets import (
    AVERAGE,
    CHINA,
    DELIVERED,
    GENERATION,
    GRID_WITHOUT_LOSSES,
    RESIDUAL,
    SCREENING,
    DirectCo2Set,
    FactorSet,
    Family,
    LifeCycleSet,
    SetHead,
    read_factor_sets,
)
from lca_models.formulas import Number
from lca_models.inventory import DirectCo2Factor, LifeCycleFactor

Status = Literal["official", "screening", "contracts", "unconfirmed", "explicit"]

NATIONAL: Final = "national"
MARKET: Final = "market"
EU_DRAFT: Final = "eu_draft"
CHINA_LABEL: Final = "china_label"
EXPLICIT: Final = "explicit"
PROVINCE: Final = "province:"

CONTRACTED: Final = ("wind", "solar_pv", "hydro", "nuclear", "biomass")
"""What contracts with cancelled certificates may stand for, as the parameters name it."""
DIRECT_LINES: Final = ("wind", "solar_pv", "hydro")
"""What may stand behind the plant's own meter or at the end of a direct line."""

# Supply over the grid where a set has no rows of its own: losses of 5 %, and the grid itself (docs/methodology.md).
_LOSSES: Final = 1.05
# Shares typed as rounded percentages may add up to a hair above one.
_ROUNDING: Final = 1e-9

# Electricity parameters and the prefix of the shares that make their mix.
SCOPES: Final = {
    "electricity_kg_co2e_per_kwh": "",
    "graphitization_electricity_kg_co2e_per_kwh": "graphitization_",
    "carbonization_electricity_kg_co2e_per_kwh": "carbonization_",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityView:
    """One way to count purchased electricity.

    Attributes
    ----------
    key
        What ``--electricity`` takes.
    factor
        Life-cycle factor, kg CO2e per kWh at the user, of all electricity that contracts and direct lines leave.
    status
        Official, screening (derived here, not official), contracts, unconfirmed (a rule whose final text is not known), or
        explicitly set by the user.
    counts_contracts, counts_direct_lines
        Whether evidenced shares of contracts with certificates, or of direct lines, take a factor of their own.

    """

    key: str
    name_en: str
    name_zh: str
    factor: LifeCycleFactor
    status: Status
    counts_contracts: bool = False
    counts_direct_lines: bool = False

    def __post_init__(self) -> None:
        """Refuse what a type checker would have refused."""
        if not isinstance(self.factor, LifeCycleFactor):
            raise direct_co2_refused(self.factor)

    @property
    def kg_co2e_per_kwh(self) -> float:
        """Value of the factor."""
        return self.factor.value

    @property
    def is_mixed(self) -> bool:
        """Whether shares with a factor of their own are counted."""
        return self.counts_contracts or self.counts_direct_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityTable:
    """The views by key with the factors they need, from the sets in force.

    Attributes
    ----------
    green_supply
        By source of energy, delivered over the grid.
    direct_line
        By source of energy, at the power station: no grid between.
    sets
        Every version of the factors, also those no longer in force and those of direct CO2.
    in_force
        Key of the set that the views rest on, by family.

    """

    views: Mapping[str, ElectricityView]
    green_supply: Mapping[str, LifeCycleFactor]
    direct_line: Mapping[str, LifeCycleFactor]
    sets: Mapping[str, FactorSet]
    in_force: Mapping[Family, str]

    @property
    def direct_co2(self) -> Mapping[tuple[str, str, str], DirectCo2Factor]:
        """Factors for company inventories only, by region, kind and year."""
        return {
            (region, kind, factor.year): factor
            for one in self.sets.values()
            if isinstance(one, DirectCo2Set)
            for (region, kind), factor in one.factors.items()
        }

    def view(self, wanted: ElectricityView | LifeCycleFactor | str) -> ElectricityView:
        """Return the view of a key, or check the one given; provinces also by Chinese or English name."""
        if isinstance(wanted, DirectCo2Factor):
            raise direct_co2_refused(wanted)
        if isinstance(wanted, ElectricityView):
            return wanted
        if isinstance(wanted, LifeCycleFactor):
            return ElectricityView(key=EXPLICIT, name_en="set explicitly", name_zh="直接给定", factor=wanted, status="explicit")
        found = self.views.get(wanted) or self._province(wanted)
        if found is None:
            raise ParameterError(
                N_("There is no electricity view “%(value)s”. Use one of: %(known)s."),
                parameter="electricity",
                value=wanted,
                known=", ".join(self.views),
            )
        return found

    def _province(self, wanted: str) -> ElectricityView | None:
        name = wanted.removeprefix(PROVINCE).casefold()
        provinces = [view for key, view in self.views.items() if key.startswith(PROVINCE) and wanted.startswith(PROVINCE)]
        return next(
            (view for view in provinces if name in (view.name_zh, view.name_en.casefold(), view.key.partition("-")[2].casefold())),
            None,
        )

    def life_cycle_set(self, key: str) -> LifeCycleSet:
        """Return a set of life-cycle factors; one of direct CO2 is refused, as is an unknown key."""
        found = self.sets.get(key)
        if found is None:
            raise FactorSetError(
                N_("There is no factor set “%(set)s”. Use one of: %(known)s."), set=key, known=", ".join(self.life_cycle_keys)
            )
        if isinstance(found, DirectCo2Set):
            raise DirectCo2FactorError(
                N_(
                    "“%(set)s” holds direct-CO2 factors for company inventories. "
                    "A product footprint needs a set of life-cycle factors: %(known)s."
                ),
                set=key,
                known=", ".join(self.life_cycle_keys),
            )
        return found

    def set_of(self, view: ElectricityView) -> SetHead | None:
        """Return the set in force that a view's factor comes from; None for a factor set by hand."""
        in_force = (self.life_cycle_set(key) for key in self.in_force.values() if key in self.life_cycle_keys)
        return next((one.head for one in in_force if any(factor is view.factor for factor in one.factors.values())), None)

    @property
    def life_cycle_keys(self) -> tuple[str, ...]:
        """Keys of the sets that views may rest on."""
        return tuple(key for key, one in self.sets.items() if isinstance(one, LifeCycleSet))

    def with_set(self, key: str) -> "ElectricityTable":
        """Return the same table with another set in force in its family."""
        family = self.life_cycle_set(key).head.family
        return make_table(self.sets, in_force={**self.in_force, family: key})


def direct_co2_refused(factor: DirectCo2Factor) -> DirectCo2FactorError:
    """Return the error for a direct-CO2 factor in a product footprint."""
    return DirectCo2FactorError(
        N_(
            "“%(flow)s” (%(value)s kg CO2 per %(unit)s) is a direct-CO2 factor for company inventories. "
            "A product footprint needs a life-cycle factor (kg CO2e), for example 0.5777 kg CO2e/kWh for China 2024."
        ),
        flow=factor.flow,
        value=f"{factor.value:g}",
        unit=factor.unit,
    )


def read_electricity(tables: Mapping[str, bytes], *, sources: Iterable[str]) -> ElectricityTable:
    """Read `factor_sets.csv` and `electricity_cn.csv`; the views rest on the set in force of each family."""
    sets = read_factor_sets(tables, sources=sources)
    return make_table(sets, in_force={one.head.family: key for key, one in sets.items() if not one.head.superseded_by})


def make_table(sets: Mapping[str, FactorSet], *, in_force: Mapping[Family, str]) -> ElectricityTable:
    """Return the views that the sets in force make."""
    footprint, screening = (_in_force(sets, in_force, family) for family in ("footprint", "screening"))
    views = [*_footprint_views(footprint, screening), *_province_views(screening)]
    return ElectricityTable(
        views={view.key: view for view in views},
        green_supply={name: _delivered(footprint, name) for name in CONTRACTED},
        direct_line={name: footprint.factor(GENERATION + name) for name in DIRECT_LINES},
        sets=sets,
        in_force=in_force,
    )


def _in_force(sets: Mapping[str, FactorSet], in_force: Mapping[Family, str], family: Family) -> LifeCycleSet:
    found = sets.get(in_force.get(family, ""))
    if not isinstance(found, LifeCycleSet):
        raise FactorSetError(N_("No factor set of the family %(family)s is in force. Add one to factor_sets.csv."), family=family)
    return found


def _delivered(footprint: LifeCycleSet, name: str) -> LifeCycleFactor:
    """Return a contracted supply over the grid: the set's own row, else the rule that made those rows."""
    own = footprint.factors.get((CHINA, DELIVERED + name))
    if own is not None:
        return own
    generation = footprint.factor(GENERATION + name)
    grid = footprint.factor(GRID_WITHOUT_LOSSES).value
    return replace(
        generation, flow=f"{DELIVERED}{name}:{CHINA}", value=generation.value * _LOSSES + grid, boundary="cradle to user"
    )


def _footprint_views(footprint: LifeCycleSet, screening: LifeCycleSet) -> tuple[ElectricityView, ...]:
    average, residual = footprint.factor(AVERAGE), screening.factor(RESIDUAL)
    return (
        ElectricityView(key=NATIONAL, name_en="China average", name_zh="全国平均", factor=average, status="official"),
        ElectricityView(
            key=MARKET,
            name_en="contracts, remainder residual mix",
            name_zh="合同口径，其余按剩余电力组合",
            factor=residual,
            status="contracts",
            counts_contracts=True,
            counts_direct_lines=True,
        ),
        ElectricityView(
            key=EU_DRAFT,
            name_en="EU draft act: national consumption mix or direct line",
            name_zh="欧盟草案：全国消费组合或直连",
            factor=average,
            status="unconfirmed",
            counts_direct_lines=True,
        ),
        ElectricityView(
            key=CHINA_LABEL,
            name_en="China label: evidenced green power, remainder China average",
            name_zh="中国标识：有凭证绿电，其余按全国平均",
            factor=average,
            status="unconfirmed",
            counts_contracts=True,
            counts_direct_lines=True,
        ),
    )


def _province_views(screening: LifeCycleSet) -> Iterable[ElectricityView]:
    for (region, kind), factor in sorted(screening.factors.items()):
        if kind == SCREENING:
            yield ElectricityView(
                key=PROVINCE + region,
                name_en=screening.regions[region],
                name_zh=factor.name_zh,
                factor=factor,
                status="screening",
            )


def mixed_factor(table: ElectricityTable, view: ElectricityView, prefix: str, value_of: Callable[[str], Number]) -> Number:
    """Return kg CO2e per kWh of a view that counts contracts or direct lines.

    Evidenced contract shares count with their supply over the grid, direct lines with the power station alone, the rest with the
    factor of the view.

    Parameters
    ----------
    prefix
        Prefix of the share parameters, as in `SCOPES`.
    value_of
        Value of a parameter, shares between 0 and 1: a number, or an array of draws (K,).

    Raises
    ------
    ParameterError
        If the shares that count add up to more than 1.

    """
    supplies = {f"{prefix}contract_{name}_share": one for name, one in table.green_supply.items() if view.counts_contracts}
    if view.counts_direct_lines:
        supplies |= {f"{prefix}direct_line_{name}_share": one for name, one in table.direct_line.items()}
    shares = {name: value_of(name) for name in supplies}
    total = sum(shares.values())
    if np.any(total > 1.0 + _ROUNDING):
        raise ParameterError(
            N_("The contract and direct-line shares add up to %(value)s, above 1. Lower one of: %(names)s."),
            parameter=next(name for name, share in shares.items() if np.any(share > 0.0)),
            value=f"{np.max(total):g}",
            names=", ".join(name for name, share in shares.items() if np.any(share > 0.0)),
        )
    own = sum(share * supplies[name].value for name, share in shares.items())
    return own + (1.0 - total if isinstance(total, np.ndarray) else max(1.0 - total, 0.0)) * view.kg_co2e_per_kwh


_UNCONFIRMED: Final = {
    EU_DRAFT: N_(
        "The EU rule is the draft delegated act of April 2024; its final text is not confirmed. Contracts and certificates do not "
        "count, only a direct line; all else is the national consumption mix (%(value)s kg CO2e/kWh)."
    ),
    CHINA_LABEL: N_(
        "The rule of the Chinese footprint label is not confirmed, and anode material is not in its catalogue yet. The remainder "
        "counts as China average (%(value)s kg CO2e/kWh), which already holds green power that others bought."
    ),
}


def view_notices(view: ElectricityView, values: Mapping[str, object]) -> tuple[Notice, ...]:
    """Return what a reader must know about a view: not official, not confirmed, or nothing evidenced."""
    factor = f"{view.kg_co2e_per_kwh:g}"
    if view.status == "screening":
        text = N_("The electricity factor of %(province)s (%(value)s kg CO2e/kWh) is derived for screening and not official.")
        return (Notice(template=text, values={"province": view.name_en, "value": factor}),)
    if view.key == MARKET and not _has_shares(values):
        text = N_("No contracts are evidenced: all electricity counts as residual mix (%(value)s kg CO2e/kWh, screening).")
        return (Notice(template=text, values={"value": factor}),)
    if view.key in _UNCONFIRMED:
        return (Notice(template=_UNCONFIRMED[view.key], values={"value": factor}),)
    return ()


def typed_direct_co2(table: ElectricityTable, given: Mapping[str, object]) -> tuple[Notice, ...]:
    """Return a notice for each electricity factor typed as a number that is the number of a direct-CO2 factor."""
    typed = {name: value for name in SCOPES if isinstance(value := given.get(name), float)}
    return tuple(
        Notice(
            template=N_(
                "%(parameter)s = %(value)s kg CO2e/kWh is the number of a direct-CO2 factor (%(region)s, %(year)s). "
                "A product footprint needs a life-cycle factor; check which one this is."
            ),
            values={"parameter": name, "value": f"{value:g}", "region": region, "year": year},
            parameter=name,
        )
        for name, value in typed.items()
        for (region, _, year), factor in table.direct_co2.items()
        if factor.value == value
    )


def _has_shares(values: Mapping[str, object]) -> bool:
    return any(
        bool(np.any(np.asarray(value) > 0.0))
        for name, value in values.items()
        if ("contract_" in name or "direct_line_" in name) and not isinstance(value, str)
    )
