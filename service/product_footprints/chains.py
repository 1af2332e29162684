"""What replaced what, and in which fields two declared footprints differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from service.product_footprints.models import ProductFootprint
from service.product_footprints.queries import footprints_by_id

_OF_EVERY_DOCUMENT: Final = frozenset({"/id", "/created", "/precedingPfIds", "/status"})
"""Differ always; nobody asks why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field; None where a document does not have it."""

    pointer: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A footprint that another one replaced, with the differences to it."""

    before: ProductFootprint
    differences: Sequence[Difference]


def replacements(session: Session, footprint: ProductFootprint) -> Sequence[Replacement]:
    """Return what a footprint replaced directly."""
    found = footprints_by_id(session, footprint.preceding_ids)
    return [
        Replacement(before=found[one], differences=differences(found[one].document, footprint.document))
        for one in footprint.preceding_ids
    ]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[Difference]:
    """Return the fields in which two documents differ, in the order of the second, then what only the first has."""
    old, new = dict(_fields(before)), dict(_fields(after))
    names = [*new, *(name for name in old if name not in new)]
    return [
        Difference(pointer=name, before=old.get(name), after=new.get(name))
        for name in names
        if old.get(name) != new.get(name) and name not in _OF_EVERY_DOCUMENT
    ]


def _fields(document: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from _fields(value, f"{at}/{name}")
        else:
            yield f"{at}/{name}", _text(value)


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_text(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_text(one)}" for name, one in value.items())
    return str(value)
