"""The SQLite file of a Brightway project archive, read without Brightway.

Brightway keeps the details of activities and exchanges as pickles, which can hold programs. They are opened here with an unpickler
that knows plain values and numbers only, so a hostile archive is an error and never runs.
"""

import io
import pickle
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lca_models.background.inventory import BackgroundImportError, Node
from lca_models.errors import N_

_ALLOWED: Final = frozenset(
    {
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy.core.multiarray", "scalar"),
        ("numpy._core.multiarray", "scalar"),
        ("collections", "OrderedDict"),
        ("builtins", "set"),
        ("builtins", "frozenset"),
    }
)


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - a class of the allowed list
        if (module, name) not in _ALLOWED:
            message = f"{module}.{name}"
            raise pickle.UnpicklingError(message)
        return super().find_class(module, name)


def read_project_file(folder: Path, *, archive: str) -> list[Node]:
    """Return the nodes of all databases of an unpacked project, with their exchanges.

    Raises
    ------
    BackgroundImportError
        If there is no project, or its file is not what Brightway writes.

    """
    path = next(iter(sorted(folder.rglob("databases.db"))), None)
    if path is None:
        raise BackgroundImportError(
            N_("%(file)s has no Brightway project (lci/databases.db). Give an archive that Brightway 2.5 has written."),
            file=archive,
        )
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        try:
            return _nodes(connection)
        finally:
            connection.close()
    except (sqlite3.Error, pickle.UnpicklingError, EOFError, AttributeError, ValueError, TypeError, KeyError) as error:
        raise BackgroundImportError(
            N_("The project in %(file)s can't be read (%(problem)s). Give an archive that Brightway 2.5 has written."),
            file=archive,
            problem=error,
        ) from error


def _nodes(connection: sqlite3.Connection) -> list[Node]:
    nodes: dict[tuple[str, str], dict[str, Any]] = {}
    for database, code, kind, data in connection.execute("SELECT database, code, type, data FROM activitydataset ORDER BY id"):
        nodes[database, code] = {**_plain(data), "database": database, "code": code, "type": kind, "exchanges": []}
    exchanges = connection.execute(
        "SELECT output_database, output_code, input_database, input_code, type, data FROM exchangedataset ORDER BY id"
    )
    for database, code, input_database, input_code, kind, data in exchanges:
        nodes[database, code]["exchanges"].append({**_plain(data), "input": (input_database, input_code), "type": kind})
    return list(nodes.values())


def _plain(data: bytes) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _PlainUnpickler(io.BytesIO(data)).load()
    return found
