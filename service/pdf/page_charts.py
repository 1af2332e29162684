"""Charts of pages on paper: the same markup, with the rules of the pages' style sheets that it needs.

WeasyPrint gives a drawing inside a document no styles but its own, and no tokens; so they are written into it.
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from importlib.resources import files
from typing import Final

from service.pdf.fonts import FAMILY

_ROOT: Final = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
_TOKEN: Final = re.compile(r"(--[\w-]+):\s*([^;]+);")
_USE: Final = re.compile(r"var\((--[\w-]+)\)")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_MEDIA: Final = re.compile(r"@[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE: Final = re.compile(r"([^{}]+)(\{[^{}]*\})")
_SELECTED: Final = re.compile(r"\.([\w-]+)")
_CLASSES: Final = re.compile(r'\bclass="([^"]*)"')
_SVG: Final = re.compile(r"(<svg\b[^>]*>)")


def on_paper(markup: str, sheets: Sequence[str]) -> str:
    """Return a chart as it stands in a document.

    Parameters
    ----------
    markup
        From a chart's macro.
    sheets
        Style sheets that its page links to, as `charts.css`; the light theme holds, and nothing that asks for a medium.

    """
    used = {name for names in _CLASSES.findall(markup) for name in names.split()}
    rules = "".join(f"{selector}{body}" for selector, body in _rules(tuple(sheets)) if _is_for(selector, used))
    inside = f'<style>text {{ font-family: "{FAMILY}"; }}{rules}</style>'
    return f"<style>{rules}</style>" + _SVG.sub(lambda match: match[1] + inside, markup)


def _is_for(selector: str, used: AbstractSet[str]) -> bool:
    classes = set(_SELECTED.findall(selector))
    return bool(classes) and classes <= used


@lru_cache
def _rules(sheets: tuple[str, ...]) -> Sequence[tuple[str, str]]:
    """Return the sheets' rules as one selector and what holds for it."""
    tokens = _tokens()
    text = _MEDIA.sub("", _COMMENT.sub("", "".join(_sheet(name) for name in sheets)))
    text = _USE.sub(lambda match: tokens[match[1]], text)
    return [(one.strip(), match[2]) for match in _RULE.finditer(text) for one in match[1].split(",")]


@lru_cache
def _tokens() -> Mapping[str, str]:
    """Return the colours and lengths of the light theme, which the sheet names first."""
    found = _ROOT.search(_COMMENT.sub("", _sheet("tokens.css")))
    return {} if found is None else dict(_TOKEN.findall(found[1]))


def _sheet(name: str) -> str:
    return files("templates").joinpath("static", "css", name).read_text(encoding="utf-8")
