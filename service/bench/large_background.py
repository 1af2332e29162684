"""The shipped model on a background of 20 000 activities: constant, uncertain, and with variants of one of its activities."""

import time
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lca_models.background.adjoint import Factorisation, adjoint_vectors, factorise, total_burdens, total_of
from lca_models.background.bank import build_bank, drawn_background
from lca_models.background.synthetic import synthetic_background
from lca_models.background.system import SparseBackground
from lca_models.background.variants import ColumnVariants, variant_multipliers
from lca_models.batch import BatchResult
from lca_models.model import Model
from service.bench.comparisons import Comparison, Reach, largest_relative_difference
from service.bench.foreground import best_seconds, draw_parameters
from service.bench.linked_background import NAME, Interface, calculate_linked, choose_interface, linked_packages
from service.bench.replay import DEMAND, Replay, iterate, replay

Amounts = NDArray[np.float64]
BANK_TOLERANCE: Final = 1e-10
"""The bank's draws are solved iteratively to a residual of 1e-12; the condition of the background makes that this in a result."""
VARIANT_SIGMA: Final = 0.2
SEED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A background made ready once.

    Attributes
    ----------
    vectors
        kg CO2e per unit of every product; axis 0 as `CATEGORIES`, axis 1 products.
    seconds
        What factorisation and adjoint solution took.

    """

    background: SparseBackground
    factorisation: Factorisation
    vectors: Amounts
    interface: Interface
    drawn: dict[str, Amounts]
    seconds: float

    @property
    def total(self) -> Amounts:
        """(N,) kg CO2e per unit of every product, biogenic uptake left out."""
        return total_of(self.vectors)


def prepare(model: Model, *, size: int, draws: int) -> Prepared:
    """Draw a background, solve it for all products at once, link the model to it, draw the model's own parameters."""
    background = synthetic_background(size, seed=SEED)
    began = time.perf_counter()
    factorisation = factorise(background)
    vectors = adjoint_vectors(background, factorisation)
    took = time.perf_counter() - began
    interface = choose_interface(model, total_of(vectors), seed=SEED)
    drawn = {
        name: values for name, values in draw_parameters(model, draws=draws, seed=SEED).items() if name not in interface.parameters
    }
    return Prepared(
        background=background, factorisation=factorisation, vectors=vectors, interface=interface, drawn=drawn, seconds=took
    )


def static_background(model: Model, prepared: Prepared, *, replayed: int, plainly: int) -> Comparison:
    """Simulate the foreground on a constant background.

    Parameters
    ----------
    replayed
        Draws that Brightway's class for constant backgrounds goes through.
    plainly
        Draws that its plain class goes through.

    """
    draws = len(next(iter(prepared.drawn.values())))

    def ours(_: int) -> Amounts:
        return on_constants(model, prepared, draws=draws).score_kg_co2e

    scores = ours(0)
    partitioned = _replay_partitioned(on_constants(model, prepared, draws=replayed), prepared)
    plain = _replay_whole(on_constants(model, prepared, draws=plainly), prepared, [prepared.background])
    return Comparison(
        case="monte_carlo_static_background",
        n=draws,
        ours_s=best_seconds(ours),
        theirs_s=partitioned.seconds_for(draws),
        theirs_n=replayed,
        theirs="bw2calc.PartitionedMonteCarloLCA, its inner LCA with use_arrays=True",
        max_relative_difference=max(_difference(scores, partitioned), _difference(scores, plain)),
        reach=Reach(ratio=1000),
        further_s={
            "ours, once: factorise and solve the background": prepared.seconds,
            "theirs, once": partitioned.set_up_s,
            "plain bw2calc.LCA, a draw": plain.seconds_per_draw,
        },
    )


def uncertain_background(model: Model, prepared: Prepared, *, replayed: int, plainly: int) -> Comparison:
    """Simulate foreground and background together, the background's draws from a bank that is built once."""
    draws = len(next(iter(prepared.drawn.values())))
    interface = prepared.interface
    bank = build_bank(prepared.background, prepared.factorisation, products=interface.products, draws=draws, seed=SEED)

    def ours(count: int) -> BatchResult:
        drawn = {name: values[:count] for name, values in prepared.drawn.items()}
        return calculate_linked(model, interface, drawn, bank.kg_co2e_per_unit[:count])

    scores = ours(draws).score_kg_co2e
    backgrounds = [drawn_background(prepared.background, seed=SEED, draw=draw) for draw in range(max(replayed, plainly))]
    iterative = _replay_whole(ours(replayed), prepared, backgrounds[:replayed], kind="IterativeLCA")
    plain = _replay_whole(ours(plainly), prepared, backgrounds[:plainly])
    return Comparison(
        case="monte_carlo_uncertain_background",
        n=draws,
        ours_s=best_seconds(lambda _: ours(draws).score_kg_co2e),
        theirs_s=iterative.seconds_for(draws),
        theirs_n=replayed,
        theirs="bw2calc.IterativeLCA(use_arrays=True)",
        max_relative_difference=_difference(scores, plain),
        tolerance=BANK_TOLERANCE,
        reach=Reach(ratio=1000),
        further_s={
            "ours, once: build the bank": bank.seconds,
            "ours, once: factorise and solve the background": prepared.seconds,
            "theirs, once": iterative.set_up_s,
            "plain bw2calc.LCA, a draw": plain.seconds_per_draw,
        },
    )


