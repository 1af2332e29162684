"""An account at a glance: does it close, what is made, what leaves as waste; the yields of a plant over time."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from service.material_flows import queries
from service.material_flows.balances import Closure, Yield, closures, recovered_share, sold_anode_t, yields
from service.material_flows.loops import EndlessLoopError, Throughput, throughputs
from service.material_flows.models import FlowBasis, FlowKind, MaterialAccount, MaterialFlow


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary:
    """One account with what follows from its flows.

    Attributes
    ----------
    waste_t_per_t
        Waste per tonne of product; None where nothing was made.
    recovered
        Part of fines, rejects and scrap that stays in use.
    measured
        Part of all tonnes that is measured, 0 to 1; None without flows.
    throughputs
        None where a loop can't be solved; `problem` says which.

    """

    account: MaterialAccount
    flows: Sequence[MaterialFlow]
    closures: tuple[Closure, ...]
    product_t: float
    yields: tuple[Yield, ...]
    waste_t_per_t: float | None
    recovered: float | None
    measured: float | None
    throughputs: tuple[Throughput, ...] | None
    problem: EndlessLoopError | None

    @property
    def open_closures(self) -> tuple[Closure, ...]:
        """Those that do not close."""
        return tuple(one for one in self.closures if not one.closes)


def summary_of(session: Session, account: MaterialAccount) -> AccountSummary:
    """Return an account with closures, yields and throughputs."""
    flows = queries.flows_of(session, account.id)
    product = sold_anode_t(flows)
    waste = sum(flow.amount_t for flow in flows if flow.kind is FlowKind.WASTE)
    total = sum(flow.amount_t for flow in flows)
    solved, problem = _solved(flows)
    return AccountSummary(
        account=account,
        flows=flows,
        closures=closures(flows, tolerance=account.tolerance),
        product_t=product,
        yields=yields(flows),
        waste_t_per_t=waste / product if product else None,
        recovered=recovered_share(flows),
        measured=sum(flow.amount_t for flow in flows if flow.basis is FlowBasis.MEASURED) / total if total else None,
        throughputs=solved,
        problem=problem,
    )


def _solved(flows: Sequence[MaterialFlow]) -> tuple[tuple[Throughput, ...] | None, EndlessLoopError | None]:
    try:
        return throughputs(flows), None
    except EndlessLoopError as error:
        return None, error


def summaries(session: Session, *, plant_id: uuid.UUID | None = None) -> Sequence[AccountSummary]:
    """Return all accounts, the latest period first."""
    return [summary_of(session, account) for account in queries.find_accounts(session, plant_id=plant_id)]


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldTrend:
    """A by-product, waste or loss of a plant over its accounts, in the order given; None where an account has none of it."""

    material: str
    kind: FlowKind
    t_per_t: tuple[float | None, ...]


def yield_trends(accounts: Sequence[AccountSummary]) -> Sequence[YieldTrend]:
    """Return what leaves besides the product, per tonne of it, account by account."""
    keys = dict.fromkeys((one.material, one.kind) for account in accounts for one in account.yields)
    by_account = [{(one.material, one.kind): one.t_per_t for one in account.yields} for account in accounts]
    return [
        YieldTrend(material=material, kind=kind, t_per_t=tuple(found.get((material, kind)) for found in by_account))
        for material, kind in keys
    ]
