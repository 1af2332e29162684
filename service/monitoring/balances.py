"""Relations between the amounts of a site's month, read from `data/checks.toml`."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from service.monitoring.carriers import carriers

_FILE: Final = "checks.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Two sums of carriers, of which the first may not exceed the second.

    Attributes
    ----------
    title, hint
        Message ids: what is compared, and what to look at.
    tolerance
        Share of the right side.

    """

    rule: str
    title: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    tolerance: float
    hint: str
    source: str

    @property
    def unit(self) -> str:
        """The canonical unit of both sides."""
        return carriers()[self.left[0]].unit


@lru_cache(maxsize=1)
def balances() -> Sequence[Balance]:
    """Return all relations."""
    rows = tomllib.loads((files("service.monitoring") / "data" / _FILE).read_text(encoding="utf-8"))["balance"]
    return tuple(Balance(**{**row, "left": tuple(row["left"]), "right": tuple(row["right"])}) for row in rows)
