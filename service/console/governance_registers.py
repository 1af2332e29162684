"""The registers of governance: committee, responsibilities, actions, decisions."""

from datetime import date
from typing import Final

from fastapi import APIRouter

from service.accounts.access import Context
from service.console.governance_words import ABOVE, ACTION_STATUS, PLACES, governance_tabs, measure_choices
from service.console.register_columns import person_choices, plan_item_choices, unit_choices, worded
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.errors import N_
from service.governance import operations, queries, schemas
from service.governance.models import CommitteeDecision, CommitteeMember, PlanAction, Responsibility
from service.i18n import translate
from service.plan.items import plan_items
from service.plan.policies import PLAN_EDITORS, PLAN_READERS

router = APIRouter()

_UNIT: Final = Column(key="unit_id", label=N_("Department"), kind=Kind.CHOICE, choices=unit_choices, filtered=True)
_ITEM: Final = Column(
    key="item",
    label=N_("Line of the plan"),
    kind=Kind.CHOICE,
    choices=plan_item_choices,
    filtered=True,
    href=lambda row: plan_items()[row.item].path if row.item else None,
)


def is_late(context: Context, action: PlanAction) -> str:
    """Return whether an action is late, in words; nothing where it is not."""
    today: date = context.today
    late = action.status in queries.UNFINISHED and action.due < today and action.ended_at is None
    return translate(context.locale, N_("Late")) if late else ""


COMMITTEE: Final = Register(
    key="committee_member",
    path="/console/plan/governance/committee",
    title=N_("Committee"),
    lead=N_("Who leads the carbon plan, in which place and for how long"),
    empty=N_("Enter the members of the committee with the terms of their appointment."),
    add_label=N_("Add a member"),
    table=CommitteeMember,
    fields=schemas.CommitteeMemberInput,
    columns=(
        Column(key="user_id", label=N_("Person"), kind=Kind.CHOICE, choices=person_choices),
        Column(key="place", label=N_("Place in the committee"), kind=Kind.CHOICE, choices=worded(PLACES), filtered=True),
        Column(key="unit_id", label=N_("Department"), kind=Kind.CHOICE, choices=unit_choices),
        Column(key="term_start", label=N_("First day"), kind=Kind.DATE),
        Column(key="term_end", label=N_("Last day"), kind=Kind.DATE),
    ),
    identity=("user_id", "term_start"),
    sort=("term_start",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.add_member,
    change=operations.change_member,
    check=operations.check_term,
    ending=Ending(label=N_("End the term")),
    above=ABOVE,
    tabs=governance_tabs,
)
RESPONSIBILITIES: Final = Register(
    key="responsibility",
    path="/console/plan/governance/responsibilities",
    title=N_("Responsibilities"),
    lead=N_("Which department and person answer for each target, task and safeguard"),
    empty=N_("Give each line of the plan to a department and a person."),
    add_label=N_("Give a line to somebody"),
    table=Responsibility,
    fields=schemas.ResponsibilityInput,
    columns=(
        _ITEM,
        _UNIT,
        Column(key="person_id", label=N_("Responsible person"), kind=Kind.CHOICE, choices=person_choices, filtered=True),
        Column(key="deputy_id", label=N_("Deputy"), kind=Kind.CHOICE, choices=person_choices),
        Column(key="since", label=N_("In charge since"), kind=Kind.DATE),
    ),
    identity=("item",),
    sort=("item",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.add_responsibility,
    change=operations.change_responsibility,
    check=operations.check_deputy,
    ending=Ending(label=N_("End this responsibility")),
    above=ABOVE,
    tabs=governance_tabs,
)
ACTIONS: Final = Register(
    key="plan_action",
    path="/console/plan/governance/actions",
    title=N_("Actions of the plan"),
    lead=N_("What is done for the plan, by whom and by when; late ones stand first on the board and are sent to their persons"),
    empty=N_("Add what is to be done next for a line of the plan."),
    add_label=N_("Add an action"),
    table=PlanAction,
    fields=schemas.PlanActionInput,
    columns=(
        Column(key="what", label=N_("What is to be done"), filtered=True),
        _ITEM,
        Column(key="measure_id", label=N_("Measure"), kind=Kind.CHOICE, choices=measure_choices, in_list=False),
        _UNIT,
        Column(key="person_id", label=N_("Responsible person"), kind=Kind.CHOICE, choices=person_choices, filtered=True),
        Column(key="due", label=N_("Due"), kind=Kind.DATE),
        Column(key="status", label=N_("Status"), kind=Kind.CHOICE, choices=worded(ACTION_STATUS), filtered=True),
        Column(key="late", label=N_("Late"), computed=is_late),
        Column(
            key="evidence",
            label=N_("Evidence or reason"),
            hint=N_("For what is done: what shows it. For what is dropped: why."),
            in_list=False,
        ),
    ),
    identity=("item", "what"),
    sort=("due",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.add_action,
    change=operations.change_action,
    check=operations.check_evidence,
    ending=Ending(label=N_("Remove from the board")),
    above=ABOVE,
    tabs=governance_tabs,
)
DECISIONS: Final = Register(
    key="committee_decision",
    path="/console/plan/governance/decisions",
    title=N_("Decisions"),
    lead=N_("What the committee decided, and where the minutes are"),
    empty=N_("Enter what was decided in a meeting."),
    add_label=N_("Add a decision"),
    table=CommitteeDecision,
    fields=schemas.CommitteeDecisionInput,
    columns=(
        Column(key="held_on", label=N_("Meeting on"), kind=Kind.DATE),
        Column(key="subject", label=N_("Subject"), filtered=True),
        Column(key="decision", label=N_("Decision"), kind=Kind.LONG_TEXT),
        _ITEM,
        Column(key="minutes", label=N_("Minutes"), hint=N_("Number or place of the minutes")),
    ),
    identity=("held_on", "subject"),
    sort=("-held_on",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("Set the decision aside")),
    above=ABOVE,
    tabs=governance_tabs,
)

for _register in (COMMITTEE, RESPONSIBILITIES, ACTIONS, DECISIONS):
    add_register(router, _register)
