"""Pure rules of declared footprints: how long they hold, what may still be done with them."""

from datetime import date
from typing import Final

from service.errors import N_, FieldError, InvalidInputError, InvalidTransitionError
from service.footprints.models import FootprintRecord
from service.product_footprints.models import DeclaredStatus, ProductFootprint

VALIDITY_YEARS: Final = 3
"""Longest validity after the reporting period's end, years (PACT Methodology, validity period)."""
LONGEST_REASON: Final = 500


def latest_valid_until(period_end: date) -> date:
    """Return the last day that a footprint of a reporting period may be valid."""
    try:
        return period_end.replace(year=period_end.year + VALIDITY_YEARS)
    except ValueError:  # 29 February, three years on
        return period_end.replace(year=period_end.year + VALIDITY_YEARS, day=28)


def checked_end(valid_until: date, *, record: FootprintRecord) -> date:
    """Refuse a last day of validity that is not after the reporting period, or more than three years after it."""
    latest = latest_valid_until(record.period_end)
    if not record.period_end < valid_until <= latest:
        raise InvalidInputError(
            {
                "valid_until": FieldError(
                    N_("Choose a last day from %(first)s to %(latest)s: after the reporting period, at most three years."),
                    first=record.period_end.isoformat(),
                    latest=latest.isoformat(),
                )
            }
        )
    return valid_until


def checked_reason(reason: str) -> str:
    """Refuse a reason that says nothing, or too much."""
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise InvalidInputError(
            {
                "reason": FieldError(
                    N_("Say why in 1 to %(longest)s characters; it is kept with the footprint."), longest=LONGEST_REASON
                )
            }
        )
    return said


def check_active(footprint: ProductFootprint) -> None:
    """Refuse to do anything more with a deprecated footprint."""
    if footprint.status is not DeclaredStatus.ACTIVE:
        raise InvalidTransitionError(present=footprint.status, wanted=DeclaredStatus.DEPRECATED, allowed="")
