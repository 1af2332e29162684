"""`anodeprint model uncertainty` and `anodeprint model compare`: how sure a footprint is, and how surely one is the lower."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from service.cli.model import Json, parse_settings, print_json, print_table, reported

if TYPE_CHECKING:
    from lca_models.model import Model
    from lca_models.uncertainty.distributions import Distribution
    from lca_models.uncertainty.monte_carlo import Simulation
    from lca_models.uncertainty.sampling import Design

_PERCENTILES: Final = (2.5, 5.0, 50.0, 90.0, 95.0, 97.5)
_SHOWN: Final = 12

Settings = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; repeatable.")]
Evidence = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence",
        metavar="NAME=KIND",
        help="Evidence of a value: metered, billed, calculated, estimated (default) ...; repeatable.",
    ),
]
Shapes = Annotated[
    list[str] | None,
    typer.Option(
        "--distribution",
        metavar="NAME=SHAPE:NUMBERS",
        help="fixed:V, uniform:LOW,HIGH, triangular:LOW,MODE,HIGH, normal:MEAN,SD, lognormal:MEDIAN,GSD, pedigree:MEDIAN,R,C,T,G,T",
    ),
]
Views = Annotated[
    list[str] | None, typer.Option("--electricity", help="View; repeat it for several, each with a distribution of its own.")
]
View = Annotated[str, typer.Option(help="Electricity view of the first.")]
OtherView = Annotated[str | None, typer.Option(help="Electricity view of the second, if it is another.")]
Against = Annotated[list[str] | None, typer.Option("--against", metavar="NAME=VALUE", help="Parameter of the second; repeatable.")]
Draws = Annotated[int, typer.Option(help="Number of draws.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same draws on every machine.")]
Sampled = Annotated[str, typer.Option("--sampling", help="latin-hypercube, random or sobol.")]
Base = Annotated[int | None, typer.Option("--sobol", metavar="N", help="Also Sobol indices from N base points, a power of two.")]


def uncertainty(
    *,
    settings: Settings = None,
    evidence: Evidence = None,
    distributions: Shapes = None,
    electricity: Views = None,
    draws: Draws = 1000,
    seed: Seed = 1,
    sampling: Sampled = "latin-hypercube",
    sobol: Base = None,
    as_json: Json = False,
) -> None:
    """Simulate a footprint: median, interval, shares of the variance; one distribution for each electricity view."""
    from lca_models.model import load_model
    from lca_models.uncertainty.monte_carlo import simulate

    with reported():
        model, design = load_model(), _design(draws, seed, sampling)
        kinds, shapes = _pairs("--evidence", evidence), _shapes(model, distributions)
        given = parse_settings(settings or [])
        found = {
            view: simulate(model, given, electricity=view, evidence=kinds, distributions=shapes, design=design)
            for view in electricity or ["national"]
        }
        shown = {view: _described(model, one, sobol=sobol) for view, one in found.items()}
    if as_json:
        print_json({"model_version": model.model_version, "draws": draws, "seed": seed, "sampling": sampling, "views": shown})
        return
    for view, one in shown.items():
        _print(view, one)


def compare(
    *,
    settings: Settings = None,
    electricity: View = "national",
    against: Against = None,
    against_electricity: OtherView = None,
    evidence: Evidence = None,
    draws: Draws = 1000,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Compare two footprints with common draws: how often the first is lower, and by how much."""
    from lca_models.model import load_model
    from lca_models.uncertainty.comparison import compare as compare_simulations
    from lca_models.uncertainty.monte_carlo import simulate

    with reported():
        model, design = load_model(), _design(draws, seed, "latin-hypercube")
        kinds = _pairs("--evidence", evidence)
        sides = [(settings, electricity), (against, against_electricity or electricity)]
        first, second = (
            simulate(model, given, electricity=view, design=design, evidence={one: kinds[one] for one in kinds if one in given})
            for given, view in ((parse_settings(values or []), view) for values, view in sides)
        )
        found = compare_simulations(first, second)
    result = {
        "point_kg_co2e": [first.point_kg_co2e, second.point_kg_co2e],
        "median_kg_co2e": [first.median_kg_co2e, second.median_kg_co2e],
        "probability_first_lower": found.probability_first_lower,
        "point_difference_kg_co2e": found.point_difference_kg_co2e,
        "difference_percentiles_kg_co2e": _percentiles(found.percentile),
        "difference_sd_kg_co2e": found.sd_kg_co2e,
        "difference_sd_if_independent_kg_co2e": found.sd_if_independent_kg_co2e,
        "common_sources": len(found.common_streams),
    }
    print_json(result) if as_json else _print_comparison(result)


def _design(draws: int, seed: int, sampling: str) -> "Design":
    from lca_models.errors import UncertaintyError
    from lca_models.uncertainty.sampling import Design, Sampling

    if sampling not in list(Sampling):
        raise UncertaintyError("--sampling %(value)s: use one of: %(known)s.", value=sampling, known=", ".join(Sampling))
    return Design(draws=draws, seed=seed, sampling=Sampling(sampling))


