"""Every write on offers, demands and waivers."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import update
from sqlmodel import Session, col

from service.allocation import offer_queries as queries
from service.allocation.models import Demand, Offer, SoleSourceWaiver
from service.allocation.schemas import DemandInput, OfferInput, WaiverInput
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError, NotFoundError, SamePersonError, StaleVersionError
from service.suppliers.operations import check_delivers
from service.suppliers.queries import get_active_supplier
from service.suppliers.table_import import Planned, apply_planned

Row = TypeVar("Row", Offer, Demand)


class AlreadyRecordedError(ConflictError):
    """The same offer or demand is there already."""

    code = "already-recorded"


class WaiverEndedError(ConflictError):
    """A waiver was refused, taken back or decided already."""

    code = "waiver-ended"


def record_offer(session: Session, fields: OfferInput, *, by: str, at: datetime, is_sample: bool = False) -> Offer:
    """Enter an offer; one per supplier, material and day of pricing."""
    supplier = check_delivers(session, fields.supplier_id, fields.flow)
    _check_no_other_offer(session, fields, besides=None)
    offer = Offer(**_offer_columns(fields), recorded_by=by, recorded_at=at, is_sample=is_sample)
    session.add(offer)
    record(session, "offer_recorded", of=offer, by=by, at=at, organisation_id=supplier.organisation_id, flow=offer.flow)
    return offer


def change_offer(session: Session, offer_id: uuid.UUID, fields: OfferInput, *, version: int, by: str, at: datetime) -> Offer:
    """Correct an offer; refuse when somebody else did so since `version` was read."""
    offer = _locked(session, Offer, offer_id, version=version)
    supplier = check_delivers(session, fields.supplier_id, fields.flow)
    _check_no_other_offer(session, fields, besides=offer.id)
    _set(offer, _offer_columns(fields), by=by, at=at)
    record(session, "offer_changed", of=offer, by=by, at=at, organisation_id=supplier.organisation_id, flow=offer.flow)
    return offer


def delete_offer(session: Session, offer_id: uuid.UUID, *, version: int, by: str, at: datetime) -> None:
    """Remove an offer; allocations made with it keep what it said."""
    offer = _locked(session, Offer, offer_id, version=version)
    record(session, "offer_deleted", of=offer, by=by, at=at, flow=offer.flow, price_cny_per_t=offer.price_cny_per_t)
    session.delete(offer)


def import_offers(session: Session, rows: Iterable[Planned[OfferInput]], *, by: str, at: datetime) -> None:
    """Record and change offers as a preview showed; any error undoes all of it with the caller's transaction."""
    apply_planned(
        rows,
        add=lambda fields: record_offer(session, fields, by=by, at=at),
        change=lambda one, fields, version: change_offer(session, one, fields, version=version, by=by, at=at),
    )


def record_demand(session: Session, fields: DemandInput, *, by: str, at: datetime, is_sample: bool = False) -> Demand:
    """Enter what is needed of a material in a year; one per material and year."""
    _check_no_other_demand(session, fields, besides=None)
    demand = Demand(**_demand_columns(fields), recorded_by=by, recorded_at=at, is_sample=is_sample)
    session.add(demand)
    record(session, "demand_recorded", of=demand, by=by, at=at, flow=demand.flow, year=demand.year)
    return demand


def change_demand(session: Session, demand_id: uuid.UUID, fields: DemandInput, *, version: int, by: str, at: datetime) -> Demand:
    """Correct a demand; refuse when somebody else did so since `version` was read."""
    demand = _locked(session, Demand, demand_id, version=version)
    _check_no_other_demand(session, fields, besides=demand.id)
    _set(demand, _demand_columns(fields), by=by, at=at)
    record(session, "demand_changed", of=demand, by=by, at=at, flow=demand.flow, year=demand.year)
    return demand


def delete_demand(session: Session, demand_id: uuid.UUID, *, version: int, by: str, at: datetime) -> None:
    """Remove a demand; allocations made with it keep it."""
    demand = _locked(session, Demand, demand_id, version=version)
    record(session, "demand_deleted", of=demand, by=by, at=at, flow=demand.flow, year=demand.year)
    session.delete(demand)


def import_demands(session: Session, rows: Iterable[Planned[DemandInput]], *, by: str, at: datetime) -> None:
    """Record and change demands as a preview showed; any error undoes all of it with the caller's transaction."""
    apply_planned(
        rows,
        add=lambda fields: record_demand(session, fields, by=by, at=at),
        change=lambda one, fields, version: change_demand(session, one, fields, version=version, by=by, at=at),
    )


