"""What an uploaded .xlsx file holds, found from its zip directory and the first bytes of its parts, before any of it is unpacked.

A small file can hold a huge one, programs, or references to other files; none of these reaches a parser.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from service.errors import N_

MIB = 1024 * 1024
MAX_FILES = 1000
MAX_UNPACKED_BYTES = 100 * MIB
MAX_XML_BYTES = 16 * MIB
"""Of one part; 2,000 rows of 40 cells need 5 MiB. Own choice."""
MAX_RATIO = 100
"""Unpacked by packed size; honest workbooks stay below 30. Own choice."""
SMALL_BYTES = MIB
"""Up to this size a high ratio does no harm: empty sheets pack very well."""
HEAD_BYTES = 2048
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK_PART = "xl/workbook.xml"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
"""First bytes of an .xls file, and of an .xlsx file under a password."""
ACTIVE_PARTS = re.compile(r"vbaproject|macrosheets/|dialogsheets/|externallinks/|activex/|embeddings/|/connections\.xml$|customui/")
PACKED_PARTS = re.compile(r"\.(zip|xls[xmb]?|doc[xm]?|ppt[xm]?|7z|rar|gz|exe|dll|js|vbs|jar|bat|com|scr)$")
ODD_PATHS = re.compile(r"(^|/)\.\.(/|$)|^/|^[a-z]:|[\x00-\x1f]")
XML_PARTS = (".xml", ".rels", ".vml")
READABLE_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED = 0x1

PROBLEMS: Mapping[str, str] = {
    "no_workbook": N_("This is not an Excel workbook (.xlsx). Save it from Excel or WPS as “.xlsx” and upload that file."),
    "old_or_locked": N_(
        "This is an old .xls file or a workbook under a password. Save it from Excel or WPS as “.xlsx” without a password and "
        "upload that file."
    ),
    "active_content": N_(
        "This workbook holds macros, links to other files or embedded objects. Copy the values into the template and upload that."
    ),
    "too_large": N_("This workbook is far larger inside than its cells need. Copy the values into the template and upload that."),
    "unreadable": N_(
        "This workbook can't be read; it may be damaged or protected by a password. Save it again without a password."
    ),
}


def find_problem(content: bytes) -> str | None:
    """Return the key in `PROBLEMS` of why a file may not be opened; None if nothing speaks against it."""
    return find_problem_in(io.BytesIO(content))


def find_problem_in(stream: BinaryIO) -> str | None:
    """Return the same of a file that need not be in memory; the stream stands at its beginning."""
    signature = stream.read(len(COMPOUND_FILE))
    if signature == COMPOUND_FILE:
        return "old_or_locked"
    try:
        with zipfile.ZipFile(stream) as archive:
            return _problem_of_entries(archive.infolist()) or _problem_of_heads(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        return "unreadable" if signature == b"PK\x03\x04" else "no_workbook"


def plain_name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name as parts of a workbook are compared: in lower case, with forward slashes."""
    return entry.filename.lower().replace("\\", "/")


def _problem_of_entries(entries: Sequence[zipfile.ZipInfo]) -> str | None:
    names = [plain_name(entry) for entry in entries]
    if WORKBOOK_PART not in names:
        return "no_workbook"
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        return "too_large"
    if any(ACTIVE_PARTS.search(name) or PACKED_PARTS.search(name) for name in names):
        return "active_content"
    if any(_is_swollen(entry) for entry in entries):
        return "too_large"
    if len(set(names)) < len(names) or any(ODD_PATHS.search(name) for name in names) or any(map(_is_locked, entries)):
        return "unreadable"
    return None


def _is_swollen(entry: zipfile.ZipInfo) -> bool:
    if plain_name(entry).endswith(XML_PARTS) and entry.file_size > MAX_XML_BYTES:
        return True
    return entry.file_size > SMALL_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _is_locked(entry: zipfile.ZipInfo) -> bool:
    return bool(entry.flag_bits & ENCRYPTED) or entry.compress_type not in READABLE_METHODS


def _problem_of_heads(archive: zipfile.ZipFile) -> str | None:
    """Look at the beginning of each part: a declared document type or a macro-enabled workbook is refused.

    A document type that begins later is met by the parser, which refuses it too.
    """
    for entry in archive.infolist():
        if not plain_name(entry).endswith(XML_PARTS):
            continue
        with archive.open(entry) as part:
            head = part.read(HEAD_BYTES).replace(b"\0", b"").lower()
        if b"<!doctype" in head or b"<!entity" in head or b"macroenabled" in head:
            return "active_content"
    return None
