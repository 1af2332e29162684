"""What a material's footprint is held against, frozen for a scoring year.

Because a frozen benchmark never follows the suppliers that are scored, adding or removing one never changes another's score.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from sqlmodel import Session, col, select

from lca_models.model import Model
from service.audit.operations import record
from service.errors import N_, ConflictError
from service.green_score.answer_queries import latest_answers, peers_of_flow
from service.green_score.market import Market, dataset_market, market_of, ratios
from service.green_score.materials import materials
from service.green_score.models import Benchmark
from service.green_score.own_footprints import OwnMaterialFootprint, find_own
from service.modelling.queries import active_model
from service.suppliers.models import Supplier

SYSTEM: Final = "system"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class NoBenchmarkError(ConflictError):
    """There is nothing to hold a material's footprint against, nor to stand in for a supplier that says nothing."""

    code = "no-benchmark"

    def __init__(self, flow: str) -> None:
        self.flow = flow
        super().__init__(
            N_("There is no benchmark for “%(flow)s” yet: neither five suppliers' footprints nor a dataset. Freeze one first."),
            flow=flow,
        )


def find_benchmark(session: Session, flow: str, *, on: date) -> Benchmark | None:
    """Return the benchmark frozen for the day's year, else the latest of an earlier year; the last revision counts."""
    statement = (
        select(Benchmark)
        .where(Benchmark.flow == flow, Benchmark.scoring_year <= on.year)
        .order_by(col(Benchmark.scoring_year).desc(), col(Benchmark.revision).desc())
    )
    return session.exec(statement).first()


def benchmark_for(session: Session, flow: str, *, on: date) -> Benchmark | None:
    """Return the frozen benchmark; where none is frozen yet, the shipped one, not stored; None for a material that has neither."""
    frozen = find_benchmark(session, flow, on=on)
    if frozen is not None:
        return frozen
    market = dataset_market(flow, active_model(session))
    if market is None:
        return None
    return _row(flow, on.year, market, by=SYSTEM, at=_NEVER)


def reference_of(benchmark: Benchmark) -> str:
    """Return how a score names its benchmark: also one that is not stored can be told apart by its year and revision."""
    return f"benchmark:{benchmark.flow}:{benchmark.scoring_year}:{benchmark.revision}"


def freeze_benchmarks(
    session: Session, year: int, *, by: str, at: datetime, flows: Sequence[str] = (), revise: bool = False
) -> list[Benchmark]:
    """Freeze the benchmarks of a scoring year from what is known now, and return the new rows.

    Parameters
    ----------
    flows
        Those of the shipped table unless given.
    revise
        Whether flows that have a benchmark of the year get a new revision; otherwise they are left alone.

    """
    model = active_model(session)
    made = [_freeze(session, flow, year, model, by=by, at=at, revise=revise) for flow in flows or materials()]
    return [one for one in made if one is not None]


def _freeze(session: Session, flow: str, year: int, model: Model, *, by: str, at: datetime, revise: bool) -> Benchmark | None:
    present = find_benchmark(session, flow, on=date(year, 12, 31))
    revision = present.revision if present is not None and present.scoring_year == year else 0
    if revision and not revise:
        return None
    peers = _peers(session, flow, year, model)
    market = market_of([own for _, own in peers], flow, model)
    if market is None:
        return None
    benchmark = _row(flow, year, market, by=by, at=at)
    benchmark.revision = revision + 1
    benchmark.is_sample = market.peers > 0 and any(supplier.is_sample for supplier, _ in peers)
    session.add(benchmark)
    record(
        session,
        "benchmark_frozen",
        of=benchmark,
        by=by,
        at=at,
        flow=flow,
        year=year,
        revision=benchmark.revision,
        kg_co2e_per_kg=benchmark.kg_co2e_per_kg,
    )
    return benchmark


def _peers(session: Session, flow: str, year: int, model: Model) -> list[tuple[Supplier, OwnMaterialFootprint]]:
    """Return who has a footprint of its own of a flow, by answers that end before the scoring year."""
    found: list[tuple[Supplier, OwnMaterialFootprint]] = []
    for supplier in peers_of_flow(session, flow):
        answers = latest_answers(session, supplier.id, period_end=date(year - 1, 12, 31))
        own = None if answers is None else find_own(answers, flow, model)
        found += [] if own is None else [(supplier, own)]
    return found


def _row(flow: str, year: int, market: Market, *, by: str, at: datetime) -> Benchmark:
    best, worst = ratios(market)
    return Benchmark(
        flow=flow,
        scoring_year=year,
        kg_co2e_per_kg=market.median,
        best_ratio=best,
        worst_ratio=worst,
        p90_kg_co2e_per_kg=market.high if market.peers else None,
        origin="peers" if market.peers else "dataset",
        source=market.source[:500],
        frozen_by=by,
        frozen_at=at,
    )
