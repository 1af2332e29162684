"""The gate for projects of high energy use: intake, assessment by the rules in force, documents, two verdicts."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import Role
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import Options, province_options, read_filter
from service.console.gate_words import GATE, LIGHTS, PROJECT_COLUMNS, REMARKS, STATES, gate_tabs, rule_choices
from service.console.project_documents import DocumentLine, document_lines
from service.console.register_columns import Column, Kind, worded
from service.console.registers import Register, add_register
from service.database import new_id
from service.errors import N_, ConflictError, ServiceError
from service.i18n import Locale, explain, translate
from service.plan.policies import APPROVER_ROLES, PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.project_gate import operations, queries
from service.project_gate.models import (
    GateRuleVersion,
    ProjectApproval,
    ProjectAssessment,
    ProjectProposal,
    ProjectStatus,
    Verdict,
)
from service.project_gate.rulebook import EVERYWHERE, rules_in_force
from service.project_gate.rules import RuleRow
from service.project_gate.schemas import ApprovalInput, DocumentInput, ProjectInput, RuleVersionInput
from service.project_gate.words import DOCUMENTS, RULES
from service.web.forms import FormInput, FormState, VersionInput, parse_form

router = APIRouter()

_RULES: Final = f"{GATE}/rules"
_ABOVE: Final = (N_("Project gate"), GATE)
VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.APPROVE: N_("Approve"),
    Verdict.CONDITIONS: N_("Approve with conditions"),
    Verdict.REFUSE: N_("Refuse"),
}
CONFIDENCE: Final[Mapping[str, str]] = {
    "verified": N_("Text read"),
    "unverified": N_("Not verified"),
    "internal": N_("Own rule"),
}


def _everywhere_and_provinces(context: Context) -> Options:
    return [(EVERYWHERE, translate(context.locale, N_("Everywhere"))), *province_options(context.locale)]


PROJECTS: Final = Register(
    key="project_proposal",
    path=GATE,
    title=N_("Project gate"),
    lead=N_(
        "Projects with their energy and emissions; nothing passes without assessment, documents and two people of different roles"
    ),
    empty=N_("Enter a project with its yearly energy, emissions and money; the rules in force then say what it needs."),
    add_label=N_("Propose a project"),
    table=ProjectProposal,
    fields=ProjectInput,
    columns=(
        Column(key="number", label=N_("Number"), href=lambda row: f"{GATE}/{row.id}"),
        *PROJECT_COLUMNS,
        Column(key="status", label=N_("State"), kind=Kind.CHOICE, choices=worded(STATES), filtered=True),
    ),
    identity=("title",),
    sort=("-number",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.propose_project,
    change=operations.change_project,
    tabs=gate_tabs,
)
RULE_ROWS: Final = Register(
    key="gate_rule_version",
    path=f"{GATE}/rule-rows",
    title=N_("Rows of rules"),
    lead=N_("A rule's limit from a day on; it holds once another person has agreed, and earlier rows stay"),
    empty=N_("The shipped rules hold. Enter a row when an authority or the company changes one."),
    add_label=N_("Enter a row of a rule"),
    table=GateRuleVersion,
    fields=RuleVersionInput,
    columns=(
        Column(key="rule", label=N_("Rule"), kind=Kind.CHOICE, choices=rule_choices, filtered=True),
        Column(key="province_code", label=N_("Province"), kind=Kind.CHOICE, choices=_everywhere_and_provinces),
        Column(key="valid_from", label=N_("Valid from"), kind=Kind.DATE),
        Column(
            key="limit_value",
            label=N_("Limit"),
            kind=Kind.NUMBER,
            hint=N_("In the unit of the rule, as the list of rules in force shows it"),
        ),
        Column(
            key="classes",
            label=N_("Classes of GB/T 4754"),
            in_list=False,
            hint=N_("For catalogues: codes of four digits, with spaces between"),
        ),
        Column(key="source", label=N_("Document and clause")),
        Column(key="is_verified", label=N_("Text read"), kind=Kind.YES_NO),
        Column(key="approved_at", label=N_("Agreed on"), kind=Kind.DATE),
    ),
    identity=("rule", "province_code", "valid_from"),
    sort=("-valid_from",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.enter_rule,
    change=operations.keep_rule,
    above=_ABOVE,
    tabs=gate_tabs,
)


class RuleFilter(FormInput):
    """For which province and day the rules are shown."""

    province: Annotated[str, Field(pattern=r"^(?:CN-[A-Z]{2}|\*)$")] | None = None
    on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    """What one rule says, in words."""

    rule: str
    light: str
    tone: str
    remark: str
    value: float | None
    limit: float | None
    unit: str
    documents: Sequence[str]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLine:
    """One verdict in words."""

    approval: ProjectApproval
    who: str
    role: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPage:
    """One project before the gate.

    Attributes
    ----------
    missing
        Names of the documents that are asked for and have not come.
    earlier
        Assessments of the project as it was before.

    """

    project: ProjectProposal
    facts: Sequence[tuple[str, str]]
    assessment: ProjectAssessment | None
    outcomes: Sequence[OutcomeLine]
    documents: Sequence[DocumentLine]
    missing: Sequence[str]
    approvals: Sequence[ApprovalLine]
    earlier: Sequence[ProjectAssessment]
    proposed_by: str
    document_kinds: Options
    verdicts: Options
    form: FormState
    is_open: bool
    may_write: bool
    may_decide: bool
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """Rules in force for a province and day, each with name, source and certainty in words; rows that wait for a second person."""

    tabs: Sequence[tuple[str, str, bool]]
    provinces: Options
    form: FormState
    rows: Sequence[tuple[RuleRow, str, str, str]]
    waiting: Sequence[tuple[GateRuleVersion, str]]
    may_agree: bool
    actor: str
    error: str | None


def _show_project(context: Context, form: FormState, project_proposal_id: uuid.UUID) -> Response:
    session, locale = context.session, context.locale
    project = queries.get_project(session, project_proposal_id)
    assessment = queries.current_assessment(session, project)
    assessments = queries.assessments_of(session, project_proposal_id)
    shown = assessment or next(iter(assessments), None)
    approvals = queries.approvals_of(session, shown.id) if shown else []
    people = names_of_actors(session, {project.proposed_by, *(one.decided_by for one in approvals)})
    involved = {project.proposed_by, project.changed_by, *(one.decided_by for one in approvals)}
    involved |= {assessment.assessed_by} if assessment else set()
    is_open = project.status in queries.WAITING
    page = ProjectPage(
        project=project,
        facts=_facts(context, project),
        assessment=assessment,
        outcomes=[_outcome(one, locale) for one in assessment.outcomes] if assessment else [],
        documents=document_lines(context, project_proposal_id),
        missing=[translate(locale, DOCUMENTS[kind]) for kind in queries.missing_documents(session, assessment)]
        if assessment
        else [],
        approvals=[_approval(one, people, locale) for one in approvals],
        earlier=[one for one in assessments if assessment is None or one.id != assessment.id],
        proposed_by=people.get(project.proposed_by, "–"),
        document_kinds=[(key, translate(locale, name)) for key, name in DOCUMENTS.items()],
        verdicts=[(one.value, translate(locale, name)) for one, name in VERDICTS.items()],
        form=form,
        is_open=is_open,
        may_write=is_open and PLAN_EDITORS.lets_in(context.principal),
        may_decide=is_open
        and project.status is ProjectStatus.ASSESSED
        and bool(context.asking.roles & APPROVER_ROLES)
        and context.asking.actor not in involved,
    )
    return render_page(context, "console/gate_project.html", page, status=form.status)


@router.get("/console/plan/project-gate/rules")
@endpoint(PLAN_READERS)
def show_rules(context: Context) -> Response:
    """Show the rules in force."""
    return _show_rules(context)


@router.post("/console/plan/project-gate/rules/{gate_rule_version_id}/agree")
@endpoint(PLAN_APPROVERS)
def agree_rule(context: Context, gate_rule_version_id: uuid.UUID) -> Response:
    """Put an entered row in force."""
    queries.get_rule_version(context.session, gate_rule_version_id)
    try:
        operations.agree_rule(context.session, gate_rule_version_id, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_rules(context, error=explain(context.locale, error), status=error.status)
    return see_other(context, _RULES, N_("Agreed; the row is in force."))


add_register(router, RULE_ROWS)
add_register(router, PROJECTS)


@router.get("/console/plan/project-gate/{project_proposal_id}")
@endpoint(PLAN_READERS)
def show_project(context: Context, project_proposal_id: uuid.UUID) -> Response:
    """Show a project with what the rules say, what is missing and who has agreed."""
    return _show_project(context, FormState(), project_proposal_id)


@router.post("/console/plan/project-gate/{project_proposal_id}/assess")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_project)
def assess_project(context: Context, project_proposal_id: uuid.UUID) -> Response:
    """Apply the rules in force today."""
    version = parse_form(VersionInput, context.form).version
    by, at = context.asking.actor, context.at
    operations.assess_project(context.session, project_proposal_id, version=version, today=context.today, by=by, at=at)
    return see_other(context, f"{GATE}/{project_proposal_id}", N_("Assessed by the rules in force today."))


@router.post("/console/plan/project-gate/{project_proposal_id}/documents")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_project)
def add_document(context: Context, project_proposal_id: uuid.UUID) -> Response:
    """Enter a document that has come in."""
    fields = parse_form(DocumentInput, context.form)
    operations.add_document(context.session, project_proposal_id, fields, by=context.asking.actor, at=context.at)
    return see_other(context, f"{GATE}/{project_proposal_id}", N_("Saved."))


@router.post("/console/plan/project-gate/{project_proposal_id}/decide")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show_project)
def decide_project(context: Context, project_proposal_id: uuid.UUID) -> Response:
    """Give a verdict as reviewer or committee member."""
    project = queries.get_project(context.session, project_proposal_id)
    fields = parse_form(ApprovalInput, context.form)
    role = _role(context, project)
    by = context.asking.actor
    operations.decide_project(context.session, project_proposal_id, fields, role=role, by=by, at=context.at)
    return see_other(context, f"{GATE}/{project_proposal_id}", N_("Your verdict is on record."))


def _role(context: Context, project: ProjectProposal) -> Role:
    """Return the role in which a person decides: one that has not spoken yet, where the person has both."""
    own = sorted(context.asking.roles & APPROVER_ROLES)
    assessment = queries.current_assessment(context.session, project)
    given = {one.role for one in queries.approvals_of(context.session, assessment.id)} if assessment else set()
    free = [one for one in own if one not in given]
    if not own:
        raise ConflictError(N_("A reviewer or a member of the committee decides."))
    return (free or own)[0]


def _show_rules(context: Context, *, error: str | None = None, status: int = 200) -> Response:
    wanted, form = read_filter(RuleFilter, context.request, context.locale)
    province, on = wanted.province or EVERYWHERE, wanted.on or context.today
    locale = context.locale
    waiting = [one for one in queries.rule_versions(context.session) if one.approved_at is None]
    page = RulesPage(
        tabs=gate_tabs(context),
        provinces=_everywhere_and_provinces(context),
        form=form if form.errors else FormState(values={"province": province, "on": on.isoformat()}),
        rows=[
            (
                row,
                translate(locale, RULES[row.rule]),
                row.source_zh if locale == "zh-CN" else row.source,
                translate(locale, CONFIDENCE[row.confidence]),
            )
            for row in rules_in_force(context.session, province_code=province, on=on)
        ],
        waiting=[(one, translate(locale, RULES[one.rule])) for one in waiting],
        may_agree=bool(context.asking.roles & APPROVER_ROLES),
        actor=context.asking.actor,
        error=error,
    )
    return render_page(context, "console/gate_rules.html", page, status=status)


def _facts(context: Context, project: ProjectProposal) -> Sequence[tuple[str, str]]:
    """Return the proposal in words, one line for each column of the list."""
    from_columns = []
    for column in PROJECT_COLUMNS:
        value = getattr(project, column.key)
        words = dict(column.options(context))
        key = str(value).lower() if isinstance(value, bool) else str(value)
        from_columns.append((column.heading(context.locale), words.get(key, _shown(value))))
    return from_columns


def _shown(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else str(value) or "–"


def _outcome(one: Mapping[str, Any], locale: Locale) -> OutcomeLine:
    word, tone = LIGHTS[one["light"]]
    return OutcomeLine(
        rule=translate(locale, RULES[one["rule"]]),
        light=translate(locale, word),
        tone=tone,
        remark=translate(locale, REMARKS[one["remark"]]),
        value=one["value"],
        limit=one["limit"],
        unit=one["unit"],
        documents=[translate(locale, DOCUMENTS[key]) for key in one["documents"]],
        source=one["source_zh"] if locale == "zh-CN" else one["source"],
        confidence=translate(locale, CONFIDENCE[one["confidence"]]),
    )


def _approval(one: ProjectApproval, people: Mapping[str, str], locale: Locale) -> ApprovalLine:
    role = N_("Reviewer") if one.role is Role.REVIEWER else N_("Carbon committee")
    return ApprovalLine(
        approval=one,
        who=people.get(one.decided_by, "–"),
        role=translate(locale, role),
        verdict=translate(locale, VERDICTS[one.verdict]),
    )
