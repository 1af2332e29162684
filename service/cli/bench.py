"""`bench`: measure this machine beside the floors and targets of the project."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Measure, beside floors and targets; prints a table and, on request, JSON.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Seconds = Annotated[float, typer.Option(min=0.5, help="Length of one measurement; the best of three counts.")]


@app.command()
def http(*, as_json: Json = False, seconds: Seconds = 3.0) -> None:
    """Lists, details, pages, durable writes on both engines, the public page."""
    from service.bench import http as measuring
    from service.bench.report import show

    show(measuring.measure(seconds=seconds), as_json=as_json)


@app.command()
def certificate(*, as_json: Json = False, rounds: Annotated[int, typer.Option(min=5)] = 20) -> None:
    """Draw and sign certificates."""
    from service.bench import certificate as measuring
    from service.bench.report import show

    show(measuring.measure(rounds=rounds), as_json=as_json)


@app.command()
def jobs(*, as_json: Json = False, count: Annotated[int, typer.Option(min=10)] = 300) -> None:
    """Ask for background work and let it be done, on both engines."""
    from service.bench import jobs as measuring
    from service.bench.report import show

    show(measuring.measure(count=count), as_json=as_json)
