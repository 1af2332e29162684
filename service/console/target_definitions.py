"""What the plan leaves open: proposed by one person with evidence, approved by another."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import Options
from service.console.target_words import DEFINITION_STATUS, TARGETS_PATH, target_tabs
from service.database import new_id
from service.errors import N_
from service.i18n import translate
from service.plan.policies import APPROVER_ROLES, EDITOR_ROLES, PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.targets.catalogue import DEFINITIONS, Definition, get_definition
from service.targets.definitions import approve, get_proposal, proposals_of, propose, refuse
from service.targets.models import DefinitionStatus, TargetDefinition
from service.targets.schemas import DefinitionInput
from service.web.forms import FormState, VersionInput, parse_form

router = APIRouter()

LIST = f"{TARGETS_PATH}/definitions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLine:
    """One proposal; `value` in words."""

    proposal: TargetDefinition
    value: str
    status: str
    tone: str
    proposed_by: str
    decided_by: str
    may_decide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionCard:
    """One open question of the plan.

    Attributes
    ----------
    in_force
        The value in words; None shows "not defined in the plan".
    reading
        By what figures are shown until then; None where nothing is shown without a value.

    """

    definition: Definition
    label: str
    hint: str
    in_force: str | None
    reading: str | None
    proposals: Sequence[ProposalLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionsPage:
    """All open questions."""

    tabs: Sequence[tuple[str, str, bool]]
    cards: Sequence[DefinitionCard]
    may_propose: bool
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionFormPage:
    """The form of a proposal."""

    tabs: Sequence[tuple[str, str, bool]]
    definition: Definition
    label: str
    hint: str
    choices: Options
    form: FormState
    idempotency_key: str


def _form(context: Context, form: FormState, definition: str) -> Response:
    wanted = get_definition(definition)
    page = DefinitionFormPage(
        tabs=target_tabs(context),
        definition=wanted,
        label=translate(context.locale, wanted.label),
        hint=translate(context.locale, wanted.hint),
        choices=[(key, translate(context.locale, text)) for key, text in wanted.choices.items()],
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/target_definition_form.html", page, status=form.status)


def _show_refusal(context: Context, form: FormState, target_definition_id: uuid.UUID) -> Response:
    get_proposal(context.session, target_definition_id)
    return _list(context, form)


@router.get(LIST)
@endpoint(PLAN_READERS)
def show_definitions(context: Context) -> Response:
    """Show what the plan leaves open, and what was decided about it."""
    return _list(context, FormState())


@router.get(f"{LIST}/{{definition}}")
@endpoint(PLAN_EDITORS)
def new_proposal(context: Context, definition: str) -> Response:
    """Show an empty form."""
    return _form(context, FormState(), definition)


@router.post(f"{LIST}/{{definition}}")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_form)
def create_proposal(context: Context, definition: str) -> Response:
    """Propose a value."""
    wanted = get_definition(definition)
    fields = parse_form(DefinitionInput, context.form)
    propose(context.session, wanted, fields, by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("Proposed; another person approves it."))


@router.post(f"{LIST}/proposals/{{target_definition_id}}/approve")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show_refusal)
def approve_proposal(context: Context, target_definition_id: uuid.UUID) -> Response:
    """Put a proposal into force."""
    version = parse_form(VersionInput, context.form).version
    approve(context.session, target_definition_id, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("In force. All figures follow it from now on."))


@router.post(f"{LIST}/proposals/{{target_definition_id}}/refuse")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show_refusal)
def refuse_proposal(context: Context, target_definition_id: uuid.UUID) -> Response:
    """Refuse a proposal."""
    version = parse_form(VersionInput, context.form).version
    refuse(context.session, target_definition_id, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("Refused; it stays on record."))


def _list(context: Context, form: FormState) -> Response:
    page = DefinitionsPage(
        tabs=target_tabs(context),
        cards=[_card(context, one) for one in DEFINITIONS.values()],
        may_propose=context.asking.has(*EDITOR_ROLES),
        error=form.first_error,
    )
    return render_page(context, "console/target_definitions.html", page, status=form.status)


def _card(context: Context, definition: Definition) -> DefinitionCard:
    proposals = proposals_of(context.session, definition.key)
    actors = {actor for one in proposals for actor in (one.proposed_by, one.decided_by) if actor}
    names = names_of_actors(context.session, actors)
    in_force = next((one for one in proposals if one.status is DefinitionStatus.IN_FORCE), None)
    return DefinitionCard(
        definition=definition,
        label=translate(context.locale, definition.label),
        hint=translate(context.locale, definition.hint),
        in_force=None if in_force is None else _value(context, definition, in_force.value),
        reading=None if definition.reading is None else _value(context, definition, definition.reading),
        proposals=[_line(context, definition, one, names) for one in proposals],
    )


def _line(context: Context, definition: Definition, one: TargetDefinition, names: Mapping[str, str]) -> ProposalLine:
    status, tone = DEFINITION_STATUS[one.status]
    return ProposalLine(
        proposal=one,
        value=_value(context, definition, one.value),
        status=translate(context.locale, status),
        tone=tone,
        proposed_by=names.get(one.proposed_by, ""),
        decided_by=names.get(one.decided_by or "", ""),
        may_decide=one.status is DefinitionStatus.PROPOSED
        and context.asking.has(*APPROVER_ROLES)
        and one.proposed_by != context.asking.actor,
    )


def _value(context: Context, definition: Definition, value: str) -> str:
    if value in definition.choices:
        return translate(context.locale, definition.choices[value])
    return f"{value} {definition.unit}".strip()
