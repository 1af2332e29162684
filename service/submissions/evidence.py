"""Files that back answers: a row names each, its bytes are in the evidence store."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel import Session

from service.accounts.access import Principal
from service.accounts.models import Role
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, ForbiddenError, InvalidInputError
from service.evidence.downloads import check_harmless
from service.evidence.store import FILES_MAX, StoredFile
from service.submissions import queries
from service.submissions.models import Evidence, EvidenceLink, Submission
from service.submissions.questionnaire import find_question
from service.submissions.rules import check_editable


class VerifierOnlyError(ForbiddenError):
    """The supplier shows a file to auditors alone; that it exists, its hash and what it backs are no secret."""

    code = "evidence-verifier-only"

    def __init__(self) -> None:
        super().__init__(N_("The supplier shows this file only to the verifier. You see that it exists, and its SHA-256."))


def attach(
    session: Session, submission: Submission, stored: Sequence[StoredFile], *, field: str | None, by: str, at: datetime
) -> Sequence[Evidence]:
    """Attach stored files to a questionnaire, or to one of its fields; a file that is there already is only linked to the field.

    Returns the files that are new or newly linked.
    """
    check_editable(submission.status)
    fields = frozenset() if field is None else frozenset({field})
    _check_asked(submission, fields)
    present = {one.sha256: one for one in queries.evidence_of(session, submission.id)}
    wanted = {one.sha256: one for one in stored}
    if len(present.keys() | wanted.keys()) > FILES_MAX:
        raise ConflictError(
            N_("A questionnaire takes at most %(max)s files. Remove one, or put several into one PDF."), max=FILES_MAX
        )
    linked = [present[key] for key in wanted if key in present and not fields <= set(present[key].fields)]
    for one in linked:
        _link(session, submission, one, {*one.fields, *fields}, by=by, at=at)
    new = [_attach(session, submission, one, fields, by=by, at=at) for key, one in wanted.items() if key not in present]
    return [*linked, *new]


def describe(
    session: Session,
    submission: Submission,
    evidence: Evidence,
    *,
    fields: Collection[str],
    valid_until: date | None,
    verifier_only: bool,
    by: str,
    at: datetime,
) -> None:
    """Say what a file backs (no field: the whole questionnaire), how long it holds and who may open it."""
    check_editable(submission.status)
    _check_asked(submission, fields)
    if set(fields) != set(evidence.fields):
        _link(session, submission, evidence, fields, by=by, at=at)
    if (valid_until, verifier_only) != (evidence.valid_until, evidence.verifier_only):
        evidence.valid_until, evidence.verifier_only = valid_until, verifier_only
        session.add(evidence)
        _record(session, submission, "evidence_described", evidence, by=by, at=at)


def check_may_open(evidence: Evidence, principal: Principal) -> None:
    """Raise unless the bytes of a file that the principal may know of may be handed out.

    Raises
    ------
    QuarantinedError
        A scanner found something in it.
    VerifierOnlyError
        The supplier shows it to auditors alone.

    """
    check_harmless(evidence)
    if evidence.verifier_only and principal.is_staff and not principal.has(Role.AUDITOR):
        raise VerifierOnlyError


def is_outdated(evidence: Evidence, *, on: date) -> bool:
    """Whether a file no longer holds on a day, for example the last one of the reporting period."""
    return evidence.valid_until is not None and evidence.valid_until < on


def remove(session: Session, submission: Submission, evidence: Evidence, *, by: str, at: datetime) -> None:
    """Take a file off a questionnaire that is still the supplier's; its bytes stay until the store is swept."""
    check_editable(submission.status)
    _record(session, submission, "evidence_removed", evidence, by=by, at=at)
    session.delete(evidence)


def _check_asked(submission: Submission, fields: Collection[str]) -> None:
    if any(find_question(submission.supplier_type, field) is None for field in fields):
        raise InvalidInputError({"field": FieldError(N_("This is not a question for this type of supplier."))})


def _attach(
    session: Session, submission: Submission, stored: StoredFile, fields: Collection[str], *, by: str, at: datetime
) -> Evidence:
    evidence = Evidence(
        submission_id=submission.id,
        organisation_id=submission.organisation_id,
        name=stored.name,
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        shows_place=stored.shows_place,
        scan=stored.scan,
        scanned_at=stored.scanned_at,
        uploaded_by=by,
        uploaded_at=at,
    )
    evidence.links = [EvidenceLink(evidence_id=evidence.id, field=field) for field in sorted(fields)]
    session.add(evidence)
    session.flush()
    _record(session, submission, "evidence_attached", evidence, by=by, at=at)
    return evidence


def _link(session: Session, submission: Submission, evidence: Evidence, fields: Collection[str], *, by: str, at: datetime) -> None:
    kept = [link for link in evidence.links if link.field in fields]
    added = sorted(set(fields) - set(evidence.fields))
    evidence.links = [*kept, *(EvidenceLink(evidence_id=evidence.id, field=field) for field in added)]
    session.add(evidence)
    session.flush()
    _record(session, submission, "evidence_linked", evidence, by=by, at=at, fields=", ".join(sorted(fields)))


def _record(
    session: Session, submission: Submission, action: str, evidence: Evidence, *, by: str, at: datetime, **facts: object
) -> None:
    organisation_id: uuid.UUID = submission.organisation_id
    facts |= {"number": submission.number, "sha256": evidence.sha256, "size_bytes": evidence.size_bytes}
    record(session, action, of=evidence, by=by, at=at, organisation_id=organisation_id, **facts)
