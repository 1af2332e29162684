"""`anodeprint questionnaire`: what suppliers are asked, for programs."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="What suppliers are asked, from the registry of fields.")


@app.callback()
def questionnaire() -> None:
    """Keep `schema` a command of its own, so that others can stand beside it."""


@app.command()
def schema(
    supplier_type: Annotated[str, typer.Argument(help="TOLL, COKE, PITCH ...")],
    *,
    depth: Annotated[str, typer.Option(help="first or full.")] = "full",
    lang: Annotated[str, typer.Option(help="zh-CN or en.")] = "zh-CN",
) -> None:
    """Print the JSON Schema (draft 2020-12) of a supplier type's answers."""
    import json

    from service.submissions.json_schema import answers_schema
    from service.submissions.models import Depth
    from service.suppliers.models import SupplierType

    types, depths = list(SupplierType), list(Depth)
    if supplier_type not in types:
        raise typer.BadParameter(f"{supplier_type} is no supplier type; use one of {', '.join(types)}")
    if depth not in depths:
        raise typer.BadParameter(f"--depth {depth}: use one of {', '.join(depths)}")
    if lang not in {"zh-CN", "en"}:
        raise typer.BadParameter(f"--lang {lang}: use zh-CN or en")
    found = answers_schema(supplier_type, Depth(depth), "en" if lang == "en" else "zh-CN")
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
