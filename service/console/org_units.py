"""The units of the maker that answer for parts of the plan."""

from fastapi import APIRouter

from service.console.governance_words import ABOVE, governance_tabs
from service.console.registers import Column, Kind, Register, add_register
from service.errors import N_
from service.plan.models import OrgUnit
from service.plan.operations import add_unit, change_unit
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.plan.schemas import OrgUnitInput

router = APIRouter()

ORG_UNITS = Register(
    key="org_unit",
    path="/console/plan/governance/units",
    title=N_("Departments and units"),
    lead=N_("Departments, sites and committees that answer for parts of the plan"),
    empty=N_("Add the departments that carry out the plan; tasks and targets are then given to them."),
    add_label=N_("Add a department"),
    table=OrgUnit,
    fields=OrgUnitInput,
    columns=(
        Column(key="name_zh", label=N_("Chinese name"), filtered=True),
        Column(key="name_en", label=N_("English name")),
        Column(key="is_active", label=N_("At work"), kind=Kind.YES_NO, filtered=True),
    ),
    identity=("name_zh",),
    sort=("name_zh",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=add_unit,
    change=change_unit,
    above=ABOVE,
    tabs=governance_tabs,
)

add_register(router, ORG_UNITS)
