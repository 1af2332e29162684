"""The typeface that ships with the package, the only one that documents use."""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

FAMILY: Final = "Noto Sans SC"
FILES: Final = ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf")


def folder() -> Path:
    """Return where the font files are."""
    return Path(str(files("templates"))) / "fonts"


@lru_cache
def covered_characters() -> frozenset[int]:
    """Return the code points that every style of the typeface can draw."""
    styles = [TTFont(folder() / name, lazy=True) for name in FILES]
    try:
        return frozenset.intersection(*(frozenset(style.getBestCmap()) for style in styles))
    finally:
        for style in styles:
            style.close()


def missing_characters(*texts: str) -> tuple[str, ...]:
    """Return the characters that the typeface can't draw, each once, in order of appearance.

    Line breaks and tabs take no drawing and are never missing; other control characters always are.
    """
    return tuple(dict.fromkeys(_uncovered(character for text in texts for character in text)))


def _uncovered(characters: Iterable[str]) -> Iterable[str]:
    return (c for c in characters if c not in "\n\r\t" and ord(c) not in covered_characters())


def fontconfig_file(cache_folder: Path) -> str:
    """Return a fontconfig file which knows our typeface only, whatever name a style sheet asks for."""
    return f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder()}</dir>
  <cachedir>{cache_folder}</cachedir>
  <match target="pattern">
    <edit name="family" mode="assign" binding="strong"><string>{FAMILY}</string></edit>
  </match>
</fontconfig>
"""
