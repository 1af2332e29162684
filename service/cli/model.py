"""`anodeprint model`: calculate, compare and inspect the model from a terminal."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from lca_models.calculation import Footprint
    from lca_models.inventories import InventoryResult

app = typer.Typer(no_args_is_help=True, help="Calculate footprints and inspect the process model.")

_BAD_INPUT: Final = 2

Json = Annotated[bool, typer.Option("--json", help="Print JSON in full precision.")]


@contextmanager
def reported() -> Iterator[None]:
    """Turn an error of the model into its message on standard error and exit code 2."""
    from lca_models.errors import ModelError

    try:
        yield
    except ModelError as error:
        typer.echo(f"anodeprint: {error}", err=True)
        raise typer.Exit(_BAD_INPUT) from error


@app.command()
def calculate(
    *,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; repeatable.")] = None,
    electricity: Annotated[str | None, typer.Option(help="View: national (default), market, province:CN-NM ...")] = None,
    gwp: Annotated[str | None, typer.Option(help="Set of GWP100: AR6 (default), AR5 or AR4.")] = None,
    processes: Annotated[list[Path] | None, typer.Option(help="CSV of your own unit processes; repeatable.")] = None,
    factors: Annotated[list[Path] | None, typer.Option(help="CSV of your own factors.")] = None,
    product: Annotated[str | None, typer.Option(help="With --processes: the flow to make one unit of.")] = None,
    use: Annotated[
        list[str] | None, typer.Option(help="With --processes: process to take where several make a flow; repeatable.")
    ] = None,
    allow_uncharacterised: Annotated[bool, typer.Option("--allow-uncharacterised", help="Unknown emissions count zero.")] = False,
    as_json: Json = False,
) -> None:
    """Calculate the shipped route with parameters, or any inventory given as tables."""
    with reported():
        if processes:
            _refuse(
                {"--set": settings, "--electricity": electricity, "--gwp": gwp},
                "belongs to the shipped model; leave it out with --processes",
            )
            result = _calculate_tables(processes, factors, product, use=use or [], allow_uncharacterised=allow_uncharacterised)
            print_json(result.as_dict()) if as_json else print_inventory(result)
        else:
            own = {"--factors": factors, "--product": product, "--use": use, "--allow-uncharacterised": allow_uncharacterised}
            _refuse(own, "belongs to your own inventory; give --processes too")
            footprint = calculate_shipped(settings or [], electricity, gwp)
            print_json(footprint.as_dict()) if as_json else _print_footprint(footprint)


def _refuse(options: Mapping[str, object], reason: str) -> None:
    from lca_models.errors import ModelError

    for name, value in options.items():
        if value:
            raise ModelError("%(option)s %(reason)s.", option=name, reason=reason)


def calculate_shipped(settings: Iterable[str], electricity: str | None, gwp: str | None) -> "Footprint":
    """Calculate the shipped route; Brightway checks the result."""
    from lca_models.calculation import calculate_footprint
    from lca_models.methods.gwp import gwp_set
    from lca_models.model import load_model

    chosen = gwp_set(gwp or "AR6")
    return calculate_footprint(load_model(), parse_settings(settings), electricity=electricity or "national", gwp=chosen)


def parse_settings(settings: Iterable[str]) -> dict[str, float | str]:
    """Read NAME=VALUE texts; whether parameter and value fit is for the model to say."""
    from lca_models.errors import ModelError

    values: dict[str, float | str] = {}
    for setting in settings:
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not (name and equals and value):
            raise ModelError("--set %(value)s: write it as NAME=VALUE, for example --set furnace=box.", value=setting)
        if name in values:
            raise ModelError(
                "--set %(name)s is given twice (%(first)s and %(second)s). Keep one.", name=name, first=values[name], second=value
            )
        values[name] = value
    return values


def _calculate_tables(
    processes: list[Path], factors: list[Path] | None, product: str | None, *, use: list[str], allow_uncharacterised: bool
) -> "InventoryResult":
    from lca_models.errors import ModelError
    from lca_models.inventories import calculate_inventory
    from lca_models.model import load_model

    if not product or not factors:
        missing = "--product FLOW" if factors else "--factors FILE.csv"
        raise ModelError("%(missing)s is missing: --processes needs --factors and --product.", missing=missing)
    return calculate_inventory(
        load_model(),
        processes=_contents(processes),
        factors=_contents(factors),
        product=product,
        use=use,
        allow_uncharacterised=allow_uncharacterised,
    )


def _contents(paths: Iterable[Path]) -> dict[str, bytes]:
    from lca_models.errors import TableError

    contents: dict[str, bytes] = {}
    for path in paths:
        if str(path) in contents:
            raise TableError("%(file)s is given twice. Give it once.", file=path)
        try:
            contents[str(path)] = path.read_bytes()
        except OSError as error:
            raise TableError("%(file)s can't be read: %(problem)s.", file=path, problem=error.strerror or error) from error
    return contents


@app.command()
def views(*, as_json: Json = False) -> None:
    """List the electricity views with their factors."""
    from lca_models.model import load_model

    found = [
        {
            "key": view.key,
            "name_en": view.name_en,
            "name_zh": view.name_zh,
            "kg_co2e_per_kwh": view.kg_co2e_per_kwh,
            "status": view.status,
            "year": view.factor.year,
            "source": ";".join(view.factor.evidence.sources),
            "note": view.factor.evidence.source_detail,
        }
        for view in load_model().electricity.views.values()
    ]
    if as_json:
        print_json(found)
        return
    print_table(
        ("view", "kg CO2e/kWh", "year", "status", "name"),
        [(v["key"], f"{v['kg_co2e_per_kwh']:.4f}", v["year"], v["status"], f"{v['name_en']} {v['name_zh']}") for v in found],
    )
    typer.echo(
        "\nofficial: published life-cycle factor, the headline. screening: derived here, not official, for comparison only.\n"
        "contracts: evidenced shares (--set contract_wind_share=0.3 ...) at their supply over the grid, the rest at the residual."
    )


@app.command()
def parameters(*, as_json: Json = False) -> None:
    """List the parameters for --set with default, unit, range and meaning."""
    from lca_models.model import load_model

    definitions = load_model().parameters
    if as_json:
        print_json([_described(definition) for definition in definitions])
        return
    for one in definitions:
        default = one.default if isinstance(one.default, str) else f"{one.default:.6g}"
        usual = "" if one.low is None else f"  usual {one.low:.4g} to {one.high:.4g}"
        allowed = " | ".join(one.choices) or f"{_bound(one.minimum)} to {_bound(one.maximum)}"
        typer.echo(f"{one.name} = {default} {one.unit}{usual}  allowed {allowed}")
        typer.echo(f"    {one.meaning_en} / {one.meaning_zh}")
        for name, alternative in one.alternatives.items():
            typer.echo(f"    alternative {name} = {alternative.value:g}: {alternative.reason_en} ({alternative.note})")


def _bound(value: float | None) -> str:
    return "∞" if value is None else f"{value:g}"


def _described(definition: Any) -> dict[str, Any]:  # noqa: ANN401 - ParameterDefinition, imported inside commands only
    return {
        "name": definition.name,
        "group": definition.group,
        "unit": definition.unit,
        "default": definition.default,
        "default_by_furnace": {furnace: default.formula.text for furnace, default in definition.defaults.items() if furnace},
        "low": definition.low,
        "high": definition.high,
        "minimum": definition.minimum,
        "maximum": definition.maximum,
        "choices": list(definition.choices),
        "meaning_en": definition.meaning_en,
        "meaning_zh": definition.meaning_zh,
        "source": definition.source,
        "alternatives": {name: one.value for name, one in definition.alternatives.items()},
    }


@app.command()
def verify(
    *,
    draws: Annotated[int, typer.Option(min=1, max=10_000, help="Parameter vectors drawn from the ranges, for each furnace.")] = 20,
    seed: Annotated[int, typer.Option(help="Of the drawn parameter vectors.")] = 1,
    as_json: Json = False,
) -> None:
    """Let Brightway replay every furnace, view, GWP set and shipped scenario, and drawn parameters; show the differences."""
    from lca_models.model import load_model
    from lca_models.verification import verify_model

    with reported():
        model = load_model()
        checks = verify_model(model, draws=draws, seed=seed)
    rows = [one.as_dict() for one in checks]
    if as_json:
        print_json({"model_version": model.model_version, "content_hash": model.content_hash, "systems": rows})
        return
    print_table(
        ("what", "furnace", "electricity", "GWP", "rows", "kg CO2e/kg", "difference"),
        [
            (
                one.what,
                one.furnace,
                one.electricity,
                one.gwp,
                one.rows,
                f"{one.total_kg_co2e:.4f}",
                f"{one.relative_difference:.1e}",
            )
            for one in checks
        ],
    )
    typer.echo(f"\n{sum(one.rows for one in checks)} systems, engine and Brightway agree to 1e-12. Model {model.model_version}")


@app.command()
def document(file: Annotated[Path, typer.Argument(help="Markdown with table markers, such as docs/methodology.md.")]) -> None:
    """Write the model's tables into a document between its markers."""
    from lca_models.documentation import fill_tables
    from lca_models.model import load_model

    with reported():
        text = next(iter(_contents([file]).values())).decode()
        file.write_text(fill_tables(text, load_model()), encoding="utf-8")


