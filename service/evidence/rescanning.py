"""Files that no scanner has seen yet are sent to one as soon as there is one."""

import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from service.evidence.models import Scan
from service.evidence.store import path_of
from service.evidence.virus_scan import Scanner

FILES_AT_ONCE: Final = 200


def scan_files(files: Iterable[tuple[uuid.UUID, str]], *, scanner: Scanner, data_dir: Path) -> Mapping[uuid.UUID, Scan]:
    """Return what the scanner says of files, given by id and SHA-256; slow, and touches no table.

    What it can't look at, or is not in the store, is left out.
    """
    found = {key: _scanned(path_of(sha256, data_dir=data_dir), scanner) for key, sha256 in files}
    return {key: scan for key, scan in found.items() if scan is not Scan.UNSCANNED}


def _scanned(path: Path, scanner: Scanner) -> Scan:
    if not path.is_file():
        return Scan.UNSCANNED
    with path.open("rb") as stream:
        return scanner.scan(stream)
