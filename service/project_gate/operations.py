"""Every write on projects: proposing, documents, assessment, approvals; and on the table of rules."""

import uuid
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from service.accounts.models import Role
from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import (
    N_,
    ConflictError,
    FieldError,
    ForbiddenError,
    InvalidInputError,
    InvalidTransitionError,
    RefusedError,
    SamePersonError,
    StaleVersionError,
)
from service.plan.policies import APPROVER_ROLES
from service.project_gate import queries
from service.project_gate.gathering import company_facts
from service.project_gate.models import (
    GateRuleVersion,
    ProjectApproval,
    ProjectAssessment,
    ProjectDocument,
    ProjectProposal,
    ProjectStatus,
    Verdict,
)
from service.project_gate.rulebook import rules_in_force
from service.project_gate.rules import GateLight, assess, project_of
from service.project_gate.schemas import ApprovalInput, DocumentInput, ProjectInput, RuleVersionInput
from service.project_gate.words import DOCUMENTS, RULES


class GateClosedError(RefusedError):
    """A project may not pass: something is still in the way."""

    code = "gate-closed"


def propose_project(session: Session, fields: ProjectInput, *, by: str, at: datetime, is_sample: bool = False) -> ProjectProposal:
    """Take a project in; it waits for its assessment."""
    project = ProjectProposal(
        number=_next_number(session, at.year),
        **fields.model_dump(),
        proposed_by=by,
        proposed_at=at,
        changed_by=by,
        is_sample=is_sample,
    )
    session.add(project)
    record(session, "project_proposed", of=project, by=by, at=at, number=project.number)
    return project


def change_project(
    session: Session, project_id: uuid.UUID, fields: ProjectInput, *, version: int, by: str, at: datetime
) -> ProjectProposal:
    """Change a project that is not decided; it has to be assessed again."""
    project = _open_project(session, project_id, version=version, wanted=ProjectStatus.DRAFT)
    for name, value in fields.model_dump().items():
        setattr(project, name, value)
    project.status, project.changed_by, project.version = ProjectStatus.DRAFT, by, version + 1
    record(session, "project_changed", of=project, by=by, at=at, number=project.number)
    return project


def add_document(
    session: Session, project_id: uuid.UUID, fields: DocumentInput, *, by: str, at: datetime, is_sample: bool = False
) -> ProjectDocument:
    """Enter a document that has come in for a project."""
    project = queries.get_project(session, project_id)
    if project.status not in queries.WAITING:
        raise InvalidTransitionError(present=project.status.value, wanted=ProjectStatus.ASSESSED.value, allowed="")
    document = ProjectDocument(project_id=project_id, **fields.model_dump(), added_by=by, added_at=at, is_sample=is_sample)
    session.add(document)
    taken = FieldError(N_("Document “%(reference)s” is entered for this project already."), reference=fields.reference)
    flush_unless_taken(session, InvalidInputError({"reference": taken}))
    record(session, "project_document_added", of=document, by=by, at=at, number=project.number, kind=document.kind)
    return document


def assess_project(
    session: Session, project_id: uuid.UUID, *, version: int, today: date, by: str, at: datetime
) -> ProjectAssessment:
    """Apply the rules in force today to a project, and keep what they say with what it was said of."""
    project = _open_project(session, project_id, version=version, wanted=ProjectStatus.ASSESSED)
    company = company_facts(session, project, at=at)
    rows = rules_in_force(session, province_code=project.province_code, on=today)
    project.status, project.version = ProjectStatus.ASSESSED, version + 1
    assessment = ProjectAssessment(
        project_id=project.id,
        project_version=project.version,
        assessed_on=today,
        proposal=content_of(project),
        facts=asdict(company),
        outcomes=[_as_json(asdict(one)) for one in assess(project_of(project), company, rows)],
        assessed_by=by,
        assessed_at=at,
        is_sample=project.is_sample,
    )
    session.add(assessment)
    session.flush()  # verdicts refer to it
    record(session, "project_assessed", of=assessment, by=by, at=at, number=project.number, rules=len(assessment.outcomes))
    return assessment


def decide_project(
    session: Session, project_id: uuid.UUID, fields: ApprovalInput, *, role: Role, by: str, at: datetime
) -> ProjectApproval:
    """Give one verdict on a project's assessment; it passes once a reviewer and a committee member, two people, have agreed.

    Raises
    ------
    GateClosedError
        Without an assessment of the project as it stands, with documents missing, or if a limit of the company's own is broken
        and no conditions are named; each point says which.
    SamePersonError
        For who proposed, changed or has decided it already.

    """
    project = queries.get_project(session, project_id, lock=True)
    if project.status not in queries.WAITING:
        raise InvalidTransitionError(present=project.status.value, wanted=ProjectStatus.APPROVED.value, allowed="")
    if role not in APPROVER_ROLES:
        raise ForbiddenError
    assessment = _assessment_to_decide(session, project, fields)
    _check_person(session, project, assessment, role=role, by=by)
    if fields.verdict is not Verdict.REFUSE:
        _check_gate(session, project, assessment, fields.verdict)
    approval = ProjectApproval(
        project_id=project.id,
        assessment_id=assessment.id,
        role=role,
        verdict=fields.verdict,
        reason=fields.reason,
        decided_by=by,
        decided_at=at,
        is_sample=project.is_sample,
    )
    session.add(approval)
    session.flush()  # the outcome is read with it
    project.status = _status_after(session, assessment)
    project.version += 1
    verdict, outcome = fields.verdict.value, project.status.value
    record(
        session, "project_decided", of=approval, by=by, at=at, number=project.number, role=role, verdict=verdict, outcome=outcome
    )
    return approval


