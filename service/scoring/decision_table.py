"""Alternatives by criteria, with the properties that ranking methods need."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.errors import N_, ModelError
from lca_models.tables import Row, read_table

Matrix = NDArray[np.float64]

_NAME: Final = "alternative"
_PROPERTY: Final = "@"
_NUMBERS: Final = ("@weight", "@q", "@p", "@sigma", "@low", "@high")
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {"@direction": ("max", "min"), "@preference": ("I", "II", "III", "IV", "V", "VI")}
_PROPERTIES: Final = (*_WORDS, *_NUMBERS)
_LARGEST: Final = 1e100
"""Larger numbers leave no room for squares and differences; no criterion has them."""


class RankingError(ModelError):
    """A table that can't be ranked; names criterion or alternative, value and fix."""

    code = "ranking"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable:
    """What is ranked, by what.

    Attributes
    ----------
    values
        (n, m), row: alternative, column: criterion.
    signs
        (m,) 1 where more is better, -1 where less is.
    weights
        (m,) that sum to one; None if the table gives none.
    properties
        By name, such as ``@q``: value by criterion, of those that have one.
    preferences
        PROMETHEE preference function by criterion, I to VI.

    """

    alternatives: tuple[str, ...]
    criteria: tuple[str, ...]
    values: Matrix
    signs: Matrix
    weights: Matrix | None
    properties: Mapping[str, Mapping[str, float]]
    preferences: Mapping[str, str]

    def equal_weights_unless_given(self) -> Matrix:
        """Return (m,) weights, equal ones if the table gives none."""
        return np.full(len(self.criteria), 1.0 / len(self.criteria)) if self.weights is None else self.weights

    def bounds(self) -> tuple[Matrix, Matrix]:
        """Return (m,) lowest and (m,) highest value of each criterion: as stated, else those of the table."""
        low = self._stated("@low", self.values.min(axis=0))
        high = self._stated("@high", self.values.max(axis=0))
        for criterion, below, above in zip(self.criteria, low.tolist(), high.tolist(), strict=True):
            if below > above:
                raise RankingError(
                    N_("@low of %(criterion)s (%(low)s) is above @high (%(high)s). Exchange them."),
                    criterion=criterion,
                    low=f"{below:g}",
                    high=f"{above:g}",
                )
        return low, high

    def value_function(self) -> Matrix:
        """Return (n, m) values from 0 (worst) to 1 (best), straight between the bounds, flat outside; 1 where low is high."""
        low, high = self.bounds()
        width = high - low
        share = np.clip((self.values - low) / np.where(width > 0, width, 1.0), 0.0, 1.0)
        rising = np.where(self.signs > 0, share, 1.0 - share)
        constant: Matrix = np.where(width > 0, rising, 1.0)
        return constant

    def _stated(self, name: str, otherwise: Matrix) -> Matrix:
        stated = self.properties.get(name, {})
        return np.array([stated.get(criterion, other) for criterion, other in zip(self.criteria, otherwise.tolist(), strict=True)])


def read_decision_table(content: bytes, *, file: str) -> DecisionTable:
    """Read a table: ``alternative,<criterion>,...``; rows that begin with ``@`` set a property of each criterion.

    Raises
    ------
    TableError, RankingError
        Naming line, column, value and fix.

    """
    criteria = _criteria(content, file)
    rows = read_table(content, file=file, required=(_NAME, *criteria), optional=())
    properties = _properties([row for row in rows if row.text(_NAME).startswith(_PROPERTY)])
    ranked = [row for row in rows if not row.text(_NAME).startswith(_PROPERTY)]
    _check_alternatives(ranked, file)
    words = {name: _words(properties.get(name), criteria, allowed) for name, allowed in _WORDS.items()}
    numbers: dict[str, Mapping[str, float]] = {
        name: _numbers(properties[name], criteria) for name in _NUMBERS if name in properties
    }
    return DecisionTable(
        alternatives=tuple(row.text(_NAME) for row in ranked),
        criteria=criteria,
        values=np.array([[_number(row, criterion) for criterion in criteria] for row in ranked], dtype=np.float64),
        signs=np.array([-1.0 if words["@direction"].get(criterion) == "min" else 1.0 for criterion in criteria]),
        weights=_weights(properties["@weight"], criteria) if "@weight" in properties else None,
        properties=numbers,
        preferences=words["@preference"],
    )


def _criteria(content: bytes, file: str) -> tuple[str, ...]:
    text = content.decode("utf-8-sig", errors="replace")
    cells = [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")), [])]
    if cells[:1] != [_NAME] or len(cells) < 2:  # noqa: PLR2004 - a name and one criterion
        raise RankingError(
            N_("The first line of %(file)s must be “alternative”, then one criterion for each column. It is: %(header)s"),
            file=file,
            header=",".join(cells) or "-",
        )
    if "" in cells:
        raise RankingError(
            N_("Column %(column)s of %(file)s has no name in the first line. Name the criterion or delete the column."),
            file=file,
            column=cells.index("") + 1,
        )
    return tuple(cells[1:])


def _properties(rows: Sequence[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        name = row.text(_NAME)
        if name not in _PROPERTIES:
            raise row.error(
                _NAME,
                N_("%(file)s, line %(line)s: there is no property “%(value)s”. Use one of: %(known)s."),
                known=", ".join(_PROPERTIES),
            )
        if name in found:
            raise row.error(_NAME, N_("%(file)s, line %(line)s: the property “%(value)s” stands twice. Keep one row."))
        found[name] = row
    return found


def _check_alternatives(rows: list[Row], file: str) -> None:
    if not rows:
        raise RankingError(N_("%(file)s has no alternative to rank. Add a row for each."), file=file)
    seen: set[str] = set()
    for row in rows:
        if row.text(_NAME) in seen:
            raise row.error(_NAME, N_("%(file)s, line %(line)s: the alternative “%(value)s” stands twice. Keep one row."))
        seen.add(row.text(_NAME))


def _words(row: Row | None, criteria: tuple[str, ...], allowed: tuple[str, ...]) -> dict[str, str]:
    if row is None:
        return {}
    return {criterion: row.choice(criterion, allowed) for criterion in criteria if row.optional_text(criterion)}


def _numbers(row: Row, criteria: tuple[str, ...]) -> dict[str, float]:
    return {criterion: _number(row, criterion) for criterion in criteria if row.optional_text(criterion)}


def _number(row: Row, criterion: str) -> float:
    value = row.number(criterion)
    if abs(value) > _LARGEST:
        raise row.error(
            criterion,
            N_("%(file)s, line %(line)s, column %(column)s: %(value)s is too large to compare. Use a larger unit."),
        )
    return value


def _weights(row: Row, criteria: tuple[str, ...]) -> Matrix:
    weights = np.array([_number(row, criterion) for criterion in criteria], dtype=np.float64)
    for criterion, weight in zip(criteria, weights.tolist(), strict=True):
        if weight < 0:
            raise row.error(
                criterion,
                N_(
                    "%(file)s, line %(line)s: the weight %(value)s of %(column)s is negative. "
                    "Use zero or more; where less is better, set @direction to min."
                ),
            )
    if not weights.sum() > 0:
        raise RankingError(N_("All weights are zero. Give at least one criterion a weight."))
    scaled: Matrix = weights / weights.sum()
    return scaled