def supplier_variants(model: Model, prepared: Prepared, *, count: int, replayed: int) -> Comparison:
    """Let so many suppliers stand for one activity of the background, and calculate the footprint with each."""
    variants = _variants(prepared, count=count)
    own_burdens = total_burdens(prepared.background)

    def ours(_: int) -> BatchResult:
        multipliers = variant_multipliers(
            prepared.background,
            prepared.factorisation,
            variants,
            multipliers=prepared.total,
            own_burdens=own_burdens,
            products=prepared.interface.products,
        )
        return calculate_linked(model, prepared.interface, {}, multipliers)

    batch = ours(0)
    first = calculate_linked(model, prepared.interface, {}, _interface_values(prepared, draws=replayed))
    theirs = _replay_whole(first, prepared, [_with_variant(prepared, variants, row) for row in range(replayed)])
    return Comparison(
        case="supplier_variants",
        n=count,
        ours_s=best_seconds(lambda run: ours(run).score_kg_co2e),
        theirs_s=theirs.seconds_for(count),
        theirs_n=replayed,
        theirs="bw2calc.LCA(use_arrays=True), factorising the background for each",
        max_relative_difference=_difference(batch.score_kg_co2e, theirs),
        reach=Reach(ours_s=0.03),
    )


def plain_seconds_per_draw(model: Model, prepared: Prepared) -> float:
    """Return how long `bw2calc.LCA` takes for one draw of the foreground with the whole background."""
    return _replay_whole(on_constants(model, prepared, draws=2), prepared, [prepared.background]).seconds_per_draw


def _interface_values(prepared: Prepared, *, draws: int) -> Amounts:
    return np.tile(prepared.total[prepared.interface.products], (draws, 1))


def on_constants(model: Model, prepared: Prepared, *, draws: int) -> BatchResult:
    """Calculate draws of the foreground on the background's point values."""
    drawn = {name: values[:draws] for name, values in prepared.drawn.items()}
    return calculate_linked(model, prepared.interface, drawn, _interface_values(prepared, draws=draws))


def _variants(prepared: Prepared, *, count: int) -> ColumnVariants:
    """Draw variants of the activity that the model buys from first: other inputs, other emissions of its own."""
    activity = int(prepared.interface.products[0])
    technosphere = prepared.background.technosphere
    start, end = technosphere.indptr[[activity, activity + 1]]
    products, amounts = technosphere.indices[start:end].astype(np.int64), technosphere.data[start:end]
    random = np.random.default_rng(SEED)
    spread = np.exp(VARIANT_SIGMA * random.standard_normal((count, len(amounts))))
    return ColumnVariants(
        activity=activity,
        products=products,
        amounts=np.where(amounts < 0, amounts * spread, amounts),
        burdens=total_burdens(prepared.background)[activity] * np.exp(VARIANT_SIGMA * random.standard_normal(count)),
    )


def _with_variant(prepared: Prepared, variants: ColumnVariants, row: int) -> SparseBackground:
    """Return the whole background with one variant in it: all emissions of the activity are scaled to the variant's burden."""
    background, activity = prepared.background, variants.activity
    technosphere, biosphere = background.technosphere.copy(), background.biosphere.copy()
    technosphere.data[technosphere.indptr[activity] : technosphere.indptr[activity + 1]] = variants.amounts[row]
    own = total_burdens(background)[activity]
    if own:
        biosphere.data[biosphere.indptr[activity] : biosphere.indptr[activity + 1]] *= variants.burdens[row] / own
    return replace(background, technosphere=technosphere, biosphere=biosphere)


def _replay_whole(batch: BatchResult, prepared: Prepared, backgrounds: list[SparseBackground], *, kind: str = "LCA") -> Replay:
    return replay(linked_packages(batch, prepared.interface, backgrounds), draws=len(batch.levels), kind=kind)


def _replay_partitioned(batch: BatchResult, prepared: Prepared) -> Replay:
    """Let Brightway's class for constant backgrounds solve the background once and go through the foreground's arrays."""
    from bw2calc import LCA, PartitionedMonteCarloLCA  # noqa: PLC0415 - imports bw2data, which makes a folder

    class Replaying(PartitionedMonteCarloLCA):  # type: ignore[misc] # an untyped class
        """As it is, but the inner calculation goes through arrays instead of drawing for itself."""

        def lci(self) -> None:
            packages: list[Any] = [*self.stochastic_packages, *self.method_packages, self._build_dynamic_datapackage()]
            self._lca = LCA(demand=self.demand, data_objs=packages, use_arrays=True)
            self._lca.lci()

    packages = linked_packages(batch, prepared.interface, [prepared.background])
    began = time.perf_counter()
    lca = Replaying(DEMAND, static_databases=[NAME], data_objs=packages)
    lca.lci()
    lca.lcia()
    return iterate(lca, draws=len(batch.levels), began=began)


def _difference(ours: Amounts, theirs: Replay) -> float:
    return largest_relative_difference(ours[: len(theirs.scores)], theirs.scores)
