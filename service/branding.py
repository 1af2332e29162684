"""The company's own logo: checked once, so that pages and certificates may carry it without a second thought.

A PNG is shown as it is. An SVG is read, reduced to what draws (editors' notes go) and written anew: what was checked is what is
shown. Anything that could run, load or look different elsewhere is refused with what to do about it.
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, cast
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from service.errors import N_, ServiceError
from service.settings import Settings

MediaType = Literal["image/svg+xml", "image/png"]

LARGEST_BYTES: Final = 200_000
"""Every page and certificate carries it; a logo drawn well has 5 to 20 kB. Own choice."""
LARGEST_SIDE_PX: Final = 4000
DEEPEST: Final = 50
SVG: Final = "{http://www.w3.org/2000/svg}"
XLINK_HREF: Final = "{http://www.w3.org/1999/xlink}href"
PNG_START: Final = b"\x89PNG\r\n\x1a\n"
HEADER_BYTES: Final = 13
SHAPES: Final = frozenset({"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
SHARED: Final = frozenset({"defs", "symbol", "use", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern"})
DRAWN: Final = SHAPES | SHARED | {"title", "desc", "style"}
OUTSIDE: Final = re.compile(r"//|@import|\\|javascript:|data:|url\(\s*+['\"]?+\s*+(?!#)", re.IGNORECASE)
"""An address in an attribute or style sheet, or an escape that could hide one."""


class UnusableLogoError(ServiceError):
    """The file that `ANODEPRINT_COMPANY_LOGO` names can't be the logo."""

    code = "unusable-logo"
    status = 503

    def __init__(self, template: str, *, path: Path, **values: object) -> None:
        super().__init__(template, setting="ANODEPRINT_COMPANY_LOGO", path=path, **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture that is safe to show."""

    content: bytes
    media_type: MediaType

    @property
    def sha256(self) -> str:
        """Hash of the content, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def version(self) -> str:
        """Enough of the hash to tell a changed logo in an address."""
        return self.sha256[:12]

    @property
    def data_uri(self) -> str:
        """The picture as an address that needs no request."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"

    def as_json(self) -> Mapping[str, str]:
        """Return the picture as it stands in a certificate's snapshot."""
        encoded = base64.b64encode(self.content).decode()
        return {"media_type": self.media_type, "sha256": self.sha256, "base64": encoded}

    @classmethod
    def from_json(cls, content: Mapping[str, str]) -> "Logo":
        """Return the picture of a snapshot."""
        return cls(content=base64.b64decode(content["base64"]), media_type=cast("MediaType", content["media_type"]))


def company_logo(settings: Settings) -> Logo | None:
    """Return the logo that the settings name; it is read at the first call and stays until the process ends.

    Raises
    ------
    UnusableLogoError
        If there is no such file, or it is no picture to be trusted; names setting, file, rule and fix.

    """
    return None if settings.company_logo is None else load_logo(settings.company_logo)


@lru_cache
def load_logo(path: Path) -> Logo:
    """Read and check a logo."""
    content = _read(path)
    if content.startswith(PNG_START):
        return Logo(content=_checked_png(content, path), media_type="image/png")
    if b"<svg" in content or b":svg" in content:
        return Logo(content=_cleaned_svg(content, path), media_type="image/svg+xml")
    raise UnusableLogoError(N_("%(setting)s: %(path)s is neither PNG nor SVG; save the logo as one of these."), path=path)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise UnusableLogoError(
            N_("%(setting)s: %(path)s can't be read (%(reason)s); correct the path or the file's permissions."),
            path=path,
            reason=error.strerror,
        ) from error
    if len(content) > LARGEST_BYTES:
        raise UnusableLogoError(
            N_("%(setting)s: %(path)s is larger than %(limit)s kB; save the logo as SVG or as a smaller PNG."),
            path=path,
            limit=LARGEST_BYTES // 1000,
        )
    return content


def _checked_png(content: bytes, path: Path) -> bytes:
    chunks = list(_png_chunks(content))
    header = chunks[0][1] if chunks and chunks[0][0] == b"IHDR" else b""
    if len(header) != HEADER_BYTES or chunks[-1][0] != b"IEND":
        raise UnusableLogoError(N_("%(setting)s: %(path)s is a damaged PNG; save the logo again."), path=path)
    width, height, bits = int.from_bytes(header[:4]), int.from_bytes(header[4:8]), header[8]
    if not (0 < width <= LARGEST_SIDE_PX and 0 < height <= LARGEST_SIDE_PX):
        raise UnusableLogoError(
            N_("%(setting)s: %(path)s has %(width)s × %(height)s pixels; at most %(limit)s each way are allowed. Make it smaller."),
            path=path,
            width=width,
            height=height,
            limit=LARGEST_SIDE_PX,
        )
    if bits > 8:  # noqa: PLR2004 - the setter of certificates mistakes 16-bit grey for colour
        raise UnusableLogoError(
            N_("%(setting)s: %(path)s has %(bits)s bits per channel; save the PNG with 8."), path=path, bits=bits
        )
    return content


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and data of each sound chunk; ends at the first that is not."""
    place = len(PNG_START)
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        kind, end = content[place + 4 : place + 8], place + 8 + length
        if zlib.crc32(content[place + 4 : end]) != int.from_bytes(content[end : end + 4]):
            return
        yield kind, content[place + 8 : end]
        place = end + 4


def _cleaned_svg(content: bytes, path: Path) -> bytes:
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        rule = N_("%(setting)s: %(path)s is no well-formed SVG (%(reason)s); save the logo again.")
        if isinstance(error, DefusedXmlException):
            rule = N_("%(setting)s: %(path)s has a DOCTYPE or entities; delete them, or save the logo as plain SVG.")
        raise UnusableLogoError(rule, path=path, reason=str(error)) from error
    if root.tag != f"{SVG}svg" or "viewBox" not in root.attrib:
        raise UnusableLogoError(
            N_(
                '%(setting)s: %(path)s needs <svg xmlns="http://www.w3.org/2000/svg" viewBox="…"> as its root; add what is missing.'
            ),
            path=path,
        )
    cleaned: bytes = tostring(_cleaned(root, path, depth=0), encoding="utf-8", xml_declaration=True)
    return cleaned


def _cleaned(element: Element, path: Path, *, depth: int) -> Element:
    """Return a copy with nothing but what draws; elements and attributes of editors are left out."""
    name = element.tag.removeprefix(SVG)
    if name not in DRAWN or depth > DEEPEST:
        raise UnusableLogoError(
            N_(
                "%(setting)s: %(path)s contains <%(element)s>; a logo may have shapes, gradients and masks only, %(limit)s deep. "
                "Turn texts into outlines, and save the logo as plain SVG."
            ),
            path=path,
            element=name,
            limit=DEEPEST,
        )
    copy = Element(element.tag, _checked_attributes(element, path))
    copy.text = element.text
    if name == "style":
        _refuse_outside(element.text or "", "style", path)
    copy.extend([_cleaned(child, path, depth=depth + 1) for child in element if _draws(child)])
    return copy


def _draws(element: Element) -> bool:
    return element.tag.startswith(SVG) and element.tag != f"{SVG}metadata"


def _checked_attributes(element: Element, path: Path) -> dict[str, str]:
    kept = {name: value for name, value in element.attrib.items() if "{" not in name or name == XLINK_HREF}
    for name, value in kept.items():
        if name.lower().startswith("on"):
            raise UnusableLogoError(
                N_("%(setting)s: %(path)s runs a script (%(attribute)s); remove it, or save the logo as plain SVG."),
                path=path,
                attribute=name,
            )
        is_link = name in {"href", XLINK_HREF}
        _refuse_outside(value if not is_link or value.startswith("#") else f"url({value})", name.removeprefix("{"), path)
    return kept


def _refuse_outside(text: str, attribute: str, path: Path) -> None:
    if OUTSIDE.search(text):
        raise UnusableLogoError(
            N_("%(setting)s: %(path)s refers to something outside itself (%(attribute)s: %(value)s); put it into the drawing."),
            path=path,
            attribute=attribute,
            value=text.strip()[:60],
        )
