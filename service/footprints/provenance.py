"""Where the value of a parameter comes from: the parts that were mixed, each with its kind, source and arithmetic."""

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

DataKind = Literal["primary", "secondary", "default"]
Place = Literal["own", "supplier", "unnamed"]
KINDS: Final[tuple[DataKind, ...]] = ("primary", "secondary", "default")

# Source of a value that was typed into the product's set-up, with no evidence behind it.
RECIPE: Final = "recipe"
# Source of a value that follows from the maker's own transport legs.
LEGS: Final = "legs"
# Source of a cautious value for a supplier that has not answered; only what-ifs use it.
STAND_IN: Final = "stand_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one supplier, the product's recipe or the model adds to a parameter.

    Attributes
    ----------
    value
        In the parameter's unit.
    weight
        Share of the mix, 0 to 1; the weights of a parameter's parts sum to one.
    source
        A submission number, `RECIPE`, or source keys of the model, separated by semicolons.
    formula
        How the answers make the value, with field names and units; empty where the value is taken as it is.
    evidence
        What all of the value rests on, such as ``metered``; empty for a default, a recipe and a default that was adjusted.
    scores
        The reviewer's five scores of the pedigree matrix, 1 to 5, the worst of the answers that make the value; empty if not rated.
    primary_share
        Of a supplier's own footprint: share that rests on its own measured data, 0 to 1; None where it hands none on.
    missing
        Fields whose answers would have replaced the default.
    expired
        Number of the supplier's answers that have become too old, so that the default takes their place; empty if there are none.
    place
        Who stands behind the part: the maker's plant, a supplier, or suppliers that nobody has named.

    """

    kind: DataKind
    value: float
    weight: float
    source: str
    formula: str = ""
    evidence: str = ""
    scores: tuple[int, ...] = ()
    primary_share: float | None = None
    missing: tuple[str, ...] = ()
    expired: str = ""
    place: Place = "own"
    supplier_id: uuid.UUID | None = None
    submission_id: uuid.UUID | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what a record keeps."""
        return {
            "kind": self.kind,
            "value": self.value,
            "weight": self.weight,
            "source": self.source,
            "formula": self.formula,
            "evidence": self.evidence,
            "scores": list(self.scores),
            "primary_share": self.primary_share,
            "missing": list(self.missing),
            "expired": self.expired,
            "place": self.place,
            "supplier_id": None if self.supplier_id is None else str(self.supplier_id),
            "submission_id": None if self.submission_id is None else str(self.submission_id),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """A parameter's value and its parts.

    Attributes
    ----------
    default
        What the model takes with the product's furnace if nobody says anything.

    """

    unit: str
    value: float | str
    default: float | str
    parts: tuple[Part, ...]

    @property
    def shares(self) -> dict[DataKind, float]:
        """Share of the value by data kind; the three sum to one."""
        by_value = [one.weight * abs(one.value) for one in self.parts]
        amounts = by_value if math.fsum(by_value) > 0 else [one.weight for one in self.parts]
        total = math.fsum(amounts)
        return {kind: _sum_of(kind, self.parts, amounts) / total for kind in KINDS}

    @property
    def kind(self) -> DataKind:
        """The kind of the largest share; of equal ones the less certain."""
        shares = self.shares
        return max(reversed(KINDS), key=lambda kind: shares[kind])

    def as_dict(self) -> dict[str, Any]:
        """Return what a record keeps."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "value": self.value,
            "default": self.default,
            "shares": self.shares,
            "parts": [one.as_dict() for one in self.parts],
        }


def _sum_of(kind: DataKind, parts: Sequence[Part], amounts: Sequence[float]) -> float:
    return math.fsum(amount for part, amount in zip(parts, amounts, strict=True) if part.kind == kind)


def with_expired(provenance: Mapping[str, Provenance], expired: Mapping[uuid.UUID, str]) -> dict[str, Provenance]:
    """Note at each default that takes the place of a supplier's answers which of them have become too old.

    Parameters
    ----------
    expired
        Numbers of the answers by supplier.

    """
    return {name: replace(one, parts=tuple(_dated(part, expired) for part in one.parts)) for name, one in provenance.items()}


def _dated(part: Part, expired: Mapping[uuid.UUID, str]) -> Part:
    number = expired.get(part.supplier_id) if part.supplier_id is not None and part.kind == "default" else None
    return replace(part, expired=number) if number else part


def mixed(parts: Sequence[Part], bases: Sequence[float] | None = None) -> float:
    """Return the mean of the parts' values, weighted by share.

    Parameters
    ----------
    bases
        For a ratio: the amount that each part's value is per, such as kWh for a factor per kWh. The mean is then weighted by share
        times amount, which keeps the product of amount and ratio exact.

    """
    if len({one.value for one in parts}) == 1:
        return parts[0].value  # adding up shares would only make rounding errors
    weights = [one.weight for one in parts]
    if bases is not None and math.fsum(bases) > 0:
        weights = [weight * base for weight, base in zip(weights, bases, strict=True)]
    return math.fsum(weight * one.value for weight, one in zip(weights, parts, strict=True)) / math.fsum(weights)


def single(value: float | str, *, default: float | str, unit: str, kind: DataKind, source: str) -> Provenance:
    """Return the provenance of a value that is not mixed; a choice weighs as a whole."""
    number = 1.0 if isinstance(value, str) else value
    return Provenance(unit=unit, value=value, default=default, parts=(Part(kind=kind, value=number, weight=1.0, source=source),))
