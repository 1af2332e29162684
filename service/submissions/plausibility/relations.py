"""Relations between figures that hold in every plant, read from `data/checks/`: balances and figures per tonne."""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

from service.submissions.plausibility.cases import Case, parsed_formula
from service.submissions.questions import Limits

SOURCE: Final = files("service.submissions") / "data" / "checks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One addend of a side.

    Attributes
    ----------
    formulas
        Of fields, in their canonical units; the first one whose fields are known counts.
    label
        Message id; None where the field's own name says it.
    spread
        Share by which the last of the formulas may be off even where all fields are right.
    or_none
        When it is taken as none: `blank` where it is asked and left blank, because that is how by-products and fuels get forgotten;
        `always` also where it is not asked. Anything else that is not known may be anything.

    """

    formulas: tuple[str, ...]
    label: str | None
    spread: float
    or_none: Literal["never", "blank", "always"]

    @property
    def fields(self) -> frozenset[str]:
        """All fields of its formulas."""
        return frozenset().union(*(parsed_formula(formula).names for formula in self.formulas))

    def value(self, case: Case) -> float | None:
        """Return what it adds; None where that is not known."""
        return next((value for value in map(case.value, self.formulas) if value is not None), None)

    def uncertainty(self, case: Case) -> float:
        """Return by how much it may be off, in the unit of its value."""
        used = next((formula for formula in self.formulas if case.value(formula) is not None), None)
        return abs(case.value(used) or 0.0) * self.spread if used is not None and used == self.formulas[-1] else 0.0

    def known_fields(self, case: Case) -> frozenset[str]:
        """Return the fields that its value comes from, or would if they were not forgotten; none of what may be twice as much."""
        used = next((formula for formula in self.formulas if case.value(formula) is not None), self.formulas[-1])
        names = parsed_formula(used).names if self.spread < 1 else frozenset[str]()
        return names & (case.numbers.keys() | (case.blank if self.or_none != "never" else frozenset()))

    def is_known(self, case: Case) -> bool:
        """Whether it adds its value or nothing, not something that nobody knows."""
        if self.value(case) is not None or self.or_none == "never":
            return self.value(case) is not None
        names = parsed_formula(self.formulas[-1]).names
        is_asked = names <= case.asked.keys()
        is_forgotten = all(name in case.numbers or name in case.blank for name in names)
        return is_forgotten if is_asked else self.or_none == "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Two sides that must be equal, or of which the first may not exceed the second.

    Attributes
    ----------
    title
        Message id: what is compared, a whole sentence's beginning.
    tolerance
        Share of the larger side.
    when
        Choices by field for which it holds; of everybody if empty.
    hint
        Message id for the words after the arithmetic: what to look at.

    """

    rule: str
    types: frozenset[str]
    field: str
    title: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    sense: Literal["equal", "at_most"]
    tolerance: float
    unit: str
    when: Mapping[str, frozenset[str]]
    hint: str
    source: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensity:
    """A figure of the site or process per unit of another one.

    Attributes
    ----------
    per
        Formula; None for a figure by itself.
    scale
        How many units of the limits one canonical unit of the figure is.
    limits
        The lower one is not applied to zero: there may be none of it.

    """

    rule: str
    types: frozenset[str]
    field: str
    per: str | None
    label: str
    scale: float
    limits: Limits
    when: Mapping[str, frozenset[str]]
    source: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChoice:
    """A figure whose unit follows from another answer."""

    types: frozenset[str]
    field: str
    choice: str
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A mistake that people make, and the figure as it would be without it.

    Attributes
    ----------
    formula
        The right figure from the wrong one.
    cause
        Message id: what was probably done.

    """

    types: frozenset[str]
    field: str
    formula: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """All of them."""

    balances: tuple[Balance, ...]
    intensities: tuple[Intensity, ...]
    unit_choices: tuple[UnitChoice, ...]
    corrections: tuple[Correction, ...]

    def texts(self) -> Iterator[str]:
        """Yield all message ids."""
        for balance in self.balances:
            yield from (balance.title, balance.hint)
            yield from (term.label for term in (*balance.left, *balance.right) if term.label)
        yield from (one.label for one in self.intensities)
        yield from (one.cause for one in self.corrections)


@lru_cache(maxsize=1)
def relations() -> Relations:
    """Return the shipped relations."""
    written = [tomllib.loads((SOURCE / name).read_text(encoding="utf-8")) for name in ("energy.toml", "materials.toml")]
    choices = (item for file in written for item in file.get("unit_choice", ()))
    return Relations(
        balances=tuple(_balance(item) for file in written for item in file["balance"]),
        intensities=tuple(_intensity(row) for row in _rows("intensities.csv")),
        unit_choices=tuple(UnitChoice(**{**item, "types": frozenset(item["types"])}) for item in choices),
        corrections=tuple(_correction(row) for row in _rows("corrections.csv")),
    )


@lru_cache(maxsize=64)
def relations_of(supplier_type: str) -> Relations:
    """Return those that hold for a supplier type."""
    every = relations()
    return Relations(
        balances=tuple(one for one in every.balances if supplier_type in one.types),
        intensities=tuple(one for one in every.intensities if supplier_type in one.types),
        unit_choices=tuple(one for one in every.unit_choices if supplier_type in one.types),
        corrections=tuple(one for one in every.corrections if supplier_type in one.types),
    )


# ---- Reading ----


def _balance(item: Mapping[str, Any]) -> Balance:
    left, right = (tuple(_term(term) for term in item[side]) for side in ("left", "right"))
    return Balance(
        rule=item["rule"],
        types=frozenset(item["types"]),
        field=item["field"],
        title=item["title"],
        left=left,
        right=right,
        sense=item.get("sense", "equal"),
        tolerance=item["tolerance"],
        unit=item["unit"],
        when={key: frozenset(wanted) for key, wanted in item.get("when", {}).items()},
        hint=item["hint"],
        source=item["source"],
        fields=frozenset().union(*(term.fields for term in (*left, *right))),
    )


def _term(written: str | Mapping[str, Any]) -> Term:
    entry: Mapping[str, Any] = {"of": written} if isinstance(written, str) else written
    formulas = (entry["of"],) if isinstance(entry["of"], str) else tuple(entry["of"])
    return Term(formulas=formulas, label=entry.get("label"), spread=entry.get("spread", 0.0), or_none=entry.get("or_none", "never"))


def _rows(name: str) -> Sequence[Mapping[str, str]]:
    return list(csv.DictReader((SOURCE / name).read_text(encoding="utf-8").splitlines()))


def _intensity(row: Mapping[str, str]) -> Intensity:
    low, high = (float(row[name]) if row[name] else None for name in ("low", "high"))
    return Intensity(
        rule=row["rule"],
        types=frozenset(row["types"].split(";")),
        field=row["field"],
        per=row["per"] or None,
        label=row["label"],
        scale=float(row["scale"] or 1),
        limits=Limits(low=low, high=high, unit=row["unit"]),
        when={key: frozenset(wanted.split("|")) for key, wanted in (one.split("=") for one in row["when"].split(";") if one)},
        source=row["source"],
        fields=frozenset({row["field"], *(parsed_formula(row["per"]).names if row["per"] else ())}),
    )


def _correction(row: Mapping[str, str]) -> Correction:
    return Correction(types=frozenset(row["types"].split(";")), field=row["field"], formula=row["formula"], cause=row["cause"])
