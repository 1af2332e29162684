"""`doctor`, `backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.surroundings import opened, read_settings


def doctor() -> None:
    """Check libraries, font, database, keys and disk; exit code 1 if something is wrong."""
    from service.doctor import check_installation

    settings = read_settings()
    with opened(settings) as database:
        checks = check_installation(settings, database)
    width = max(len(check.name) for check in checks)
    for check in checks:
        typer.echo(f"{'ok    ' if check.is_fine else 'WRONG '} {check.name:<{width}}  {check.found}")
        if not check.is_fine and check.fix:
            typer.echo(f"       {'':<{width}}  -> {check.fix}")
    if not all(check.is_fine for check in checks):
        raise typer.Exit(1)


def backup(
    file: Annotated[Path, typer.Argument(help="File to write (.tar); an existing one is not overwritten.")],
    *,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Include the secret and signing keys: keep such a file locked away.")
    ] = False,
) -> None:
    """Write a consistent copy of database and files, while the service runs."""
    from service.backup.writing import write_backup
    from service.clock import system_clock

    settings = read_settings()
    with opened(settings) as database:
        manifest = write_backup(settings, database, file, with_keys=with_keys, at=system_clock())
    size_mib = file.stat().st_size / 2**20
    typer.echo(f"{file}: {len(manifest.members)} files, {sum(manifest.rows.values())} rows, {size_mib:.1f} MiB")
    if not with_keys:
        typer.echo("The keys are not in it: copy the secret key and the folder `keys` of the data folder separately.")


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Only check that the backup is whole and restorable.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a database that has rows; the old SQLite file is kept beside it.")
    ] = False,
) -> None:
    """Bring a backup back; stop the service first."""
    from service.backup.restoring import restore_backup, verify_backup
    from service.clock import system_clock

    settings = read_settings()
    findings = verify_backup(file, seed=0)
    for finding in findings:
        typer.echo(finding)
    if not verify:
        restore_backup(settings, file, force=force, at=system_clock())
        typer.echo(f"Restored into {settings.effective_database_url.rpartition('@')[2]} and {settings.data_dir}")
