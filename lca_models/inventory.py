"""Unit processes and factors: what a system is made of, before it is linked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from lca_models.errors import N_, TableError
from lca_models.tables import Place, Row, read_table
from lca_models.units import UNITS


class Direction(StrEnum):
    """What an exchange does; the last three link to nothing and carry no burden and no credit."""

    REFERENCE = "reference"
    INPUT = "input"
    WASTE = "waste"
    EMISSION_AIR = "emission_air"
    BYPRODUCT = "byproduct"
    INFO = "info"
    BYPRODUCT_INFO = "byproduct_info"


class Distribution(StrEnum):
    """Shape of the uncertainty; low and high are about 2.5 and 97.5 % for lognormal and normal, hard bounds for the others."""

    FIXED = "fixed"
    TRIANGULAR = "triangular"
    LOGNORMAL = "lognormal"
    NORMAL = "normal"
    UNIFORM = "uniform"


CONFIDENCES: Final = ("high", "medium", "low", "memory", "definition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a number comes from and how sure it is.

    Attributes
    ----------
    low, high
        In the unit of the number; None if the source gives no range.
    sources
        Keys of `sources.toml`.

    """

    place: Place
    low: float | None
    high: float | None
    distribution: str
    sources: tuple[str, ...]
    source_detail: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One flow of one process, per amount of its reference product.

    Attributes
    ----------
    part
        Which share of an amount made of several, such as the packing-coke CO2 of a furnace; mostly empty.
    supply
        Key of the factor, if it is not the flow itself.
    driver
        The parameter that sets the amount; empty if none does.
    share
        Name of the share that an allocation multiplies the amount with; empty if the product carries all of it.

    """

    process: str
    flow: str
    direction: Direction
    amount: float
    unit: str
    evidence: Evidence
    part: str = ""
    supply: str = ""
    driver: str = ""
    share: str = ""

    def __str__(self) -> str:
        return f"{self.process} / {self.flow} ({self.evidence.place})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A unit process with one reference product."""

    name: str
    reference: Exchange
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A number that characterises a flow; what it may be used for is said by its class.

    Attributes
    ----------
    value
        kg CO2e (or kg CO2) per `unit` of the flow.
    unit
        Denominator only, such as ``kWh``.

    """

    flow: str
    value: float
    unit: str
    name_zh: str
    year: str
    region: str
    boundary: str
    evidence: Evidence


class LifeCycleFactor(Factor):
    """kg CO2e per unit from cradle on: what a product footprint needs."""


class CharacterizationFactor(Factor):
    """kg CO2e per unit of an emission (GWP100)."""


class DirectCo2Factor(Factor):
    """kg CO2 emitted at power stations per kWh: for company inventories, never for a product footprint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorTable:
    """Factors by flow, kept apart by what they may be used for."""

    life_cycle: Mapping[str, LifeCycleFactor]
    characterization: Mapping[str, CharacterizationFactor]
    direct_co2: Mapping[str, DirectCo2Factor]


PROCESS_COLUMNS: Final = ("process", "flow", "direction", "amount", "unit")
FACTOR_COLUMNS: Final = ("flow", "ef", "unit")
_EVIDENCE_COLUMNS: Final = ("low", "high", "distribution", "source", "source_detail", "confidence")
_FACTOR_DETAIL: Final = ("name_zh", "year", "region", "boundary", "kind", *_EVIDENCE_COLUMNS)

# How the numerator of a factor may be written, and its size in kg; the second set is CO2 alone.
_CO2E: Final = {f"{unit}CO2{e}": size for unit, size in (("g", 0.001), ("kg", 1.0), ("t", 1000.0)) for e in ("e", "eq", "-eq")}
_CO2: Final = {"gCO2": 0.001, "kgCO2": 1.0, "tCO2": 1000.0}
_KINDS: Final = {"life_cycle": LifeCycleFactor, "gwp100": CharacterizationFactor, "direct_co2": DirectCo2Factor}


def read_processes(files: Mapping[str, bytes], *, sources: Iterable[str] | None) -> tuple[Process, ...]:
    """Read unit processes from tables in the columns of `unit_processes.csv`.

    Parameters
    ----------
    files
        Content by file name.
    sources
        Known source keys: every row must then name some, and amounts must lie in their range. None for somebody else's files,
        where only what the calculation needs is checked.

    """
    strict = None if sources is None else frozenset(sources)
    rows = [row for file, content in files.items() for row in _read(content, file, PROCESS_COLUMNS, _EVIDENCE_COLUMNS, strict)]
    by_process: dict[str, list[Exchange]] = {}
    for row in rows:
        exchange = _exchange(row, strict)
        by_process.setdefault(exchange.process, []).append(exchange)
    return tuple(_process(name, exchanges) for name, exchanges in by_process.items())


