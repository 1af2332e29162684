"""Carrying a verifier's statement into the declared footprints, and taking it out again when the verifier withdraws it."""

import uuid
from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.errors import N_, ConflictError
from service.footprints.queries import get_record
from service.product_footprints import operations as product_footprints
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.product_footprints.queries import active_footprint_of
from service.settings import Settings
from service.verification import mails, rules
from service.verification.models import VerificationCase, VerificationStatement
from service.verification.operations import audit_case, person_of


class NotDeclaredError(ConflictError):
    """A footprint that a statement covers is not released, so that nothing can carry the statement."""

    code = "statement-without-footprint"


def facts_of(case: VerificationCase, statement: VerificationStatement) -> dict[str, Any]:
    """Return a statement as declared footprints and certificates carry it, word by word."""
    texts = ("body_name", "accreditation", "standard", "criteria", "materiality_percent", "statement_zh", "statement_en")
    return {
        "id": str(statement.id),
        "case": case.number,
        **{name: getattr(statement, name) for name in texts},
        "coverage": statement.coverage.value,
        "level": statement.level.value,
        "conclusion": statement.conclusion.value,
        "completed_on": statement.completed_on.isoformat(),
        "valid_until": statement.valid_until.isoformat() if statement.valid_until else None,
    }


def publish(
    session: Session, case: VerificationCase, statement: VerificationStatement, *, by: str, at: datetime, settings: Settings
) -> list[ProductFootprint]:
    """Declare each covered footprint again with the statement in it; the maker changes no word of it.

    Raises
    ------
    StatementStateError
        It is adverse, withdrawn or published already.
    NotDeclaredError
        A covered footprint has no active declared footprint.

    """
    rules.check_not_closed(case)
    rules.check_may_publish(statement)
    present = [_declared(session, uuid.UUID(one)) for one in statement.record_ids]
    facts = facts_of(case, statement)
    again = [
        product_footprints.declare_again(
            session, one, statement=facts, reason=f"Verified: {case.number}", by=by, at=at, settings=settings
        )
        for one in present
    ]
    statement.published_by, statement.published_at = by, at
    audit_case(session, "verification_case_published", case, by=by, at=at, footprints=len(again))
    return again


def withdraw(
    session: Session,
    case: VerificationCase,
    statement: VerificationStatement,
    *,
    reason: str,
    by: str,
    at: datetime,
    settings: Settings,
) -> None:
    """Withdraw a statement for its verifier; the declared footprints that carry it are deprecated with the reason."""
    rules.check_may_withdraw(statement)
    statement.withdrawn_by, statement.withdrawn_at, statement.withdrawn_reason = by, at, reason
    for record_id in statement.record_ids:
        footprint = active_footprint_of(session, uuid.UUID(record_id))
        if footprint is not None and footprint.statement_id == statement.id and footprint.status is DeclaredStatus.ACTIVE:
            product_footprints.deprecate(session, footprint, reason=reason, version=footprint.version, by=by, at=at)
    audit_case(session, "verification_case_withdrawn", case, by=by, at=at)
    mails.write(session, person_of(session, case.opened_by), mails.WITHDRAWN, case, settings=settings, at=at)


def _declared(session: Session, record_id: uuid.UUID) -> ProductFootprint:
    found = active_footprint_of(session, record_id)
    if found is None:
        raise NotDeclaredError(
            N_("Footprint %(number)s is not released, so that nothing can carry the statement; release it first."),
            number=get_record(session, record_id).number,
        )
    return found
