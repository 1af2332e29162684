"""Reading method versions and what was found on rules."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.footprints.models import FootprintRecord
from service.method_library.comparing import follows
from service.method_library.models import AccountingMethod, MethodStatus, RuleFinding


def get_method(session: Session, method_id: uuid.UUID, *, lock: bool = False) -> AccountingMethod:
    """Return a method version."""
    method = session.get(AccountingMethod, method_id, with_for_update=lock or None)
    if method is None:
        raise NotFoundError
    return method


def find_methods(session: Session, *, released_only: bool = False) -> Sequence[AccountingMethod]:
    """Return method versions, the newest first."""
    query = select(AccountingMethod)
    if released_only:
        query = query.where(AccountingMethod.status == MethodStatus.RELEASED)
    return session.exec(query.order_by(col(AccountingMethod.valid_from).desc(), AccountingMethod.label)).all()


def cited_method(session: Session, record: FootprintRecord, *, on: date) -> AccountingMethod | None:
    """Return the one method version that a record's certificate cites: the newest released one that gives its figure."""
    methods = find_methods(session, released_only=True)
    return next((one for one in methods if one.valid_from <= on and follows(session, record, one)), None)


def findings_of(session: Session, record: FootprintRecord) -> Mapping[str, RuleFinding]:
    """Return the latest finding on each rule for a footprint."""
    query = select(RuleFinding).where(RuleFinding.footprint_id == record.id)
    return {one.rule: one for one in session.exec(query.order_by(col(RuleFinding.found_at), col(RuleFinding.id)))}
