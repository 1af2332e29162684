"""`exchange`: partners whose systems we exchange footprints with, and the keys of their tokens."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.exchange_declare import declare_released
from service.cli.exchange_validate import validate
from service.cli.surroundings import opened, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from service.exchange.models import Partner
    from service.exchange.partners import PartnerInput
    from service.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Exchange of footprints with partners' systems (PACT v3).")
partner = typer.Typer(no_args_is_help=True, help="Partners, their credentials and what they may see.")
app.add_typer(partner, name="partner")
app.command("declare-released")(declare_released)
app.command("validate")(validate)

ClientId = Annotated[str, typer.Option("--client-id", help="By which the partner asks us for tokens.")]


@partner.command("add")
def add(
    *,
    name: Annotated[str, typer.Option(help="The partner's company.")],
    base_url: Annotated[str, typer.Option(help="Where its /3/footprints and /3/events stand: https://pact.example.com.")],
    client_id: ClientId,
    client_secret: Annotated[str, typer.Option(help="That goes with it: 16 characters or more, better made than thought up.")],
    auth_base_url: Annotated[str | None, typer.Option(help="Where its /auth/token stands, if not below the base URL.")] = None,
    callback_client_id: Annotated[str | None, typer.Option(help="By which we ask the partner for tokens.")] = None,
    callback_client_secret: Annotated[str | None, typer.Option(help="That goes with it.")] = None,
    share_all_released: Annotated[bool, typer.Option("--share-all-released", help="Let it see every released footprint.")] = False,
) -> None:
    """Register a partner; once more with the same values changes nothing."""
    from starlette.datastructures import FormData

    from service.exchange.partners import PartnerInput
    from service.web.forms import parse_form

    given = {
        "name_zh": name,
        "name_en": name,
        "base_url": base_url,
        "auth_base_url": auth_base_url or "",
        "callback_client_id": callback_client_id or "",
        "callback_client_secret": callback_client_secret or "",
        "shares_all": str(share_all_released),
    }
    fields = parse_form(PartnerInput, FormData(given))
    settings = read_settings()
    typer.echo(_add(settings, fields, client_id=client_id, client_secret=client_secret))
    for warning in _warnings(settings, fields, client_id=client_id, client_secret=client_secret):
        typer.echo(f"anodeprint: {warning}", err=True)


@partner.command("list")
def list_partners() -> None:
    """List partners: whether they may ask, what they see, when they last asked."""
    from service.exchange.queries import find_partners

    settings = read_settings()
    with opened(settings) as database, database.reading() as session:
        rows = find_partners(session)
    if not rows:
        typer.echo("No partners yet; anodeprint exchange partner add registers one.")
    for row in rows:
        state = "active" if row.is_active else "off"
        seen = f"{row.last_seen_at:%Y-%m-%d %H:%M} UTC" if row.last_seen_at else "never"
        sees = "all released" if row.shares_all else "granted products"
        typer.echo(f"{row.client_id}  {row.name_en}  {row.base_url}  {state}  sees {sees}  last asked {seen}")


@partner.command("deactivate")
def deactivate(client_id: ClientId) -> None:
    """Switch a partner off; its tokens end at once."""
    from service.clock import system_clock
    from service.exchange.partners import set_partner_active
    from service.migrations.tables import complete_metadata

    settings = read_settings()
    complete_metadata()
    with opened(settings) as database, database.writing() as session:
        set_partner_active(session, _get(session, client_id), active=False, by="system", at=system_clock())
    typer.echo(f"{client_id} is switched off; its tokens have ended.")


@partner.command("rotate-secret")
def rotate_secret(client_id: ClientId) -> None:
    """Give a partner a new secret and print it once; the old one and its tokens end at once."""
    from service.clock import system_clock
    from service.exchange import partners
    from service.keys import load_secret
    from service.migrations.tables import complete_metadata

    settings = read_settings()
    complete_metadata()
    with opened(settings) as database, database.writing() as session:
        fresh = partners.rotate_secret(
            session, _get(session, client_id), secret=load_secret(settings), by="system", at=system_clock()
        )
    typer.echo(fresh)


@app.command("rotate-key")
def rotate_key() -> None:
    """Sign access tokens with a new key; tokens of the key before it stay good until they end."""
    from service.exchange.tokens import rotate_keys

    typer.echo(f"New tokens are signed with the key {rotate_keys(read_settings().data_dir)}.")


def _add(settings: "Settings", fields: "PartnerInput", *, client_id: str, client_secret: str) -> str:
    from service.clock import system_clock
    from service.exchange.partners import add_partner
    from service.exchange.queries import find_partner
    from service.keys import load_secret
    from service.migrations import require_current_schema
    from service.migrations.tables import complete_metadata

    secret = load_secret(settings)
    complete_metadata()
    with opened(settings) as database:
        require_current_schema(database)
        with database.writing() as session:
            present = find_partner(session, client_id)
            if present is not None:
                return _present(present, fields, client_secret=client_secret, secret=secret)
            add_partner(
                session,
                fields,
                client_id=client_id,
                client_secret=client_secret,
                secret=secret,
                allow_private=True,  # it may ask us from there; whether we ask it is decided at every request
                by="system",
                at=system_clock(),
            )
    sees = "every released footprint" if fields.shares_all else "nothing yet: share products with it in the console"
    return f"{fields.name_en} is registered as {client_id}; it sees {sees}."


def _warnings(settings: "Settings", fields: "PartnerInput", *, client_id: str, client_secret: str) -> "Iterator[str]":
    from service.exchange.partners import SECRET_ADVISED, address_problem

    for url in (fields.base_url, fields.auth_base_url):
        problem = address_problem(url, allow_private=settings.exchange_allow_private_addresses) if url else None
        if problem is not None:
            yield f"nothing can be sent to this partner: {problem}"
    if len(client_secret) < SECRET_ADVISED:
        replacing = f"anodeprint exchange partner rotate-secret --client-id {client_id}"
        yield f"the secret has fewer than {SECRET_ADVISED} characters; replace it: {replacing}"


def _present(present: "Partner", fields: "PartnerInput", *, client_secret: str, secret: bytes) -> str:
    """Say that a partner is there already; raise if it is there with other values."""
    from service.exchange.partners import callback_credentials, secret_matches, without_final_slash

    given = (fields.callback_client_id, fields.callback_client_secret) if fields.callback_client_id else None
    is_same = (
        present.base_url == without_final_slash(fields.base_url)
        and present.shares_all is fields.shares_all
        and secret_matches(secret, present, client_secret)
        and callback_credentials(present, secret=secret) == given
    )
    if not is_same:
        raise typer.BadParameter(
            f"there is a partner with the client ID {present.client_id} already, with other values; "
            "change it in the console, or give the new one another --client-id"
        )
    return f"{present.client_id} is registered already; nothing was changed."


def _get(session: "Session", client_id: str) -> "Partner":
    from service.exchange.queries import find_partner

    found = find_partner(session, client_id)
    if found is None:
        raise typer.BadParameter(f"there is no partner with the client ID {client_id}; anodeprint exchange partner list shows all")
    return found
