"""What a memo records of the moment of decision: everything that was known, in figures that any reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from service.allocation.candidates import Candidate
from service.allocation.models import AllocationRun

SCHEMA: Final = "anodeprint-award-1"
KG_PER_T: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded:
    """An order with whom it goes to."""

    candidate: Candidate
    t: float

    @property
    def cost(self) -> float:
        """Yuan a year, fixed cost included."""
        return self.t * self.candidate.price_per_t + self.candidate.fixed_cost

    @property
    def t_co2e(self) -> float:
        """Of what is ordered."""
        return self.t * (self.candidate.kg_co2e_per_t or 0.0) / KG_PER_T


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What figures rest on: scoring method, model of the footprints."""

    method: str
    method_hash: str
    model: str


def snapshot_of(
    awarded: Sequence[Awarded],
    candidates: Sequence[Candidate],
    *,
    flow: str,
    title: str,
    reason: str,
    carbon_price_per_t: float,
    judged_on: date,
    run: AllocationRun | None,
    versions: Versions,
) -> dict[str, Any]:
    """Return the record; amounts in t per year, costs in yuan per year."""
    total_t = sum(one.t for one in awarded)
    chosen = {one.candidate.supplier for one in awarded}
    t_co2e = sum(one.t_co2e for one in awarded)
    return {
        "schema": SCHEMA,
        "title": title,
        "flow": flow,
        "reason": reason,
        "judged_on": judged_on.isoformat(),
        "carbon_price_per_t": carbon_price_per_t,
        "demand_t": total_t,
        "cost": sum(one.cost for one in awarded),
        "t_co2e": t_co2e,
        "carbon_cost": t_co2e * carbon_price_per_t,
        "orders": [_order(one, total_t) for one in awarded],
        "candidates": [one.as_dict() for one in candidates],
        "break_even": {one.supplier: _break_even(one, awarded, total_t) for one in candidates if one.supplier not in chosen},
        "plan": None if run is None else _plan(run, flow),
        "method": versions.method,
        "method_hash": versions.method_hash,
        "model": versions.model,
    }


def _order(one: Awarded, total_t: float) -> Mapping[str, Any]:
    return {
        "supplier": one.candidate.supplier,
        "t": one.t,
        "share": one.t / total_t,
        "cost": one.cost,
        "t_co2e": one.t_co2e,
    }


def _break_even(other: Candidate, awarded: Sequence[Awarded], total_t: float) -> float | None:
    """Return the carbon price, yuan per t CO2e, at which an offer is as good as the mean of those chosen.

    None where one of the two is both cheaper and cleaner, or the other has no footprint.
    """
    if other.kg_co2e_per_t is None:
        return None
    price = sum(one.t * one.candidate.price_per_t for one in awarded) / total_t
    cleaner_t = other.kg_co2e_per_t / KG_PER_T - sum(one.t_co2e for one in awarded) / total_t
    dearer = price - other.price_per_t
    return dearer / cleaner_t if dearer * cleaner_t > 0 else None


def _plan(run: AllocationRun, flow: str) -> Mapping[str, Any]:
    answer = run.answer or {"allocations": []}
    amounts = {one["supplier"]: one["t"] for one in answer["allocations"] if one["material"] == flow}
    return {
        "number": run.number,
        "question_sha256": run.question_hash,
        "amounts_t": amounts,
        "rules": run.question["problem"]["rules"],
        "demand": next((one for one in run.question["problem"]["demands"] if one["material"] == flow), None),
    }
