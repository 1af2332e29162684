"""`exchange declare-released`: what was released before there were declared footprints."""

import typer

from service.cli.surroundings import opened, read_settings


def declare_released() -> None:
    """Declare every released footprint that partners have no document of yet, the earliest period first."""
    from service.clock import system_clock
    from service.errors import ServiceError
    from service.i18n import explain
    from service.migrations import require_current_schema
    from service.migrations.tables import complete_metadata
    from service.product_footprints.operations import declare_released as declare

    settings = read_settings()
    complete_metadata()
    with opened(settings) as database:
        require_current_schema(database)
        try:
            with database.writing() as session:
                made = len(declare(session, by="system", at=system_clock(), settings=settings))
        except ServiceError as error:
            typer.echo(f"Nothing was declared: {explain('en', error)}", err=True)
            raise typer.Exit(1) from error
    typer.echo(f"{made} footprints declared." if made else "Every released footprint is declared already.")
