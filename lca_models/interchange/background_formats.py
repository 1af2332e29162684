"""The five formats of a background, read by bw2io into nodes with linked exchanges. Runs in a child process only.

`bw2data` chooses its folder when it is imported (`BRIGHTWAY2_DIR`) and keeps one current project per process, so bw2data and bw2io
are imported once the folder of this one task is known. Nothing here asks the network: the elementary flows are those of the file or
of the list that comes with bw2io.
"""

import bz2
import importlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from lca_models.background.inventory import BackgroundImportError, Node
from lca_models.errors import N_
from lca_models.interchange.project_file import read_project_file
from lca_models.interchange.unpacking import UnpackingLimits, unpack_tar, unpack_zip

DATABASE: Final = "background"
BIOSPHERE: Final = "biosphere3"
_LIMITS: Final = UnpackingLimits()
_SEPARATORS: Final = {"semicolon": ";", "comma": ",", "tab": "\t"}
_PACKAGE_BYTES: Final = 4 * 1024**3
_EMISSION: Final = "biosphere"


def read_ecospold2(source: Path, scratch: Path) -> list[Node]:
    """Read a folder or .zip of .spold files, with `MasterData/ElementaryExchanges.xml` if it is there."""
    folder = _unpacked(source, scratch)
    datasets = next(iter(sorted({path.parent for path in folder.rglob("*.spold")})), None)
    if datasets is None:
        raise BackgroundImportError(
            N_("%(file)s has no .spold file. Give the folder or .zip with the datasets of an EcoSpold 2 export."), file=source.name
        )
    own_flows = next(iter(sorted(folder.rglob("ElementaryExchanges.xml"))), None)
    flows = _write_elementary_flows(own_flows)
    importer = _bw2io().SingleOutputEcospold2Importer(
        str(datasets), DATABASE, biosphere_database_name=BIOSPHERE, use_mp=False, add_product_information=False
    )
    importer.apply_strategies(verbose=False)
    return [*importer.data, *flows]


def read_jsonld(source: Path, scratch: Path) -> list[Node]:
    """Read a folder or .zip of openLCA JSON-LD, schema 2."""
    folder = _unpacked(source, scratch)
    processes = next(iter(sorted(path for path in folder.rglob("processes") if path.is_dir())), None)
    if processes is None:
        raise BackgroundImportError(
            N_("%(file)s has no folder “processes”. Export the database from openLCA as JSON-LD."), file=source.name
        )
    _check_schema(processes.parent)
    for name in ("flows", "unit_groups", "locations", "flow_properties"):
        (processes.parent / name).mkdir(exist_ok=True)
    importer = _bw2io("importers.json_ld").JSONLDImporter(str(processes.parent), DATABASE)
    importer.apply_strategies(verbose=False, no_warning=True)
    # bw2io leaves the units of flows empty; their exchanges have been converted to the reference unit of the flow.
    units = {tuple(one["input"]): one["unit"] for one in _exchanges(importer.data) if one.get("input")}
    nodes = [*importer.data, *importer.biosphere_database]
    return [{**node, "unit": node.get("unit") or units.get((node["database"], node["code"]), "")} for node in nodes]


def read_simapro(source: Path, scratch: Path) -> list[Node]:
    """Read a SimaPro CSV; elementary flows that the bundled list does not have are taken from the file."""
    del scratch
    delimiter = _delimiter(source)
    _write_migrations()
    flows = _write_elementary_flows(None)
    importer = _bw2io().SimaProCSVImporter(str(source), name=DATABASE, delimiter=delimiter, biosphere_db=BIOSPHERE)
    importer.apply_strategies(verbose=False)
    return [*importer.data, *flows, *_flows_of_the_file(importer.data)]


def read_excel(source: Path, scratch: Path) -> list[Node]:
    """Read a workbook in bw2io's layout; elementary flows stand in it, or come from the bundled list."""
    del scratch
    importer = _bw2io().ExcelImporter(str(source))
    importer.apply_strategies(verbose=False)
    importer.match_database(fields=("name", "unit", "location"))
    own = _types(importer.data)
    if _EMISSION not in own or any(_is_unlinked_emission(one) for one in _exchanges(importer.data)):
        flows = _write_elementary_flows(None)
        importer.match_database(BIOSPHERE, fields=("name", "unit", "categories"), kind="biosphere")
    else:
        flows = []
    return [*importer.data, *flows, *_flows_of_the_file(importer.data)]


def read_brightway(source: Path, scratch: Path) -> list[Node]:
    """Read a .bw2package, or the databases of a project archive (.tar.gz)."""
    if source.name.endswith(".bw2package"):
        nodes = _package_nodes(source)
    else:
        unpack_tar(source, scratch, limits=_LIMITS, wanted=lambda name: name.endswith("databases.db"))
        nodes = read_project_file(scratch, archive=source.name)
    present = {node["database"] for node in nodes}
    wanted = {next(iter(one.get("input") or ("",))) for one in _exchanges(nodes)}
    return nodes + (_write_elementary_flows(None) if BIOSPHERE in wanted - present else [])


READERS: Final[Mapping[str, Callable[[Path, Path], list[Node]]]] = {
    "ecospold2": read_ecospold2,
    "jsonld": read_jsonld,
    "simapro": read_simapro,
    "excel": read_excel,
    "brightway": read_brightway,
}


