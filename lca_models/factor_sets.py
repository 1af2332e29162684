"""Versions of the official electricity factors, from `factor_sets.csv` and `electricity_cn.csv`.

A set is what one announcement published: a year of data, a document, a time of validity. Sets of life-cycle factors and sets of
direct-CO2 factors are different types, so that one can't stand where the other is needed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

from lca_models.errors import N_, FactorSetError, TableError
from lca_models.inventory import DirectCo2Factor, Evidence, Factor, LifeCycleFactor, check_sources
from lca_models.tables import Row, read_table

Family = Literal["footprint", "screening", "direct_co2", "legacy_ets"]

AVERAGE: Final = "pcf_lifecycle_average"
GENERATION: Final = "pcf_lifecycle_generation_"
DELIVERED: Final = "pcf_green_supply_via_grid_"
GRID_WITHOUT_LOSSES: Final = "pcf_lifecycle_td_excl_losses"
RESIDUAL: Final = "lifecycle_residual_screening_derived"
SCREENING: Final = "lifecycle_screening_derived"
CHINA: Final = "CN"

FACTOR_COLUMNS: Final = (
    *("region_code", "region", "region_zh", "level", "year", "kind", "value", "unit"),
    *("source", "doc_no", "published", "confidence", "note"),
)
SET_COLUMNS: Final = (
    *("set", "family", "data_year", "name_en", "name_zh", "document_en", "document_zh", "published"),
    *("valid_from", "valid_to", "superseded_by", "source", "note"),
)
_FAMILIES: Final[tuple[Family, ...]] = ("footprint", "screening", "direct_co2", "legacy_ets")
_DIRECT: Final = frozenset({"direct_co2", "legacy_ets"})
_CONFIDENCES: Final = ("published/verified", "secondary", "derived", "memory")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{2,59}")
# A unit slip (per MWh, per tonne) is far outside; no way to make electricity has a higher factor.
_HIGHEST: Final = 2.0

# Row kinds, the longer beginnings first, and the family of sets they belong to.
_KINDS: Final[Mapping[str, Family]] = {
    "direct_co2_": "direct_co2",
    "ets_": "legacy_ets",
    SCREENING: "screening",
    RESIDUAL: "screening",
    "pcf_": "footprint",
}

FactorKey = tuple[str, str]
"""Region (code, or name where it has none) and kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHead:
    """What a set says of itself.

    Attributes
    ----------
    data_year
        Year that the factors describe.
    document_en, document_zh
        Announcement with its number.
    published
        As far as it is known: a day, a month, or empty.
    valid_from, valid_to
        First and last day on which a calculation takes this set; None where not known, or not ended.
    superseded_by
        Key of the set that took its place; empty for the one in force.

    """

    key: str
    family: Family
    data_year: str
    name_en: str
    name_zh: str
    document_en: str
    document_zh: str
    published: str
    valid_from: date | None
    valid_to: date | None
    superseded_by: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeCycleSet:
    """Factors in kg CO2e per kWh from cradle to user or power station: what a product footprint needs.

    Attributes
    ----------
    regions
        English names by region.

    """

    head: SetHead
    factors: Mapping[FactorKey, LifeCycleFactor]
    regions: Mapping[str, str]

    def factor(self, kind: str, *, region: str = CHINA) -> LifeCycleFactor:
        """Return one factor; a set that lacks it is an error."""
        found = self.factors.get((region, kind))
        if found is None:
            raise FactorSetError(
                N_("The factor set “%(set)s” has no “%(kind)s” for %(region)s. Add the row to the set."),
                set=self.head.key,
                kind=kind,
                region=region,
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectCo2Set:
    """Factors in kg CO2 per kWh at power stations: for company inventories, never for a product footprint."""

    head: SetHead
    factors: Mapping[FactorKey, DirectCo2Factor]


FactorSet = LifeCycleSet | DirectCo2Set


def read_factor_sets(tables: Mapping[str, bytes], *, sources: Iterable[str]) -> Mapping[str, FactorSet]:
    """Read all sets, by key in the order of `factor_sets.csv`; each factor belongs to the set of its kind and year.

    Raises
    ------
    TableError
        A row without set, a set without row, a factor twice, a unit that does not fit the kind, validities that overlap,
        a successor that does not exist, or more than one set of a family in force.

    """
    known = frozenset(sources)
    heads = _read_heads(tables["factor_sets.csv"], known)
    factors: dict[str, dict[FactorKey, Factor]] = {head.key: {} for head in heads}
    by_kind = {(head.family, head.data_year): head for head in heads}
    rows = read_table(tables["electricity_cn.csv"], file="electricity_cn.csv", required=FACTOR_COLUMNS, optional=())
    for row in rows:
        _place(row, read_factor(row, known), by_kind, factors)
    regions = {region_of(row): row.text("region") for row in rows}
    return {head.key: _factor_set(head, factors[head.key], regions) for head in heads}


def region_of(row: Row) -> str:
    """Return the code of a row's region, or its name where it has none."""
    return row.optional_text("region_code") or row.text("region")


def _place(
    row: Row, factor: Factor, by_kind: Mapping[tuple[Family, str], SetHead], factors: dict[str, dict[FactorKey, Factor]]
) -> None:
    family, year = family_of(row), row.text("year")
    if (family, year) not in by_kind:
        raise row.error(
            "year",
            N_(
                "%(file)s, line %(line)s: there is no factor set of the family %(family)s for the year “%(value)s”. "
                "Add it to factor_sets.csv or correct the year."
            ),
            family=family,
        )
    place = factors[by_kind[family, year].key]
    key = (region_of(row), row.text("kind"))
    if key in place:
        raise row.error(
            "kind",
            N_("%(file)s, line %(line)s: “%(value)s” of %(region)s in %(year)s stands twice (%(first)s). Keep one row."),
            region=key[0],
            year=year,
            first=place[key].evidence.place,
        )
    place[key] = factor


def family_of(row: Row) -> Family:
    """Return the family of sets that the kind of a row belongs to."""
    kind = row.text("kind")
    for beginning, family in _KINDS.items():
        if kind.startswith(beginning):
            return family
    raise row.error(
        "kind",
        N_(
            "%(file)s, line %(line)s, column %(column)s: “%(value)s” is not a kind of electricity factor. "
            "Kinds begin with: %(known)s."
        ),
        known=", ".join(_KINDS),
    )


def read_factor(row: Row, sources: frozenset[str]) -> LifeCycleFactor | DirectCo2Factor:
    """Read one row. The kind is trusted and the unit checked against it: some databases label direct CO2 as CO2e."""
    is_direct = family_of(row) in _DIRECT
    row.choice("unit", ("kgCO2/kWh",) if is_direct else ("kgCO2e/kWh",))
    return (DirectCo2Factor if is_direct else LifeCycleFactor)(
        flow=f"{row.text('kind')}:{region_of(row)}",
        value=_value(row),
        unit="kWh",
        name_zh=row.text("region_zh"),
        year=row.text("year"),
        region=row.optional_text("region_code"),
        boundary="direct CO2 only" if is_direct else "cradle to user",
        evidence=Evidence(
            place=row.place,
            low=None,
            high=None,
            distribution="fixed",
            sources=check_sources(row, sources),
            source_detail=" | ".join(filter(None, (row.optional_text("doc_no"), row.optional_text("note")))),
            confidence=row.choice("confidence", _CONFIDENCES),
        ),
    )


def _value(row: Row) -> float:
    value = row.number("value")
    if not 0.0 <= value <= _HIGHEST:
        raise row.error(
            "value",
            N_(
                "%(file)s, line %(line)s, column %(column)s: %(value)s is outside 0 to %(highest)s. "
                "Give the factor per kWh, not per MWh or in grams."
            ),
            highest=f"{_HIGHEST:g}",
        )
    return value


def _factor_set(head: SetHead, factors: Mapping[FactorKey, Factor], regions: Mapping[str, str]) -> FactorSet:
    if not factors:
        raise TableError(
            N_("factor_sets.csv: the set “%(set)s” has no factor in electricity_cn.csv. Add its rows or leave the set out."),
            set=head.key,
        )
    if head.family in _DIRECT:
        return DirectCo2Set(head=head, factors={key: one for key, one in factors.items() if isinstance(one, DirectCo2Factor)})
    return LifeCycleSet(
        head=head,
        factors={key: one for key, one in factors.items() if isinstance(one, LifeCycleFactor)},
        regions={region: regions[region] for region, _ in factors},
    )


def _read_heads(content: bytes, sources: frozenset[str]) -> Sequence[SetHead]:
    rows = read_table(content, file="factor_sets.csv", required=SET_COLUMNS, optional=())
    heads: dict[str, SetHead] = {}
    for row in rows:
        head = read_head(row, sources)
        if head.key in heads or any((one.family, one.data_year) == (head.family, head.data_year) for one in heads.values()):
            raise row.error(
                "set", N_("%(file)s, line %(line)s: this set, or another of its family and year, stands above. Keep one.")
            )
        heads[head.key] = head
    for row in rows:
        _check_successor(row, heads)
    _check_no_overlap(rows, heads.values())
    _check_one_in_force(heads.values())
    return tuple(heads.values())


def read_head(row: Row, sources: frozenset[str]) -> SetHead:
    """Read one row of `factor_sets.csv`."""
    if not _KEY.fullmatch(row.text("set")):
        raise row.error(
            "set",
            N_("%(file)s, line %(line)s, column %(column)s: “%(value)s” is no key. Use small letters, digits and underscores."),
        )
    family = next(one for one in _FAMILIES if one == row.choice("family", _FAMILIES))
    head = SetHead(
        key=row.text("set"),
        family=family,
        data_year=row.text("data_year"),
        name_en=row.text("name_en"),
        name_zh=row.text("name_zh"),
        document_en=row.text("document_en"),
        document_zh=row.text("document_zh"),
        published=row.optional_text("published"),
        valid_from=_day(row, "valid_from"),
        valid_to=_day(row, "valid_to"),
        superseded_by=row.optional_text("superseded_by"),
        sources=check_sources(row, sources),
        note=row.optional_text("note"),
    )
    if head.valid_from and head.valid_to and head.valid_to < head.valid_from:
        raise row.error(
            "valid_to", N_("%(file)s, line %(line)s: the set ends (%(value)s) before it begins. Correct one of the days.")
        )
    return head


def _day(row: Row, column: str) -> date | None:
    text = row.optional_text(column)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise row.error(
            column, N_("%(file)s, line %(line)s, column %(column)s: “%(value)s” is not a day. Write it as 2026-11-22.")
        ) from error


def _check_successor(row: Row, heads: Mapping[str, SetHead]) -> None:
    head = heads[row.text("set")]
    if not head.superseded_by:
        return
    successor = heads.get(head.superseded_by)
    if successor is None or successor.family != head.family:
        raise row.error(
            "superseded_by", N_("%(file)s, line %(line)s: “%(value)s” is no set of the same family. Add it or correct the key.")
        )


def _check_no_overlap(rows: Iterable[Row], heads: Iterable[SetHead]) -> None:
    by_key = {row.text("set"): row for row in rows}
    dated = sorted(((head.family, head.valid_from, head) for head in heads if head.valid_from), key=lambda one: one[:2])
    for (family, _, head), (next_family, start, successor) in pairwise(dated):
        if family == next_family and (head.valid_to is None or head.valid_to >= start):
            raise by_key[head.key].error(
                "valid_to",
                N_(
                    "%(file)s, line %(line)s: “%(set)s” (to %(end)s) overlaps with “%(successor)s” (from %(start)s). "
                    "End it on %(fix)s or earlier."
                ),
                set=head.key,
                end=head.valid_to or "…",
                successor=successor.key,
                start=start,
                fix=start - timedelta(days=1),
            )


def _check_one_in_force(heads: Iterable[SetHead]) -> None:
    in_force: dict[Family, list[str]] = {}
    for head in heads:
        in_force.setdefault(head.family, []).extend([] if head.superseded_by else [head.key])
    for family, keys in in_force.items():
        if len(keys) != 1:
            raise TableError(
                N_(
                    "factor_sets.csv: the family %(family)s needs exactly one set in force (without superseded_by), "
                    "but has %(count)s: %(sets)s."
                ),
                family=family,
                count=len(keys),
                sets=", ".join(keys) or "-",
            )
