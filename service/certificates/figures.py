"""The figures of a certificate: rounded, grouped, and coarse enough that none gives a supplier's input away.

`build_snapshot` puts them beside the names and dates; the rule is in `service.footprints.protection`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from lca_models.model import Model
from service.errors import N_
from service.exports.life_cycle import life_cycle_split
from service.footprints import protection
from service.footprints.models import FootprintRecord
from service.footprints.ownership import BLOCKS
from service.footprints.protection import MAKER, MODEL, Group, Part
from service.i18n import translate
from service.product_footprints.lines import plain, printed_lines, rounded
from service.product_footprints.texts import INSIDE_FOSSIL

PUBLIC_VIEWS = frozenset({"national", "market"})
"""The view by province is left out: with one toll plant it would tell where that plant is and what it uses."""
STEP_OF_STAGE = {
    "P3": "graphitization_electricity_kg_co2e_per_kwh",
    "P4": "carbonization_electricity_kg_co2e_per_kwh",
}
"""Steps that others may do, with electricity of their own, as `footprints.views` names them."""
BLOCK_NAMES = {
    "electricity": N_("Electricity"),
    "direct": N_("Direct emissions and waste treatment"),
    "coke": N_("Coke and packing coke"),
    "auxiliaries": N_("Pitch, crucibles, gases and fuels"),
    "logistics": N_("Transport and packaging"),
}
KWH_STEPS = tuple(map(Decimal, ("0.1", "0.5", "1", "2", "5", "10")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """P5 and P95 of the total by Monte Carlo, kg CO2e per kg, full precision."""

    low: float
    high: float


def result_lines(record: FootprintRecord) -> dict[str, Any]:
    """Return the lines of the declared footprint: one digit more than stages and blocks, so that sums hold.

    A line that is known only as a part of the fossil one is null, never zero, and `not_split` says why.
    """
    lines = printed_lines(record)
    hidden = None in {lines.biogenic, lines.land_use}
    return {
        "unit": "kg CO2e per kg",
        "total": plain(lines.excluding_uptake),
        "including_uptake": plain(lines.including_uptake),
        "fossil": plain(lines.fossil),
        "biogenic": _plain(lines.biogenic),
        "biogenic_uptake": _plain(lines.uptake),
        "land_use_change": _plain(lines.land_use),
        "aircraft": _plain(lines.aircraft),
        "not_split": {"reason_zh": translate("zh-CN", INSIDE_FOSSIL), "reason_en": INSIDE_FOSSIL} if hidden else None,
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def interval_of(interval: Interval | None, parts: Sequence[Part], total: float) -> dict[str, str] | None:
    """Return P5 and P95, rounded outwards.

    The width of the interval depends on who measured what. With suppliers' data in it, both ends are therefore rounded as coarsely
    as if the reader knew everything but one input exactly.
    """
    if interval is None:
        return None
    has_suppliers = any(part.owner not in {MAKER, MODEL} for part in parts)
    step = protection.comparable_step(parts, total) if has_suppliers else protection.rounding_step(total)
    low, high = (Decimal(repr(float(end))) / step for end in (interval.low, interval.high))
    return {
        "low": str(low.to_integral_value(ROUND_FLOOR) * step),
        "high": str(high.to_integral_value(ROUND_CEILING) * step),
        "rounded_to": str(step),
    }


def stages_of(parts: Sequence[Part], step: Decimal, model: Model) -> list[dict[str, Any]]:
    """Return the split by life-cycle stage; empty where none may be published."""
    names = {one.code: (one.name_zh, one.name_en[:1].upper() + one.name_en[1:]) for one in model.stages}
    return _groups(protection.split(parts, _stage, order=list(names), step=step), names)


def blocks_of(parts: Sequence[Part], step: Decimal) -> list[dict[str, Any]]:
    """Return the split by kind of input; empty where none may be published."""
    names = {key: (translate("zh-CN", name), name) for key, name in BLOCK_NAMES.items()}
    return _groups(protection.split(parts, _block, order=BLOCKS, step=step), names)


def life_cycle_of(parts: Sequence[Part], step: Decimal) -> dict[str, str] | None:
    """Return raw material and main production as sums of printed blocks; None where a printed block lies in both."""
    found = life_cycle_split(protection.split(parts, _block, order=BLOCKS, step=step))
    return None if found is None else {"raw_material": str(found.raw_material), "main_production": str(found.main_production)}


def _stage(part: Part) -> str:
    return part.stage


def _block(part: Part) -> str:
    return part.block


def _groups(groups: Sequence[Group], names: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    total = sum((group.kg_co2e for group in groups), Decimal())
    return [
        {
            "keys": list(group.keys),
            "name_zh": "、".join(names[key][0] for key in group.keys),
            "name_en": "; ".join(names[key][1] for key in group.keys),
            "kg_co2e": str(group.kg_co2e),
            "share": str(round(group.kg_co2e / total, 3)),
        }
        for group in groups
    ]


def electricity_of(record: FootprintRecord, parts: Sequence[Part], step: Decimal, model: Model) -> dict[str, Any]:
    """Return consumption, in steps coarse enough for its suppliers, and the totals under views that single out nobody."""
    kwh = protection.publishable(parts, steps=KWH_STEPS, measure=protection.by_kwh)
    headline = next(view for view in record.views if view["is_headline"])
    return {
        "kwh_per_kg": None if kwh is None else str(kwh[0]),
        "kwh_rounded_to": None if kwh is None else str(kwh[1]),
        "views": [
            _view(view, headline, parts, step) | _factor_source(view, model)
            for view in record.views
            if view["view"] in PUBLIC_VIEWS
        ],
    }


def _view(view: Mapping[str, Any], headline: Mapping[str, Any], parts: Sequence[Part], step: Decimal) -> dict[str, Any]:
    """Return a view's total where it may stand beside the headline: the difference of the two is electricity by factor."""

    def measure(part: Part) -> float:
        return part.kwh * abs(factor_of_stage(view, part.stage) - factor_of_stage(headline, part.stage))

    is_public = view is headline or protection.is_protected(parts, step=2 * float(step), measure=measure)
    return {
        "key": view["view"],
        "kg_co2e_per_kwh": str(view["kg_co2e_per_kwh"]),
        "total": plain(rounded(view["total_kg_co2e"], step)) if is_public else None,
        "is_headline": view is headline,
    }


def _factor_source(view: Mapping[str, Any], model: Model) -> dict[str, str | None]:
    """Return where a view's factor comes from, and of which year its data are; nulls for records that keep no factor set."""
    found = view.get("factor_set")
    if found is None:
        return {"source_zh": None, "source_en": None, "year": None}
    return {"source_zh": found["name_zh"], "source_en": found["name_en"], "year": model.electricity.view(view["view"]).factor.year}


def factor_of_stage(view: Mapping[str, Any], stage: str) -> float:
    """Return what a kWh of a stage counts in a view: the mix of the sites that share the step, or the maker's plant."""
    sites = [site for site in view["sites"] if site["step"] == STEP_OF_STAGE.get(stage)]
    mixed: float = sum(site["kwh_share"] * site["kg_co2e_per_kwh"] for site in sites)
    return mixed if sites else float(view["kg_co2e_per_kwh"])


def kinds_of_data(parts: Sequence[Part]) -> dict[str, Any]:
    """Return the shares of the total by kind of data, in one step coarse enough for each of them."""
    found = protection.shares_by_kind(parts)
    if found is None:
        return {"shares": None, "rounded_to": None}
    shares, step = found
    return {"shares": {kind: str(share) for kind, share in shares.items()}, "rounded_to": str(step)}
