"""Which kind of file this is, found from its content; a name or a browser's word counts for nothing."""

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from service.errors import N_, FieldError
from service.settings import MIB
from service.spreadsheets.archive import XLSX, find_problem_in

PDF, JPEG, PNG, HEIC = "application/pdf", "image/jpeg", "image/png", "image/heic"
CSV = "text/csv"
SIGNATURES: Final = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"mif1", b"msf1"})
"""Photographs of an iPhone (ISO/IEC 23008-12): bytes 4 to 12 of the file are `ftyp` and the brand."""
ZIP: Final = b"PK\x03\x04"
CHUNK: Final = MIB // 4
TEXT_ENCODINGS: Final = ("utf-8-sig", "gb18030")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PROBLEMS: Final[Mapping[str, str]] = {
    "active_content": N_("This workbook contains macros or links to other files. Save it without them, or as PDF."),
    "too_large": N_("This workbook unpacks to far more than its size. Save it again, or as PDF."),
}


def find_media_type(stream: BinaryIO) -> str:
    """Return the media type of an evidence file; at most a chunk of it is in memory at a time.

    Raises
    ------
    FieldError
        For everything that is not PDF, JPEG, PNG, HEIC, XLSX or CSV, and for workbooks with macros or that unpack to too much.

    """
    head = _head(stream)
    for signature, media_type in SIGNATURES.items():
        if head.startswith(signature):
            return media_type
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return HEIC
    if head.startswith(ZIP):
        _check_workbook(stream)
        return XLSX
    if any(_is_table(stream, encoding) for encoding in TEXT_ENCODINGS):
        return CSV
    raise _unknown()


def _head(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read(16)


def _unknown() -> FieldError:
    return FieldError(N_("This is not a PDF, JPG, PNG, HEIC, XLSX or CSV file. Save or photograph it as one of these."))


def _check_workbook(stream: BinaryIO) -> None:
    stream.seek(0)
    problem = find_problem_in(stream)
    if problem is not None:
        raise FieldError(_PROBLEMS[problem]) if problem in _PROBLEMS else _unknown()


def _is_table(stream: BinaryIO, encoding: str) -> bool:
    """Tell whether this is plain text with separated columns, and nothing that a browser could take for a page."""
    beginning = ""
    try:
        for text in _texts(stream, encoding):
            if CONTROL_CHARACTERS.search(text):
                return False
            beginning = beginning if beginning.strip() else text
    except UnicodeDecodeError:
        return False
    return _begins_like_a_table(beginning)


def _begins_like_a_table(text: str) -> bool:
    if text.lstrip().startswith(("<", "%", "#!", "{")):
        return False
    first = next((line for line in text.splitlines() if line.strip()), "")
    return any(separator in first for separator in ",;\t")


def _texts(stream: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield a file's text chunk by chunk; raises `UnicodeDecodeError` where it is none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
