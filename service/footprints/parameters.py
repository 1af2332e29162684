"""From accepted answers to LCA parameters: the only place where a quantity changes its basis to one kilogram of product.

Suppliers of a flow are weighted by their share. Who has no accepted answers, or left out what a parameter needs, counts with the
model's default and its share: missing is never zero. Toll graphitization takes the product's toll share; the rest is the maker's
own furnace, as the plant answered, else as in the product's recipe.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lca_models.electricity import NATIONAL
from lca_models.errors import ModelError
from lca_models.model import Model
from lca_models.parameters import FURNACE, resolve_parameters
from service.backgrounds.rules import Constant
from service.errors import N_
from service.footprints.leg_transport import leg_mixes
from service.footprints.own_plant import own_parts, own_plant_mixes
from service.footprints.parameter_setting import (
    FURNACE_FIELD,
    ROUNDING,
    TOLL_GROUP,
    Answers,
    Background,
    ParametersError,
    Setting,
    StandIns,
    Values,
    Weights,
    facts_of,
    mix,
    own_parameters,
    own_provenance,
    read_part,
    silent_part,
)
from service.footprints.plant_coke import PACKING_COKE_FACTOR, mixed_packing_coke
from service.footprints.provenance import Part, Provenance, mixed
from service.footprints.supplier_readers import COKE_TRANSPORT, OWN_PLANT, TOLL_TRANSPORT, own_footprint, readers_of
from service.footprints.supplier_values import (
    COKE_FLOWS,
    FREIGHT_FLOW,
    PACKING_COKE,
    TOLL_FLOW,
    Reader,
    SupplierFacts,
)
from service.logistics.rules import Carriage
from service.products.models import Product

_NOT_MIXED: Final = frozenset({FURNACE, "toll_share", "toll_distance_km"})
# A ratio is averaged by the amount that it is per.
_PER: Final[Mapping[str, str]] = {"packing_coke_oxidised_share": "packing_coke_net_kg_per_kg"}
_FACTOR_PER_KG: Final = "kgCO2e/kg"
NOBODY: Final[StandIns] = {}
NO_LEGS: Final[Mapping[str, Carriage]] = {}


def parameters_from(
    product: Product,
    weights: Weights,
    answers: Answers,
    model: Model,
    *,
    background: Background,
    stand_ins: StandIns = NOBODY,
    carriages: Mapping[str, Carriage] = NO_LEGS,
) -> tuple[dict[str, float | str], dict[str, Provenance]]:
    """Return the parameters that differ from the model's defaults, and where each parameter of the model comes from.

    Parameters
    ----------
    product
        Its furnace, toll share and recipe count.
    weights
        Share of each supplier by flow, 0 to 1; the shares of a flow sum to one, or leave a rest for the default.
    answers
        Accepted answers of the period by supplier.
    background
        What licensed backgrounds in use give, by parameter; the recipe and suppliers come before it.
    stand_ins
        For what-ifs: what silent suppliers count in place of the default.
    carriages
        How goods come by the maker's own legs; they come before what suppliers say of the way, and what-ifs on suppliers leave them
        away, because another supplier has another way.

    Raises
    ------
    ParametersError
        Naming parameter, value, range and submission, or the contradiction in the product's set-up.

    """
    setting = replace(_setting(product, weights, answers, model, background), stand_ins=stand_ins, carriages=carriages)
    toll = _toll_mixes(setting)
    mixes = toll | _supply_mixes(setting) | own_plant_mixes(setting) | _packing_coke_of_plants(setting, toll)
    mixes |= leg_mixes(setting)
    parameters = (
        _constants(setting.background, setting.base)
        | own_parameters(setting)
        | {name: one.value for name, one in mixes.items() if _says_more_than(setting.base, name, one)}
    )
    provenance = {name: mixes.get(name) or own_provenance(setting, name) for name in setting.base}
    return parameters, provenance


def used_constants(provenance: Mapping[str, Provenance], background: Background) -> tuple[Constant, ...]:
    """Return the constants of backgrounds that some part of a parameter is: a supplier's value or the recipe may take its place."""
    return tuple(
        constant
        for name, constant in background.items()
        if name in provenance and any(part.source == constant.source for part in provenance[name].parts)
    )


