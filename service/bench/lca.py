"""The life-cycle model measured beside plain Brightway, all cases in one run on one machine."""

from collections.abc import Iterator
from dataclasses import dataclass

from lca_models.model import Model, load_model
from service.bench.comparisons import Comparison, LcaReport
from service.bench.footprint_http import http_footprint
from service.bench.foreground import monte_carlo_foreground, one_footprint, scenarios
from service.bench.fresh_process import measure_fresh_processes
from service.bench.growth import measure_growth
from service.bench.large_background import Prepared, prepare, static_background, supplier_variants, uncertain_background
from service.bench.replay import brightway_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is calculated; `..._replayed` and `..._plainly` is what Brightway gets of it, where all of it would take hours."""

    draws: int = 1_000
    scenarios: int = 10_000
    scenarios_replayed: int = 120
    background: int = 20_000
    static_replayed: int = 40
    iterative_replayed: int = 6
    plainly: int = 3
    variants: int = 100
    variants_replayed: int = 3


def measure(*, seconds: float, sizes: Sizes | None = None) -> LcaReport:
    """Run all cases.

    Parameters
    ----------
    seconds
        Length of one measurement over HTTP; the best of three counts.

    """
    wanted = sizes or Sizes()
    model = load_model()
    with brightway_folder():
        prepared = prepare(model, size=wanted.background, draws=wanted.draws)
        cases = (*calculation_cases(model, prepared, wanted), http_footprint(seconds=seconds))
        return LcaReport(
            cases=cases,
            figures=tuple(measure_fresh_processes(prepared)),
            growth=tuple(measure_growth(model)),
        )


def calculation_cases(model: Model, prepared: Prepared, sizes: Sizes) -> Iterator[Comparison]:
    """Run the cases that need no server."""
    yield one_footprint(model)
    yield monte_carlo_foreground(model, draws=sizes.draws)
    yield static_background(model, prepared, replayed=sizes.static_replayed, plainly=sizes.plainly)
    yield uncertain_background(model, prepared, replayed=sizes.iterative_replayed, plainly=sizes.plainly)
    yield supplier_variants(model, prepared, count=sizes.variants, replayed=sizes.variants_replayed)
    yield scenarios(model, count=sizes.scenarios, replayed=sizes.scenarios_replayed)
