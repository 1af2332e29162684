"""`anodeprint allocate`: who delivers how much, cheapest within the rules."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from service.allocation.front import ExactFront
    from service.allocation.workbook_answers import SolvedWorkbook


def allocate(
    workbook: Annotated[Path, typer.Option(help="Excel file with the sheets offers, demands and rules (docs/allocation.md).")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    front: Annotated[
        int | None, typer.Option(min=2, help="Also solve so many points of the exact front of cost against carbon.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Also write question and answer into this Excel file.")] = None,
) -> None:
    """Allocate orders to suppliers at least cost within all rules; without a plan, say which rules stand in the way."""
    from service.allocation.workbook import AllocationWorkbookError, read_workbook
    from service.allocation.workbook_answers import solve_workbook
    from service.allocation.workbook_writing import write_workbook
    from service.spreadsheets.cells import read_cells

    try:
        asked = read_workbook(read_cells(workbook.read_bytes()))
    except AllocationWorkbookError as error:
        for point in error.points:
            typer.echo(f"anodeprint: {workbook.name}: {point}", err=True)
        raise typer.Exit(2) from error
    except OSError as error:
        typer.echo(f"anodeprint: {error}", err=True)
        raise typer.Exit(2) from error
    solved = solve_workbook(asked, points=front)
    if output is not None:
        output.write_bytes(write_workbook(solved.asked.problem, solved.answer, front=solved.front, blocking=solved.blocking))
    if as_json:
        sys.stdout.write(json.dumps(solved.as_dict(), ensure_ascii=True, allow_nan=False, indent=2) + "\n")
        _tell_what_blocks(solved)
        return
    _print(solved)


def _print(solved: "SolvedWorkbook") -> None:
    answer = solved.answer
    for notice in solved.notices:
        typer.echo(f"note: {notice}")
    if answer.cost is None:
        typer.echo(f"{answer.status}: there is no plan")
    else:
        gap = "unknown" if answer.gap is None else f"{answer.gap:.2g}"
        typer.echo(f"{answer.status}: {answer.cost:,.2f} yuan, {answer.t_co2e:,.3f} t CO2e, gap {gap}")
    if answer.shadow_price_per_t_co2e is not None:
        typer.echo(f"a carbon cap looser by 1 t CO2e would save {answer.shadow_price_per_t_co2e:,.2f} yuan")
    for order in answer.allocations:
        typer.echo(f"  {order.material:24} {order.supplier:32} {order.t:14,.3f} t")
    _tell_what_blocks(solved)
    if solved.front is not None and solved.front.points:
        _print_front(solved.front)


def _tell_what_blocks(solved: "SolvedWorkbook") -> None:
    for rule, place in zip(solved.blocking, solved.places, strict=True):
        cell = "" if place is None else f"sheet “{place.sheet}”, row {place.row}, column “{place.column}”: "
        typer.echo(f"way out {rule.way_out}: {cell}{rule.problem}", err=True)


def _print_front(front: "ExactFront") -> None:
    typer.echo(f"{'cost, yuan':>20} {'t CO2e':>16} {'yuan per t CO2e':>16}")
    for point in front.points:
        typer.echo(f"{point.cost:>20,.2f} {point.t_co2e:>16,.3f} {point.shadow_price_per_t_co2e:>16,.2f}")
    if not front.is_complete:
        typer.echo("The time limit left the front incomplete; raise time_limit_s.")
