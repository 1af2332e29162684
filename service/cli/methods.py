"""`anodeprint model methods`, `guard` and `gwp`: choices with their alternatives, what speaks against a release, GWP100."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from service.cli.model import Json, calculate_shipped, print_json, print_table, reported

if TYPE_CHECKING:
    from lca_models.calculation import Footprint
    from lca_models.model import Model

Settings = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; repeatable.")]
View = Annotated[str | None, typer.Option(help="View: national (default), market, province:CN-NM ...")]
Gwp = Annotated[str | None, typer.Option(help="Set of GWP100: AR6 (default), AR5 or AR4.")]

_REFUSED: Final = 1


def methods(*, settings: Settings = None, electricity: View = None, gwp: Gwp = None, as_json: Json = False) -> None:
    """Show the method choices of a footprint with what every alternative gives, biogenic carbon and flows left out."""
    from lca_models.model import load_model

    with reported():
        model = load_model()
        found = _methods(model, calculate_shipped(settings or [], electricity, gwp))
    print_json(found) if as_json else _print_methods(found)


def _methods(model: "Model", footprint: "Footprint") -> dict[str, Any]:
    from lca_models.methods.alternatives import alternatives_of
    from lca_models.methods.biogenic import carbon_content, two_results
    from lca_models.methods.decisions import recorded_decisions
    from lca_models.methods.exemption import exempted_share

    decisions = recorded_decisions(model.allocation_cases, model.definitions, footprint.parameters)
    content = carbon_content(model, footprint)
    results = two_results(footprint, content)
    total = footprint.total_kg_co2e
    return {
        "total_kg_co2e": total,
        "decisions": [
            {
                "case": one.case.case,
                "parameter": one.case.parameter,
                "recommended": one.recommended.procedure.value,
                "reason": str(one.recommended.reason),
                "value_ratio": one.recommended.value_ratio,
                "chosen": one.chosen,
                "is_default": one.is_default,
            }
            for one in decisions
        ],
        "alternatives": [
            {"topic": one.topic, "choice": one.choice, "total_kg_co2e": one.total_kg_co2e, "is_chosen": one.is_chosen}
            for one in alternatives_of(model, footprint, decisions)
        ],
        "two_results": {name: getattr(results, name) for name in results.__slots__},
        "carbon_content": {name: getattr(content, name) for name in content.__slots__},
        "exemptions": {flow: one.share(total) for flow, one in model.exemptions.items()},
        "exempted_share": exempted_share(model.exemptions.values(), total_kg_co2e=total),
    }


def _print_methods(found: dict[str, Any]) -> None:
    for one in found["decisions"]:
        typer.echo(f"{one['case']}: {one['recommended']} by the rules. {one['reason']}")
    typer.echo("")
    print_table(
        ("topic", "choice", "kg CO2e/kg", ""),
        [
            (
                one["topic"],
                one["choice"] or "default",
                "-" if one["total_kg_co2e"] is None else f"{one['total_kg_co2e']:.4f}",
                "chosen" if one["is_chosen"] else "",
            )
            for one in found["alternatives"]
        ],
    )
    results = found["two_results"]
    typer.echo(
        f"\nwithout uptake {results['excluding_uptake']:.4f}, uptake {results['uptake']:.4f}, "
        f"with uptake {results['including_uptake']:.4f} kg CO2e/kg"
    )
    typer.echo(f"flows left out, by estimate: {found['exempted_share']:.2%} of the result (at most 3 %)")


def guard(*, settings: Settings = None, electricity: View = None, as_json: Json = False) -> None:
    """List what speaks against a release; exit code 1 if anything does. Without --set, every furnace's default is examined."""
    from lca_models.guard import find_obstacles
    from lca_models.model import load_model

    with reported():
        model = load_model()
        footprint = calculate_shipped(settings or [], electricity, None) if settings or electricity else None
        found = [str(one) for one in find_obstacles(model, footprint)]
    if as_json:
        print_json({"model_version": model.model_version, "obstacles": found})
    else:
        typer.echo("\n".join(found) or f"Nothing speaks against a release. Model {model.model_version}")
    if found:
        raise typer.Exit(_REFUSED)


def gwp(*, as_json: Json = False) -> None:
    """List GWP100 of each elementary flow by IPCC report, kg CO2e per kg."""
    from lca_models.emissions import GwpSet
    from lca_models.methods.gwp import characterization
    from lca_models.model import load_model

    model = load_model()
    by_set = {one.value: dict(characterization(model, one)) for one in GwpSet}
    if as_json:
        print_json(by_set)
        return
    rows = [(flow, *(f"{values[flow]:g}" for values in by_set.values())) for flow in by_set[GwpSet.AR6]]
    print_table(("flow", *by_set), rows)
