"""What two people of the maker agree not to ask of a supplier; one asks, another approves."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from service.audit.operations import record as record_event
from service.compliance.rules import check_other_person
from service.errors import N_, FieldError, InvalidInputError, StaleVersionError
from service.green_score.method import ScoringMethod
from service.green_score.method_queries import method_in_force
from service.green_score.models import NotApplicable
from service.green_score.not_applicable import check_not_applicable
from service.suppliers.flows import flows_of_type
from service.suppliers.models import Supplier
from service.suppliers.queries import flows_bought_from
from service.suppliers.rescoring import ask_for_scores


def ask_not_applicable(
    session: Session, supplier: Supplier, indicator: str, *, reason: str, on: date, by: str, at: datetime
) -> NotApplicable:
    """Ask that an indicator be left out of a supplier's scores; it counts on until another person approves.

    Raises
    ------
    InvalidInputError
        The method's rules forbid it, or it was asked already.

    """
    present = requests_of(session, supplier.id)
    if any(one.indicator == indicator for one in present):
        problem = FieldError(N_("%(indicator)s was asked to be left out already; see the list."), indicator=indicator)
        raise InvalidInputError({"indicator": problem})
    _check(session, supplier, indicator, beside={one.indicator for one in present if one.approved_by}, on=on)
    row = NotApplicable(
        supplier_id=supplier.id, indicator=indicator, reason=reason, asked_by=by, asked_at=at, is_sample=supplier.is_sample
    )
    session.add(row)
    record_event(session, "not_applicable_asked", of=row, by=by, at=at, indicator=indicator, supplier_id=supplier.id)
    return row


def approve_not_applicable(
    session: Session, row: NotApplicable, supplier: Supplier, *, on: date, by: str, at: datetime
) -> NotApplicable:
    """Let an indicator be left out from now on.

    Raises
    ------
    SamePersonError
        Whoever asked approves.
    StaleVersionError
        It is approved or withdrawn already.
    InvalidInputError
        With what was approved meanwhile it would be too much.

    """
    if row.approved_by is not None or row.withdrawn_by is not None:
        raise StaleVersionError
    check_other_person(by, [row.asked_by])
    approved = {one.indicator for one in requests_of(session, supplier.id) if one.approved_by}
    _check(session, supplier, row.indicator, beside=approved, on=on)
    row.approved_by, row.approved_at = by, at
    session.add(row)
    record_event(session, "not_applicable_approved", of=row, by=by, at=at, indicator=row.indicator)
    ask_for_scores(session, supplier.id, at=at)
    return row


def withdraw_not_applicable(session: Session, row: NotApplicable, *, reason: str, by: str, at: datetime) -> NotApplicable:
    """Let an indicator count again."""
    if row.withdrawn_by is not None:
        raise StaleVersionError
    row.withdrawn_by, row.withdrawn_at = by, at
    session.add(row)
    record_event(session, "not_applicable_withdrawn", of=row, by=by, at=at, indicator=row.indicator, reason=reason)
    ask_for_scores(session, row.supplier_id, at=at)
    return row


def requests_of(session: Session, supplier_id: uuid.UUID) -> Sequence[NotApplicable]:
    """Return what was asked and not withdrawn, approved or not, by indicator."""
    statement = (
        select(NotApplicable)
        .where(NotApplicable.supplier_id == supplier_id, col(NotApplicable.withdrawn_at).is_(None))
        .order_by(col(NotApplicable.indicator))
    )
    return session.exec(statement).all()


def waiting_requests(session: Session) -> Sequence[NotApplicable]:
    """Return what waits for another person's approval, the oldest first."""
    waits = (col(NotApplicable.withdrawn_at).is_(None), col(NotApplicable.approved_at).is_(None))
    return session.exec(select(NotApplicable).where(*waits).order_by(col(NotApplicable.asked_at))).all()


def _check(session: Session, supplier: Supplier, indicator: str, *, beside: Collection[str], on: date) -> None:
    _, method = method_in_force(session, on)
    try:
        for category in _categories(session, supplier, method):
            check_not_applicable(method, indicator, beside=beside, category=category)
    except FieldError as error:
        raise InvalidInputError({"indicator": error}) from error


def _categories(session: Session, supplier: Supplier, method: ScoringMethod) -> Sequence[str]:
    """Return the profiles by which the supplier is scored: of what is bought from it, else of what its type delivers."""
    flows = flows_bought_from(session, supplier.id) or {flow.key for flow in flows_of_type(supplier.supplier_type)}
    return sorted({method.category_of(flow) for flow in flows} or {method.category_of("")})
