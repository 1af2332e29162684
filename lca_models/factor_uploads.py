"""A new set of electricity factors as somebody uploads it: checked row by row, then put into the tables of a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lca_models.errors import N_, FactorSetError, TableError
from lca_models.factor_sets import Family, family_of, read_factor, region_of
from lca_models.revisions import SOURCES, ModelTableText, parse_table, with_row, write_table
from lca_models.tables import Row, read_table

FACTORS: Final = "electricity_cn.csv"
SETS: Final = "factor_sets.csv"
COLUMNS: Final = ("region_code", "region", "region_zh", "kind", "value", "unit", "confidence", "note")
MOST_ROWS: Final = 500
"""The largest official set has 40 rows. Own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSet:
    """What somebody says of a new set.

    Attributes
    ----------
    document
        Announcement with its number, as a citation.
    published
        Day of publication.
    valid_from
        First day on which calculations may take it; the set in force until then ends the day before.

    """

    key: str
    family: Family
    data_year: str
    name_en: str
    name_zh: str
    document: str
    licence: str
    published: date
    valid_from: date
    note: str = ""

    @property
    def source(self) -> str:
        """Key of the source that is added for it."""
        return f"set-{self.key}"


def tables_with_set(tables: Mapping[str, bytes], new: NewSet, content: bytes, *, file: str) -> dict[str, bytes]:
    """Return the tables that change when a set is added: factors, sets and sources.

    Parameters
    ----------
    tables
        All tables of the model.
    content
        CSV in the columns of `COLUMNS`.
    file
        Name of the upload, for messages.

    Raises
    ------
    TableError
        With row, column, value and fix: a factor of another family or unit, twice, out of bounds, or no number.
    FactorSetError
        If the set exists, or would begin before the one it takes the place of.

    """
    rows = _read(content, new, file=file)
    sets = parse_table(tables[SETS], file=SETS)
    factors = parse_table(tables[FACTORS], file=FACTORS)
    for row in rows:
        factors = with_row(factors, {**row.cells, "region": row.text("region")}, instead_of=None)
    return {
        FACTORS: write_table(factors),
        SETS: write_table(with_row(_superseded(sets, new), _head(new), instead_of=None)),
        SOURCES: write_table(with_row(parse_table(tables[SOURCES], file=SOURCES), _source(new), instead_of=None)),
    }


def _read(content: bytes, new: NewSet, *, file: str) -> list[Row]:
    """Read the upload; what the form says of all rows is filled in."""
    given = read_table(content, file=file, required=COLUMNS, optional=("level",))
    if not 0 < len(given) <= MOST_ROWS:
        raise TableError(N_("%(file)s has %(count)s rows. A set has 1 to %(most)s."), file=file, count=len(given), most=MOST_ROWS)
    of_all = {"year": new.data_year, "source": new.source, "doc_no": new.document, "published": new.published.isoformat()}
    rows = [Row(place=row.place, cells={"level": _level(row), **row.cells, **of_all}) for row in given]
    seen: dict[tuple[str, str], Row] = {}
    for row in rows:
        _check(row, new, seen)
    return rows


def _level(row: Row) -> str:
    code = row.optional_text("region_code")
    return "grid_region" if not code else ("national" if "-" not in code else "province")


def _check(row: Row, new: NewSet, seen: dict[tuple[str, str], Row]) -> None:
    if family_of(row) != new.family:
        raise row.error(
            "kind",
            N_(
                "%(file)s, line %(line)s, column %(column)s: “%(value)s” does not belong to a set of the family %(family)s. "
                "Take it out."
            ),
            family=new.family,
        )
    read_factor(row, frozenset({new.source}))
    first = seen.setdefault((region_of(row), row.text("kind")), row)
    if first is not row:
        raise row.error(
            "kind",
            N_("%(file)s, line %(line)s: “%(value)s” of %(region)s stands twice (line %(first)s). Keep one row."),
            region=region_of(row),
            first=first.place.line,
        )


def _superseded(sets: ModelTableText, new: NewSet) -> ModelTableText:
    """End the set in force the day before the new one begins."""
    if any(new.key == row.cells["set"] for row in sets.rows):
        raise FactorSetError(N_("There is a factor set “%(set)s” already. Choose another key."), set=new.key)
    present = next((row for row in sets.rows if row.cells["family"] == new.family and not row.cells["superseded_by"]), None)
    if present is None:
        return sets
    if present.cells["valid_from"] >= new.valid_from.isoformat():
        raise FactorSetError(
            N_("The set in force, “%(present)s”, begins on %(start)s. The new one must begin later than that, not on %(value)s."),
            present=present.cells["set"],
            start=present.cells["valid_from"],
            value=new.valid_from,
        )
    ended = {"valid_to": (new.valid_from - timedelta(days=1)).isoformat(), "superseded_by": new.key}
    return with_row(sets, {**present.cells, **ended}, instead_of=present)


def _head(new: NewSet) -> Mapping[str, str]:
    return {
        "set": new.key,
        "family": new.family,
        "data_year": new.data_year,
        "name_en": new.name_en,
        "name_zh": new.name_zh,
        "document_en": new.document,
        "document_zh": new.document,
        "published": new.published.isoformat(),
        "valid_from": new.valid_from.isoformat(),
        "valid_to": "",
        "superseded_by": "",
        "source": new.source,
        "note": new.note,
    }


def _source(new: NewSet) -> Mapping[str, str]:
    return {
        "key": new.source,
        "citation": new.document,
        "licence": new.licence,
        "status": "found",
        "used_for": f"electricity factors of the set {new.key}",
    }


def template_rows(tables: Mapping[str, bytes], *, family: Family, year: str) -> Sequence[Mapping[str, str]]:
    """Return the rows of a set in the columns of an upload, to be filled with the new values."""
    rows = read_table(tables[FACTORS], file=FACTORS, required=COLUMNS, optional=None)
    return [
        {column: row.optional_text(column) for column in COLUMNS}
        for row in rows
        if row.text("year") == year and family_of(row) == family
    ]
