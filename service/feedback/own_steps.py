"""From a supplier's accepted answers to the step of the model that it runs, if the model has one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from lca_models.gate_to_gate import ELECTRICITY, BuildStep, ChainStep, Step
from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.errors import N_, ConflictError
from service.footprints.parameters import resolved
from service.footprints.supplier_readers import readers_of
from service.footprints.supplier_values import TOLL_FLOW, SupplierFacts
from service.submissions.queries import AcceptedAnswers

_KG_PER_T: Final = 1000.0
_PERCENT: Final = 100.0
_DIVISORS: Final = frozenset({"product_out", "calcination_yield"})
_CARBONIZED: Final = "coated_powder"

TOLL_BOUNDARY: Final = N_(
    "Gate to gate: energy, auxiliary materials and direct emissions of the work. "
    "The material that the customer brings is not in it."
)
MADE_BOUNDARY: Final = N_("Cradle to gate: raw material, energy and direct emissions, up to the factory gate.")


class NoOwnFootprintError(ConflictError):
    """The model can't calculate a footprint of what this supplier supplies.

    Attributes
    ----------
    missing
        Questions without whose answers there is none.

    """

    code = "no-own-footprint"

    def __init__(self, template: str, *, missing: tuple[str, ...] = (), **values: object) -> None:
        self.missing = missing
        super().__init__(template, **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStep:
    """What a supplier does, with its own figures.

    Attributes
    ----------
    boundary
        Message id: what is counted.
    green_share
        Share (0 to 1) of the electricity with evidenced green power.
    contract_parameter
        Share of the model's step that green power sets; empty for a build.
    mass_kg
        Of one unit of the product.

    """

    step: Step
    boundary: str
    green_share: float
    contract_parameter: str
    mass_kg: float

    def with_green_share(self, share: float) -> "OwnStep":
        """Return the same work with another share of green power; it counts under the market view only."""
        if not isinstance(self.step, ChainStep):
            return replace(self, green_share=share)
        given = {**self.step.given, self.contract_parameter: share}
        return replace(self, green_share=share, step=replace(self.step, given=given))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Amount:
    """How an answer becomes an amount of a build, per unit of its product."""

    flow: str
    field: str
    per_unit: Callable[[float], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A material that a build of the model stands for.

    Attributes
    ----------
    only
        Answers without which it is another material.
    needs
        Answers without which there is no footprint of its own.
    zero
        Flows of the build that an answer replaces by another flow.
    loss_field
        Per cent of the product that machining takes off.
    mass_kg
        Of one unit of the product.

    """

    build: str
    only: Mapping[str, frozenset[str]]
    needs: tuple[str, ...]
    amounts: tuple[_Amount, ...]
    zero: tuple[str, ...] = ()
    loss_field: str = ""
    mass_kg: float = 1.0


def _per_tonne(value: float) -> float:
    return value / _KG_PER_T


def _as_given(value: float) -> float:
    """Return what needs no conversion: kWh/Nm3, t/t, and GJ/t, which is the same number of MJ/kg."""
    return value


def _feed(yield_percent: float) -> float:
    return _PERCENT / yield_percent


_CALCINING: Final = (
    _Amount(flow="CO2_fossil", field="calcination_co2", per_unit=_as_given),
    _Amount(flow="natural_gas", field="calciner_gas", per_unit=_per_tonne),
    _Amount(flow=ELECTRICITY, field="calciner_electricity", per_unit=_per_tonne),
)
_N2_KG_PER_NM3: Final = 28.0134 / 22.414
"""Molar mass over molar volume at 0 degrees and 101,325 Pa."""

_MADE: Final[Mapping[str, tuple[_Made, ...]]] = {
    "COKE": (
        _Made(
            build="U1_calcined_petroleum_coke",
            only={"coke_type": frozenset({"petroleum_calcined"})},
            needs=("calcination_yield", "calcination_co2"),
            amounts=(_Amount(flow="green_petroleum_coke", field="calcination_yield", per_unit=_feed), *_CALCINING),
        ),
        _Made(
            build="U2_needle_coke_calcined:oil",
            only={"coke_type": frozenset({"needle_oil_calcined"})},
            needs=("calcination_yield", "calcination_co2"),
            amounts=(_Amount(flow="needle_coke_green_oil", field="calcination_yield", per_unit=_feed), *_CALCINING),
        ),
    ),
    "PITCH": (
        _Made(
            build="U4_coal_tar_pitch",
            only={"pitch_type": frozenset({"coal_tar"})},
            needs=("distillation_fuel",),
            amounts=(
                _Amount(flow="heat_natural_gas", field="distillation_fuel", per_unit=_as_given),
                _Amount(flow=ELECTRICITY, field="electricity_per_t", per_unit=_per_tonne),
                _Amount(flow="steam_gas", field="steam_per_t", per_unit=_per_tonne),
            ),
            zero=("natural_gas",),
        ),
    ),
    "CRUCIBLE": (
        _Made(
            build="U3_graphite_crucible_block",
            only={"crucible_material": frozenset({"graphite"})},
            needs=("block_electricity",),
            amounts=(
                _Amount(flow=ELECTRICITY, field="block_electricity", per_unit=_per_tonne),
                _Amount(flow="natural_gas", field="block_gas", per_unit=_per_tonne),
            ),
            loss_field="machining_loss",
        ),
    ),
    "GAS": (
        _Made(
            build="U5_nitrogen_on_site",
            only={},
            needs=("nitrogen_electricity",),
            amounts=(_Amount(flow=ELECTRICITY, field="nitrogen_electricity", per_unit=_as_given),),
            mass_kg=_N2_KG_PER_NM3,
        ),
    ),
}


