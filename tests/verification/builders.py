"""Verifiers and their cases."""

import uuid
from datetime import date
from typing import Any

from sqlmodel import Session

from service.accounts.models import Organisation, OrganisationKind, Role, User
from service.footprints.models import FootprintRecord
from service.settings import Settings
from service.verification.models import AssuranceLevel, Conclusion, Coverage, VerificationCase
from service.verification.operations import open_case
from service.verification.schemas import CaseInput, StatementInput
from tests.builders import NOW, a_product, a_user, an_organisation
from tests.footprints.builders import a_record, a_toll_product, a_toll_supplier, an_accepted_submission

OPENER = f"user:{uuid.UUID(int=9)}"
FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)


def a_verifier(session: Session, name_en: str = "Assurance House") -> tuple[Organisation, User]:
    """Return a verifier's organisation with one person."""
    body = an_organisation(session, kind=OrganisationKind.VERIFIER, name_zh="某核查机构", name_en=name_en)
    return body, a_user(session, roles=(Role.VERIFIER,), organisation=body, name="Vera Fier")


def a_footprint_with_answers(session: Session, *, grade: str | None = None) -> FootprintRecord:
    """Return a footprint that rests on a toll plant's answers."""
    supplier = a_toll_supplier(session)
    an_accepted_submission(session, supplier)
    return a_record(session, a_toll_product(session, a_product(session, grade=grade), supplier))


def a_case(
    session: Session, body: Organisation, *records: FootprintRecord, settings: Settings, last: date = LAST, by: str = OPENER
) -> VerificationCase:
    """Return a case that is open in November and December 2026."""
    fields = CaseInput(
        title="Annual verification",
        organisation_id=body.id,
        record_ids=[record.id for record in records],
        opens_on=FIRST,
        closes_on=last,
    )
    return open_case(session, fields, by=by, at=NOW, settings=settings)


def stated(*records: FootprintRecord, **changes: Any) -> StatementInput:
    """Return a positive statement of reasonable assurance."""
    values: dict[str, Any] = {
        "body_name": "Assurance House",
        "accreditation": "CNAS V001",
        "coverage": Coverage.PRODUCT,
        "level": AssuranceLevel.REASONABLE,
        "standard": "ISO 14064-3:2019",
        "criteria": "ISO 14067:2018",
        "materiality_percent": 5.0,
        "conclusion": Conclusion.POSITIVE,
        "statement_zh": "未发现重大错报。",
        "statement_en": "Free of material misstatement.",
        "completed_on": date(2026, 11, 20),
        "valid_until": date(2027, 11, 20),
        "record_ids": [record.id for record in records],
    }
    return StatementInput(**(values | changes))
