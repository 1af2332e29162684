"""From accepted answers to LCA parameters: the only place where a quantity changes its basis to one kilogram of product.

Suppliers of a flow are weighted by their share. Who has no accepted answers, or left out what a parameter needs, counts with the
model's default and its share: missing is never zero. Toll graphitization takes the product's toll share; the rest is the maker's
own furnace as in the product's recipe.
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
from service.errors import N_, ConflictError
from service.footprints.provenance import RECIPE, DataKind, Part, Provenance, mixed, single
from service.footprints.supplier_values import (
    COKE_DISTANCE,
    COKE_FLOWS,
    FREIGHT_FLOW,
    READERS,
    TOLL_FLOW,
    Reader,
    SupplierFacts,
    own_footprint,
    shown,
)
from service.products.models import Product
from service.submissions.queries import AcceptedAnswers

Weights = Mapping[str, Mapping[uuid.UUID, float]]
Answers = Mapping[uuid.UUID, AcceptedAnswers]
Values = Mapping[str, float | str]
Background = Mapping[str, Constant]

_TOLL_GROUP: Final = "graphitization"
_NOT_MIXED: Final = frozenset({FURNACE, "toll_share", "toll_distance_km"})
# A ratio is averaged by the amount that it is per.
_PER: Final[Mapping[str, str]] = {"packing_coke_oxidised_share": "packing_coke_net_kg_per_kg"}
_FACTOR_PER_KG: Final = "kgCO2e/kg"


class ParametersError(ConflictError):
    """Set-up or answers that can't become model parameters."""

    code = "footprint-parameters"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """What all steps below share.

    Attributes
    ----------
    defaults
        The model's values with the product's furnace.
    base
        The same with backgrounds in use and the product's recipe.

    """

    product: Product
    weights: Weights
    answers: Answers
    model: Model
    background: Background
    defaults: Values
    base: Values

    def unit(self, parameter: str) -> str:
        """Return a parameter's unit."""
        return self.model.definitions[parameter].unit

    def source(self, parameter: str, furnace: str) -> str:
        """Return the source keys of a default."""
        default = self.model.definitions[parameter].default_for(furnace)
        return ";".join(default.sources) if default else ""


