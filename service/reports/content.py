"""What a footprint report says: chapters of facts, sentences and tables, the same on paper and in a workbook."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from service.pdf.bilingual import Bilingual

MOST_ROWS_TOGETHER: Final = 25
"""Rows of tables that fit on a page with their chapter's words."""


class ReportKind(StrEnum):
    """By which frame a report is ordered."""

    GB_T_24067 = "gb-t-24067"
    ISO_14067 = "iso-14067"


class Audience(StrEnum):
    """Who reads it: customers get what may be published, the verifier the full breakdown (docs/decisions/0010)."""

    CUSTOMER = "customer"
    VERIFIER = "verifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; figures stand on the right."""

    label: Bilingual
    is_figure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under columns; the last row may be the sum."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Bilingual, ...], ...]
    ends_with_sum: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter of a report.

    Attributes
    ----------
    chain
        Steps that follow each other, drawn as boxes with arrows; empty without a drawing.
    facts
        (label, what is so).

    """

    title: Bilingual
    facts: tuple[tuple[Bilingual, Bilingual], ...] = ()
    paragraphs: tuple[Bilingual, ...] = ()
    chain: tuple[Bilingual, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether it may run over to the next page; a short one stays together."""
        return sum(len(table.rows) for table in self.tables) > MOST_ROWS_TOGETHER


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDocument:
    """A whole report.

    Attributes
    ----------
    total
        kg CO2e per kg, three significant digits.
    pact
        The declared footprint as canonical JSON, attached; its SHA-256 stands on every page.

    """

    kind: ReportKind
    audience: Audience
    title: Bilingual
    standard: Bilingual
    number: str
    company: Bilingual
    product: Bilingual
    plant: Bilingual
    period_start: date
    period_end: date
    made_at: datetime
    made_on: date
    total: str
    unit: str
    assurance: Bilingual
    chapters: tuple[Chapter, ...]
    is_sample: bool
    pact: bytes

    @property
    def pact_sha256(self) -> str:
        """Hash of the attached document, hexadecimal."""
        return hashlib.sha256(self.pact).hexdigest()
