"""Import of a user-licensed background: read by bw2io, compiled to matrices, solved once, stored; one child process each."""

import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from lca_models.background.inventory import BackgroundImportError, compile_inventory
from lca_models.background.sparse_store import write_background
from lca_models.errors import N_, ModelError
from lca_models.interchange.background_formats import READERS
from lca_models.model import load_model

FORMATS: Final = tuple(READERS)
_VERSIONS: Final = ("bw2io", "bw2data")


def import_background(source: str, file_format: str, folder: str, scratch: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Import a file into an empty folder; return ``{"manifest": ...}`` or ``{"problem": {"template", "values", "code"}}``.

    A problem is returned and not raised, because it has to be said in the user's language and exceptions lose their values on the
    way out of a child process.

    Parameters
    ----------
    source
        The file, or for EcoSpold 2 and JSON-LD its unpacked folder.
    scratch
        Empty folder that only this import uses; Brightway's project is made in it.
    facts
        Name and licence, for the manifest.

    """
    os.environ["BRIGHTWAY2_DIR"] = scratch
    try:
        return {"manifest": dict(_import(Path(source), file_format, Path(folder), Path(scratch), facts))}
    except ModelError as error:
        values = {name: value if isinstance(value, int | float) else str(value) for name, value in error.values.items()}
        return {"problem": {"template": error.template, "values": values, "code": error.code}}


def _import(source: Path, file_format: str, folder: Path, scratch: Path, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    unpacking = scratch / "files"
    unpacking.mkdir()
    try:
        nodes = READERS[file_format](source, unpacking)
    except ModelError:
        raise
    except Exception as error:
        # bw2io has no root error: a malformed file ends in whatever its parsers raise.
        raise BackgroundImportError(
            N_("bw2io can't read %(file)s as %(format)s: %(problem)s (%(type)s). Check the format, or export the file again."),
            file=source.name,
            format=file_format,
            problem=str(error)[:300],
            type=type(error).__name__,
        ) from error
    inventory = compile_inventory(nodes, emission_flows=load_model().emission_flows)
    importer = {"format": file_format, **{name: version(name) for name in _VERSIONS}}
    return write_background(folder, inventory, facts={**facts, "importer": importer})
