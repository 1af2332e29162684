"""`anodeprint receipt verify`: whether a receipt belongs to what it says was handed in; needs no database and no network."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Receipts of what suppliers handed in.", no_args_is_help=True)


@app.callback()
def _receipts() -> None:
    """Keep `verify` a command of its own although it is the only one."""


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The receipt as JSON, from GET /api/v1/submissions/{id}/receipt.", exists=True)],
) -> None:
    """Compute the hash of a receipt's content again; exit code 1 if it is another one."""
    from service.submissions.rules import hash_answers

    try:
        receipt = json.loads(file.read_text(encoding="utf-8"))
        stated, content = receipt["sha256"], receipt["content"]
        computed = hash_answers(content)
    except (ValueError, KeyError, TypeError) as error:
        message = f"{file} is no receipt: it needs `sha256` and `content`."
        raise typer.BadParameter(message) from error
    if stated != computed:
        typer.echo(f"NOT the same: the receipt states {stated}, its content gives {computed}.")
        raise typer.Exit(1)
    typer.echo(f"{receipt.get('number', file.name)}: the content gives the stated hash {computed}.")
