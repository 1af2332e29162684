"""A model version with its parameters as a Brightway database: amounts with their formulas, factors as activities of their own.

The compiled system is what is written down, so an export can't differ from what is calculated; a formula stands beside an amount
only where the compiled system has that formula.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import numpy as np

from lca_models.batch import BatchResult, calculate_batch
from lca_models.electricity import NATIONAL
from lca_models.emissions import Category, GwpSet
from lca_models.errors import N_, ModelError, OracleDisagreementError
from lca_models.formulas import parse_formula
from lca_models.interchange.database import Activity, ActivityExchange, Database, ElementaryFlow
from lca_models.interchange.database_parameters import ParameterCollector
from lca_models.inventory import Distribution as Shape
from lca_models.inventory import Exchange
from lca_models.linking import UNSPLIT, Burden, Nature
from lca_models.model import Model
from lca_models.parameters import Default, Value
from lca_models.route import factor_flows
from lca_models.uncertainty.distributions import Distribution, Fixed
from lca_models.uncertainty.inputs import stated_distribution

_LOCATION: Final = "CN"
_ELSEWHERE: Final = "GLO"
_UNSPLIT_NAME: Final = "CO2e of factors that are published as one sum over all gases"
_NUMBER: Final = re.compile(r"[+-]?[\d.]+([eE][+-]?\d+)?")
# Largest difference between the database solved by itself and the model, relative to the total.
_TOLERANCE: Final = 1e-12


def as_database(
    model: Model, parameters: Mapping[str, Value] | None = None, *, electricity: str = NATIONAL, gwp: GwpSet = GwpSet.AR6
) -> Database:
    """Return the route of one furnace with its background, elementary flows and parameters.

    Parameters
    ----------
    model, parameters, electricity, gwp
        As in `calculate_footprint`.

    Raises
    ------
    ModelError
        If a name can't be a code in Brightway.
    OracleDisagreementError
        If the database, solved by itself, does not give the model's result to 1e-12.

    """
    batch = calculate_batch(model, parameters or {}, electricity=electricity, gwp=gwp)
    database = _Writer(model, batch, gwp).database()
    _check_codes(database)
    _check(database)
    return database


def score(database: Database) -> float:
    """Return kg CO2e of one unit of the product, solved from the amounts alone in double precision."""
    places = {activity.code: place for place, activity in enumerate(database.activities)}
    factors = {flow.code: flow.kg_co2e_per_unit for flow in database.flows}
    technosphere = np.zeros((len(places), len(places)))
    burdens = np.zeros(len(places))
    for column, activity in enumerate(database.activities):
        for one in activity.exchanges:
            if one.type == "biosphere":
                burdens[column] += one.amount * factors[one.input]
            else:
                technosphere[places[one.input], column] += one.amount if one.type == "production" else -one.amount
    demand = np.zeros(len(places))
    demand[0] = 1.0
    return float(burdens @ np.linalg.solve(technosphere, demand))


def _check_codes(database: Database) -> None:
    """Refuse codes that an importer would read as a number, or as more than one part of a key."""
    for code in database.inputs:
        if "::" in code or _NUMBER.fullmatch(code):
            raise ModelError(
                N_("“%(code)s” can't be exported: give the process or flow a name that is no number and has no double colon."),
                code=code,
            )


def _check(database: Database) -> None:
    found, wanted = score(database), database.total_kg_co2e
    if not abs(found - wanted) <= _TOLERANCE * abs(wanted):
        raise OracleDisagreementError(
            N_("The exported database gives %(found)s kg CO2e, the model %(wanted)s. Report this; nothing is exported."),
            found=repr(found),
            wanted=repr(wanted),
        )


class _Writer:
    """Gathers the nodes of one calculated system."""

    def __init__(self, model: Model, batch: BatchResult, gwp: GwpSet) -> None:
        self._model = model
        self._batch = batch
        self._gwp = gwp
        self._parameters = ParameterCollector(model, batch)
        self._flow_of = factor_flows(model)
        self._flows: dict[tuple[str, str, float], ElementaryFlow] = {}
        self._activities: dict[str, Activity] = {}

    def database(self) -> Database:
        foreground = [self._process(number) for number in range(len(self._batch.system.processes))]
        return Database(
            name=self._name(),
            activities=(*foreground, *self._activities.values()),
            flows=tuple(self._flows.values()),
            parameters=tuple(self._parameters.parameters()),
            method=("AnodePrint", f"GWP100 {self._gwp.value}", "climate change without biogenic uptake"),
            facts=self._facts(),
            total_kg_co2e=float(self._batch.total_kg_co2e[0]),
        )

    def _name(self) -> str:
        """Return the model version, and the digest of settings that are not the defaults: both can stand side by side."""
        values = self._batch.values
        settings = [
            self._batch.parameters.view.key,
            self._gwp.value,
            *(f"{one}={values[one]}" for one in sorted(self._batch.parameters.given)),
        ]
        digest = hashlib.sha256("\0".join(settings).encode()).hexdigest()[:8]
        own = settings != [NATIONAL, GwpSet.AR6.value]
        return f"anodeprint {self._model.model_version}" + (f" set {digest}" if own else "")

    def _facts(self) -> dict[str, str]:
        values = self._batch.values
        given = {name: values[name] for name in sorted(self._batch.parameters.given)}
        return {
            "model version": self._model.model_version,
            "content hash": self._model.content_hash,
            "declared unit": "1 kg packed anode material, cradle to gate",
            "score": f"{self._batch.total_kg_co2e[0]!s} kg CO2e",
            "electricity view": self._batch.parameters.view.key,
            "choices": ", ".join(f"{name} = {value}" for name, value in values.items() if isinstance(value, str)),
            "set": ", ".join(f"{name} = {value}" for name, value in given.items()) or "nothing: all parameters at their default",
            "fixed": "characterization factors, choices and whatever has no formula follow the settings above and no parameter",
        }

    def _process(self, number: int) -> Activity:
        system, process = self._batch.system, self._batch.system.processes[number]
        exchanges = [
            ActivityExchange(
                type="production", input=process.name, amount=float(system.outputs[number]), comment="reference product"
            )
        ]
        exchanges.extend(self._supply(place) for place in np.flatnonzero(system.supply_consumer == number).tolist())
        exchanges.extend(self._burdens([one for one in system.burdens if one.process == number]))
        linked = {*system.supply_exchange.tolist(), *(one.position for one in system.burdens)}
        rest = [
            one
            for position, one in enumerate(system.exchanges)
            if system.exchange_process[position] == number and position not in linked
        ]
        return Activity(
            code=process.name,
            name=process.name,
            product=process.reference.flow,
            unit=process.reference.unit,
            location=_LOCATION,
            comment=_joined(
                process.reference.evidence.source_detail,
                "Without burden and therefore left out: " + ", ".join(sorted({one.flow for one in rest})) if rest else "",
            ),
            exchanges=tuple(exchanges),
        )

    def _supply(self, place: int) -> ActivityExchange:
        system = self._batch.system
        position = int(system.supply_exchange[place])
        producer = system.processes[int(system.supply_producer[place])].name
        return self._exchange("technosphere", producer, position, float(system.supply_conversion[place]))

    def _burdens(self, burdens: Iterable[Burden]) -> Iterable[ActivityExchange]:
        """Return emissions as they are, and each supply once, however many gases its factor is split into."""
        supplies: dict[int, list[Burden]] = {}
        for one in burdens:
            if one.nature is Nature.SUPPLY:
                supplies.setdefault(one.position, []).append(one)
            else:
                yield self._exchange("biosphere", self._emission(one), one.position, one.conversion)
        for position, parts in supplies.items():
            self._add_background(parts)
            yield self._exchange("technosphere", parts[0].key, position, parts[0].conversion)

    def _exchange(
        self, kind: Literal["technosphere", "biosphere"], code: str, position: int, conversion: float
    ) -> ActivityExchange:
        system = self._batch.system
        exchange, physical = system.exchanges[position], system.formulas[position]
        formula = self._parameters.carried(exchange, physical)
        if formula is not None:
            self._parameters.use(formula)
        return ActivityExchange(
            type=kind,
            input=code,
            amount=float(self._batch.amounts[0, position]) * conversion,
            formula="" if formula is None else _times(formula.text, conversion),
            uncertainty=_stated(exchange, conversion) if formula is None else None,
            comment=_joined(exchange.part, exchange.evidence.source_detail, "; ".join(exchange.evidence.sources)),
        )

    def _add_background(self, parts: list[Burden]) -> None:
        """Add the system activity of a supply: its factor, split by gas where that is known."""
        first, key = parts[0], parts[0].key
        if key in self._activities:
            return
        parameter = key if first.exchange.supply else ""
        value = self._parameters.value_of(parameter) if parameter else first.kg_co2e_per_unit / first.share
        if parameter:
            self._parameters.use(parse_formula(parameter))
        emissions = [self._part(one, value, parameter) for one in parts]
        flow = first.exchange.flow
        known = self._model.factors.life_cycle.get(flow)
        shared = [name for name, of in self._flow_of.items() if of == flow]
        self._activities[key] = Activity(
            code=key,
            name=f"{flow}, {key}" if len(shared) > 1 else flow,
            product=flow,
            unit=first.unit,
            location=(known.region if known else "") or _ELSEWHERE,
            comment=_joined(
                f"system activity: life-cycle factor {value:g} kg CO2e/{first.unit}",
                *((known.evidence.source_detail, known.boundary, "; ".join(known.evidence.sources)) if known else ()),
            ),
            exchanges=(ActivityExchange(type="production", input=key, amount=1.0), *emissions),
        )

    def _part(self, burden: Burden, value: float, parameter: str) -> ActivityExchange:
        gwp100 = burden.gwp100 or 1.0
        per_factor = burden.share / gwp100
        flow = self._flow(burden.elementary_flow, "kg", gwp100, burden)
        return ActivityExchange(
            type="biosphere", input=flow, amount=value * per_factor, formula=_times(parameter, per_factor) if parameter else ""
        )

    def _emission(self, burden: Burden) -> str:
        factor = self._parameters.value_of(burden.key) if burden.exchange.supply else burden.kg_co2e_per_unit
        return self._flow(burden.elementary_flow, burden.unit, factor, burden)

    def _flow(self, name: str, unit: str, factor: float, burden: Burden) -> str:
        """Return the code of an elementary flow; one name may have two factors, where a parameter sets one of them."""
        counted = 0.0 if burden.category is Category.BIOGENIC_UPTAKE else factor
        key = (name, unit, counted)
        if key not in self._flows:
            taken = any(one.code == name for one in self._flows.values())
            code = f"{name} {burden.key} {counted:g}" if taken else name
            known = self._model.emission_flows.get(name)
            shown = _UNSPLIT_NAME if name == UNSPLIT else (known.name_en if known else name)
            label = f"{shown}, {burden.key}" if taken else shown
            self._flows[key] = ElementaryFlow(code=code, name=label, unit=unit, kg_co2e_per_unit=counted)
        return self._flows[key].code


def _stated(exchange: Exchange, conversion: float) -> Distribution | None:
    """Return the distribution that the tables state around the amount of an exchange that no parameter sets."""
    evidence = exchange.evidence
    default = Default(
        formula=parse_formula(repr(exchange.amount)),
        low=evidence.low,
        high=evidence.high,
        shape=Shape(evidence.distribution),
        sources=evidence.sources,
        confidence=evidence.confidence,
    )
    found = stated_distribution(default, exchange.amount)
    return None if isinstance(found, Fixed) or exchange.amount <= 0.0 else found.scaled(conversion)


def _times(formula: str, factor: float) -> str:
    if factor == 1.0:
        return formula
    return f"({formula})*{factor!r}"


def _joined(*texts: str) -> str:
    return " | ".join(text for text in texts if text)
