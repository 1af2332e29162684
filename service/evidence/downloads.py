from pathlib import Path
from typing import Final

from starlette.responses import FileResponse

from service.errors import N_, ConflictError
from service.evidence.models import FileColumns, Scan
from service.evidence.store import existing_path

# Whatever the file is, a browser may neither show nor run it as a page of ours.
HEADERS: Final = {"Content-Security-Policy": "sandbox; default-src 'none'"}


class QuarantinedError(ConflictError):
    """A scanner found something in a file; nobody gets it any more."""

    code = "evidence-quarantined"


def check_harmless(file: FileColumns) -> None:
    """Refuse a file in which a scanner found something.

    Raises
    ------
    QuarantinedError
        With its name.

    """
    if file.scan is Scan.INFECTED:
        raise QuarantinedError(N_("The virus scanner found something in “%(name)s”; it can't be opened."), name=file.name)


def attachment(file: FileColumns, *, data_dir: Path) -> FileResponse:
    """Answer with a file to be saved, under its own name (RFC 8187).

    Raises
    ------
    QuarantinedError
        A scanner found something in it.

    """
    check_harmless(file)
    path = existing_path(file, data_dir=data_dir)
    return FileResponse(path, media_type=file.media_type, filename=file.name, headers=HEADERS)
