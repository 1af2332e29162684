"""From an imported inventory to the sparse matrices of a background: every exchange linked, one reference product per activity."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from lca_models.background.activities import BackgroundActivity
from lca_models.background.gases import BackgroundFlow, Characterized, characterize
from lca_models.background.system import Amounts, SparseBackground, Spread
from lca_models.emissions import EmissionFlow
from lca_models.errors import N_, ModelError

Key = tuple[str, str]
Node = Mapping[str, Any]
"""A node of bw2io: `database`, `code`, `name`, `unit`, `location`, `type`, `exchanges`."""

_PRODUCT: Final = "product"
_INPUTS: Final = {"technosphere": -1.0, "generic consumption": -1.0, "substitution": 1.0}
_OUTPUTS: Final = frozenset({"production", "generic production"})
_EMISSION: Final = "biosphere"
_FLOW_TYPES: Final = frozenset(
    {"emission", "biosphere", "natural resource", "resource", "economic", "social", "inventory indicator"}
)
_LOGNORMAL: Final = 2
_FIXED: Final = frozenset({None, 0, 1})
_LISTED: Final = 20


class BackgroundImportError(ModelError):
    """A database that can't become a background; names process, flow, value and fix."""

    code = "background-import"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledInventory:
    """A background with the names of its activities.

    Attributes
    ----------
    activities
        Axis of the matrices.
    other_distributions
        How many uncertain exchanges are not lognormal; they count as fixed.

    """

    background: SparseBackground
    activities: tuple[BackgroundActivity, ...]
    characterized: Characterized
    flows: int
    other_distributions: int


def compile_inventory(nodes: Iterable[Node], *, emission_flows: Mapping[str, EmissionFlow]) -> CompiledInventory:
    """Return the matrices of linked nodes in double precision.

    Raises
    ------
    BackgroundImportError
        If exchanges lead nowhere, an activity has no or several reference products, or two activities make the same product.

    """
    by_key = {(node["database"], node["code"]): node for node in nodes}
    products = frozenset(key for key, node in by_key.items() if node.get("type") == _PRODUCT)
    processes = [key for key in by_key if key not in products and by_key[key].get("type") not in _FLOW_TYPES]
    if not processes:
        raise BackgroundImportError(N_("The file has no activity. Export the database with its processes."))
    _check_linked(by_key, processes)
    flows = _used_flows(by_key, processes)
    makers = _makers(by_key, processes)
    technosphere = _Entries()
    biosphere = _Entries()
    rows = {key: position for position, key in enumerate(flows)}
    for column, key in enumerate(processes):
        for exchange in by_key[key].get("exchanges", ()):
            _add(exchange, column, by_key[key], makers=makers, flows=rows, technosphere=technosphere, biosphere=biosphere)
    characterized = characterize([_flow(by_key[key]) for key in flows], emission_flows=emission_flows)
    matrix, sigma = technosphere.matrix((len(processes), len(processes)))
    emissions, emission_sigma = biosphere.matrix((max(len(flows), 1), len(processes)))
    return CompiledInventory(
        background=SparseBackground(
            technosphere=matrix,
            biosphere=emissions,
            characterization=characterized.factors if flows else np.zeros((len(characterized.factors), 1)),
            spread=Spread(technosphere=sigma, biosphere=emission_sigma) if sigma.any() or emission_sigma.any() else None,
        ),
        activities=tuple(_activity(by_key[key], by_key) for key in processes),
        characterized=characterized,
        flows=len(flows),
        other_distributions=technosphere.other_distributions + biosphere.other_distributions,
    )


class _Entries:
    """Entries of a matrix being gathered; those at the same place add up, their spreads as independent deviations.

    Attributes
    ----------
    other_distributions
        As of `CompiledInventory`.

    """

    def __init__(self) -> None:
        self.other_distributions = 0
        self._amounts: dict[tuple[int, int], float] = defaultdict(float)
        self._variances: dict[tuple[int, int], float] = defaultdict(float)

    def add(self, row: int, column: int, amount: float, exchange: Mapping[str, Any]) -> None:
        kind = exchange.get("uncertainty type")
        sigma = float(exchange.get("scale") or 0.0) if kind == _LOGNORMAL else 0.0
        self.other_distributions += kind not in _FIXED and kind != _LOGNORMAL
        self._amounts[column, row] += amount
        self._variances[column, row] += (amount * sigma) ** 2

    def matrix(self, shape: tuple[int, int]) -> tuple[csc_array, Amounts]:
        """Return the matrix and the standard deviation of the logarithm of each of its stored entries."""
        places = sorted(self._amounts)
        columns, rows = (np.array([place[axis] for place in places], dtype=np.int64) for axis in (0, 1))
        amounts = np.array([self._amounts[place] for place in places], dtype=np.float64)
        deviations = np.sqrt([self._variances[place] for place in places])
        sigma = np.divide(deviations, np.abs(amounts), out=np.zeros(len(amounts)), where=amounts != 0.0)
        matrix = csc_array((amounts, rows, _pointers(columns, shape[1])), shape=shape)
        return matrix, sigma


def _pointers(columns: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=size))])