@cache
def _bw2io(module: str = "") -> ModuleType:
    """Open the project of this process and import bw2io, or a module of it."""
    import bw2data  # noqa: PLC0415 - see module docstring

    bw2data.projects.set_current("import")
    return importlib.import_module(f"bw2io.{module}" if module else "bw2io")


def _unpacked(source: Path, scratch: Path) -> Path:
    if source.is_dir():
        return source
    if source.suffix.lower() != ".zip":
        raise BackgroundImportError(
            N_("%(file)s is neither a folder nor a .zip. Unpack it (a .7z with 7-Zip) and give the folder."), file=source.name
        )
    folder = scratch / "unpacked"
    folder.mkdir()
    unpack_zip(source, folder, limits=_LIMITS)
    return folder


def _write_elementary_flows(source: Path | None) -> list[Node]:
    """Write a list of elementary flows into the project, because bw2io links against it, and return its nodes."""
    importer = _bw2io("importers.ecospold2_biosphere").Ecospold2BiosphereImporter(name=BIOSPHERE, filepath=source)
    importer.apply_strategies(verbose=False)
    importer.write_database(searchable=False)
    return list(importer.data)


def _write_migrations() -> None:
    """Write the two tables of names and units that bw2io's SimaPro strategies read; all of them take half a minute."""
    migrations = _bw2io("migrations")
    migrations.Migration("default-units").write(migrations.get_default_units_migration_data(), "Convert to default units")
    migrations.Migration("simapro-water").write(migrations.get_simapro_water_migration_data(), "Name water flows alike")


def _check_schema(folder: Path) -> None:
    """Refuse openLCA 1: its categories are objects, which bw2io can't read."""
    stated = folder / "openlca.json"
    version = json.loads(stated.read_text(encoding="utf-8")).get("schemaVersion", 0) if stated.exists() else None
    sample = next(iter(sorted((folder / "processes").glob("*.json"))), None)
    category = json.loads(sample.read_text(encoding="utf-8")).get("category") if sample else None
    if isinstance(category, dict) or (version is not None and version < _JSONLD_SCHEMA):
        raise BackgroundImportError(
            N_("This is JSON-LD of openLCA 1 (schema %(found)s). Open it in openLCA 2 and export it again."),
            found=1 if version is None else version,
        )


_JSONLD_SCHEMA: Final = 2


def _delimiter(source: Path) -> str:
    """Return the separator that a SimaPro file states in its head."""
    with source.open(encoding="latin-1") as stream:
        head = stream.read(4096)
    stated = re.search(r"\{CSV separator: (\w+)\}", head, re.IGNORECASE)
    if not head.startswith("{SimaPro") or stated is None or stated[1].lower() not in _SEPARATORS:
        raise BackgroundImportError(
            N_("%(file)s does not begin with the head of a SimaPro CSV, “{SimaPro …}” and “{CSV separator: …}”. Export it again."),
            file=source.name,
        )
    return _SEPARATORS[stated[1].lower()]


def _exchanges(nodes: Iterable[Node]) -> Iterable[dict[str, Any]]:
    return (exchange for node in nodes for exchange in node.get("exchanges", ()))


def _types(nodes: Iterable[Node]) -> frozenset[str]:
    return frozenset(
        "biosphere" if node.get("type") in {"emission", "biosphere", "natural resource"} else "other" for node in nodes
    )


def _is_unlinked_emission(exchange: Mapping[str, Any]) -> bool:
    return exchange.get("type") == _EMISSION and not exchange.get("input")


def _flows_of_the_file(nodes: Iterable[Node]) -> list[Node]:
    """Make nodes of elementary flows that only exchanges name, and link those exchanges to them."""
    found: dict[tuple[str, str, tuple[str, ...]], dict[str, Any]] = {}
    for exchange in filter(_is_unlinked_emission, _exchanges(nodes)):
        categories = tuple(exchange.get("categories") or ())
        key = (str(exchange.get("name", "")), str(exchange.get("unit", "")), categories)
        if not key[0]:
            continue
        node = found.setdefault(
            key,
            {
                "database": "flows of the file",
                "code": f"flow-{len(found)}",
                "name": key[0],
                "unit": key[1],
                "categories": categories,
                "type": "emission",
            },
        )
        exchange["input"] = (node["database"], node["code"])
    return list(found.values())


def _package_nodes(source: Path) -> list[Node]:
    """Read a .bw2package, which is bz2-compressed JSON, without making the classes it names."""
    with bz2.open(source) as stream:
        content = stream.read(_PACKAGE_BYTES + 1)
    if len(content) > _PACKAGE_BYTES:
        raise BackgroundImportError(
            N_("%(file)s unpacks to more than %(most)s GiB. Export a smaller database."), file=source.name, most=4
        )
    loaded = _restored(json.loads(content))
    objects = loaded if isinstance(loaded, list | tuple) else [loaded]
    return [{**node, "database": key[0], "code": key[1]} for one in objects for key, node in _database(one).items()]


def _restored(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Undo Brightway's marks in JSON for dictionaries and tuples."""
    match value:
        case {"__tuple__": _, "data": items}:
            return tuple(_restored(one) for one in items)
        case {"__dict__": _, "keys": keys, "values": values}:
            return {_restored(key): _restored(one) for key, one in zip(keys, values, strict=True)}
        case list():
            return [_restored(one) for one in value]
    return value


def _database(one: Mapping[str, Any]) -> Mapping[tuple[str, str], Node]:
    data = one.get("data")
    return data if isinstance(data, Mapping) and all(isinstance(key, tuple) for key in data) else {}
