"""Every write on method versions and findings on rules."""

import uuid
from datetime import datetime

from sqlmodel import Session

from service.audit.operations import record as record_event
from service.database import flush_unless_taken
from service.errors import N_, FieldError, InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.footprints.models import FootprintRecord
from service.method_library import queries
from service.method_library.choices import PARAMETERS, choices_for
from service.method_library.models import AccountingMethod, MethodStatus, RuleFinding
from service.method_library.schemas import FindingInput, MethodInput
from service.modelling.queries import active_model


def add_method(session: Session, fields: MethodInput, *, by: str, at: datetime, is_sample: bool = False) -> AccountingMethod:
    """Add a method version as a draft; a second person releases it."""
    check_words(session, fields)
    method = AccountingMethod(**fields.model_dump(), created_by=by, created_at=at, is_sample=is_sample)
    session.add(method)
    _keep(session, fields)
    record_event(session, "accounting_method_added", of=method, by=by, at=at, label=method.label)
    return method


def change_method(
    session: Session, method_id: uuid.UUID, fields: MethodInput, *, version: int, by: str, at: datetime
) -> AccountingMethod:
    """Change a draft; who changed it last counts as who made it."""
    method = _method(session, method_id, version=version, present=MethodStatus.DRAFT, wanted=MethodStatus.DRAFT)
    check_words(session, fields)
    for name, value in fields.model_dump().items():
        setattr(method, name, value)
    method.created_by, method.version = by, version + 1
    _keep(session, fields)
    record_event(session, "accounting_method_changed", of=method, by=by, at=at, label=method.label)
    return method


def release_method(session: Session, method_id: uuid.UUID, *, version: int, by: str, at: datetime) -> AccountingMethod:
    """Release a draft, so that certificates may cite it; never by who made it."""
    method = _method(session, method_id, version=version, present=MethodStatus.DRAFT, wanted=MethodStatus.RELEASED)
    if method.created_by == by:
        raise SamePersonError(
            N_("You made method %(label)s yourself; another person must release it. Ask a colleague."), label=method.label
        )
    method.status, method.released_by, method.released_at, method.version = MethodStatus.RELEASED, by, at, version + 1
    record_event(session, "accounting_method_released", of=method, by=by, at=at, label=method.label)
    return method


def retire_method(
    session: Session, method_id: uuid.UUID, *, reason: str = "", version: int, by: str, at: datetime
) -> AccountingMethod:
    """Take a released method out of use: no new certificate cites it, issued ones keep doing so."""
    method = _method(session, method_id, version=version, present=MethodStatus.RELEASED, wanted=MethodStatus.RETIRED)
    method.status, method.version = MethodStatus.RETIRED, version + 1
    record_event(session, "accounting_method_retired", of=method, by=by, at=at, label=method.label, reason=reason)
    return method


def record_finding(
    session: Session, record: FootprintRecord, fields: FindingInput, *, by: str, at: datetime, is_sample: bool = False
) -> RuleFinding:
    """Write down what a person found on a rule for a footprint; an earlier finding stays."""
    finding = RuleFinding(footprint_id=record.id, **fields.model_dump(), found_by=by, found_at=at, is_sample=is_sample)
    session.add(finding)
    record_event(session, "rule_finding_recorded", of=finding, by=by, at=at, number=record.number, rule=finding.rule)
    return finding


def check_words(session: Session, fields: MethodInput) -> None:
    """Refuse words of a choice that the model in use does not know."""
    model = active_model(session)
    wrong: dict[str, FieldError] = {}
    for name in PARAMETERS:
        words, word = choices_for(model, name), getattr(fields, name)
        if word not in words:
            wrong[name] = FieldError(
                N_("“%(word)s” is no choice of the model in use; it knows %(words)s."), word=word, words=", ".join(words)
            )
    if wrong:
        raise InvalidInputError(wrong)


def _method(
    session: Session, method_id: uuid.UUID, *, version: int, present: MethodStatus, wanted: MethodStatus
) -> AccountingMethod:
    method = queries.get_method(session, method_id, lock=True)
    if method.version != version:
        raise StaleVersionError
    if method.status is not present:
        raise InvalidTransitionError(present=method.status.value, wanted=wanted.value, allowed="")
    return method


def _keep(session: Session, fields: MethodInput) -> None:
    taken = FieldError(N_("There is a method called %(label)s already; choose another label."), label=fields.label)
    flush_unless_taken(session, InvalidInputError({"label": taken}))
