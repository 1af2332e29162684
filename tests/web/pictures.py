"""Logos for tests, written byte by byte."""

import zlib
from pathlib import Path

from service.settings import Settings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><path d="M0 0h30v10H0z" fill="#123456"/></svg>'


def a_png(*, width: int = 3, height: int = 1, bits: int = 8, colour: tuple[int, ...] = (18, 52, 86, 255)) -> bytes:
    """Return a picture of one colour, red, green, blue and opacity."""
    header = width.to_bytes(4) + height.to_bytes(4) + bytes([bits, 6, 0, 0, 0])
    rows = (b"\0" + bytes(colour) * width) * height
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)


def a_logo_file(folder: Path, content: bytes | str = SVG) -> Path:
    """Write a logo into a folder; the name says nothing about its kind."""
    path = folder / "logo"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def settings_with_logo(folder: Path, content: bytes | str = SVG) -> Settings:
    """Return settings that name a logo."""
    return Settings(
        env="test",
        data_dir=folder,
        secret_key="0" * 64,
        jobs_in_web_process=False,
        company_logo=a_logo_file(folder, content),
    )