def resolved(model: Model, given: Values) -> Values:
    """Return all parameters under the national electricity view."""
    view = model.electricity.view(NATIONAL)
    values = resolve_parameters(model.definitions, given, electricity=model.electricity, view=view).values
    return {name: value if isinstance(value, str) else float(value) for name, value in values.items()}


def _setting(product: Product, weights: Weights, answers: Answers, model: Model, background: Background) -> Setting:
    if weights.get(TOLL_FLOW) and product.toll_share <= 0:
        raise ParametersError(
            N_("Product %(product)s names toll plants, but its toll share is zero. Set the share, or remove the toll plants."),
            product=product.grade,
        )
    shape: Values = {FURNACE: product.furnace, "toll_share": product.toll_share}
    try:
        defaults = resolved(model, shape)
        base = resolved(model, {**_constants(background, defaults), **product.recipe, **shape})
    except ModelError as error:
        raise ParametersError(error.template, **error.values) from error
    return Setting(
        product=product, weights=weights, answers=answers, model=model, background=background, defaults=defaults, base=base
    )


def _constants(background: Background, known: Values) -> dict[str, float | str]:
    """Return what backgrounds give; a parameter that the product's furnace does not have stays away."""
    return {name: one.kg_co2e_per_unit for name, one in background.items() if name in known}


def _says_more_than(base: Values, parameter: str, found: Provenance) -> bool:
    return any(part.kind != "default" for part in found.parts) or found.value != base[parameter]


