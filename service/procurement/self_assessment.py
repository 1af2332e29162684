"""The ministry's table with which the maker rates itself as a green supply chain: items, maxima, basic requirements, stars."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from service.errors import N_, FieldError, NotFoundError
from service.i18n import Locale

EARLIEST_YEAR: Final = 2016
"""The ministry's first call for green supply chains; nothing is rated before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something of the table with the name that the table gives it, and our translation."""

    id: str
    name_zh: str
    name_en: str

    def name(self, locale: Locale) -> str:
        """Return the name in a language."""
        return self.name_zh if locale == "zh-CN" else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Named):
    """What is rated, with at most `most` points; `is_number` tells that a share decides and not judgement."""

    most: float
    is_number: bool

    @property
    def group(self) -> str:
        """Id of its group."""
        return self.id[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Stars from a total on; inferred where no source states the limit."""

    stars: int
    at_least: float
    is_inferred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentTable:
    """The whole table.

    Attributes
    ----------
    is_verified
        Whether somebody has held it against the ministry's own text.
    stars_table_zh, stars_table_en
        The table that the bands of stars belong to, which is another than this one.

    """

    source_zh: str
    source_en: str
    is_verified: bool
    groups: tuple[Named, ...]
    items: Mapping[str, Item]
    requirements: Mapping[str, Named]
    stars_table_zh: str
    stars_table_en: str
    bands: tuple[Band, ...]

    @property
    def most(self) -> float:
        """Points of all items together."""
        return math.fsum(one.most for one in self.items.values())


@lru_cache
def assessment_table() -> AssessmentTable:
    """Return the table that comes with the software."""
    content = tomllib.loads((files("service.procurement") / "data" / "self_assessment.toml").read_text(encoding="utf-8"))
    stars = content["stars"]
    return AssessmentTable(
        source_zh=content["source_zh"],
        source_en=content["source_en"],
        is_verified=content["is_verified"],
        groups=tuple(Named(**row) for row in content["groups"]),
        items={row["id"]: Item(**row) for row in content["items"]},
        requirements={row["id"]: Named(**row) for row in content["requirements"]},
        stars_table_zh=stars["table_zh"],
        stars_table_en=stars["table_en"],
        bands=tuple(Band(stars=row["stars"], at_least=row["from"], is_inferred=row["is_inferred"]) for row in stars["bands"]),
    )


def check_year(year: int, *, this_year: int) -> int:
    """Return a year that can be rated.

    Raises
    ------
    NotFoundError
        Before the ministry's first call, or still to come.

    """
    if not EARLIEST_YEAR <= year <= this_year:
        message = N_("There is no self-assessment for %(year)s; choose a year from %(first)s to %(last)s.")
        raise NotFoundError(message, year=year, first=EARLIEST_YEAR, last=this_year)
    return year


def check_points(item: Item, points: float, evidence: str) -> Mapping[str, FieldError]:
    """Return what is wrong with the points of an item, by field."""
    problems: dict[str, FieldError] = {}
    if points > item.most:
        message = N_("%(points)s points are more than the %(most)s that %(item)s can have; enter 0 to %(most)s.")
        problems["points"] = FieldError(message, points=f"{points:g}", most=f"{item.most:g}", item=item.id)
    if points > 0 and not evidence:
        problems["evidence"] = FieldError(N_("Points need evidence; name the document that shows it."))
    return problems


def stars_for(total: float, table: AssessmentTable) -> Band | None:
    """Return the band that a total of 0 to 100 falls into; None below the lowest."""
    return next((band for band in sorted(table.bands, key=lambda one: -one.at_least) if total >= band.at_least), None)


def total_points(points: Sequence[float | None]) -> float:
    """Return the sum of points; an item that nobody has rated earns nothing."""
    return math.fsum(one for one in points if one is not None)