def print_json(value: object) -> None:
    """Print JSON, ASCII only."""
    # Straight to the stream: a terminal that can't show Chinese must not break a pipe that can.
    sys.stdout.write(json.dumps(value, ensure_ascii=True, allow_nan=False, indent=2) + "\n")


def print_table(header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print columns, each as wide as its longest cell."""
    lines = [header, *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _print_parts(title: str, parts: dict[str, float], total: float) -> None:
    typer.echo(f"\n{title}")
    rows = [(name, f"{value:.4f}", f"{value / total:.1%}" if total else "-") for name, value in parts.items()]
    print_table(("", "kg CO2e", "share"), rows)


def _print_footprint(footprint: "Footprint") -> None:
    view = footprint.electricity_view
    typer.echo(f"{footprint.total_kg_co2e:.4f} kg CO2e per kg packed anode, cradle to gate, GWP100 {footprint.gwp.value}")
    typer.echo(f"electricity view {view.key} ({view.status}), {footprint.electricity_kwh:.3f} kWh/kg")
    typer.echo(f"direct CO2 {footprint.direct_co2_kg:.4f} kg/kg")
    _print_parts("by stage", dict(footprint.by_stage_kg_co2e), footprint.total_kg_co2e)
    _print_parts("by activity", dict(footprint.by_activity_kg_co2e), footprint.total_kg_co2e)
    closure = footprint.carbon_balance.closure
    typer.echo(f"\ncarbon out/in {closure:.4f}" if closure is not None else "\nno carbon goes in")
    typer.echo(f"engine and Brightway differ by {footprint.oracle_relative_difference:.1e}; model {footprint.model_version}")
    for notice in footprint.notices:
        typer.echo(f"note: {notice}")


def print_inventory(result: "InventoryResult") -> None:
    """Print total, parts and what counts zero."""
    typer.echo(f"{result.solution.total_kg_co2e:.4f} kg CO2e per {result.product_unit} {result.product}")
    _print_parts("by process", result.solution.by_process(), result.solution.total_kg_co2e)
    zero = result.solution.system.uncharacterised
    if zero:
        typer.echo("\ncounted as zero: " + ", ".join(f"{flow} ({reason})" for flow, reason in zero.items()))