def ask_waiver(
    session: Session, fields: WaiverInput, *, by: str, at: datetime, today: date, is_sample: bool = False
) -> SoleSourceWaiver:
    """Ask that a supplier may deliver all of a material, whatever its grade allows; counts once another person approves.

    Raises
    ------
    InvalidInputError
        If the waiver would end before it begins, or the supplier does not deliver the material.

    """
    get_active_supplier(session, fields.supplier_id)
    supplier = check_delivers(session, fields.supplier_id, fields.flow)
    if fields.valid_until < today:
        message = N_("%(day)s is over; choose a day from %(today)s on.")
        raise InvalidInputError({"valid_until": FieldError(message, day=fields.valid_until, today=today)})
    waiver = SoleSourceWaiver(**fields.model_dump(), asked_by=by, asked_at=at, is_sample=is_sample)
    session.add(waiver)
    record(session, "waiver_asked", of=waiver, by=by, at=at, organisation_id=supplier.organisation_id, flow=waiver.flow)
    return waiver


def approve_waiver(session: Session, waiver: SoleSourceWaiver, *, by: str, at: datetime) -> SoleSourceWaiver:
    """Let a waiver count; needs another person than the one who asked for it."""
    if waiver.asked_by == by:
        raise SamePersonError(N_("You asked for this waiver yourself; another person approves it."))
    _decide(session, waiver, approved_by=by, approved_at=at)
    record(session, "waiver_approved", of=waiver, by=by, at=at, flow=waiver.flow)
    return waiver


def end_waiver(session: Session, waiver: SoleSourceWaiver, *, by: str, at: datetime) -> SoleSourceWaiver:
    """Refuse a waiver, or take it back; allocations made with it keep it."""
    _decide(session, waiver, ended_by=by, ended_at=at)
    record(session, "waiver_ended", of=waiver, by=by, at=at, flow=waiver.flow)
    return waiver


def _decide(session: Session, waiver: SoleSourceWaiver, **values: object) -> None:
    """Decide on a waiver that still stands as it was seen."""
    open_ = [col(SoleSourceWaiver.id) == waiver.id, col(SoleSourceWaiver.ended_at).is_(None)]
    if "approved_at" in values:
        open_.append(col(SoleSourceWaiver.approved_at).is_(None))
    if session.connection().execute(update(SoleSourceWaiver).where(*open_).values(**values)).rowcount != 1:
        raise WaiverEndedError(N_("This waiver has been decided on already; look at the list again."))
    session.refresh(waiver)


def _offer_columns(fields: OfferInput) -> Mapping[str, Any]:
    typed = fields.model_dump(exclude={"max_share_percent", "defect_percent"})
    return {**typed, "max_share": fields.max_share_percent / 100, "defect_share": fields.defect_percent / 100}


def _demand_columns(fields: DemandInput) -> Mapping[str, Any]:
    percent = fields.max_defect_percent
    return {**fields.model_dump(exclude={"max_defect_percent"}), "max_defect_share": None if percent is None else percent / 100}


def _set(row: Offer | Demand, columns: Mapping[str, Any], *, by: str, at: datetime) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    row.recorded_by, row.recorded_at = by, at


def _locked(session: Session, kind: type[Row], row_id: uuid.UUID, *, version: int) -> Row:
    row = session.get(kind, row_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    if row.version != version:
        raise StaleVersionError
    return row


def _check_no_other_offer(session: Session, fields: OfferInput, *, besides: uuid.UUID | None) -> None:
    same = queries.find_same_offer(session, supplier_id=fields.supplier_id, flow=fields.flow, priced_on=fields.priced_on)
    if same is not None and same.id != besides:
        raise AlreadyRecordedError(
            N_("This supplier's price of %(day)s for this material is already recorded: %(price)s yuan/t. Change that offer."),
            day=fields.priced_on,
            price=f"{same.price_cny_per_t:g}",
        )


def _check_no_other_demand(session: Session, fields: DemandInput, *, besides: uuid.UUID | None) -> None:
    same = queries.find_same_demand(session, flow=fields.flow, year=fields.year)
    if same is not None and same.id != besides:
        raise AlreadyRecordedError(
            N_("The demand for this material in %(year)s is already recorded: %(amount)s t. Change that one."),
            year=fields.year,
            amount=f"{same.demand_t:g}",
        )
