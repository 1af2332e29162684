"""Mass closure of each process and of the plant, yields of by-products and wastes: pure functions on the flows of one account.

Amounts are tonnes of dry material. A flow to the air is only what the material itself loses (volatiles, burn-off), never the
oxygen that it takes up, so that both sides of a process can balance.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from service.material_flows.catalogue import nodes
from service.material_flows.models import FlowKind

SITE: Final = "site"
"""Stands for the whole plant among the closures."""
_ALIKE: Final = 0.02
"""Relative: a flow about as large as a difference is named as its likely cause."""


class Flow(Protocol):
    """One flow of an account."""

    @property
    def from_node(self) -> str:
        """Key of the place it leaves."""

    @property
    def to_node(self) -> str:
        """Key of the place it enters."""

    @property
    def material(self) -> str:
        """Key of the material."""

    @property
    def kind(self) -> FlowKind:
        """What it is to the process."""

    @property
    def amount_t(self) -> float:
        """t, dry."""


class Cause(StrEnum):
    """What a difference usually comes from."""

    ONE_FLOW = "one_flow"
    MISSING_OUTPUT = "missing_output"
    MISSING_INPUT = "missing_input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Both sides of a process.

    Attributes
    ----------
    node
        Key of the process, or `SITE`.
    cause
        Likely reason of a difference beyond the tolerance; None where it closes.
    suspect
        Material of the flow that is about as large as the difference, for `ONE_FLOW`.

    """

    node: str
    in_t: float
    out_t: float
    tolerance: float
    cause: Cause | None
    suspect: str | None

    @property
    def difference_t(self) -> float:
        """In less out, t."""
        return self.in_t - self.out_t

    @property
    def relative(self) -> float:
        """Difference as part of the larger side; zero where nothing flows."""
        largest = max(self.in_t, self.out_t)
        return self.difference_t / largest if largest else 0.0

    @property
    def closes(self) -> bool:
        """Whether both sides agree within the tolerance."""
        return self.cause is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """A by-product, waste or loss per tonne of anode material."""

    material: str
    kind: FlowKind
    amount_t: float
    t_per_t: float | None


def closures(flows: Sequence[Flow], *, tolerance: float) -> tuple[Closure, ...]:
    """Return the closure of each process in which something flows, in the order of the route, then of the plant."""
    processes = [key for key, node in nodes().items() if not node.is_outside]
    used = {end for flow in flows for end in (flow.from_node, flow.to_node)}
    found = [_closure(flows, node, tolerance=tolerance) for node in processes if node in used]
    return (*found, _site(flows, tolerance=tolerance)) if found else ()


def _closure(flows: Sequence[Flow], node: str, *, tolerance: float) -> Closure:
    ins = [flow for flow in flows if flow.to_node == node]
    outs = [flow for flow in flows if flow.from_node == node]
    return _closed(node, ins, outs, tolerance=tolerance)


def _site(flows: Sequence[Flow], *, tolerance: float) -> Closure:
    """Return what crosses the plant's fence; loops inside do not count."""
    known = nodes()
    ins = [flow for flow in flows if known[flow.from_node].is_outside]
    outs = [flow for flow in flows if known[flow.to_node].is_outside]
    return _closed(SITE, ins, outs, tolerance=tolerance)


def _closed(node: str, ins: Sequence[Flow], outs: Sequence[Flow], *, tolerance: float) -> Closure:
    in_t, out_t = (math.fsum(flow.amount_t for flow in side) for side in (ins, outs))
    cause, suspect = _cause([*ins, *outs], in_t - out_t, allowed=tolerance * max(in_t, out_t))
    return Closure(node=node, in_t=in_t, out_t=out_t, tolerance=tolerance, cause=cause, suspect=suspect)


def _cause(flows: Iterable[Flow], difference: float, *, allowed: float) -> tuple[Cause | None, str | None]:
    """Return the likely cause of a difference: one flow of its size, missing or entered twice, or a side too small."""
    if abs(difference) <= allowed:
        return None, None
    suspect = next((flow.material for flow in flows if math.isclose(flow.amount_t, abs(difference), rel_tol=_ALIKE)), None)
    if suspect is not None:
        return Cause.ONE_FLOW, suspect
    return (Cause.MISSING_OUTPUT if difference > 0 else Cause.MISSING_INPUT), None


def sold_anode_t(flows: Iterable[Flow]) -> float:
    """Return the product of an account, t: what leaves the plant as product, to customers or into stock."""
    known = nodes()
    return math.fsum(flow.amount_t for flow in flows if flow.kind is FlowKind.PRODUCT and known[flow.to_node].is_outside)


def yields(flows: Sequence[Flow]) -> tuple[Yield, ...]:
    """Return by-products, wastes and losses that leave the plant, the largest first; per tonne is None where nothing was made."""
    product, known = sold_anode_t(flows), nodes()
    amounts: dict[tuple[str, FlowKind], float] = {}
    for flow in flows:
        if flow.kind in {FlowKind.BY_PRODUCT, FlowKind.WASTE, FlowKind.LOSS} and known[flow.to_node].is_outside:
            key = (flow.material, flow.kind)
            amounts[key] = amounts.get(key, 0.0) + flow.amount_t
    return tuple(
        Yield(material=material, kind=kind, amount_t=amount, t_per_t=amount / product if product else None)
        for (material, kind), amount in sorted(amounts.items(), key=lambda one: (-one[1], one[0][0]))
    )


def recovered_share(flows: Iterable[Flow]) -> float | None:
    """Return which part of fines, rejects and scrap stays in use, in loops or sold; None where there is none of them."""
    kept, all_of_it = 0.0, 0.0
    for flow in flows:
        if flow.kind in {FlowKind.LOOP, FlowKind.BY_PRODUCT, FlowKind.WASTE}:
            all_of_it += flow.amount_t
            kept += flow.amount_t if flow.kind is not FlowKind.WASTE else 0.0
    return kept / all_of_it if all_of_it else None