def _check_linked(by_key: Mapping[Key, Node], processes: Sequence[Key]) -> None:
    missing: Counter[str] = Counter()
    for key in processes:
        for exchange in by_key[key].get("exchanges", ()):
            if tuple(exchange.get("input") or ()) not in by_key:
                missing[_described(exchange)] += 1
    if missing:
        raise BackgroundImportError(
            N_(
                "%(count)s exchanges (%(distinct)s different) lead to no activity or flow of the file: %(listed)s. "
                "Export the database together with what it links to."
            ),
            count=missing.total(),
            distinct=len(missing),
            listed="; ".join(name for name, _ in missing.most_common(_LISTED)) + ("; …" if len(missing) > _LISTED else ""),
        )


def _used_flows(by_key: Mapping[Key, Node], processes: Sequence[Key]) -> list[Key]:
    """Return the elementary flows that some activity has; lists of flows hold thousands that none has."""
    used = {tuple(one["input"]) for key in processes for one in by_key[key].get("exchanges", ()) if one.get("type") == _EMISSION}
    return [key for key, node in by_key.items() if key in used and node.get("type") in _FLOW_TYPES]


def _described(exchange: Mapping[str, Any]) -> str:
    place = exchange.get("location") or "/".join(str(part) for part in exchange.get("categories") or ()) or "-"
    name = exchange.get("name") or "/".join(str(part) for part in exchange.get("input") or ()) or "?"
    return f"{exchange.get('type', '?')} {name} [{exchange.get('unit', '?')}, {place}]"


def _makers(by_key: Mapping[Key, Node], processes: Sequence[Key]) -> Mapping[Key, int]:
    """Return which activity makes each product."""
    makers: dict[Key, int] = {}
    for column, key in enumerate(processes):
        product = _reference_product(by_key[key])
        if product in makers:
            raise BackgroundImportError(
                N_(
                    "“%(first)s” and “%(second)s” both make “%(product)s”, so it is unclear which one a buyer takes. "
                    "Give each its own product, or add a market that mixes them."
                ),
                first=_named(by_key[processes[makers[product]]]),
                second=_named(by_key[key]),
                product=by_key[product]["name"],
            )
        makers[product] = column
    return makers


def _reference_product(node: Node) -> Key:
    outputs = {tuple(one["input"]) for one in node.get("exchanges", ()) if one.get("type") in _OUTPUTS}
    amounts = [one["amount"] for one in node.get("exchanges", ()) if one.get("type") in _OUTPUTS]
    if not outputs or not math.fsum(amounts):
        raise BackgroundImportError(
            N_(
                "“%(process)s” has no output of a reference product (%(count)s outputs, sum %(sum)s). Give it one output, not zero."
            ),
            process=_named(node),
            count=len(amounts),
            sum=f"{math.fsum(amounts):g}",
        )
    if len(outputs) > 1:
        raise BackgroundImportError(
            N_(
                "“%(process)s” has %(count)s reference products: %(products)s. Allocate it before exporting, "
                "so that every activity has one."
            ),
            process=_named(node),
            count=len(outputs),
            products=", ".join(sorted(str(one.get("name", "?")) for one in node["exchanges"] if one.get("type") in _OUTPUTS)),
        )
    (found,) = outputs
    return (str(found[0]), str(found[1]))


def _add(
    exchange: Mapping[str, Any],
    column: int,
    node: Node,
    *,
    makers: Mapping[Key, int],
    flows: Mapping[Key, int],
    technosphere: _Entries,
    biosphere: _Entries,
) -> None:
    kind, source = exchange.get("type", ""), tuple(exchange["input"])
    amount = _amount(exchange, node)
    if kind == _EMISSION and source in flows:
        biosphere.add(flows[source], column, amount, exchange)
    elif kind in _OUTPUTS and source in makers:
        technosphere.add(makers[source], column, amount, exchange)
    elif kind in _INPUTS and source in makers:
        technosphere.add(makers[source], column, _INPUTS[kind] * amount, exchange)
    else:
        raise BackgroundImportError(
            N_(
                "“%(process)s” has an exchange of type “%(type)s” with “%(flow)s”, which no activity makes and which is no "
                "elementary flow of that type. Correct its type, or add the activity that makes it."
            ),
            process=_named(node),
            type=kind,
            flow=_described(exchange),
        )


def _amount(exchange: Mapping[str, Any], node: Node) -> float:
    amount = exchange.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | float | np.number) or not math.isfinite(amount):
        raise BackgroundImportError(
            N_("“%(process)s” takes or gives “%(amount)s” of “%(flow)s”, which is not a finite number. Correct the amount."),
            process=_named(node),
            amount=amount,
            flow=_described(exchange),
        )
    return float(amount)


def _named(node: Node) -> str:
    return f"{node.get('name', node['code'])} [{node.get('location') or '-'}]"


def _flow(node: Node) -> BackgroundFlow:
    return BackgroundFlow(
        name=str(node["name"]),
        unit=str(node.get("unit", "")),
        compartments=tuple(str(part) for part in node.get("categories") or ()),
    )


def _activity(node: Node, by_key: Mapping[Key, Node]) -> BackgroundActivity:
    product = by_key[_reference_product(node)]
    return BackgroundActivity(
        code=str(node["code"]),
        name=str(node.get("name", node["code"])),
        product=str(node.get("reference product") or product.get("reference product") or product.get("name", "")),
        unit=str(product.get("unit") or node.get("unit", "")),
        location=str(node.get("location") or ""),
    )