def parameters_from(
    product: Product, weights: Weights, answers: Answers, model: Model, *, background: Background
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

    Raises
    ------
    ParametersError
        Naming parameter, value, range and submission, or the contradiction in the product's set-up.

    """
    setting = _setting(product, weights, answers, model, background)
    mixes = _toll_mixes(setting) | _supply_mixes(setting)
    parameters = (
        _constants(setting.background, setting.base)
        | _own_parameters(setting)
        | {name: one.value for name, one in mixes.items() if _says_more_than(setting.base, name, one)}
    )
    provenance = {name: mixes.get(name) or _own_provenance(setting, name) for name in setting.base}
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


def _setting(product: Product, weights: Weights, answers: Answers, model: Model, background: Background) -> _Setting:
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
    return _Setting(
        product=product, weights=weights, answers=answers, model=model, background=background, defaults=defaults, base=base
    )


def _constants(background: Background, known: Values) -> dict[str, float | str]:
    """Return what backgrounds give; a parameter that the product's furnace does not have stays away."""
    return {name: one.kg_co2e_per_unit for name, one in background.items() if name in known}


def _own_parameters(setting: _Setting) -> dict[str, float | str]:
    return {**setting.product.recipe, FURNACE: setting.product.furnace, "toll_share": setting.product.toll_share}


def _own_provenance(setting: _Setting, parameter: str) -> Provenance:
    is_own = parameter in _own_parameters(setting)
    if not is_own and parameter in setting.background:
        return _background_provenance(setting, parameter, setting.background[parameter])
    return single(
        setting.base[parameter],
        default=setting.defaults[parameter],
        unit=setting.unit(parameter),
        kind="secondary" if is_own else "default",
        source=RECIPE if is_own else setting.source(parameter, setting.product.furnace),
    )


def _background_provenance(setting: _Setting, parameter: str, constant: Constant) -> Provenance:
    part = Part(
        kind="secondary", value=constant.kg_co2e_per_unit, weight=1.0, source=constant.source, formula=constant.note, place="own"
    )
    return Provenance(
        unit=setting.unit(parameter), value=constant.kg_co2e_per_unit, default=setting.defaults[parameter], parts=(part,)
    )


def _says_more_than(base: Values, parameter: str, found: Provenance) -> bool:
    return any(part.kind != "default" for part in found.parts) or found.value != base[parameter]


def _toll_mixes(setting: _Setting) -> dict[str, Provenance]:
    """Mix own furnace and toll plants, each with the defaults of its own furnace type."""
    if setting.product.toll_share <= 0:
        return {}
    names = [name for name in setting.base if setting.model.definitions[name].group == _TOLL_GROUP and name not in _NOT_MIXED]
    plants = [_plant(setting, supplier_id, share) for supplier_id, share in setting.weights.get(TOLL_FLOW, {}).items()]
    for plant in plants:
        _check_same_flows(setting, plant, names)
    parts = {name: _toll_parts(setting, plants, name) for name in names}
    return {
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


def _plant(setting: _Setting, supplier_id: uuid.UUID, share: float) -> _TollPlant:
    facts = _facts(setting, supplier_id)
    furnace = (facts.text("furnace_type") if facts else "") or setting.product.furnace
    return _TollPlant(
        supplier_id=supplier_id,
        weight=setting.product.toll_share * share,
        furnace=furnace,
        defaults=resolved(setting.model, {FURNACE: furnace}),
        facts=facts,
    )


def _check_same_flows(setting: _Setting, plant: _TollPlant, names: Sequence[str]) -> None:
    """A furnace may lack a flow of the product's furnace, which is then zero there, but may not bring one that is not modelled."""
    definitions = setting.model.definitions
    extra = [name for name in plant.defaults if definitions[name].group == _TOLL_GROUP and name not in {*names, *_NOT_MIXED}]
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


def _toll_parts(setting: _Setting, plants: Sequence[_TollPlant], parameter: str) -> list[Part]:
    product = setting.product
    own = replace(_own_provenance(setting, parameter).parts[0], weight=1.0 - product.toll_share)
    unnamed = product.toll_share - sum(plant.weight for plant in plants)
    rest = Part(
        kind="default",
        value=float(setting.defaults[parameter]),
        weight=unnamed,
        source=setting.source(parameter, product.furnace),
        place="unnamed",
    )
    readers = {reader.parameter: reader for reader in READERS[TOLL_FLOW]}
    suppliers = [_plant_part(setting, plant, parameter, readers.get(parameter)) for plant in plants]
    return [part for part in (own, *suppliers, rest) if part.weight > _ROUNDING]


# What is left of a whole after adding up shares in floating point.
_ROUNDING: Final = 1e-9


def _plant_part(setting: _Setting, plant: _TollPlant, parameter: str, reader: Reader | None) -> Part:
    fallback = Part(
        kind="default",
        value=float(plant.defaults.get(parameter, 0.0)),
        weight=plant.weight,
        source=setting.source(parameter, plant.furnace),
        place="supplier",
        supplier_id=plant.supplier_id,
    )
    return _read_part(setting, plant.facts, (reader,) if reader else (), fallback)


def _supply_mixes(setting: _Setting) -> dict[str, Provenance]:
    """Mix the suppliers of each delivered flow."""
    mixes: dict[str, Provenance] = {}
    for flow, shares in setting.weights.items():
        if flow == TOLL_FLOW:
            continue
        for parameter, readers in _readers_of(setting, flow).items():
            mixes[parameter] = _mix(setting, parameter, shares, readers)
    if FREIGHT_FLOW not in setting.weights:
        mixes |= _coke_distance(setting)
    return mixes


def _readers_of(setting: _Setting, flow: str) -> dict[str, tuple[Reader, ...]]:
    """Return the readers by parameter, the supplier's own footprint before its process data."""
    by_parameter: dict[str, tuple[Reader, ...]] = {reader.parameter: (reader,) for reader in READERS.get(flow, ())}
    factor = _factor_parameter(setting.model, flow)
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


def _factor_parameter(model: Model, flow: str) -> str:
    """Return the parameter that characterises a flow; empty if it links to a process."""
    found = (
        part.factor_parameter
        for flows in model.formulas.values()
        for key, parts in flows.items()
        for part in parts
        if key[0] == flow
    )
    return next(filter(None, found), "")


def _mix(setting: _Setting, parameter: str, shares: Mapping[uuid.UUID, float], readers: Sequence[Reader]) -> Provenance:
    own = _own_provenance(setting, parameter).parts[0]
    parts = [
        _read_part(
            setting, _facts(setting, supplier_id), readers, replace(own, weight=share, place="supplier", supplier_id=supplier_id)
        )
        for supplier_id, share in shares.items()
    ]
    rest = replace(own, weight=1.0 - sum(shares.values()), place="unnamed")
    kept = [part for part in (*parts, rest) if part.weight > _ROUNDING]
    return Provenance(unit=setting.unit(parameter), value=mixed(kept), default=setting.defaults[parameter], parts=tuple(kept))


def _coke_distance(setting: _Setting) -> dict[str, Provenance]:
    """Mix the distances of all coke suppliers by mass."""
    needle = float(setting.base["needle_coke_share"])
    shares: dict[uuid.UUID, float] = {}
    for flow, share_of_coke in zip(COKE_FLOWS, (1.0 - needle, needle), strict=True):
        for supplier_id, share in setting.weights.get(flow, {}).items():
            shares[supplier_id] = shares.get(supplier_id, 0.0) + share_of_coke * share
    named = {supplier_id: share for supplier_id, share in shares.items() if share > _ROUNDING}
    return {COKE_DISTANCE.parameter: _mix(setting, COKE_DISTANCE.parameter, named, (COKE_DISTANCE,))} if named else {}


def _facts(setting: _Setting, supplier_id: uuid.UUID) -> SupplierFacts | None:
    answers = setting.answers.get(supplier_id)
    if answers is None:
        return None
    return SupplierFacts(supplier_id=supplier_id, answers=answers, base=setting.base, model=setting.model)


def _read_part(setting: _Setting, facts: SupplierFacts | None, readers: Sequence[Reader], fallback: Part) -> Part:
    """Return the supplier's own part by the first reader whose fields are answered, else the fallback."""
    if facts is None or not readers:
        return fallback
    reader = next((one for one in readers if facts.has(*one.needs)), None)
    if reader is None:
        return replace(fallback, missing=tuple(field for field in readers[-1].needs if not facts.has(field)))
    value = reader.read(facts)
    _check_range(setting, reader.parameter, value.value, facts.answers.number)
    kind: DataKind = value.kind
    return replace(
        fallback,
        kind=kind,
        value=value.value,
        source=facts.answers.number,
        formula=value.formula,
        evidence=value.evidence,
        submission_id=facts.answers.submission_id,
    )


def _check_range(setting: _Setting, parameter: str, value: float, submission: str) -> None:
    definition = setting.model.definitions[parameter]
    low, high = definition.minimum, definition.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return
    raise ParametersError(
        N_(
            "%(parameter)s from %(submission)s is %(value)s %(unit)s, outside the %(low)s to %(high)s that the model allows. "
            "Return the submission to the supplier with the arithmetic."
        ),
        parameter=parameter,
        submission=submission,
        value=shown(value),
        unit=definition.unit,
        low="-∞" if low is None else shown(low),
        high="∞" if high is None else shown(high),
    )
