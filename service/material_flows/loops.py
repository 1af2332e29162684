"""Loops of material solved exactly: what goes through each process when fines, rejects and packing coke come back.

Let x be the throughput of the processes, f what is fed to each from outside, and S[j, i] the part of what leaves j that goes to i.
Then x = f + Sᵀ x, so (I − Sᵀ) x = f: one linear system, no rounds. With feed 100 and a return of 10 %, x = 100 / (1 − 0.1) =
111.111… This is the same system as that of a life-cycle inventory with a closed loop.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from service.errors import N_, ConflictError
from service.material_flows.balances import Flow
from service.material_flows.catalogue import nodes
from service.material_flows.models import FlowKind

Key = TypeVar("Key", bound=Hashable)

_ALIKE_ZERO: Final = 1e-9
_SHARE_LIMIT: Final = 1.0 - _ALIKE_ZERO
"""What leaves a process: all of it may be passed on, but somewhere something has to leave the loop."""


class EndlessLoopError(ConflictError):
    """Material goes round and nothing ever leaves."""

    code = "endless-loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """What goes through one process.

    Attributes
    ----------
    fed_t
        From outside.
    through_t
        All that goes through, loops included.
    returned_t
        What comes back to it in loops.

    """

    node: str
    fed_t: float
    through_t: float
    returned_t: float

    @property
    def passes(self) -> float:
        """How often material goes through on average: all throughput over what comes for the first time; 1 without a loop."""
        fresh = self.through_t - self.returned_t
        return self.through_t / fresh if fresh > 0.0 else 1.0


def solve_throughput(feeds: Mapping[str, float], shares: Mapping[tuple[str, str], float]) -> Mapping[str, float]:
    """Return the throughput of each process, t.

    Parameters
    ----------
    feeds
        t from outside, by process.
    shares
        By (from, to): part of what leaves the first process that goes to the second, 0 to 1.

    Raises
    ------
    EndlessLoopError
        If nothing leaves a loop; names its processes.

    """
    names = list(dict.fromkeys([*feeds, *(end for pair in shares for end in pair)]))
    place = {name: index for index, name in enumerate(names)}
    matrix = np.eye(len(names))
    for (source, target), share in shares.items():
        matrix[place[target], place[source]] -= share
    _check_leaves(names, matrix)
    through = np.linalg.solve(matrix, np.array([feeds.get(name, 0.0) for name in names]))
    return dict(zip(names, through.tolist(), strict=True))


def _check_leaves(names: Sequence[str], matrix: NDArray[np.float64]) -> None:
    """Check that the shares' matrix has a spectral radius below one: everything fed in leaves at last."""
    values, vectors = np.linalg.eig(np.eye(len(names)) - matrix)
    largest = int(np.argmax(np.abs(values))) if len(names) else 0
    if len(names) and abs(values[largest]) > _SHARE_LIMIT:
        inside = [name for name, part in zip(names, np.abs(vectors[:, largest]).tolist(), strict=True) if part > _ALIKE_ZERO]
        raise EndlessLoopError(
            N_(
                "Everything that leaves %(processes)s comes back to it, so no amount solves the loop. "
                "Enter what leaves it: product, by-product, waste or loss."
            ),
            processes=", ".join(inside),
        )


def throughputs(flows: Sequence[Flow]) -> tuple[Throughput, ...]:
    """Return the throughput of each process of an account, from its feeds and the shares in which its outputs part."""
    known = nodes()
    feeds = _sums((flow.to_node, flow.amount_t) for flow in flows if known[flow.from_node].is_outside)
    inside = [flow for flow in flows if not known[flow.from_node].is_outside]
    leaving = _sums((flow.from_node, flow.amount_t) for flow in inside)
    between = [flow for flow in inside if not known[flow.to_node].is_outside and flow.amount_t]
    shares = _sums(((flow.from_node, flow.to_node), flow.amount_t / leaving[flow.from_node]) for flow in between)
    through = solve_throughput(feeds, shares)
    loops = [flow for flow in between if flow.kind is FlowKind.LOOP]
    returned = _sums((flow.to_node, flow.amount_t / leaving[flow.from_node] * through[flow.from_node]) for flow in loops)
    return tuple(
        Throughput(node=node, fed_t=feeds.get(node, 0.0), through_t=through[node], returned_t=returned.get(node, 0.0))
        for node in known
        if node in through
    )


def _sums(pairs: Iterable[tuple[Key, float]]) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for key, amount in pairs:
        found[key] = found.get(key, 0.0) + amount
    return found