def _toll_mixes(setting: Setting) -> dict[str, Provenance]:
    """Mix own furnace and toll plants, each with the defaults of its own furnace type."""
    if setting.product.toll_share <= 0:
        return {}
    names = [name for name in setting.base if setting.model.definitions[name].group == TOLL_GROUP and name not in _NOT_MIXED]
    plants = [_plant(setting, supplier_id, share) for supplier_id, share in setting.weights.get(TOLL_FLOW, {}).items()]
    for plant in plants:
        _check_same_flows(setting, plant, names)
    parts = {name: _toll_parts(setting, plants, name) for name in names}
    return _answered_mixes(setting, TOLL_TRANSPORT, setting.weights.get(TOLL_FLOW, {})) | {
        name: Provenance(
            unit=setting.unit(name),
            value=mixed(parts[name], [one.value for one in parts[_PER[name]]] if name in _PER else None),
            default=setting.defaults[name],
            parts=tuple(parts[name]),
        )
        for name in names
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _TollPlant:
    """A toll plant; `weight` is its share of all graphitization."""

    supplier_id: uuid.UUID
    weight: float
    furnace: str
    defaults: Values
    facts: SupplierFacts | None


def _plant(setting: Setting, supplier_id: uuid.UUID, share: float) -> _TollPlant:
    facts = facts_of(setting, supplier_id)
    furnace = (facts.text(FURNACE_FIELD) if facts else "") or setting.product.furnace
    return _TollPlant(
        supplier_id=supplier_id,
        weight=setting.product.toll_share * share,
        furnace=furnace,
        defaults=resolved(setting.model, {FURNACE: furnace}),
        facts=facts,
    )


def _check_same_flows(setting: Setting, plant: _TollPlant, names: Sequence[str]) -> None:
    """A furnace may lack a flow of the product's furnace, which is then zero there, but may not bring one that is not modelled."""
    definitions = setting.model.definitions
    extra = [name for name in plant.defaults if definitions[name].group == TOLL_GROUP and name not in {*names, *_NOT_MIXED}]
    if extra:
        raise ParametersError(
            N_(
                "The toll plant of %(submission)s runs the furnace type %(furnace)s, which needs %(names)s; product %(product)s is "
                "set up with %(own)s, which has none. Set the product's furnace to %(furnace)s, or split the product."
            ),
            submission=plant.facts.answers.number if plant.facts else "-",
            furnace=plant.furnace,
            names=", ".join(extra),
            product=setting.product.grade,
            own=setting.product.furnace,
        )


def _toll_parts(setting: Setting, plants: Sequence[_TollPlant], parameter: str) -> list[Part]:
    product = setting.product
    own = [replace(one, weight=one.weight * (1.0 - product.toll_share)) for one in own_parts(setting, parameter)]
    unnamed = product.toll_share - sum(plant.weight for plant in plants)
    rest = Part(
        kind="default",
        value=float(setting.defaults[parameter]),
        weight=unnamed,
        source=setting.source(parameter, product.furnace),
        place="unnamed",
    )
    readers = {reader.parameter: reader for reader in readers_of(TOLL_FLOW)}
    suppliers = [_plant_part(setting, plant, parameter, readers.get(parameter)) for plant in plants]
    return [part for part in (*own, *suppliers, rest) if part.weight > ROUNDING]


def _plant_part(setting: Setting, plant: _TollPlant, parameter: str, reader: Reader | None) -> Part:
    fallback = Part(
        kind="default",
        value=float(plant.defaults.get(parameter, 0.0)),
        weight=plant.weight,
        source=setting.source(parameter, plant.furnace),
        place="supplier",
        supplier_id=plant.supplier_id,
    )
    return read_part(setting, plant.facts, (reader,) if reader else (), silent_part(setting, parameter, fallback))


def _supply_mixes(setting: Setting) -> dict[str, Provenance]:
    """Mix the suppliers of each delivered flow."""
    mixes: dict[str, Provenance] = {}
    for flow, shares in setting.weights.items():
        if flow in {TOLL_FLOW, OWN_PLANT}:
            continue
        for parameter, readers in _readers_of(setting, flow).items():
            mixes[parameter] = mix(setting, parameter, shares, readers)
    if FREIGHT_FLOW not in setting.weights:
        mixes |= _coke_distance(setting)
    return mixes


def _readers_of(setting: Setting, flow: str) -> dict[str, tuple[Reader, ...]]:
    """Return the readers by parameter, the supplier's own footprint before its process data."""
    by_parameter: dict[str, tuple[Reader, ...]] = {reader.parameter: (reader,) for reader in readers_of(flow)}
    factor = factor_parameter(setting.model, flow)
    if factor:
        whole = (own_footprint(factor),) if setting.unit(factor) == _FACTOR_PER_KG else ()
        by_parameter[factor] = (*whole, *by_parameter.get(factor, ()))
    if not by_parameter:
        raise ParametersError(
            N_("Product %(product)s names suppliers of “%(flow)s”, a flow that the model does not take from suppliers. Remove it."),
            product=setting.product.grade,
            flow=flow,
        )
    return by_parameter


def factor_parameter(model: Model, flow: str) -> str:
    """Return the parameter that characterises a flow; empty if it links to a process."""
    found = (
        part.factor_parameter
        for flows in model.formulas.values()
        for key, parts in flows.items()
        for part in parts
        if key[0] == flow
    )
    return next(filter(None, found), "")


def _coke_distance(setting: Setting) -> dict[str, Provenance]:
    """Mix the distances of all coke suppliers by mass."""
    needle = float(setting.base["needle_coke_share"])
    shares: dict[uuid.UUID, float] = {}
    for flow, share_of_coke in zip(COKE_FLOWS, (1.0 - needle, needle), strict=True):
        for supplier_id, share in setting.weights.get(flow, {}).items():
            shares[supplier_id] = shares.get(supplier_id, 0.0) + share_of_coke * share
    named = {supplier_id: share for supplier_id, share in shares.items() if share > ROUNDING}
    readers = readers_of(COKE_TRANSPORT) if named else ()
    return {reader.parameter: mix(setting, reader.parameter, named, (reader,)) for reader in readers}


def _answered_mixes(setting: Setting, flow: str, shares: Mapping[uuid.UUID, float]) -> dict[str, Provenance]:
    """Mix what suppliers say beside what they deliver, such as the way to a toll plant; nothing where none has said it."""
    mixes = {reader.parameter: mix(setting, reader.parameter, shares, (reader,)) for reader in readers_of(flow)}
    return {parameter: found for parameter, found in mixes.items() if any(part.submission_id for part in found.parts)}


def _packing_coke_of_plants(setting: Setting, toll: Mapping[str, Provenance]) -> dict[str, Provenance]:
    """Take what toll plants' own suppliers answered; coke suppliers that the product names come first: they deliver to all."""
    if setting.weights.get(PACKING_COKE):
        return {}
    own = own_provenance(setting, PACKING_COKE_FACTOR)
    found = mixed_packing_coke(toll, setting.answers, own)
    return {} if found is None else {PACKING_COKE_FACTOR: found}
