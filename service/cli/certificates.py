"""`anodeprint certificate verify`: a certificate's proofs, from the file alone; needs no database and no network."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Issued certificates.", no_args_is_help=True)


class Language(StrEnum):
    """In which the result is told."""

    EN = "en"
    ZH = "zh"


@app.callback()
def _certificates() -> None:
    """Keep `verify` a command of its own although it is the only one."""


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The certificate (PDF).", exists=True, dir_okay=False)],
    *,
    trust: Annotated[
        Path | None,
        typer.Option(help="Root certificate of the issuer (PEM), taken once from its site.", exists=True, dir_okay=False),
    ] = None,
    revoked: Annotated[
        Path | None,
        typer.Option(help="The issuer's list of revoked certificates, /verify/revoked.json.", exists=True, dir_okay=False),
    ] = None,
    log_key: Annotated[str | None, typer.Option(help="The log's public key, if you keep it.")] = None,
    at: Annotated[
        datetime | None,
        typer.Option(help="The moment of the question (UTC); now if left out.", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the answer.")] = Language.EN,
    as_json: Annotated[bool, typer.Option("--json", help="The whole result, for programs.")] = False,
) -> None:
    """Calculate a certificate's figures again and check its signatures, log, dates and revocation.

    Exit code 0 if everything holds, 1 if something does not, 2 if it can't be decided (no root given, file unreadable).
    """
    from service.certificates.standalone.anodeprint_verify import main

    given = {
        "--trust": trust,
        "--revoked": revoked,
        "--log-key": log_key,
        "--at": at.isoformat() if at else None,
        "--lang": lang.value,
    }
    options = [part for name, value in given.items() if value is not None for part in (name, str(value))]
    raise typer.Exit(main([str(file), *options, *(["--json"] if as_json else [])]))
