"""`anodeprint background`: import a licensed background, choose what it gives, put it into use."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.surroundings import opened, read_settings

app = typer.Typer(no_args_is_help=True, help="Licensed background databases of this deployment; off until enabled.")

_BY = "system"

Name = Annotated[str, typer.Argument(help="Name of the background.")]


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, help="File or folder to import.")],
    *,
    file_format: Annotated[str, typer.Option("--format", help="ecospold2, jsonld, simapro, excel or brightway.")],
    licence: Annotated[str, typer.Option(help="Licence, as it shall stand beside everything derived.")],
    name: Annotated[str | None, typer.Option(help="Name; the file's name if left out.")] = None,
) -> None:
    """Read a database with bw2io in a limited process, solve it and keep it in this deployment's data folder."""
    from lca_models.interchange.background_formats import READERS
    from service.backgrounds.files import delete_files
    from service.backgrounds.importing import import_files
    from service.backgrounds.operations import add_background
    from service.clock import system_clock

    if file_format not in READERS:
        raise typer.BadParameter(f"--format {file_format}: use one of {', '.join(READERS)}")
    settings = read_settings()
    files = import_files(file, file_format, name=name or file.stem, licence=licence, data_dir=settings.data_dir)
    with opened(settings) as database:
        try:
            with database.writing() as session:
                add_background(session, files, by=_BY, at=system_clock())
        except Exception:
            delete_files(files.background_id, data_dir=settings.data_dir)
            raise
    manifest = files.manifest
    typer.echo(
        f"{files.name}: {manifest['activities']} activities, {manifest['elementary_flows']} elementary flows; not in use yet"
    )
    typer.echo(f"{len(manifest['matched_flows'])} flows are greenhouse gases by name (GWP100, {manifest['gwp']})")
    for flow in manifest["unmatched_gas_flows"]:
        typer.echo(f"counts nothing, though it looks like a greenhouse gas: {flow}")
    if manifest["other_distributions"]:
        typer.echo(f"{manifest['other_distributions']} uncertain exchanges are not lognormal and count as fixed")


@app.command(name="list")
def list_() -> None:
    """List the backgrounds and what they give."""
    from service.backgrounds.queries import all_backgrounds, factors_of

    with opened(read_settings()) as database, database.reading() as session:
        for one in all_backgrounds(session):
            state = "in use" if one.is_enabled else "not in use"
            typer.echo(f"{one.name}  {one.activities} activities  {state}  licence: {one.licence}")
            for factor in factors_of(session, one.id):
                typer.echo(
                    f"  {factor.parameter} = {factor.kg_co2e_per_unit:.6g}  "
                    f"{factor.activity_name} [{factor.location or '-'}], {factor.activity_unit}"
                )


@app.command()
def activities(
    name: Name,
    *,
    search: Annotated[str, typer.Option(help="Words of name, product or location.")] = "",
) -> None:
    """Find activities; the number is what `choose` takes."""
    from service.backgrounds.files import folder_of
    from service.backgrounds.queries import find_activities, get_by_name

    settings = read_settings()
    with opened(settings) as database, database.reading() as session:
        folder = folder_of(get_by_name(session, name).id, data_dir=settings.data_dir)
    for found in find_activities(folder, search):
        one = found.activity
        typer.echo(f"{found.position:>6}  {one.name}  {one.product}  [{one.location or '-'}]  {one.unit}")


@app.command()
def choose(
    name: Name,
    parameter: Annotated[str, typer.Argument(help="Parameter of the model, such as coal_tar_pitch_kg_co2e_per_kg.")],
    activity: Annotated[int, typer.Argument(help="Number of the activity, from `activities`.")],
) -> None:
    """Let a parameter take its value from an activity."""
    from service.backgrounds.operations import set_factor
    from service.backgrounds.queries import get_by_name
    from service.clock import system_clock
    from service.modelling.queries import active_model

    settings = read_settings()
    with opened(settings) as database, database.writing() as session:
        row = set_factor(
            session,
            get_by_name(session, name),
            parameter=parameter,
            activity=activity,
            model=active_model(session),
            data_dir=settings.data_dir,
            by=_BY,
            at=system_clock(),
        )
        typer.echo(f"{row.parameter} = {row.kg_co2e_per_unit:.6g} kg CO2e, from {row.activity_name} [{row.location or '-'}]")


@app.command()
def enable(name: Name) -> None:
    """Put a background into use."""
    _switch(name, is_enabled=True)


@app.command()
def disable(name: Name) -> None:
    """Take a background out of use."""
    _switch(name, is_enabled=False)


@app.command()
def remove(name: Name) -> None:
    """Delete a background that is not in use, with its files."""
    from service.backgrounds.files import delete_files
    from service.backgrounds.operations import remove_background
    from service.backgrounds.queries import get_by_name
    from service.clock import system_clock

    settings = read_settings()
    with opened(settings) as database:
        with database.writing() as session:
            background_id = remove_background(session, get_by_name(session, name), by=_BY, at=system_clock())
        delete_files(background_id, data_dir=settings.data_dir)


@app.command()
def bank(
    name: Name,
    *,
    draws: Annotated[int, typer.Option(help="How many draws.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the draws.", min=0)] = 0,
) -> None:
    """Draw the background of the chosen activities for simulations of footprints; print how long it took."""
    from service.backgrounds.files import folder_of
    from service.backgrounds.importing import store_bank
    from service.backgrounds.operations import keep_draws
    from service.backgrounds.queries import factors_of, get_by_name
    from service.clock import system_clock

    settings = read_settings()
    with opened(settings) as database:
        with database.reading() as session:
            background = get_by_name(session, name)
            chosen = [one.activity for one in factors_of(session, background.id)]
            folder = folder_of(background.id, data_dir=settings.data_dir)
        file, drawn = store_bank(folder, activities=chosen, draws=draws, seed=seed)
        with database.writing() as session:
            found = get_by_name(session, name)
            keep_draws(session, found, drawn, data_dir=settings.data_dir, by=_BY, at=system_clock())
    typer.echo(
        f"{file}: {draws} draws of {len(drawn.products)} activities in {drawn.seconds:.1f} s ({drawn.seconds / draws:.4f} s each)"
    )


def _switch(name: str, *, is_enabled: bool) -> None:
    from service.backgrounds.operations import set_enabled
    from service.backgrounds.queries import get_by_name
    from service.clock import system_clock

    with opened(read_settings()) as database, database.writing() as session:
        found = get_by_name(session, name)
        set_enabled(session, found, is_enabled=is_enabled, version=found.version, by=_BY, at=system_clock())
        typer.echo(f"{found.name}: {'in use' if is_enabled else 'not in use'}")
