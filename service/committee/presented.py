"""What the committee sees, in a reader's language: one content, which page, PDF and slides set alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A text as it is shown.

    Attributes
    ----------
    value
        The number behind it, unrounded; None of a text.
    href
        The page of the console that says where it comes from.
    tone
        Of a badge; empty for plain text.

    """

    text: str
    value: float | None = None
    href: str | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Series over the same categories; None where a series has no value."""

    title: str
    unit: str
    categories: Sequence[str]
    series: Mapping[str, Sequence[float | None]]
    is_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question with its answer: a sentence, a table, a chart, and where the figures come from.

    Attributes
    ----------
    columns
        Heading and kind, text or number.
    empty
        What is said instead of the table while it has no row.

    """

    key: str
    title: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Cell]]
    empty: str
    sources: Sequence[str]
    sentence: str = ""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hero:
    """The one figure of the page."""

    label: str
    cell: Cell
    unit: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """Everything that is shown.

    Attributes
    ----------
    marks
        What a reader must know of all of it: sample data, years that are not closed.

    """

    title: str
    company: str
    made_at: datetime
    as_of: str
    hero: Hero | None
    sections: Sequence[Section]
    marks: Sequence[str] = field(default_factory=tuple)
