"""The register of what customers ask of the quality of a product."""

from fastapi import APIRouter

from service.accounts.access import Context
from service.console.choices import Options
from service.console.footprints import product_options
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.eco_design.models import QualityLimit
from service.eco_design.schemas import QualityLimitInput
from service.errors import N_
from service.i18n import translate
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.products.quality import BY_KEY, PARAMETERS

router = APIRouter()


def _parameters(context: Context) -> Options:
    return [(one.key, translate(context.locale, one.name)) for one in PARAMETERS]


QUALITY_LIMITS = Register(
    key="quality_limit",
    path="/console/plan/quality-limits",
    title=N_("Customers' limits on quality"),
    lead=N_("What specifications ask of a product; a variant that breaks one can't be chosen"),
    empty=N_("Enter what a customer's specification asks, so that no variant is chosen that the customer would send back."),
    add_label=N_("Enter a limit"),
    table=QualityLimit,
    fields=QualityLimitInput,
    columns=(
        Column(key="product_id", label=N_("Product"), kind=Kind.CHOICE, choices=product_options, filtered=True),
        Column(key="customer", label=N_("Customer"), filtered=True),
        Column(key="parameter", label=N_("Quality parameter"), kind=Kind.CHOICE, choices=_parameters, filtered=True),
        Column(key="lowest", label=N_("At least"), kind=Kind.NUMBER),
        Column(key="highest", label=N_("At most"), kind=Kind.NUMBER),
        Column(key="unit", label=N_("Unit"), computed=lambda _context, row: BY_KEY[row.parameter].unit),
        Column(key="source", label=N_("Specification")),
    ),
    identity=("product_id", "customer", "parameter"),
    sort=("customer", "parameter"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("No longer asked")),
    above=(N_("Eco-design"), "/console/plan/eco-design"),
)

add_register(router, QUALITY_LIMITS)
