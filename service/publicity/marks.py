"""The few marks that an article may hold, read into plain pieces: the page sets them, nobody's HTML is ever taken.

An empty line ends a paragraph, `## ` begins a heading, `- ` an item of a list, `**bold**` and `[text](https://address)` stand in
the line. Whatever else is typed, `<b>` included, is text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

_SPANS: Final = re.compile(
    r"\*\*(?P<bold>[^*\n]+)\*\*|\[(?P<label>[^\]\n]+)\]\((?P<href>https://[^\s()<>\"']+|/[^\s()<>\"'/\\][^\s()<>\"'\\]*)\)"
)
_BREAK: Final = re.compile(r"\n[ \t]*\n")


class BlockKind(StrEnum):
    """What a block of an article is."""

    HEADING = "heading"
    LIST = "list"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of a line; `href` leads to a page of ours or, by https, elsewhere."""

    text: str
    is_bold: bool = False
    href: str | None = None


Line = Sequence[Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, a paragraph or a list, whose lines are its items."""

    kind: BlockKind
    lines: Sequence[Line]


def read_marks(text: str) -> list[Block]:
    """Return the blocks of a text as it was typed."""
    paragraphs = _BREAK.split(text.replace("\r\n", "\n").strip())
    return [block for paragraph in paragraphs for block in _blocks(paragraph) if any(block.lines)]


def _blocks(paragraph: str) -> Iterator[Block]:
    lines = [line.strip() for line in paragraph.split("\n")]
    for kind, group in groupby(lines, key=_kind):
        found = list(group)
        if kind is BlockKind.HEADING:
            yield from (Block(kind=kind, lines=[_spans(line.removeprefix("## "))]) for line in found)
        elif kind is BlockKind.LIST:
            yield Block(kind=kind, lines=[_spans(line.removeprefix("- ")) for line in found])
        else:
            yield Block(kind=kind, lines=[_spans(line) for line in found if line])


def _kind(line: str) -> BlockKind:
    if line.startswith("## "):
        return BlockKind.HEADING
    return BlockKind.LIST if line.startswith("- ") else BlockKind.PARAGRAPH


def _spans(line: str) -> Line:
    spans, at = [], 0
    for found in _SPANS.finditer(line):
        spans += [Span(text=line[at : found.start()])] if found.start() > at else []
        if found["bold"] is not None:
            spans.append(Span(text=found["bold"], is_bold=True))
        else:
            spans.append(Span(text=found["label"], href=found["href"]))
        at = found.end()
    return [*spans, Span(text=line[at:])] if at < len(line) else spans
