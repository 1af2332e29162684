"""`anodeprint lmdi`: why a total changed."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer


def lmdi(
    table: Annotated[Path, typer.Option(help="CSV with the columns period, group, factor, value.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say why a total changed from period to period (LMDI): the product of a group's factors is its part of the total."""
    from lca_models.errors import ModelError
    from service.strategy.lmdi_table import decompose_table

    try:
        found = decompose_table(table.read_bytes(), file=table.name)
    except (ModelError, OSError) as error:
        typer.echo(f"anodeprint: {error}", err=True)
        raise typer.Exit(2) from error
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=True, allow_nan=False, indent=2) + "\n")
        return
    for one in found:
        _print(one)


def _print(one: dict[str, Any]) -> None:
    typer.echo(f"{one['from']} to {one['to']}: {one['total_change']:+.6g}")
    for factor, effect in one["additive"].items():
        ratio = one["multiplicative"][factor]
        typer.echo(f"  {factor:24} {effect:+14.6g}   {'-' if ratio is None else f'x {ratio:.4f}'}")