def enter_rule(session: Session, fields: RuleVersionInput, *, by: str, at: datetime, is_sample: bool = False) -> GateRuleVersion:
    """Enter a rule's row from a day on; it holds once another person has agreed, and earlier rows stay."""
    row = GateRuleVersion(**fields.model_dump(), entered_by=by, entered_at=at, is_sample=is_sample)
    session.add(row)
    taken = FieldError(N_("There is a row of this rule from %(day)s already; choose another day."), day=fields.valid_from)
    flush_unless_taken(session, InvalidInputError({"valid_from": taken}))
    record(session, "gate_rule_entered", of=row, by=by, at=at, rule=row.rule, valid_from=row.valid_from)
    return row


def keep_rule(
    session: Session, rule_version_id: uuid.UUID, fields: RuleVersionInput, *, version: int, by: str, at: datetime
) -> GateRuleVersion:
    """Refuse to change an entered row: assessments rest on it. A row with a later day takes its place."""
    del session, rule_version_id, fields, version, by, at
    raise ConflictError(N_("Rows of rules are never changed, because assessments rest on them. Enter a new row from another day."))


def agree_rule(session: Session, rule_version_id: uuid.UUID, *, by: str, at: datetime) -> GateRuleVersion:
    """Put an entered row in force; never by who entered it."""
    row = queries.get_rule_version(session, rule_version_id)
    if row.approved_at is not None:
        raise InvalidTransitionError(present="approved", wanted="approved", allowed="")
    if row.entered_by == by:
        raise SamePersonError(N_("You entered this rule yourself; another person must agree. Ask a colleague."))
    row.approved_by, row.approved_at, row.version = by, at, row.version + 1
    record(session, "gate_rule_agreed", of=row, by=by, at=at, rule=row.rule, valid_from=row.valid_from)
    return row


def content_of(project: ProjectProposal) -> dict[str, Any]:
    """Return what a proposal says, as an assessment keeps it."""
    return _as_json({name: getattr(project, name) for name in ProjectInput.model_fields})


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _open_project(session: Session, project_id: uuid.UUID, *, version: int, wanted: ProjectStatus) -> ProjectProposal:
    project = queries.get_project(session, project_id, lock=True)
    if project.version != version:
        raise StaleVersionError
    if project.status not in queries.WAITING:
        raise InvalidTransitionError(present=project.status.value, wanted=wanted.value, allowed="")
    return project


def _assessment_to_decide(session: Session, project: ProjectProposal, fields: ApprovalInput) -> ProjectAssessment:
    assessment = queries.current_assessment(session, project)
    if assessment is None:
        missing = FieldError(N_("it has not been assessed as it stands; assess it first"))
        raise GateClosedError(N_("Project %(number)s may not pass yet: %(first)s."), [missing], number=project.number)
    if assessment.id != fields.assessment_id:
        raise StaleVersionError
    return assessment


def _check_person(session: Session, project: ProjectProposal, assessment: ProjectAssessment, *, role: Role, by: str) -> None:
    if by in {project.proposed_by, project.changed_by, assessment.assessed_by}:
        raise SamePersonError(
            N_("You proposed, changed or assessed project %(number)s yourself; another person must decide. Ask a colleague."),
            number=project.number,
        )
    for given in queries.approvals_of(session, assessment.id):
        if given.decided_by == by:
            raise SamePersonError(
                N_("You have decided on project %(number)s already; the second verdict is another person's."), number=project.number
            )
        if given.role is role:
            raise ConflictError(
                N_("This role has decided on project %(number)s already; the second verdict comes from the other role."),
                number=project.number,
            )


def _check_gate(session: Session, project: ProjectProposal, assessment: ProjectAssessment, verdict: Verdict) -> None:
    points: list[ConflictError | FieldError] = [
        FieldError(N_("the document “%(kind)s” is missing"), kind=FieldError(DOCUMENTS[kind]))
        for kind in queries.missing_documents(session, assessment)
    ]
    if verdict is Verdict.APPROVE:
        red = [one["rule"] for one in assessment.outcomes if one["light"] == GateLight.RED]
        points += [
            FieldError(
                N_("rule “%(rule)s” is broken: approve with conditions, or change the project"), rule=FieldError(RULES[rule])
            )
            for rule in red
        ]
    if points:
        raise GateClosedError(N_("Project %(number)s may not pass yet: %(first)s."), points, number=project.number)


def _status_after(session: Session, assessment: ProjectAssessment) -> ProjectStatus:
    """Return where a project stands after a verdict: one refusal refuses, two agreements pass."""
    given = queries.approvals_of(session, assessment.id)
    verdicts = {one.verdict for one in given}
    if Verdict.REFUSE in verdicts:
        return ProjectStatus.REFUSED
    if {one.role for one in given} < APPROVER_ROLES:
        return ProjectStatus.ASSESSED
    return ProjectStatus.CONDITIONAL if Verdict.CONDITIONS in verdicts else ProjectStatus.APPROVED


def _next_number(session: Session, year: int) -> str:
    prefix = f"P-{year}-"
    last = queries.last_number(session, prefix)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"
