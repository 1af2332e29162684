"""Mixes as people type them: per cent of each supplier of an input, which must come to a hundred."""

import math
import uuid
from collections.abc import Iterable, Mapping
from typing import Final

from service.errors import N_, FieldError, InvalidInputError
from service.products.rules import SHARE_TOLERANCE, normalised
from service.swaps.desk import Candidate, Desk
from service.swaps.overlay import Combination

FIELD: Final = "mix."
_WHOLE: Final = 100.0
_LONGEST: Final = 20
_NOTHING: Final = frozenset({"", "0"})


def percent_text(share: float) -> str:
    """Return a share as it stands in its field."""
    return f"{share * _WHOLE:.4g}"


def named_in(typed: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of the suppliers that get a share, as they stand in the names of the fields."""
    return frozenset(name.rpartition(".")[2] for name in _with_share(typed))


def _with_share(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in typed.items() if name.startswith(FIELD) and text.strip() not in _NOTHING}


def field_of(flow: str, supplier_id: uuid.UUID) -> str:
    """Return the name of the field in which a supplier's per cent are typed."""
    return f"{FIELD}{flow}.{supplier_id}"


def read_mixes(typed: Mapping[str, str], desk: Desk) -> Combination:
    """Return the combination that was typed; an input without any figure stays as it is today.

    Raises
    ------
    InvalidInputError
        By input (`mix.<flow>`) or field: no number, not a hundred in all, no candidate, or one that can't make the product.

    """
    fields = _with_share(typed)
    known = {field_of(flow, one.supplier_id): one for flow, found in desk.candidates.items() for one in found}
    errors: dict[str, FieldError] = {}
    unknown = sorted(fields.keys() - known.keys())
    if unknown:
        errors[unknown[0]] = FieldError(N_("One of these does not deliver this input; pick from the list."))
    mixes: dict[str, Mapping[uuid.UUID, float]] = {}
    for flow, candidates in desk.candidates.items():
        asked = {one.supplier_id: fields[name] for one in candidates if (name := field_of(flow, one.supplier_id)) in fields}
        if asked and not _is_as_today(asked, candidates):
            mixes[flow] = _mix(flow, asked, candidates, errors)
    if errors:
        raise InvalidInputError(errors)
    return mixes


def _is_as_today(asked: Mapping[uuid.UUID, str], candidates: Iterable[Candidate]) -> bool:
    """Tell whether the fields of an input are as they were shown: rounding a share is no choice."""
    return asked == {one.supplier_id: percent_text(one.share_today) for one in candidates if one.share_today > 0}


def _mix(
    flow: str, asked: Mapping[uuid.UUID, str], candidates: Iterable[Candidate], errors: dict[str, FieldError]
) -> Mapping[uuid.UUID, float]:
    shares: dict[uuid.UUID, float] = {}
    for one in candidates:
        share = _share(asked.get(one.supplier_id, ""))
        name = field_of(flow, one.supplier_id)
        if share is None:
            text = asked[one.supplier_id][:_LONGEST]
            errors[name] = FieldError(N_("“%(input)s” is no percentage; type a number from 0 to 100, for example 40."), input=text)
        elif share and one.problem is not None:
            errors[name] = FieldError(one.problem.template, **one.problem.values)
        elif share:
            shares[one.supplier_id] = share
    total = math.fsum(shares.values())
    if not errors and abs(total - 1) > SHARE_TOLERANCE:
        errors[f"{FIELD}{flow}"] = FieldError(
            N_("The shares add up to %(total)s percent instead of 100; change one by %(difference)s."),
            total=f"{total * _WHOLE:.6g}",
            difference=f"{(1 - total) * _WHOLE:+.6g}",
        )
    return normalised(shares) if total else shares


def _share(text: str) -> float | None:
    """Return a share, 0 to 1; None for what is none."""
    cleaned = text.strip().removesuffix("%").replace(",", ".") or "0"
    try:
        percent = float(cleaned) if len(cleaned) <= _LONGEST else math.nan
    except ValueError:
        return None
    return percent / _WHOLE if 0 <= percent <= _WHOLE else None
