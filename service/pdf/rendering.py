"""From HTML to PDF/A-3b, in child processes that can neither reach the network nor take the service down."""

import atexit
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from service.errors import ServiceError
from service.pdf import fonts
from service.pdf.errors import ForbiddenAddressError, MissingCharactersError, MissingLibraryError, PdfError
from service.pdf.libraries import find_missing_libraries
from service.sandbox import LimitedPool, Limits, TaskFailedError

LIMITS: Final = Limits(seconds=30, memory_bytes=2 * 1024**3)
"""A certificate takes about 0.5 s and 120 MiB; the rest is room for a busy machine. Own choice."""
DRAWING: Final = "service.pdf.drawing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfAttachment:
    """A file that travels inside the PDF."""

    name: str
    description: str
    content: bytes


class PdfRenderer:
    """Warm renderer processes; used from any thread."""

    def __init__(self, *, workers: int = 1, limits: Limits = LIMITS) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="anodeprint-fonts-")
        home = Path(self._folder.name)
        config = home / "fonts.conf"
        config.write_text(fonts.fontconfig_file(home / "cache"), encoding="utf-8")
        self._pool = LimitedPool(
            limits=limits,
            workers=workers,
            preload=(DRAWING,),
            environment={"FONTCONFIG_FILE": str(config), "HOME": str(home), "SOURCE_DATE_EPOCH": "0", "TZ": "UTC"},
        )

    def render(self, html: str, *, created_at: datetime, identifier: bytes, attachments: Sequence[PdfAttachment] = ()) -> bytes:
        """Set a document; the same arguments give the same bytes.

        Parameters
        ----------
        html
            Complete page with its style sheet inside; images as `data:` addresses. Other addresses are never loaded.
        created_at
            Time of issue, with its zone; stands in the file instead of the clock.
        identifier
            16 bytes that tell this document from others, for example from its hash.

        Raises
        ------
        MissingCharactersError
            If a character would print as an empty box.
        ForbiddenAddressError
            If the page asks for anything outside itself.
        MissingLibraryError
            If the machine lacks a library; the message has the command that installs it.
        LimitExceededError
            If the document needs too much time or memory.

        """
        if characters := fonts.missing_characters(html):
            raise MissingCharactersError(characters=characters)
        if missing := find_missing_libraries():
            raise MissingLibraryError(packages=missing)
        attached = [asdict(attachment) for attachment in attachments]
        try:
            pdf: bytes = self._pool.run_named(f"{DRAWING}:draw", html, attached, created_at, identifier)
        except TaskFailedError as error:
            raise _explained(error) from error
        return pdf

    def close(self) -> None:
        """End the child processes and remove their folder."""
        self._pool.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _explained(error: TaskFailedError) -> ServiceError:
    if error.error_type == "MissingGlyphsError":
        return MissingCharactersError(characters=error.detail)
    if error.error_type == "OutsideReferenceError":
        return ForbiddenAddressError(detail=error.detail)
    return PdfError(error.template, **error.values)


@lru_cache
def shared_renderer(workers: int = 1) -> PdfRenderer:
    """Return the renderer of this process; its children start with the first document."""
    renderer = PdfRenderer(workers=workers)
    atexit.register(renderer.close)
    return renderer
