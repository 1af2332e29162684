"""What runs in the limited child process: HTML in, PDF out. Never imported by the service itself, for its 2 s of imports."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import TypedDict

import pydyf
from weasyprint import HTML, Attachment
from weasyprint.document import Document
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from service.pdf.fonts import FAMILY


class AttachedFile(TypedDict):
    """A file inside the PDF."""

    name: str
    description: str
    content: bytes


class MissingGlyphsError(Exception):
    """Some characters have no drawing; the message is these characters."""


class OutsideReferenceError(Exception):
    """The page asks for something outside itself."""


class IncompleteDocumentError(Exception):
    """WeasyPrint would leave something out; the message is what it logged."""


class UnexpectedFontError(Exception):
    """Something was set in another typeface than ours."""


class Complaints(logging.Handler):
    """Collects what WeasyPrint only logs: a drawing or file that it could not use and leaves out."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.messages.append(record.getMessage())


@contextmanager
def nothing_left_out() -> Iterator[None]:
    """Raise when something in the block made WeasyPrint complain."""
    complaints = Complaints()
    LOGGER.addHandler(complaints)
    try:
        yield
    finally:
        LOGGER.removeHandler(complaints)
    if complaints.messages:
        raise IncompleteDocumentError("; ".join(complaints.messages))


@lru_cache
def font_configuration() -> FontConfiguration:
    """Return the fonts of this process; made once, which saves a quarter of the time."""
    return FontConfiguration()


def draw(html: str, attached: list[AttachedFile], created_at: datetime, identifier: bytes) -> bytes:
    """Set a document as PDF/A-3b; the same arguments give the same bytes.

    Parameters
    ----------
    created_at
        The time of issue, with its zone; stands in the document and its attachments instead of the clock.
    identifier
        16 bytes that tell this document from others.

    """
    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)
    attachments = [
        Attachment(
            string=file["content"],
            name=file["name"],
            description=file["description"],
            created=created_at,
            modified=created_at,
            relationship="Data",
            url_fetcher=fetcher,
        )
        for file in attached
    ]
    try:
        with nothing_left_out():
            return write(html, fetcher=fetcher, attachments=attachments, created_at=created_at, identifier=identifier)
    except FatalURLFetchingError as error:  # a BaseException, which would end this process
        raise OutsideReferenceError(str(error)) from error


def write(html: str, *, fetcher: URLFetcher, attachments: list[Attachment], created_at: datetime, identifier: bytes) -> bytes:
    """Lay out and write the document."""
    target = io.BytesIO()
    document = HTML(string=html, url_fetcher=fetcher).render(font_config=font_configuration())
    document.metadata.created = document.metadata.modified = created_at.isoformat(timespec="seconds")
    document.write_pdf(target, pdf_variant="pdf/a-3b", pdf_identifier=identifier, attachments=attachments, finisher=finish)
    return target.getvalue()


def finish(document: Document, pdf: pydyf.PDF) -> None:
    """Refuse empty boxes, and name each attachment once, before the file is written."""
    missing = sorted({chr(code_point) for font in document.fonts.values() for code_point in font.missing})
    if missing:
        raise MissingGlyphsError("".join(missing))
    families = {font.family for font in document.fonts.values()} - {FAMILY}
    if families:
        raise UnexpectedFontError(", ".join(families))
    if "AF" in pdf.catalog:
        # WeasyPrint lists every attachment twice there.
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