def own_step(answers: AcceptedAnswers, model: Model) -> OwnStep:
    """Return the step that a supplier runs, with its own figures.

    Raises
    ------
    NoOwnFootprintError
        If the model has no process for it, or answers are missing, in words for the supplier.

    """
    match answers.supplier_type:
        case "TOLL":
            return _toll(answers, model)
        case "TOLL_CARB":
            return _chain_step(answers, model, "P4_coating_carbonisation", {}, flow=_CARBONIZED)
    if answers.supplier_type not in _MADE:
        raise NoOwnFootprintError(
            N_(
                "The model has no process of its own for what you supply, so it can't calculate a footprint for you. "
                "Your figures are used as they are; a verified footprint of your own would be used whole."
            )
        )
    return _made(answers, model)


def _toll(answers: AcceptedAnswers, model: Model) -> OwnStep:
    furnace = str(answers.values.get("furnace_type") or model.definitions[FURNACE].default)
    return _chain_step(answers, model, f"P3_graphitisation:{furnace}", {FURNACE: furnace}, flow=TOLL_FLOW)


def _chain_step(answers: AcceptedAnswers, model: Model, process: str, shape: Mapping[str, float | str], *, flow: str) -> OwnStep:
    electricity = {
        TOLL_FLOW: "graphitization_electricity_kwh_per_kg",
        _CARBONIZED: "carbonization_electricity_kwh_per_kg",
    }[flow]
    contract = f"{electricity.partition('_')[0]}_contract_solar_pv_share"
    facts = SupplierFacts(supplier_id=answers.supplier_id, answers=answers, base=resolved(model, shape), model=model)
    readers = [reader for reader in readers_of(flow) if model.definitions[reader.parameter].default_for(str(facts.base[FURNACE]))]
    needed = next(reader for reader in readers if reader.parameter == electricity)
    _check_answered(answers, needed.needs)
    values = {reader.parameter: reader.read(facts) for reader in readers if facts.has(*reader.needs)}
    green = green_share(answers)
    step = ChainStep(
        process=process,
        given={**shape, **{name: one.value for name, one in values.items()}, contract: green},
        evidence={name: one.evidence for name, one in values.items() if one.evidence},
    )
    return OwnStep(step=step, boundary=TOLL_BOUNDARY, green_share=green, contract_parameter=contract, mass_kg=1.0)


def _made(answers: AcceptedAnswers, model: Model) -> OwnStep:
    made = next((one for one in _MADE[answers.supplier_type] if _is_that(answers, one)), None)
    if made is None:
        raise NoOwnFootprintError(
            N_(
                "The model knows how calcined coke, coal tar pitch, graphite crucibles and nitrogen are made, but not this kind of "
                "material, so it can't calculate a footprint for you. A verified footprint of your own would be used whole."
            )
        )
    _check_answered(answers, made.needs)
    facts = SupplierFacts(supplier_id=answers.supplier_id, answers=answers, base={}, model=model)
    given = [one for one in made.amounts if facts.has(one.field)]
    loss = facts.number(made.loss_field) / _PERCENT if made.loss_field and facts.has(made.loss_field) else 0.0
    step = BuildStep(
        build=made.build,
        amounts=dict.fromkeys(made.zero, 0.0) | {one.flow: one.per_unit(facts.number(one.field)) for one in given},
        evidence={one.flow: facts.evidence(one.field) for one in given},
        kept_share=1.0 - loss,
    )
    return OwnStep(step=step, boundary=MADE_BOUNDARY, green_share=green_share(answers), contract_parameter="", mass_kg=made.mass_kg)


def _is_that(answers: AcceptedAnswers, made: _Made) -> bool:
    return all(str(answers.values.get(field)) in allowed for field, allowed in made.only.items())


def _check_answered(answers: AcceptedAnswers, fields: tuple[str, ...]) -> None:
    given = {field: answers.values.get(field) for field in fields}
    missing = tuple(field for field, value in given.items() if value is None or (value == 0 and field in _DIVISORS))
    if missing:
        raise NoOwnFootprintError(N_("For a footprint of your own these answers are missing or zero."), missing=missing)


def green_share(answers: AcceptedAnswers) -> float:
    """Return the share (0 to 1) of the site's electricity that has certificates; what was not answered has none."""
    green, bought = answers.values.get("green_electricity"), answers.values.get("grid_electricity")
    if not isinstance(green, float) or not isinstance(bought, float) or bought <= 0:
        return 0.0
    return min(green / bought, 1.0)
