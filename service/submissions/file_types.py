"""Which kind of file this is, found from its content; a name or a browser's word counts for nothing."""

import io
import re
import zipfile

from service.errors import N_, FieldError
from service.settings import MIB

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
SIGNATURES = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}

ZIP_FILES_MAX = 1000
ZIP_UNPACKED_MAX = 100 * MIB
ZIP_RATIO_MAX = 100
XLSX_PARTS = {"[Content_Types].xml", "xl/workbook.xml"}
# What runs or reaches out when somebody opens the workbook.
ACTIVE_PARTS = re.compile(r"vbaproject|activex|externallinks/|embeddings/", re.IGNORECASE)
TEXT_ENCODINGS = ("utf-8-sig", "gb18030")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def find_media_type(content: bytes) -> str:
    """Return the media type of an evidence file.

    Raises
    ------
    FieldError
        For everything that is not PDF, JPEG, PNG, XLSX or CSV, and for workbooks with macros or that unpack to too much.

    """
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        _check_workbook(content)
        return XLSX
    if _is_table(content):
        return CSV
    raise _unknown()


def _unknown() -> FieldError:
    return FieldError(N_("This is not a PDF, JPG, PNG, XLSX or CSV file. Save or photograph it as one of these."))


def _check_workbook(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise _unknown() from error
    if not {part.filename for part in parts} >= XLSX_PARTS:
        raise _unknown()
    if any(ACTIVE_PARTS.search(part.filename) for part in parts):
        raise FieldError(N_("This workbook contains macros or links to other files. Save it without them, or as PDF."))
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > ZIP_FILES_MAX or unpacked > ZIP_UNPACKED_MAX or unpacked > ZIP_RATIO_MAX * max(packed, 1):
        raise FieldError(N_("This workbook unpacks to far more than its size. Save it again, or as PDF."))


def _is_table(content: bytes) -> bool:
    """Tell whether this is plain text with separated columns, and nothing that a browser could take for a page."""
    text = _text(content)
    if text is None or CONTROL_CHARACTERS.search(text) or text.lstrip().startswith(("<", "%", "#!", "{")):
        return False
    first = next((line for line in text.splitlines() if line.strip()), "")
    return any(separator in first for separator in ",;\t")


def _text(content: bytes) -> str | None:
    for encoding in TEXT_ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