def _pairs(option: str, texts: Iterable[str] | None) -> dict[str, str]:
    from lca_models.errors import UncertaintyError

    found: dict[str, str] = {}
    for text in texts or []:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise UncertaintyError("%(option)s %(value)s: write it as NAME=WORD.", option=option, value=text)
        if name in found:
            raise UncertaintyError("%(option)s %(name)s is given twice. Keep one.", option=option, name=name)
        found[name] = value
    return found


def _shapes(model: "Model", texts: Iterable[str] | None) -> "dict[str, Distribution]":
    from lca_models.errors import UncertaintyError
    from lca_models.uncertainty.statements import parse_distribution

    found = {}
    for name, text in _pairs("--distribution", texts).items():
        try:
            found[name] = parse_distribution(text, model.uncertainty)
        except UncertaintyError as error:
            raise UncertaintyError("--distribution %(name)s: %(problem)s", name=name, problem=error) from error
    return found


def _described(model: "Model", found: "Simulation", *, sobol: int | None) -> dict[str, Any]:
    from lca_models.uncertainty.sensitivity import shift_contributions, variance_contributions

    described: dict[str, Any] = {
        "point_kg_co2e": found.point_kg_co2e,
        "median_kg_co2e": found.median_kg_co2e,
        "mean_kg_co2e": found.mean_kg_co2e,
        "sd_kg_co2e": found.sd_kg_co2e,
        "percentiles_kg_co2e": _percentiles(found.percentile),
        "left_out": found.left_out,
        "variance": variance_contributions(found),
        "shift_kg_co2e": shift_contributions(found),
        "parameters": [
            {
                "parameter": one.name,
                "unit": one.unit,
                "follows": list(one.follows),
                "distributions": [str(term.distribution) for term in one.terms],
                "basis": [term.evidence or term.basis.value for term in one.terms],
                "sources": [list(term.sources) for term in one.terms],
            }
            for one in found.parameters
        ],
    }
    return described if sobol is None else described | {"sobol": _indices(model, found, sobol)}


def _indices(model: "Model", found: "Simulation", base: int) -> dict[str, Any]:
    from lca_models.uncertainty.sensitivity import sobol_indices

    indices = sobol_indices(model, found, base=base)
    return {
        "first": dict(indices.first),
        "total": dict(indices.total),
        "first_interval": dict(indices.first_interval),
        "total_interval": dict(indices.total_interval),
        "evaluations": indices.evaluations,
        "left_out": indices.left_out,
    }


def _percentiles(percentile: Callable[[float], float]) -> dict[str, float]:
    return {f"P{percent:g}": percentile(percent) for percent in _PERCENTILES}


def _print(view: str, one: Mapping[str, Any]) -> None:
    percentiles = one["percentiles_kg_co2e"]
    typer.echo(f"\nelectricity view {view}, kg CO2e per kg packed anode")
    typer.echo(
        f"median {one['median_kg_co2e']:.2f}  P5-P95 {percentiles['P5']:.2f}-{percentiles['P95']:.2f}  P90 {percentiles['P90']:.2f}"
    )
    typer.echo(f"point value {one['point_kg_co2e']:.4f}  mean {one['mean_kg_co2e']:.2f}  sd {one['sd_kg_co2e']:.2f}")
    typer.echo(
        "point value: every parameter at its most likely or middle value; ranges that reach farther up lift the median above it"
    )
    if one["left_out"]:
        typer.echo(f"{one['left_out']} draws left out: their parameters contradict each other")
    rows = [(name, f"{share:.1%}", f"{one['shift_kg_co2e'][name]:+.3f}") for name, share in list(one["variance"].items())[:_SHOWN]]
    typer.echo("")
    print_table(("parameter", "share of variance", "moves the mean by"), rows)
    if "sobol" in one:
        found = one["sobol"]
        typer.echo(f"\nSobol indices, {found['evaluations']} footprints")
        names = list(found["total"])[:_SHOWN]
        print_table(
            ("parameter", "first order", "total order", "+/-"),
            [
                (name, f"{found['first'][name]:.3f}", f"{found['total'][name]:.3f}", f"{found['total_interval'][name]:.3f}")
                for name in names
            ],
        )


def _print_comparison(result: Mapping[str, Any]) -> None:
    percentiles = result["difference_percentiles_kg_co2e"]
    typer.echo(f"the first is lower in {100 * result['probability_first_lower']:.1f} of 100 cases")
    typer.echo(f"difference, first less second: point values {result['point_difference_kg_co2e']:+.3f} kg CO2e per kg")
    typer.echo(f"median {percentiles['P50']:+.3f}, P5-P95 {percentiles['P5']:+.3f} to {percentiles['P95']:+.3f}")
    sd, independent = result["difference_sd_kg_co2e"], result["difference_sd_if_independent_kg_co2e"]
    typer.echo(f"sd {sd:.3f}; without common draws it would be {independent:.3f} ({result['common_sources']} common sources)")
