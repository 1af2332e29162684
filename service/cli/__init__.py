"""The command `anodeprint`. Heavy imports stay inside the commands, so that `--help` answers at once."""

import sys

import typer

from service.cli import (
    allocation,
    audit,
    background,
    bench,
    care,
    certificates,
    data,
    exchange,
    interchange,
    methods,
    model,
    questionnaire,
    receipts,
    scenarios,
    scoring,
    serving,
    strategy,
    uncertainty,
)

app = typer.Typer(
    name="anodeprint",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="AnodePrint 负极碳迹: supply-chain carbon footprints of synthetic graphite anode material.",
)
for command in (
    serving.serve,
    serving.worker,
    data.migrate,
    care.doctor,
    care.backup,
    care.restore,
    scoring.rank,
    strategy.lmdi,
    allocation.allocate,
):
    app.command()(command)
app.add_typer(data.sample, name="sample")
app.add_typer(data.user, name="user")
model.app.command()(scenarios.scenarios)
model.app.command()(methods.methods)
model.app.command()(methods.guard)
model.app.command()(methods.gwp)
model.app.command()(uncertainty.uncertainty)
model.app.command()(uncertainty.compare)
model.app.command()(interchange.export)
model.app.command("import")(interchange.import_inventory)
model.app.add_typer(scenarios.factors, name="factors")
app.add_typer(model.app, name="model")
app.add_typer(background.app, name="background")
app.add_typer(audit.app, name="audit")
app.add_typer(exchange.app, name="exchange")
app.add_typer(questionnaire.app, name="questionnaire")
app.add_typer(receipts.app, name="receipt")
app.add_typer(certificates.app, name="certificate")
app.add_typer(bench.app, name="bench")


def main() -> None:
    """Run the command line; an error that a person can mend is one line and exit code 2, not a traceback."""
    from service.cli.surroundings import explain_known

    try:
        app()
    except Exception as error:
        message = explain_known(error)
        if message is None:
            raise
        typer.echo(f"anodeprint: {message}", err=True)
        sys.exit(2)
