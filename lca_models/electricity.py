"""Electricity views of a product footprint, from `electricity_cn.csv`.

Life-cycle factors and direct-CO2 factors stand in one official table but are different types here: only `LifeCycleFactor` can
become a view.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lca_models.errors import N_, DirectCo2FactorError, Notice, ParameterError
from lca_models.inventory import DirectCo2Factor, Evidence, LifeCycleFactor, check_sources
from lca_models.tables import Row, read_table

Status = Literal["official", "screening", "contracts", "explicit"]

NATIONAL: Final = "national"
MARKET: Final = "market"
EXPLICIT: Final = "explicit"
PROVINCE: Final = "province:"

# Column names of a parameter for a contract share, and the row kind that holds its life-cycle factor over the grid.
_SUPPLIES: Final = {name: f"pcf_green_supply_via_grid_{name}" for name in ("wind", "solar_pv", "hydro", "nuclear", "biomass")}
_RESIDUAL: Final = "lifecycle_residual_screening_derived"
_SCREENING: Final = "lifecycle_screening_derived"
_AVERAGE: Final = "pcf_lifecycle_average"
# Shares typed as rounded percentages may add up to a hair above one.
_ROUNDING: Final = 1e-9

# Electricity parameters and the prefix of the contract shares that make their market mix.
SCOPES: Final = {
    "electricity_kg_co2e_per_kwh": "",
    "graphitization_electricity_kg_co2e_per_kwh": "graphitization_",
    "carbonization_electricity_kg_co2e_per_kwh": "carbonization_",
}

_COLUMNS: Final = (
    *("region_code", "region", "region_zh", "level", "year", "kind", "value", "unit"),
    *("source", "doc_no", "published", "confidence", "note"),
)
_CONFIDENCES: Final = ("published/verified", "secondary", "derived", "memory")


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityView:
    """One way to count purchased electricity.

    Attributes
    ----------
    key
        What ``--electricity`` takes.
    factor
        Life-cycle factor, kg CO2e per kWh at the user; of the market view the residual mix, which counts for all electricity
        without evidenced contracts.
    status
        Official, screening (derived here, not official), contracts, or explicitly set by the user.

    """

    key: str
    name_en: str
    name_zh: str
    factor: LifeCycleFactor
    status: Status

    @property
    def kg_co2e_per_kwh(self) -> float:
        """Value of the factor."""
        return self.factor.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityTable:
    """All rows: views by key, green supply over the grid by source of energy, and the direct-CO2 factors, kept apart.

    Attributes
    ----------
    direct_co2
        By (region code, kind, year); for company inventories only.

    """

    views: Mapping[str, ElectricityView]
    green_supply: Mapping[str, LifeCycleFactor]
    direct_co2: Mapping[tuple[str, str, str], DirectCo2Factor]

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


def read_electricity(content: bytes, *, file: str, sources: Iterable[str]) -> ElectricityTable:
    """Read the table; the newest national average becomes the headline."""
    known = frozenset(sources)
    rows = read_table(content, file=file, required=_COLUMNS, optional=())
    life_cycle: dict[tuple[str, str], LifeCycleFactor] = {}
    direct: dict[tuple[str, str, str], DirectCo2Factor] = {}
    views: dict[str, ElectricityView] = {}
    for row in sorted(rows, key=lambda row: row.text("year")):
        factor = _factor(row, known)
        if isinstance(factor, DirectCo2Factor):
            direct[row.optional_text("region_code"), row.text("kind"), row.text("year")] = factor
        else:
            life_cycle[row.text("region_code"), row.text("kind")] = factor
            views.update({view.key: view for view in _views(row, factor)})
    return ElectricityTable(
        views=dict(sorted(views.items(), key=lambda item: (item[0] != NATIONAL, item[0] != MARKET, item[0]))),
        green_supply={name: life_cycle["CN", kind] for name, kind in _SUPPLIES.items()},
        direct_co2=direct,
    )


def _factor(row: Row, sources: frozenset[str]) -> LifeCycleFactor | DirectCo2Factor:
    """Trust the kind, check the unit against it: some databases label direct CO2 as CO2e."""
    kind = row.text("kind")
    is_direct = kind.startswith(("direct_co2", "ets_"))
    row.choice("unit", ("kgCO2/kWh",) if is_direct else ("kgCO2e/kWh",))
    return (DirectCo2Factor if is_direct else LifeCycleFactor)(
        flow=f"{kind}:{row.optional_text('region_code') or row.text('region')}",
        value=row.number("value"),
        unit="kWh",
        name_zh=row.text("region_zh"),
        year=row.text("year"),
        region=row.optional_text("region_code"),
        boundary="direct CO2 only" if is_direct else "cradle to user",
        evidence=Evidence(
            place=row.place,
            low=None,
            high=None,
            distribution="fixed",
            sources=check_sources(row, sources),
            source_detail=" | ".join(filter(None, (row.optional_text("doc_no"), row.optional_text("note")))),
            confidence=row.choice("confidence", _CONFIDENCES),
        ),
    )


def _views(row: Row, factor: LifeCycleFactor) -> tuple[ElectricityView, ...]:
    """Return the views a row makes: one or none."""
    kind = row.text("kind")
    if kind == _AVERAGE:
        return (ElectricityView(key=NATIONAL, name_en="China average", name_zh="全国平均", factor=factor, status="official"),)
    if kind == _RESIDUAL:
        name = "contracts, remainder residual mix"
        return (
            ElectricityView(key=MARKET, name_en=name, name_zh="合同口径，其余按剩余电力组合", factor=factor, status="contracts"),
        )
    if kind == _SCREENING:
        key = PROVINCE + row.text("region_code")
        return (
            ElectricityView(key=key, name_en=row.text("region"), name_zh=row.text("region_zh"), factor=factor, status="screening"),
        )
    return ()


def market_mix(table: ElectricityTable, prefix: str, value_of: Callable[[str], float]) -> float:
    """Return kg CO2e per kWh: evidenced contract shares at their supply over the grid, the rest at the residual mix.

    Parameters
    ----------
    table
        Source of the factors.
    prefix
        Prefix of the share parameters, as in `SCOPES`.
    value_of
        Value of a parameter, shares between 0 and 1.

    """
    shares = {name: value_of(f"{prefix}contract_{name}_share") for name in table.green_supply}
    residual_share = 1.0 - sum(shares.values())
    if residual_share < -_ROUNDING:
        raise ParameterError(
            N_("The contract shares add up to %(value)s, above 1. Lower one of: %(names)s."),
            parameter=f"{prefix}contract_wind_share",
            value=f"{1.0 - residual_share:g}",
            names=", ".join(f"{prefix}contract_{name}_share" for name in shares),
        )
    contracts = sum(share * table.green_supply[name].value for name, share in shares.items())
    return contracts + max(residual_share, 0.0) * table.views[MARKET].kg_co2e_per_kwh


def view_notices(view: ElectricityView, values: Mapping[str, float | str]) -> tuple[Notice, ...]:
    """Return what a reader must know about a view: not official, or no contracts evidenced."""
    if view.status == "screening":
        return (
            Notice(
                template=N_(
                    "The electricity factor of %(province)s (%(value)s kg CO2e/kWh) is derived for screening and not official."
                ),
                values={"province": view.name_en, "value": f"{view.kg_co2e_per_kwh:g}"},
            ),
        )
    has_contracts = any(isinstance(value, float) and value > 0 for name, value in values.items() if "contract_" in name)
    if view.key == MARKET and not has_contracts:
        return (
            Notice(
                template=N_(
                    "No contracts are evidenced: all electricity counts as residual mix (%(value)s kg CO2e/kWh, screening)."
                ),
                values={"value": f"{view.kg_co2e_per_kwh:g}"},
            ),
        )
    return ()
