"""Every write on committee, responsibilities, actions and funding that has a rule beyond the form's."""

import uuid
from datetime import date, datetime

from sqlmodel import Session

from service.errors import N_, FieldError, InvalidInputError
from service.governance.models import ActionStatus, CommitteeMember, FundingYear, PlanAction, Responsibility
from service.governance.queries import find_responsibility, funding_of, funding_years_of
from service.governance.schemas import CommitteeMemberInput, FundingYearInput, PlanActionInput, ResponsibilityInput
from service.registers.operations import add_row, change_row

CENT = 0.005


def add_member(session: Session, fields: CommitteeMemberInput, *, by: str, at: datetime) -> CommitteeMember:
    """Add somebody to the committee."""
    check_term(session, fields)
    return add_row(session, CommitteeMember, fields, by=by, at=at)


def change_member(
    session: Session, row_id: uuid.UUID, fields: CommitteeMemberInput, *, version: int, by: str, at: datetime
) -> CommitteeMember:
    """Change a place in the committee."""
    check_term(session, fields)
    return change_row(session, CommitteeMember, row_id, fields, version=version, by=by, at=at)


def add_responsibility(session: Session, fields: ResponsibilityInput, *, by: str, at: datetime) -> Responsibility:
    """Say who answers for a line of the plan that nobody answers for yet."""
    check_deputy(session, fields)
    _check_alone(session, fields, None)
    return add_row(session, Responsibility, fields, by=by, at=at)


def change_responsibility(
    session: Session, row_id: uuid.UUID, fields: ResponsibilityInput, *, version: int, by: str, at: datetime
) -> Responsibility:
    """Give a line of the plan to others."""
    check_deputy(session, fields)
    _check_alone(session, fields, row_id)
    return change_row(session, Responsibility, row_id, fields, version=version, by=by, at=at)


def add_action(session: Session, fields: PlanActionInput, *, by: str, at: datetime) -> PlanAction:
    """Add an action; one that is done or dropped already says with what."""
    check_evidence(session, fields)
    return add_row(session, PlanAction, fields, by=by, at=at)


def change_action(
    session: Session, row_id: uuid.UUID, fields: PlanActionInput, *, version: int, by: str, at: datetime
) -> PlanAction:
    """Change an action; done needs evidence, dropped needs the reason."""
    check_evidence(session, fields)
    return change_row(session, PlanAction, row_id, fields, version=version, by=by, at=at)


def note_reminder(action: PlanAction, *, on: date) -> None:
    """Note that the person was reminded, so that nobody is reminded twice in a week."""
    action.reminded_on = on


def add_funding_year(session: Session, fields: FundingYearInput, *, by: str, at: datetime) -> FundingYear:
    """Plan what of an item is spent in a year."""
    _check_money(session, fields, None)
    return add_row(session, FundingYear, fields, by=by, at=at)


def change_funding_year(
    session: Session, row_id: uuid.UUID, fields: FundingYearInput, *, version: int, by: str, at: datetime
) -> FundingYear:
    """Change what was planned or say what was spent."""
    _check_money(session, fields, row_id)
    return change_row(session, FundingYear, row_id, fields, version=version, by=by, at=at)


def check_term(session: Session, fields: CommitteeMemberInput) -> None:
    """Refuse a term that ends before it begins."""
    del session
    if fields.term_end is not None and fields.term_end < fields.term_start:
        message = N_("The term ends on %(end)s, before its first day %(start)s; correct one of them.")
        raise InvalidInputError({"term_end": FieldError(message, end=fields.term_end, start=fields.term_start)})


def check_deputy(session: Session, fields: ResponsibilityInput) -> None:
    """Refuse a deputy who is the same person."""
    del session
    if fields.deputy_id is not None and fields.deputy_id == fields.person_id:
        raise InvalidInputError({"deputy_id": FieldError(N_("The deputy is the same person; choose somebody else or nobody."))})


def check_evidence(session: Session, fields: PlanActionInput) -> None:
    """Refuse what is done without evidence, or dropped without a reason."""
    del session
    if fields.status in {ActionStatus.DONE, ActionStatus.DROPPED} and not fields.evidence:
        message = N_("Say what shows that it is done, or why it was dropped.")
        raise InvalidInputError({"evidence": FieldError(message)})


def _check_alone(session: Session, fields: ResponsibilityInput, row_id: uuid.UUID | None) -> None:
    found = find_responsibility(session, fields.item)
    if found is not None and found.id != row_id:
        message = N_("Somebody answers for this line of the plan already; change that row, or end it first.")
        raise InvalidInputError({"item": FieldError(message)})


def _check_money(session: Session, fields: FundingYearInput, row_id: uuid.UUID | None) -> None:
    """Refuse to plan more than there is, and spending without evidence."""
    if fields.spent_cny is not None and not fields.evidence:
        raise InvalidInputError({"evidence": FieldError(N_("Say where the spending is shown: ledger, voucher or report."))})
    others = [one.planned_cny for one in funding_years_of(session, fields.funding_item_id) if one.id != row_id]
    item = funding_of(session, fields.funding_item_id)
    left = item.amount_cny - sum(others)
    if fields.planned_cny > left + CENT:
        message = N_("%(planned)s yuan are more than the %(left)s yuan of “%(name)s” that other years leave.")
        error = FieldError(message, planned=f"{fields.planned_cny:,.2f}", left=f"{left:,.2f}", name=item.name)
        raise InvalidInputError({"planned_cny": error})
