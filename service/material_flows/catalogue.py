"""The places and materials that flows are told by."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

CUSTOMER: Final = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the catalogue in both languages."""

    key: str
    name_zh: str
    name_en: str

    def name(self, locale: str) -> str:
        """Return the name in a reader's language."""
        return self.name_zh if locale.startswith("zh") else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Node(Term):
    """A process of the plant, or a place outside of it: only processes have to balance."""

    is_outside: bool


@lru_cache(maxsize=1)
def nodes() -> Mapping[str, Node]:
    """Return processes and outside places by key, in the order of the route."""
    return {
        row["key"]: Node(
            key=row["key"], name_zh=row["name_zh"], name_en=row["name_en"], is_outside={"yes": True, "no": False}[row["is_outside"]]
        )
        for row in _rows("nodes.csv")
    }


@lru_cache(maxsize=1)
def materials() -> Mapping[str, Term]:
    """Return materials by key, in the order of the route."""
    return {row["key"]: Term(**row) for row in _rows("materials.csv")}


def _rows(name: str) -> Iterable[dict[str, str]]:
    text = (files("service.material_flows") / "data" / name).read_text(encoding="utf-8")
    return csv.DictReader(io.StringIO(text), strict=True)
