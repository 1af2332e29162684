"""`bench`: measure this machine beside the floors and targets of the project."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Measure, beside floors and targets; prints a table and, on request, JSON.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Output = Annotated[Path | None, typer.Option(help="Also write the JSON into this file.")]
Seconds = Annotated[float, typer.Option(min=0.5, help="Length of one measurement; the best of three counts.")]


@app.command()
def http(*, as_json: Json = False, output: Output = None, seconds: Seconds = 3.0) -> None:
    """Lists, details, pages, durable writes on both engines, the public page."""
    from service.bench.http import measure
    from service.bench.report import publish

    _quieten()
    typer.echo(publish(measure(seconds=seconds), as_json=as_json, output=output))


@app.command()
def certificate(*, as_json: Json = False, output: Output = None, rounds: Annotated[int, typer.Option(min=5)] = 20) -> None:
    """Set and sign certificates."""
    from service.bench.certificates import measure
    from service.bench.report import publish

    _quieten()
    typer.echo(publish(measure(rounds=rounds), as_json=as_json, output=output))


@app.command()
def jobs(*, as_json: Json = False, output: Output = None, count: Annotated[int, typer.Option(min=10)] = 300) -> None:
    """Ask for background work and let it be done, on both engines."""
    from service.bench.jobs import measure
    from service.bench.report import publish

    _quieten()
    typer.echo(publish(measure(count=count), as_json=as_json, output=output))


@app.command()
def lca(
    *,
    as_json: Json = False,
    output: Output = None,
    document: Annotated[Path | None, typer.Option(help="Also write tables and plot into this Markdown file, at its marks.")] = None,
    seconds: Seconds = 3.0,
) -> None:
    """Footprints, simulations, scenarios and backgrounds beside plain Brightway; fails where results differ."""
    from service.cli.surroundings import keep_to_one_thread

    keep_to_one_thread()
    from service.bench.comparisons import publish
    from service.bench.lca import measure
    from service.bench.performance_document import write_document
    from service.clock import system_clock

    _quieten()
    report = measure(seconds=seconds)
    typer.echo(publish(report, as_json=as_json, output=output))
    if document is not None:
        write_document(report, document, on=system_clock().date())
    if not report.agrees:
        raise typer.Exit(1)


@app.command()
def checks(
    *,
    as_json: Json = False,
    output: Output = None,
    count: Annotated[int, typer.Option(min=50, help="Forms with a mistake, and as many without, for each of three seeds.")] = 1000,
) -> None:
    """Mistakes that the checks of answers catch, and false alarms that they raise."""
    from service.bench.checks import measure
    from service.bench.report import publish

    _quieten()
    typer.echo(publish(measure(count=count), as_json=as_json, output=output))


@app.command()
def allocation(
    *,
    as_json: Json = False,
    output: Output = None,
    document: Annotated[Path | None, typer.Option(help="Also write the table into this Markdown file, at its marks.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Random problems of each size.")] = 5,
) -> None:
    """Allocate orders among 200 suppliers of 20 materials; fails where SciPy's solver does not confirm a plan."""
    from service.bench.allocation import measure
    from service.bench.performance_document import write_figures
    from service.bench.report import publish
    from service.clock import system_clock

    _quieten()
    report = measure(seeds=range(seeds))
    typer.echo(publish(report, as_json=as_json, output=output))
    if document is not None:
        write_figures(report, document, name="allocation", on=system_clock().date())
    if any(figure.errors for figure in report.figures):
        raise typer.Exit(1)


@app.command()
def swaps(*, as_json: Json = False, output: Output = None) -> None:
    """Try other suppliers: one combination while somebody types, and a search over 10,000."""
    from service.bench.report import publish
    from service.bench.swaps import measure

    _quieten()
    typer.echo(publish(measure(), as_json=as_json, output=output))


@app.command()
def measures(*, as_json: Json = False, output: Output = None) -> None:
    """Solve every combination of eight measures beside plain Brightway; fails where results differ."""
    from service.cli.surroundings import keep_to_one_thread

    keep_to_one_thread()
    from service.bench.comparisons import publish
    from service.bench.measures import measure

    _quieten()
    report = measure()
    typer.echo(publish(report, as_json=as_json, output=output))
    if not report.agrees:
        raise typer.Exit(1)


@app.command()
def ranking(
    *,
    as_json: Json = False,
    output: Output = None,
    document: Annotated[Path | None, typer.Option(help="Also write the table into this Markdown file, at its marks.")] = None,
) -> None:
    """Count the ranks of 1,000 suppliers under 10,000 weights, and with uncertain data; fails where they don't add up."""
    from service.cli.surroundings import keep_to_one_thread

    keep_to_one_thread()
    from service.bench.performance_document import write_figures
    from service.bench.ranking import measure
    from service.bench.report import publish
    from service.clock import system_clock

    _quieten()
    report = measure()
    typer.echo(publish(report, as_json=as_json, output=output))
    if document is not None:
        write_figures(report, document, name="ranking", on=system_clock().date())
    if any(figure.errors for figure in report.figures):
        raise typer.Exit(1)


@app.command()
def exchange(
    *,
    as_json: Json = False,
    output: Output = None,
    document: Annotated[Path | None, typer.Option(help="Also write the figures into this Markdown file, at its marks.")] = None,
    seconds: Seconds = 3.0,
) -> None:
    """Tokens, 1,000 footprints by pages, single footprints and events, as partners' systems ask."""
    from service.bench.exchange import measure
    from service.bench.performance_document import write_figures
    from service.bench.report import publish
    from service.clock import system_clock

    _quieten()
    report = measure(seconds=seconds)
    typer.echo(publish(report, as_json=as_json, output=output))
    if document is not None:
        write_figures(report, document, name="exchange", on=system_clock().date())
    if any(figure.errors for figure in report.figures):
        raise typer.Exit(1)


def _quieten() -> None:
    """Let a thousand lines of what went well not hide the figures."""
    from service import logs
    from service.settings import Settings

    logs.configure(Settings(log_level="ERROR"))
