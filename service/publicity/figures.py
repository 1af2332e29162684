"""Every write on the company's figures for the public: proposed from what is closed or approved, released by another person."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.audit.operations import record
from service.company_inventory.inventories import inventory_of
from service.company_inventory.inventory import InventoryStatus
from service.errors import N_, ConflictError
from service.publicity.models import FigureKind, ReleasedFigure
from service.publicity.queries import standing_figures
from service.publicity.rules import check_another
from service.targets.catalogue import Basis
from service.targets.models import SettlementStatus
from service.targets.settlement import find_settlement

DIGITS: Final = 3
"""Of a figure on paper (decision 0010)."""
_SUFFIX: Final[Mapping[str, str]] = {Basis.CURRENT_PRICE: "current", Basis.CONSTANT_PRICE: "constant", Basis.PER_TONNE: "per_t"}


class NotReleasableError(ConflictError):
    """The figures may not go to the public, or have gone already."""

    code = "figures-not-releasable"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A figure as its source has it, unrounded."""

    indicator: str
    value: float
    unit: str
    source: str
    item: str | None = None
    required: float | None = None
    is_met: bool | None = None


def propose_figures(session: Session, kind: FigureKind, year: int, *, by: str, at: datetime, is_sample: bool = False) -> None:
    """Propose the figures of a closed year, or of the approved settlement of a target, rounded for paper.

    Raises
    ------
    NotReleasableError
        The year is not closed, its settlement not approved, or its figures are proposed or public already.

    """
    if standing_figures(session, kind, year):
        raise NotReleasableError(N_("The figures of %(year)s are proposed or public already; withdraw them first."), year=year)
    for one in list(_MAKERS[kind](session, year, at)):
        row = ReleasedFigure(
            kind=kind,
            year=year,
            item=one.item,
            indicator=one.indicator,
            value=rounded(one.value),
            required=None if one.required is None else rounded(one.required),
            unit=one.unit,
            is_met=one.is_met,
            source=one.source,
            proposed_by=by,
            proposed_at=at,
            is_sample=is_sample,
        )
        session.add(row)
        record(session, "public_figure_proposed", of=row, by=by, at=at, year=year)


def release_figures(session: Session, kind: FigureKind, year: int, *, by: str, at: datetime) -> None:
    """Let everybody read proposed figures; never by who proposed them."""
    waiting = [one for one in standing_figures(session, kind, year) if one.released_at is None]
    if not waiting:
        raise NotReleasableError(N_("No figures of %(year)s wait to be released; propose them first."), year=year)
    check_another(by, {one.proposed_by for one in waiting})
    for one in waiting:
        one.released_by, one.released_at = by, at
        record(session, "public_figure_released", of=one, by=by, at=at, year=year)


def withdraw_figures(session: Session, kind: FigureKind, year: int, *, by: str, at: datetime) -> None:
    """Take figures back, proposed or released; the rows stay."""
    for one in standing_figures(session, kind, year):
        one.withdrawn_by, one.withdrawn_at = by, at
        record(session, "public_figure_withdrawn", of=one, by=by, at=at, year=year)


def rounded(value: float) -> float:
    """Return a value with the digits that paper shows."""
    return float(f"{value:.{DIGITS}g}")


def _emissions(session: Session, year: int, at: datetime) -> Iterator[_Found]:
    found = inventory_of(session, year, at=at)
    if found.status is not InventoryStatus.CLOSED:
        raise NotReleasableError(N_("The inventory of %(year)s is not closed; only closed figures go to the public."), year=year)
    values = {
        "scope_1": found.scope_1_t_co2,
        "scope_2_location": found.scope_2_location_t_co2,
        "scope_2_market": found.scope_2_market_t_co2,
    }
    for indicator, value in values.items():
        yield _Found(indicator=indicator, value=value, unit="t CO2", source=f"inventory {year}, SHA-256 {found.sha256}")


def _settlement(session: Session, year: int, at: datetime) -> Iterator[_Found]:
    del at
    found = find_settlement(session, year)
    if found is None or found.status is not SettlementStatus.APPROVED:
        raise NotReleasableError(
            N_("The statement on the target of %(year)s is not approved yet; have it approved first."), year=year
        )
    for row in found.content["rows"]:
        if row["basis"] not in _SUFFIX or row["with_toll"] or row["actual"] is None:
            continue
        indicator = f"{row['indicator']}_{_SUFFIX[row['basis']]}"
        yield _Found(
            indicator=indicator,
            value=row["actual"],
            unit=row["unit"],
            source=f"settlement {year}",
            item=f"target_{year}",
            required=row["required"],
            is_met=row["met"],
        )


_MAKERS: Final[Mapping[FigureKind, Callable[[Session, int, datetime], Iterator[_Found]]]] = {
    FigureKind.EMISSIONS: _emissions,
    FigureKind.SETTLEMENT: _settlement,
}
