"""`anodeprint rank`: rank any table by several criteria."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def rank(
    table: Annotated[Path, typer.Option(help="CSV: alternative,<criterion>,...; rows that begin with @ set properties.")],
    method: Annotated[str, typer.Option(help="wsm, topsis, vikor, promethee, spotis or smaa.")] = "wsm",
    *,
    samples: Annotated[int, typer.Option(help="Draws of weights (smaa).")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Of the draws (smaa).")] = 1,
    v: Annotated[float, typer.Option(help="Weight of the total regret (vikor).")] = 0.5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Rank the alternatives of a table; properties are @direction, @weight, @low, @high, @preference, @q, @p and @sigma."""
    from lca_models.errors import ModelError
    from service.scoring.answers import rank_table
    from service.scoring.decision_table import read_decision_table

    try:
        read = read_decision_table(table.read_bytes(), file=table.name)
        answer = rank_table(read, method=method, samples=samples, seed=seed, v=v)
    except (ModelError, OSError) as error:
        typer.echo(f"anodeprint: {error}", err=True)
        raise typer.Exit(2) from error
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=True, allow_nan=False, indent=2) + "\n")
        return
    for one in sorted(answer["results"], key=lambda one: (one["rank"], one["alternative"])):
        typer.echo(f"{one['rank']:>5}  {one['alternative']:32} {one['score']:.4f}")
