"""`anodeprint model export` and `model import`: the model in other programs' formats, and other people's inventories."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from service.cli.model import Json, parse_settings, print_inventory, print_json, reported

if TYPE_CHECKING:
    from lca_models.interchange.model_import import ImportedInventory
    from lca_models.interchange.sheets import Sheet
    from lca_models.inventories import InventoryResult
    from service.database import Database
    from service.interchange import ExportFormat

MAX_FILE_BYTES: Final = 20 * 1024 * 1024
READ_SECONDS: Final = 60.0
READ_BYTES: Final = 1024**3
"""Address space of the child that opens a workbook; Python and the library take 0.3 GiB of it."""

Format = Annotated[str, typer.Option("--format", help="excel, brightway (2.5 project archive) or openlca (JSON-LD).")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; repeatable.")]
View = Annotated[str, typer.Option(help="Electricity view: national, market, province:CN-NM ...")]
Gwp = Annotated[str, typer.Option(help="Set of GWP100 values: AR6, AR5 or AR4.")]
MoreFactors = Annotated[list[Path] | None, typer.Option("--factors", help="CSV of more factors; repeatable.")]
ModelFactors = Annotated[
    bool, typer.Option("--model-factors", help="Let the model's life-cycle factors serve where the file has none.")
]
Product = Annotated[str | None, typer.Option(help="Flow to make one unit of; needed if several are final products.")]
Use = Annotated[list[str] | None, typer.Option(help="Process to take where several make a flow; repeatable.")]
Uncharacterised = Annotated[bool, typer.Option("--allow-uncharacterised", help="Unknown emissions count zero.")]
Draft = Annotated[bool, typer.Option("--draft", help="Make a draft model version of sheets called like tables of the model.")]
By = Annotated[str | None, typer.Option(help="With --draft: e-mail of the engineer whose draft it is.")]
Template = Annotated[bool, typer.Option("--template", help="Write the template to FILE instead of reading it.")]


def export(
    file: Annotated[Path, typer.Argument(help="Where to write; excel writes a second file FILE-method.xlsx beside it.")],
    *,
    wanted: Format,
    settings: Settings = None,
    electricity: View = "national",
    gwp: Gwp = "AR6",
    as_json: Json = False,
) -> None:
    """Write the model with its background, parameters and method for Brightway, Activity Browser or openLCA."""
    from lca_models.emissions import GwpSet
    from lca_models.interchange.as_brightway import as_database
    from lca_models.model import load_model
    from service.interchange import export_files

    with reported():
        chosen = _format(wanted)
        chosen_set = GwpSet(_choice("--gwp", gwp, list(GwpSet)))
        database = as_database(load_model(), parse_settings(settings or []), electricity=electricity, gwp=chosen_set)
        written: list[str] = []
        for one in export_files(database, chosen):
            path = _path(file, one.ending, is_first=not written)
            _write(path, one.content)
            written.append(str(path))
    if as_json:
        print_json({"files": written, "database": database.name, "total_kg_co2e": database.total_kg_co2e, **database.facts})
        return
    typer.echo(f"{database.name}: {database.total_kg_co2e:.6f} kg CO2e per kg; written to {' and '.join(written)}")


def import_inventory(
    file: Annotated[Path, typer.Argument(help=".xlsx or .csv: our template, or the layout of bw2io's importers.")],
    *,
    factors: MoreFactors = None,
    with_model_factors: ModelFactors = False,
    product: Product = None,
    use: Use = None,
    allow_uncharacterised: Uncharacterised = False,
    draft: Draft = False,
    by: By = None,
    template: Template = False,
    as_json: Json = False,
) -> None:
    """Check an inventory and calculate it; each error names sheet, row, column, value and fix."""
    from lca_models.interchange.model_import import calculate_import, read_inventory, write_template
    from lca_models.model import load_model

    with reported():
        if template:
            _write(file, write_template())
            typer.echo(f"template written to {file}")
            return
        sheets = read_file(file)
        if draft:
            label = _make_draft(sheets, file=file.name, by=by)
            print_json({"draft": label}) if as_json else typer.echo(f"draft {label} made of {file.name}; release it in the console")
            return
        tables = {path.name: _content(path) for path in factors or []}
        imported = read_inventory(sheets, model=load_model(), factors=tables, with_model_factors=with_model_factors)
        result = calculate_import(
            load_model(), imported, product=product, use=use or [], allow_uncharacterised=allow_uncharacterised
        )
    _show(imported, result, as_json=as_json)


def read_file(path: Path) -> "Sequence[Sheet]":
    """Return the sheets of a workbook, which a limited child process opens, or the one of a CSV."""
    from lca_models.errors import TableError
    from lca_models.interchange.sheets import read_csv, read_sheets

    content = _content(path)
    match path.suffix.lower():
        case ".csv":
            return (read_csv(content, file=path.name),)
        case ".xlsx":
            return read_sheets(_cells(content, file=path.name), file=path.name)
    raise TableError("%(file)s: only .xlsx and .csv can be imported. Save the file in one of these formats.", file=path.name)


def _cells(content: bytes, *, file: str) -> "Iterable[Mapping[str, Any]]":
    from lca_models.errors import TableError
    from service.sandbox import SandboxError, run_limited
    from service.spreadsheets.archive import PROBLEMS
    from service.suppliers.spreadsheet import read_sheets

    try:
        answer = run_limited(read_sheets, content, seconds=READ_SECONDS, memory_bytes=READ_BYTES)
    except SandboxError as error:
        raise TableError("%(file)s: %(problem)s", file=file, problem=error) from error
    if "problem" in answer:
        raise TableError("%(file)s: %(problem)s", file=file, problem=PROBLEMS[answer["problem"]])
    sheets: Iterable[Mapping[str, Any]] = answer["sheets"]
    return sheets


def _content(path: Path) -> bytes:
    from lca_models.errors import TableError

    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise TableError(
                "%(file)s has %(size)s MB; at most %(limit)s MB can be imported. Split it.",
                file=path,
                size=f"{size / 1e6:.0f}",
                limit=MAX_FILE_BYTES // 1024**2,
            )
        return path.read_bytes()
    except OSError as error:
        raise TableError("%(file)s can't be read: %(problem)s.", file=path, problem=error.strerror or error) from error


def _write(path: Path, content: bytes) -> None:
    from lca_models.errors import TableError

    try:
        path.write_bytes(content)
    except OSError as error:
        raise TableError("%(file)s can't be written: %(problem)s.", file=path, problem=error.strerror or error) from error


def _path(file: Path, ending: str, *, is_first: bool) -> Path:
    """Return the path as it was given for the main file, and one beside it for any other."""
    return file if is_first else file.with_name(file.name.removesuffix(file.suffix) + ending)


def _format(wanted: str) -> "ExportFormat":
    from service.interchange import ExportFormat

    return ExportFormat(_choice("--format", wanted, list(ExportFormat)))


def _choice(option: str, value: str, allowed: Iterable[str]) -> str:
    from lca_models.errors import ModelError

    known = [str(one) for one in allowed]
    if value not in known:
        raise ModelError("%(option)s %(value)s: use one of %(known)s.", option=option, value=value, known=", ".join(known))
    return value


def _make_draft(sheets: "Sequence[Sheet]", *, file: str, by: str | None) -> str:
    """Replace tables of the model in use by the sheets of their names; return the label of the draft."""
    from lca_models.errors import ModelError
    from lca_models.interchange.model_import import model_tables
    from lca_models.model import shipped_tables
    from service.cli.surroundings import opened, read_settings
    from service.migrations import require_current_schema

    if by is None:
        raise ModelError("--draft needs --by E-MAIL: a draft belongs to an engineer.")
    tables = model_tables(sheets, shipped_tables())
    with opened(read_settings()) as database:
        require_current_schema(database)
        return _store_draft(database, tables, file=file, by=by)


def _store_draft(database: "Database", tables: Mapping[str, bytes], *, file: str, by: str) -> str:
    from service.clock import system_clock
    from service.modelling import operations

    at = system_clock()
    with database.writing() as session:
        actor = _engineer(session, by)
        draft = operations.create_draft(session, notes=f"from {file}", by=actor, at=at)
        return operations.replace_tables(session, draft.id, tables, version=draft.version, by=actor, at=at).label


def _engineer(session: Any, email: str) -> str:  # noqa: ANN401 - a Session, imported inside commands only
    from lca_models.errors import ModelError
    from service.accounts.models import Role
    from service.accounts.queries import find_user_by_email

    person = find_user_by_email(session, email)
    if person is None or not person.is_active or Role.ENGINEER not in person.roles:
        raise ModelError("--by %(email)s: no active engineer has this address. `anodeprint user add` adds one.", email=email)
    return f"user:{person.id}"


def _show(imported: "ImportedInventory", result: "InventoryResult", *, as_json: bool) -> None:
    if as_json:
        found = {
            "layout": imported.layout,
            "processes": [process.name for process in imported.processes],
            "ignored_sheets": list(imported.ignored_sheets),
        }
        print_json({**result.as_dict(), **found})
        return
    typer.echo(
        f"{len(imported.processes)} processes read" + "".join(f"; sheet {name} left out" for name in imported.ignored_sheets)
    )
    print_inventory(result)
