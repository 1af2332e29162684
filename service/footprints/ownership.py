"""From a footprint record to the parts of its total, each with the owner of the data behind it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lca_models.model import Model, stage_of
from service.footprints.models import FootprintRecord
from service.footprints.protection import MAKER, MODEL, Part
from service.footprints.provenance import LEGS, RECIPE

ELECTRICITY = "electricity_cn_grid"
BLOCK_OF: Mapping[str, str] = {
    ELECTRICITY: "electricity",
    "CO2_fossil": "direct",
    "CO_fossil": "direct",
    "CH4_fossil": "direct",
    "tar_hazardous_waste_HW11": "direct",
    "green_petroleum_coke": "coke",
    "needle_coke_green_oil": "coke",
    "packing_coke_net": "coke",
    "truck_diesel_heavy": "logistics",
    "pp_big_bag": "logistics",
    "ldpe_film": "logistics",
    "wood_pallet": "logistics",
}
"""Block by flow of the model; every other flow is an auxiliary material."""
BLOCKS = ("electricity", "direct", "coke", "auxiliaries", "logistics")
AUXILIARIES = "auxiliaries"

Key = tuple[str, str, str]
Owned = Mapping[Key, float]
"""Share of an amount by owner, input and kind of data; sums to 1."""


def parts_of(record: FootprintRecord, model: Model) -> tuple[Part, ...]:
    """Return what each input brings to a record's total, by owner of the data that set it.

    An exchange belongs to whoever set any parameter of its amount or factor, in doubt to a supplier rather than to the maker or
    the model: a figure is then protected once too often, never once too little.
    """
    kwh: Mapping[str, float] = record.result["electricity_kwh_by_process"]
    return tuple(
        part
        for process, flows in record.result["by_process_and_flow"].items()
        for flow, kg in flows.items()
        for part in _parts(process, flow, kg, kwh.get(process, 0.0), _owned(process, flow, record.provenance, model))
    )


def _parts(process: str, flow: str, kg: float, kwh: float, owned: Owned) -> Iterator[Part]:
    for (owner, name, kind), share in owned.items():
        yield Part(
            stage=stage_of(process),
            block=BLOCK_OF.get(flow, AUXILIARIES),
            owner=owner,
            input=name,
            kg_co2e=kg * share,
            kwh=kwh * share if flow == ELECTRICITY else 0.0,
            kind=kind,
        )


def _owned(process: str, flow: str, provenance: Mapping[str, Any], model: Model) -> Owned:
    names = [name for name in _parameters(process, flow, model) if name in provenance]
    shares = [item for name in names for item in _shares(name, provenance[name]).items()]
    suppliers = _one_each(shares, lambda owner: owner not in {MAKER, MODEL})
    missing = 1.0 - sum(suppliers.values())
    if missing <= 0:
        return _scaled(suppliers, to=1.0)
    rest = _one_each(shares, MAKER.__eq__) or _one_each(shares, MODEL.__eq__) or {(MODEL, flow, "default"): 1.0}
    return {**suppliers, **_scaled(rest, to=missing)}


def _one_each(shares: Iterable[tuple[Key, float]], wanted: Callable[[str], bool]) -> Owned:
    """Return the largest share of each owner: where one owner set amount and factor, all of it stands for one of the two."""
    found: dict[str, tuple[Key, float]] = {}
    for key, share in shares:
        owner = key[0]
        if wanted(owner) and share > found.get(owner, (key, 0.0))[1]:
            found[owner] = (key, share)
    return dict(found.values())


def _parameters(process: str, flow: str, model: Model) -> tuple[str, ...]:
    formulas = model.formulas.get(process, {})
    exchanges = (one for (name, _), parts in formulas.items() if name == flow for one in parts)
    return tuple(sorted({name for one in exchanges for name in (*one.formula.names, one.driver, one.factor_parameter)}))


def _shares(parameter: str, provenance: Mapping[str, Any]) -> Owned:
    weights: dict[Key, float] = defaultdict(float)
    for part in provenance["parts"]:
        weights[_owner(part), parameter, part["kind"]] += part["weight"]
    return _scaled(weights, to=1.0)


def _owner(part: Mapping[str, Any]) -> str:
    if part["supplier_id"] and part["kind"] != "default":  # a supplier without accepted data stands there with the default
        return MAKER if part.get("place") == "own" else str(part["supplier_id"])  # early records keep no place
    return MAKER if part["source"] in {RECIPE, LEGS} else MODEL


def _scaled(shares: Owned, *, to: float) -> Owned:
    total = sum(shares.values())
    return {key: share * to / total for key, share in shares.items()}
