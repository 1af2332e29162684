"""`anodeprint model scenarios` and `anodeprint model factors`: what if, and what another set of factors changes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.model import Json, parse_settings, print_json, print_table, reported

if TYPE_CHECKING:
    from lca_models.batch import Case
    from lca_models.model import Model
    from lca_models.scenarios import Comparison, GridResult, Scenario

factors = typer.Typer(no_args_is_help=True, help="Versions of the electricity factors.")

Settings = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter of the base; repeatable.")]
View = Annotated[
    str, typer.Option(help="Electricity view of the base: national, market, eu_draft, china_label, province:CN-NM ...")
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario", metavar="KEY[+KEY...]", help="Scenario to compare, or several laid over each other with +; repeatable."
    ),
]
Grid = Annotated[
    list[str] | None, typer.Option("--grid", metavar="NAME=LOW:HIGH:COUNT", help="Run a parameter through values; repeatable.")
]


def scenarios(
    *, settings: Settings = None, electricity: View = "national", only: Only = None, grid: Grid = None, as_json: Json = False
) -> None:
    """Compare scenarios with a base: the shipped library, chosen ones, combinations, or grids of parameters."""
    from lca_models.batch import Case
    from lca_models.model import load_model
    from lca_models.scenarios import compare, evaluate_grid, parse_axis

    with reported():
        model = load_model()
        base = Case(parameters=parse_settings(settings or []), electricity=electricity)
        if grid:
            _show_grid(
                evaluate_grid(model, _laid_over(model, base, only), [parse_axis(model, text) for text in grid]), as_json=as_json
            )
            return
        comparison = compare(model, base, _wanted(only))
    _show_comparison(comparison, as_json=as_json)


def _wanted(only: Sequence[str] | None) -> "list[list[Scenario]]":
    from lca_models.scenarios import find_scenario, shipped_scenarios

    library = shipped_scenarios()
    if not only:
        return [[scenario] for scenario in library.values()]
    return [[find_scenario(library, key.strip()) for key in keys.split("+")] for keys in only]


def _laid_over(model: "Model", base: "Case", only: Sequence[str] | None) -> "Case":
    """Return the base of a grid: all scenarios named are laid over it."""
    from lca_models.scenarios import combine

    return combine(model, base, [scenario for group in _wanted(only) for scenario in group]).case if only else base


def _show_comparison(comparison: "Comparison", *, as_json: bool) -> None:
    from lca_models.scenarios import shipped_scenarios

    rows = _comparison_rows(comparison, shipped_scenarios())
    if as_json:
        print_json(rows)
        return
    print_table(
        ("scenario", "kg CO2e/kg", "difference", "status", "name"),
        [
            (
                "+".join(row["scenarios"]) or "(base)",
                f"{row['total_kg_co2e']:.4f}",
                f"{row['difference_kg_co2e']:+.4f}",
                row["status"],
                row["name_en"],
            )
            for row in rows
        ],
    )
    for row in rows:
        for one in row["conflicts"]:
            typer.echo(
                f"conflict: {one['setting']}: {one['later']} ({one['later_value']}) over {one['earlier']} ({one['earlier_value']})"
            )
    typer.echo("\nassumption: a stated what-if, not a fact; --json tells the reasoning of each.")


def _comparison_rows(comparison: "Comparison", library: "Mapping[str, Scenario]") -> list[dict[str, Any]]:
    from dataclasses import asdict

    difference = comparison.difference_kg_co2e
    return [
        {
            "scenarios": list(one.keys),
            "name_en": ", ".join(library[key].name_en for key in one.keys),
            "name_zh": "、".join(library[key].name_zh for key in one.keys),
            "status": _status([library[key].status for key in one.keys]),
            "reasoning_en": [library[key].reasoning_en for key in one.keys],
            "reasoning_zh": [library[key].reasoning_zh for key in one.keys],
            "sources": sorted({source for key in one.keys for source in library[key].sources}),
            "parameters": dict(one.case.parameters),
            "electricity": one.case.electricity,
            "total_kg_co2e": float(comparison.results.total_kg_co2e[position]),
            "difference_kg_co2e": float(difference[position]),
            "by_stage": {stage: float(values[position]) for stage, values in comparison.results.by_stage_kg_co2e.items()},
            "conflicts": [asdict(conflict) for conflict in one.conflicts],
            "dropped": list(one.dropped),
        }
        for position, one in enumerate(comparison.combinations)
    ]


def _status(statuses: Sequence[str]) -> str:
    """An assumption makes the whole combination one."""
    return "" if not statuses else ("assumption" if "assumption" in statuses else "sourced")


def _show_grid(grid: "GridResult", *, as_json: bool) -> None:
    if as_json:
        axes = [{"parameter": axis.parameter, "values": list(axis.values)} for axis in grid.axes]
        print_json({"axes": axes, "total_kg_co2e": grid.total_kg_co2e.tolist()})
        return
    import itertools

    points = itertools.product(*(axis.values for axis in grid.axes))
    rows = [(*map(_cell, point), f"{total:.4f}") for point, total in zip(points, grid.total_kg_co2e.ravel(), strict=True)]
    print_table((*(axis.parameter for axis in grid.axes), "kg CO2e/kg"), rows)


def _cell(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


@factors.command("list")
def list_sets(*, as_json: Json = False) -> None:
    """List the sets of electricity factors with year, document, validity and successor."""
    from lca_models.model import load_model

    table = load_model().electricity
    rows = [
        {
            "set": key,
            "family": one.head.family,
            "kind": "direct_co2" if one.head.family in {"direct_co2", "legacy_ets"} else "life_cycle",
            "data_year": one.head.data_year,
            "document": one.head.document_en,
            "published": one.head.published,
            "valid_from": one.head.valid_from.isoformat() if one.head.valid_from else None,
            "valid_to": one.head.valid_to.isoformat() if one.head.valid_to else None,
            "superseded_by": one.head.superseded_by,
            "in_force": table.in_force[one.head.family] == key,
            "factors": len(one.factors),
        }
        for key, one in table.sets.items()
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("set", "kind", "year", "valid from", "to", "superseded by", "document"),
        [
            (
                row["set"],
                row["kind"],
                row["data_year"],
                row["valid_from"] or "?",
                row["valid_to"] or "",
                row["superseded_by"],
                row["document"],
            )
            for row in rows
        ],
    )


@factors.command()
def changes(
    *,
    before: Annotated[str, typer.Option("--from", metavar="SET", help="Set of factors to compare from, such as footprint_2023.")],
    after: Annotated[str, typer.Option("--to", metavar="SET", help="Set of the same family to compare to.")],
    as_json: Json = False,
) -> None:
    """Show what another set of factors changes: the factors, and the default of every furnace and national or contract view."""
    from lca_models.batch import Case
    from lca_models.factor_changes import changed_factors, changed_results, tables_between
    from lca_models.model import load_model

    with reported():
        model = load_model()
        old, new = tables_between(model.electricity, before=before, after=after)
        cases = [
            Case(parameters={"furnace": furnace}, electricity=view)
            for furnace in model.parameter("furnace").choices
            for view in ("national", "market", "eu_draft", "china_label")
        ]
        results = changed_results(model, old, new, cases)
    factor_rows = [
        {"region": one.region, "kind": one.kind, "before": one.before, "after": one.after} for one in changed_factors(old, new)
    ]
    result_rows = [
        {
            "furnace": case.parameters["furnace"],
            "electricity": case.electricity,
            "before_kg_co2e": one.before_kg_co2e,
            "after_kg_co2e": one.after_kg_co2e,
            "difference_kg_co2e": one.difference_kg_co2e,
            "by_stage": dict(one.by_stage_kg_co2e),
            "parameters": {name: list(pair) for name, pair in one.parameters.items()},
        }
        for case, one in zip(cases, results, strict=True)
    ]
    if as_json:
        print_json({"from": before, "to": after, "factors": factor_rows, "results": result_rows})
        return
    _print_changes(factor_rows, result_rows)


def _print_changes(factor_rows: Sequence[Mapping[str, Any]], result_rows: Sequence[Mapping[str, Any]]) -> None:
    print_table(
        ("factor", "region", "before", "after"),
        [(row["kind"], row["region"], _known(row["before"]), _known(row["after"])) for row in factor_rows],
    )
    typer.echo("")
    print_table(
        ("furnace", "electricity", "before", "after", "difference"),
        [
            (
                row["furnace"],
                row["electricity"],
                f"{row['before_kg_co2e']:.4f}",
                f"{row['after_kg_co2e']:.4f}",
                f"{row['difference_kg_co2e']:+.4f}",
            )
            for row in result_rows
        ],
    )
    typer.echo("\nkg CO2e per kg packed anode; nothing is applied.")


def _known(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