def read_exchanges(content: bytes, *, file: str, sources: Iterable[str]) -> tuple[Exchange, ...]:
    """Read loose exchanges that belong to processes of another table."""
    strict = frozenset(sources)
    return tuple(_exchange(row, strict) for row in _read(content, file, PROCESS_COLUMNS, _EVIDENCE_COLUMNS, strict))


def _read(
    content: bytes, file: str, required: tuple[str, ...], optional: tuple[str, ...], strict: frozenset[str] | None
) -> tuple[Row, ...]:
    if strict is None:
        return read_table(content, file=file, required=required, optional=None)
    return read_table(content, file=file, required=(*required, *optional), optional=())


def _exchange(row: Row, strict: frozenset[str] | None) -> Exchange:
    amount = row.number("amount")
    return Exchange(
        process=row.text("process"),
        flow=row.text("flow"),
        direction=Direction(row.choice("direction", [direction.value for direction in Direction])),
        amount=amount,
        unit=_unit(row, strict),
        evidence=read_evidence(row, value=amount, column="amount", sources=strict),
    )


def _unit(row: Row, strict: frozenset[str] | None) -> str:
    return row.text("unit") if strict is None else row.choice("unit", UNITS)


def read_evidence(row: Row, *, value: float, column: str, sources: frozenset[str] | None) -> Evidence:
    """Read the columns that say where a number comes from; `sources` None takes them unchecked."""
    if sources is None:
        texts = {name: row.optional_text(name) for name in ("distribution", "source", "source_detail", "confidence")}
        return Evidence(
            place=row.place,
            low=None,
            high=None,
            distribution=texts["distribution"],
            sources=_split(texts["source"]),
            source_detail=texts["source_detail"],
            confidence=texts["confidence"],
        )
    evidence = Evidence(
        place=row.place,
        low=row.optional_number("low"),
        high=row.optional_number("high"),
        distribution=row.choice("distribution", [shape.value for shape in Distribution]),
        sources=check_sources(row, sources),
        source_detail=row.optional_text("source_detail"),
        confidence=row.choice("confidence", CONFIDENCES),
    )
    _check_range(row, evidence, value=value, column=column)
    return evidence


def check_sources(row: Row, known: Iterable[str]) -> tuple[str, ...]:
    """Return the source keys of a row, separated by semicolons; each must be in `sources.toml`."""
    keys = _split(row.text("source"))
    for key in keys:
        if key not in known:
            raise row.error(
                "source",
                N_(
                    "%(file)s, line %(line)s, column %(column)s: the source “%(key)s” is not in sources.toml. "
                    "Add it there or correct the key."
                ),
                key=key,
            )
    return keys


def _split(keys: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys.split(";") if key.strip())


def _check_range(row: Row, evidence: Evidence, *, value: float, column: str) -> None:
    low, high = evidence.low, evidence.high
    if evidence.distribution != Distribution.FIXED and (low is None or high is None):
        raise row.error("low", N_("%(file)s, line %(line)s: a distribution needs low and high. Fill both in, or write fixed."))
    check_in_range(row, column, value, low=low, high=high)
    if evidence.distribution == Distribution.LOGNORMAL and low is not None and low <= 0:
        raise row.error(
            "low",
            N_(
                "%(file)s, line %(line)s, column %(column)s: a lognormal range must be above zero, not from %(value)s. "
                "Correct it, or write triangular."
            ),
        )


def check_in_range(row: Row, column: str, value: float, *, low: float | None, high: float | None) -> None:
    """Refuse a value that lies outside its own range, also one whose range is empty."""
    if (low is not None and value < low) or (high is not None and value > high):
        raise row.error(
            column,
            N_(
                "%(file)s, line %(line)s, column %(column)s: %(value)s lies outside its own range %(low)s to %(high)s. "
                "Correct one of them."
            ),
            low=low,
            high=high,
        )


