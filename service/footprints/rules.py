"""Pure rules of footprints: data kinds, what drives a difference, the fingerprint of the inputs, who may release what."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import rfc8785

from lca_models.calculation import Footprint
from lca_models.quality import contribution_by_parameter_source
from service.errors import N_, ConflictError, FieldError, InvalidInputError, InvalidTransitionError, SamePersonError
from service.footprints.models import FootprintRecord, FootprintStatus
from service.footprints.provenance import Provenance

LONGEST_PERIOD_DAYS: Final = 3 * 366
"""Reference data average one to three years (PACT Methodology v3)."""


class StaleFootprintError(ConflictError):
    """The answers or the set-up that a record rests on have been replaced."""

    code = "stale-footprint"


class NewerFootprintError(ConflictError):
    """A later calculation of the same product and period is released already."""

    code = "newer-footprint-released"


def check_period(period_start: date, period_end: date) -> None:
    """Refuse a period that ends before it begins or is longer than three years."""
    if period_end <= period_start:
        raise InvalidInputError(
            {
                "period_end": FieldError(
                    N_("The period ends on %(end)s, not after its start %(start)s; choose a later end."),
                    start=period_start.isoformat(),
                    end=period_end.isoformat(),
                )
            }
        )
    if (period_end - period_start).days >= LONGEST_PERIOD_DAYS:
        raise InvalidInputError(
            {
                "period_end": FieldError(
                    N_("%(start)s to %(end)s is longer than three years; a footprint stands for one to three years."),
                    start=period_start.isoformat(),
                    end=period_end.isoformat(),
                )
            }
        )


def shares_by_kind(footprint: Footprint, provenance: Mapping[str, Provenance]) -> dict[str, float]:
    """Return the shares of the gross contributions that rest on primary, secondary and default data; they sum to one."""
    shares = contribution_by_parameter_source(footprint, {name: one.shares for name, one in provenance.items()})
    return {str(kind): share for kind, share in shares.items()}


def drivers_of_difference(footprint: Footprint, default: Footprint) -> list[dict[str, Any]]:
    """Return what each flow of each stage adds to the difference from the default, the largest first.

    The differences of all entries sum to the difference of the totals.
    """
    ours, theirs = footprint.by_stage_and_flow_kg_co2e, default.by_stage_and_flow_kg_co2e
    pairs = sorted({(stage, flow) for table in (ours, theirs) for stage, flows in table.items() for flow in flows})
    found = [
        {
            "stage": stage,
            "flow": flow,
            "kg_co2e": ours.get(stage, {}).get(flow, 0.0),
            "default": theirs.get(stage, {}).get(flow, 0.0),
        }
        for stage, flow in pairs
    ]
    changed = [one for one in found if one["kg_co2e"] != one["default"]]
    return sorted(changed, key=lambda one: -abs(one["kg_co2e"] - one["default"]))


def known_split(split: Mapping[str, float]) -> dict[str, float | None]:
    """Return the lines of ISO 14067; None for those that are known only as a part of the fossil one.

    As long as factors of supplies are published as one sum over all origins, a zero elsewhere does not mean that there is nothing.
    """
    is_split = not split["upstream_unsplit"]
    always = {"fossil", "upstream_unsplit"}
    return {name: kg if kg or is_split or name in always else None for name, kg in split.items()}


def fingerprint(
    *,
    model_version: str,
    parameters: Mapping[str, Any],
    provenance: Mapping[str, Any],
    views: list[Any],
    claims: Sequence[str] = (),
) -> str:
    """Return the SHA-256 of everything that went into a record, over canonical JSON (RFC 8785).

    Parameters
    ----------
    claims
        Ids of the claims of green power that it counts: when one takes another's place, the same share is another record.

    """
    inputs: dict[str, Any] = {
        "model_version": model_version,
        "parameters": dict(parameters),
        "provenance": dict(provenance),
        "views": [{"view": view["view"], "sites": view["sites"]} for view in views],
    }
    if claims:
        inputs["claims"] = list(claims)
    return hashlib.sha256(rfc8785.dumps(inputs)).hexdigest()


def check_release(record: FootprintRecord, *, released: FootprintRecord | None, is_stale: bool, by: str) -> None:
    """Refuse a release by the calculating person, of a stale record, or of one that a newer released one has overtaken.

    Parameters
    ----------
    released
        The released record of the same product and period, if there is one.

    """
    if record.status is not FootprintStatus.CALCULATED:
        raise InvalidTransitionError(present=record.status, wanted=FootprintStatus.RELEASED, allowed="")
    if by == record.calculated_by:
        raise SamePersonError(
            N_("You calculated %(number)s yourself; a second person must look at it and release it."), number=record.number
        )
    if is_stale:
        raise StaleFootprintError(
            N_(
                "%(number)s is out of date: answers, the product's set-up or green power that it counts changed after it was "
                "calculated. Calculate it again."
            ),
            number=record.number,
        )
    if released is not None and (released.calculated_at, released.id) > (record.calculated_at, record.id):
        raise NewerFootprintError(
            N_("%(newer)s, calculated after %(number)s, is released for this product and period already. Release nothing older."),
            newer=released.number,
            number=record.number,
        )
