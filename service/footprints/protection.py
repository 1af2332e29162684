"""What may be shown without giving a supplier's input away; the reasons are in docs/decisions, 0010 and 0017.

The rule is the one statistical offices use for cells with few contributors: a figure is published only if somebody who knows
everything else about as well as an informed outsider can still not estimate any single input of any supplier closely.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from service.footprints.provenance import KINDS

MODEL = "model"
MAKER = "maker"
"""Owners that are no supplier: the model's own values (open to everybody), and the maker's data."""

PROTECTION = 0.10
"""An input must stay uncertain by at least this share of its contribution, to both sides."""
DOUBT_ABOUT_MODEL = 0.20
"""Nobody outside knows where the maker replaced the model's value; its ranges are wider than this."""
DOUBT_ABOUT_DATA = 0.50
"""Confidential data of the maker and of suppliers can be guessed to half their size (furnaces differ by a factor of two)."""

SHARE_STEPS = tuple(map(Decimal, ("0.01", "0.05", "0.10", "0.20")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one input brings to the footprint.

    Attributes
    ----------
    stage
        P1 to P7.
    block
        Kind of flow, a key of `BLOCKS`.
    owner
        `MODEL`, `MAKER` or the id of the supplier whose data set the amount.
    input
        Which of the owner's inputs it is: the model parameter.
    kg_co2e
        Per kilogram of product.
    kwh
        Electricity per kilogram of product; 0 for other flows.
    kind
        Kind of data behind the amount: primary, secondary or default.

    """

    stage: str
    block: str
    owner: str
    input: str
    kg_co2e: float
    kwh: float = 0.0
    kind: str = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Stages or blocks that are shown as one figure.

    Attributes
    ----------
    keys
        What it unites, in order; one key where no supplier needs protection.
    kg_co2e
        Rounded; the groups of one split sum to the total rounded alike.

    """

    keys: tuple[str, ...]
    kg_co2e: Decimal


Measure = Callable[[Part], float]


def by_kg(part: Part) -> float:
    """Measure a part by its climate impact, kg CO2e/kg."""
    return part.kg_co2e


def by_kwh(part: Part) -> float:
    """Measure a part by its electricity, kWh/kg."""
    return part.kwh


def is_protected(parts: Iterable[Part], *, step: float, measure: Measure = by_kg, others_known: bool = False) -> bool:
    """Tell whether the sum of the parts may be published, rounded to a multiple of `step` (in the unit of the measure).

    Parameters
    ----------
    others_known
        The reader can hold the figure against one in which everything but one supplier is the same, of another period or
        product: then only the rounding protects.

    """
    sizes: dict[tuple[str, str], float] = defaultdict(float)
    for part in parts:
        sizes[part.owner, part.input] += measure(part)
    return all(
        step / 2 + (0.0 if others_known else _doubt(sizes, owner=owner, name=name)) >= PROTECTION * abs(size)
        for (owner, name), size in sizes.items()
        if owner not in {MODEL, MAKER}
    )


def _doubt(sizes: Mapping[tuple[str, str], float], *, owner: str, name: str) -> float:
    """Return how far an outsider can be wrong about everything but one input.

    The largest other supplier is left out: it may be the reader, and knows its own data exactly.
    """
    suppliers: dict[str, float] = defaultdict(float)
    doubt = 0.0
    for (other, other_name), size in sizes.items():
        if other == MODEL:
            doubt += DOUBT_ABOUT_MODEL * abs(size)
        elif other == MAKER or (other == owner and other_name != name):
            doubt += DOUBT_ABOUT_DATA * abs(size)
        elif other != owner:
            suppliers[other] += abs(size)
    return doubt + DOUBT_ABOUT_DATA * (sum(suppliers.values()) - max(suppliers.values(), default=0.0))


def rounding_step(total: float) -> Decimal:
    """Return the step that leaves a total three significant digits: 0.1 for 12.48, 0.01 for 4.03."""
    return Decimal(1).scaleb(Decimal(repr(abs(total))).adjusted() - 2) if total else Decimal("0.01")


def comparable_step(parts: Sequence[Part], total: float) -> Decimal:
    """Return the finest step, not finer than `rounding_step`, at which a total protects every input even if all others are known.

    Every figure rounded by it protects them too: a group holds no more of an input than the total does.
    """
    finest = rounding_step(total)
    steps = (Decimal(digit).scaleb(power) for power in range(finest.adjusted(), finest.adjusted() + 4) for digit in (1, 2, 5))
    sizes = _largest_inputs(parts)
    return next(step for step in steps if step >= finest and float(step) / 2 >= PROTECTION * sizes)


def _largest_inputs(parts: Sequence[Part]) -> float:
    """Return the largest contribution of an input of a supplier, kg CO2e/kg, its signs left out."""
    sizes: dict[tuple[str, str], float] = defaultdict(float)
    for part in parts:
        if part.owner not in {MODEL, MAKER}:
            sizes[part.owner, part.input] += abs(part.kg_co2e)
    return max(sizes.values(), default=0.0)


def split(
    parts: Sequence[Part], key: Callable[[Part], str], *, order: Sequence[str], step: Decimal, others_known: bool = False
) -> tuple[Group, ...]:
    """Split a footprint into groups that may be published; neighbours in `order` are united until every group may be.

    Returns
    -------
    Groups whose rounded figures sum to the rounded total; empty where even their union would give an input away.

    """
    cells: dict[str, list[Part]] = {one: [] for one in order}
    for part in parts:
        cells[key(part)].append(part)
    groups = _united([((one,), cells[one]) for one in order if cells[one]], step=float(step), others_known=others_known)
    rounded = round_to_sum([sum(map(by_kg, members)) for _, members in groups], step=step)
    return tuple(Group(keys=keys, kg_co2e=value) for (keys, _), value in zip(groups, rounded, strict=True))


_Cell = tuple[tuple[str, ...], list[Part]]


def _united(cells: list[_Cell], *, step: float, others_known: bool) -> list[_Cell]:
    safe = [is_protected(parts, step=step, others_known=others_known) for _, parts in cells]
    unsafe = next((place for place, is_safe in enumerate(safe) if not is_safe), None)
    if unsafe is None:
        return cells
    if len(cells) == 1:
        return []
    first = min(unsafe, _larger_neighbour(cells, unsafe))
    (keys, parts), (more_keys, more_parts) = cells[first : first + 2]
    return _united(
        [*cells[:first], (keys + more_keys, parts + more_parts), *cells[first + 2 :]], step=step, others_known=others_known
    )


def _larger_neighbour(cells: list[_Cell], place: int) -> int:
    neighbours = [other for other in (place - 1, place + 1) if 0 <= other < len(cells)]
    return max(neighbours, key=lambda other: sum(map(by_kg, cells[other][1])))


def round_to_sum(values: Sequence[float], *, step: Decimal) -> tuple[Decimal, ...]:
    """Round to multiples of `step` so that the results sum to the rounded sum (method of the largest remainder)."""
    exact = [Decimal(repr(value)) / step for value in values]
    floors = [value.to_integral_value(ROUND_FLOOR) for value in exact]
    missing = int(sum(exact, Decimal()).to_integral_value()) - int(sum(floors))
    by_remainder = sorted(range(len(values)), key=lambda place: floors[place] - exact[place])
    raised = set(by_remainder[:missing])
    return tuple((floor + (place in raised)) * step for place, floor in enumerate(floors))


def publishable(parts: Sequence[Part], *, steps: Sequence[Decimal], measure: Measure = by_kg) -> tuple[Decimal, Decimal] | None:
    """Return the sum of the parts rounded by the finest step that protects every input, with that step; None if none does."""
    total = Decimal(repr(float(sum(map(measure, parts)))))
    for step in steps:
        if is_protected(parts, step=float(step), measure=measure):
            return (total / step).to_integral_value() * step, step
    return None


def shares_by_kind(parts: Sequence[Part], *, others_known: bool = False) -> tuple[dict[str, Decimal], Decimal] | None:
    """Return the shares of a total by kind of data, with the finest step that protects every input in each of them."""
    total = sum(abs(part.kg_co2e) for part in parts)
    by_kind = {kind: [part for part in parts if part.kind == kind] for kind in KINDS}
    for step in SHARE_STEPS:
        if all(is_protected(some, step=float(step) * total, others_known=others_known) for some in by_kind.values()):
            shares = round_to_sum([sum(abs(part.kg_co2e) for part in by_kind[kind]) / total for kind in KINDS], step=step)
            return dict(zip(KINDS, shares, strict=True)), step
    return None