def _process(name: str, exchanges: list[Exchange]) -> Process:
    references = [exchange for exchange in exchanges if exchange.direction is Direction.REFERENCE]
    if len(references) != 1:
        raise TableError(
            N_(
                "The process “%(process)s” has %(count)s reference products (%(places)s). "
                "Give it exactly one row with direction reference."
            ),
            process=name,
            count=len(references),
            places="; ".join(f"{one.flow}: {one.evidence.place}" for one in references) or str(exchanges[0].evidence.place),
        )
    if references[0].amount <= 0:
        raise TableError(
            N_("%(place)s, column amount: the reference amount of “%(process)s” is %(value)s. It must be above zero."),
            place=references[0].evidence.place,
            process=name,
            value=f"{references[0].amount:g}",
        )
    _check_duplicates(exchanges)
    return Process(name=name, reference=references[0], exchanges=tuple(one for one in exchanges if one is not references[0]))


def _check_duplicates(exchanges: list[Exchange]) -> None:
    seen: dict[tuple[str, Direction], Exchange] = {}
    for exchange in exchanges:
        first = seen.setdefault((exchange.flow, exchange.direction), exchange)
        if first is not exchange:
            raise TableError(
                N_(
                    "%(place)s: “%(process)s” already has the flow “%(flow)s” as %(direction)s (%(first)s). "
                    "Add the amounts up in one row."
                ),
                place=exchange.evidence.place,
                process=exchange.process,
                flow=exchange.flow,
                direction=exchange.direction.value,
                first=first.evidence.place,
            )


def read_factors(files: Mapping[str, bytes], *, sources: Iterable[str] | None) -> FactorTable:
    """Read factors from tables in the columns of `upstream_factors.csv`; `sources` as in `read_processes`."""
    strict = None if sources is None else frozenset(sources)
    table: dict[type[Factor], dict[str, Factor]] = {kind: {} for kind in _KINDS.values()}
    for file, content in files.items():
        for row in _read(content, file, FACTOR_COLUMNS, _FACTOR_DETAIL, strict):
            factor = _factor(row, strict)
            first = table[type(factor)].setdefault(factor.flow, factor)
            if first is not factor:
                raise row.error(
                    "flow",
                    N_("%(file)s, line %(line)s: “%(value)s” already has a factor (%(first)s). Keep one of them."),
                    first=first.evidence.place,
                )
    return FactorTable(
        life_cycle={flow: factor for flow, factor in table[LifeCycleFactor].items() if isinstance(factor, LifeCycleFactor)},
        characterization={
            flow: factor for flow, factor in table[CharacterizationFactor].items() if isinstance(factor, CharacterizationFactor)
        },
        direct_co2={flow: factor for flow, factor in table[DirectCo2Factor].items() if isinstance(factor, DirectCo2Factor)},
    )


def _factor(row: Row, strict: frozenset[str] | None) -> Factor:
    size, carbon_dioxide_only, unit = _numerator(row)
    if strict is not None and unit not in UNITS:
        raise row.error(
            "unit",
            N_("%(file)s, line %(line)s, column %(column)s: the unit in “%(value)s” is not known. Use one of: %(known)s."),
            known=", ".join(UNITS),
        )
    value = row.number("ef")
    evidence = read_evidence(row, value=value, column="ef", sources=strict)
    return _kind(row, carbon_dioxide_only=carbon_dioxide_only)(
        flow=row.text("flow"),
        value=value * size,
        unit=unit,
        name_zh=row.optional_text("name_zh"),
        year=row.optional_text("year"),
        region=row.optional_text("region"),
        boundary=row.optional_text("boundary"),
        evidence=replace(evidence, low=_times(evidence.low, size), high=_times(evidence.high, size)),
    )


def _times(bound: float | None, size: float) -> float | None:
    return None if bound is None else bound * size


def _numerator(row: Row) -> tuple[float, bool, str]:
    mass, _, unit = row.text("unit").replace(" ", "").partition("/")
    if mass in _CO2E and unit:
        return _CO2E[mass], False, unit
    if mass in _CO2 and unit:
        return _CO2[mass], True, unit
    raise row.error(
        "unit", N_("%(file)s, line %(line)s, column %(column)s: “%(value)s” is not a factor's unit. Write it like kgCO2e/kWh.")
    )


def _kind(row: Row, *, carbon_dioxide_only: bool) -> type[Factor]:
    stated = row.optional_text("kind")
    kind = row.choice("kind", _KINDS) if stated else ("direct_co2" if carbon_dioxide_only else "life_cycle")
    if carbon_dioxide_only and kind == "life_cycle":
        raise row.error(
            "kind",
            N_(
                "%(file)s, line %(line)s: a life-cycle factor counts all greenhouse gases (kgCO2e), this one CO2 only. "
                "Use kind direct_co2."
            ),
        )
    return _KINDS[kind]
