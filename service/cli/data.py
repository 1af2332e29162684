"""`migrate`, `sample` and `user`."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.surroundings import opened, read_settings

if TYPE_CHECKING:
    from service.database import Database
    from service.settings import Settings

sample = typer.Typer(no_args_is_help=True, help="The fictional company that shows what the platform does.")
user = typer.Typer(no_args_is_help=True, help="People who may sign in.")


def migrate(
    *,
    down: Annotated[bool, typer.Option("--down", help="Take the last migration back instead; its data are lost.")] = False,
) -> None:
    """Bring the database's tables to this version."""
    settings = read_settings()
    with opened(settings) as database:
        if down:
            from service.migrations import commands, find_revision

            commands.downgrade(database)
            typer.echo(f"The database is at revision {find_revision(database) or 'none'}.")
        else:
            bring_up_to_date(database)


@sample.command("load")
def load() -> None:
    """Load the sample company into an empty database."""
    settings = read_settings()
    with opened(settings) as database:
        from service.migrations import require_current_schema

        require_current_schema(database)
        if not load_sample_if_empty(settings, database):
            typer.echo("The database has an organisation already; nothing was changed.")
        show_log_ins(settings)


@user.command("add")
def add(
    email: str,
    name: Annotated[str, typer.Option(prompt=True, help="The person's name.")],
    role: Annotated[list[str], typer.Option(help="admin, engineer, reviewer, procurement, sales or auditor; repeatable.")],
) -> None:
    """Let a person of the company in; prints the link at which they choose a password."""
    from service.accounts.models import Role

    known = {str(item) for item in Role}
    for wanted in role:
        if wanted not in known:
            raise typer.BadParameter(f"role {wanted!r} is unknown; choose from {', '.join(sorted(known))}")
    settings = read_settings()
    with opened(settings) as database:
        typer.echo(_add_user(settings, database, email=email, name=name, roles=role))


def bring_up_to_date(database: "Database") -> None:
    """Apply missing migrations; an older SQLite database is copied first."""
    from service.clock import system_clock
    from service.migrations import HEAD, find_revision

    found = find_revision(database)
    if found == HEAD:
        typer.echo(f"Database: revision {HEAD}, up to date")
        return
    from service.migrations import commands

    copy = commands.keep_copy(database, at=system_clock())
    if copy is not None:
        typer.echo(f"Database: kept a copy in {copy}")
    commands.upgrade(database)
    typer.echo(f"Database: migrated from {found or 'nothing'} to revision {HEAD}")


def load_sample_if_empty(settings: "Settings", database: "Database") -> bool:
    """Load the sample company unless an organisation exists; tells whether it did."""
    from sqlmodel import select

    from service.accounts.models import Organisation

    with database.reading() as session:
        if session.exec(select(Organisation.id).limit(1)).first() is not None:
            return False
    from service.clock import system_clock
    from service.sample.loading import load_sample

    typer.echo("Sample company: loading into the empty database ...")
    load_sample(database, settings, system_clock())
    typer.echo("Sample company: loaded; everything in it is fictional and marked as sample")
    return True


def show_log_ins(settings: "Settings") -> None:
    """Print one sample log-in per role, if this is the sample company."""
    path = settings.data_dir / "sample-logins.txt"
    if path.exists():
        typer.echo(path.read_text(encoding="utf-8").rstrip())


def _add_user(settings: "Settings", database: "Database", *, email: str, name: str, roles: list[str]) -> str:
    from service.accounts import operations, queries, sign_in
    from service.accounts.models import OrganisationKind, Role
    from service.clock import system_clock
    from service.keys import load_secret

    at = system_clock()
    with database.writing() as session:
        maker = queries.find_maker(session) or operations.create_organisation(
            session,
            kind=OrganisationKind.MAKER,
            name_zh=settings.company_name_zh,
            name_en=settings.company_name_en,
            by="system",
            at=at,
        )
        person = operations.create_user(
            session, organisation=maker, email=email, name=name, roles=[Role(item) for item in roles], by="system", at=at
        )
        return sign_in.invite_user(session, person, settings=settings, secret=load_secret(settings), by="system", at=at)
