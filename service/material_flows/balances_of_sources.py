"""What a source gives in a calendar year, what is claimed of it and what is left."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from service.material_flows import recycled_queries as queries
from service.material_flows.models import RecycledSource
from service.material_flows.recycled_rules import RecycledMass, Window, claimed_mass, usable_mass


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBalance:
    """One source and year.

    Attributes
    ----------
    received_t
        All that came in, recycled or not.
    usable
        Recycled, after conversion.
    claimed_t
        By claims that are proposed or approved.

    """

    year: int
    received_t: float
    usable: RecycledMass
    claimed_t: float

    @property
    def left_t(self) -> float:
        """What may still be claimed."""
        return self.usable.total_t - self.claimed_t


def balance_of(session: Session, source: RecycledSource, *, year: int) -> SourceBalance:
    """Return the balance of a source over a calendar year."""
    window = Window(start=date(year, 1, 1), end=date(year, 12, 31))
    receipts = queries.receipts_of(session, source.id)
    return SourceBalance(
        year=year,
        received_t=sum(one.amount_t for one in receipts if window.holds(one.received_on)),
        usable=usable_mass(receipts, window, conversion=source.conversion),
        claimed_t=claimed_mass(queries.claims_of(session, source_id=source.id, statuses=queries.HOLDING), window),
    )
