"""The model as files for other programs. A Brightway project is made in a limited child process with a folder of its own."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lca_models.interchange.database import Database
from lca_models.interchange.excel import write_inventory, write_method
from lca_models.interchange.openlca import write_json_ld
from lca_models.interchange.project import write_archive
from service.sandbox import LimitedPool, Limits

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP: Final = "application/zip"
GZIP: Final = "application/gzip"
SECONDS: Final = 120.0
"""Brightway needs three seconds on an idle machine; own choice."""
MEMORY_BYTES: Final = 4 * 1024**3
"""Address space of the child; pandas and the linear algebra libraries reserve far more than they use."""
NO_HOME: Final = "/dev/null/home"
"""Nothing may be written beside the folder of the task."""


class ExportFormat(StrEnum):
    """What the model can be written as."""

    EXCEL = "excel"
    BRIGHTWAY = "brightway"
    OPENLCA = "openlca"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file.

    Attributes
    ----------
    ending
        What follows the name that a person chose: ``.xlsx``, ``-method.xlsx``.

    """

    ending: str
    media_type: str
    content: bytes


def export_files(database: Database, wanted: ExportFormat) -> tuple[ExportedFile, ...]:
    """Return the files of a format, the main one first."""
    match wanted:
        case ExportFormat.EXCEL:
            return (
                ExportedFile(ending=".xlsx", media_type=XLSX, content=write_inventory(database)),
                ExportedFile(ending="-method.xlsx", media_type=XLSX, content=write_method(database)),
            )
        case ExportFormat.BRIGHTWAY:
            return (ExportedFile(ending=".tar.gz", media_type=GZIP, content=write_project(database)),)
        case ExportFormat.OPENLCA:
            return (ExportedFile(ending=".zip", media_type=ZIP, content=write_json_ld(database)),)


def write_project(database: Database) -> bytes:
    """Return a Brightway 2.5 project archive; takes some seconds."""
    limits = Limits(seconds=SECONDS, memory_bytes=MEMORY_BYTES)
    with LimitedPool(limits=limits, workers=1, environment={"HOME": NO_HOME}) as pool:
        content: bytes = pool.run(write_archive, write_inventory(database), write_method(database), database.method)
    return content
