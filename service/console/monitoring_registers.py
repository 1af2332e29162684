"""The lists of sources and meters."""

from typing import Any

from fastapi import APIRouter

from service.accounts.access import Context
from service.console.monitoring_words import (
    ABOVE,
    EVIDENCE,
    FREQUENCIES,
    METHODS,
    carrier_choices,
    meter_choices,
    monitoring_tabs,
    product_choices,
    unit_code_choices,
)
from service.console.register_columns import person_choices, plant_choices, unit_choices, worded
from service.console.registers import Column, Kind, Register, add_register
from service.errors import N_
from service.i18n import translate
from service.monitoring.models import EmissionSource, Meter
from service.monitoring.operations import add_meter, add_source, change_meter, change_source, check_meter, check_source
from service.monitoring.schemas import MeterInput, SourceInput
from service.plan.policies import PLAN_EDITORS, PLAN_READERS

router = APIRouter()


def _months_link(context: Context, row: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - the kit hands over a row of the table
    return [(translate(context.locale, N_("Months")), f"/console/plan/monitoring/sources/{row.id}")]


SOURCES = Register(
    key="emission_source",
    path="/console/plan/monitoring/sources",
    title=N_("Emission sources"),
    lead=N_("Everything that is counted each month: who answers for it, how it is measured, and the paper behind it"),
    empty=N_("Add the first source, such as the electricity account of a site."),
    add_label=N_("Add a source"),
    table=EmissionSource,
    fields=SourceInput,
    columns=(
        Column(key="code", label=N_("Code"), filtered=True, hint=N_("As tables and other systems call it: GD-E-01")),
        Column(key="plant_id", label=N_("Site"), kind=Kind.CHOICE, choices=plant_choices, filtered=True),
        Column(key="carrier", label=N_("What is counted"), kind=Kind.CHOICE, choices=carrier_choices, filtered=True),
        Column(key="name_zh", label=N_("Chinese name"), filtered=True),
        Column(key="name_en", label=N_("English name")),
        Column(key="responsible_id", label=N_("Person responsible"), kind=Kind.CHOICE, choices=person_choices, filtered=True),
        Column(key="unit_id", label=N_("Department"), kind=Kind.CHOICE, choices=unit_choices, filtered=True),
        Column(key="method", label=N_("How it is measured"), kind=Kind.CHOICE, choices=worded(METHODS), filtered=True),
        Column(key="meter_id", label=N_("Meter"), kind=Kind.CHOICE, choices=meter_choices, in_list=False),
        Column(key="frequency", label=N_("How often"), kind=Kind.CHOICE, choices=worded(FREQUENCIES), in_list=False),
        Column(key="evidence_kind", label=N_("Paper behind it"), kind=Kind.CHOICE, choices=worded(EVIDENCE), in_list=False),
        Column(key="product_id", label=N_("Product, if it is made"), kind=Kind.CHOICE, choices=product_choices, in_list=False),
        Column(key="starts", label=N_("From month"), kind=Kind.DATE, in_list=False),
        Column(key="ends", label=N_("Last month"), kind=Kind.DATE, in_list=False, hint=N_("Empty while it is counted")),
    ),
    identity=("plant_id", "code"),
    sort=("plant_id", "code"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=add_source,
    change=change_source,
    check=check_source,
    above=ABOVE,
    tabs=monitoring_tabs,
    links=_months_link,
)

METERS = Register(
    key="meter",
    path="/console/plan/monitoring/meters",
    title=N_("Meters"),
    lead=N_("Meters of the sites; what a sub-meter counts is within its main meter and never added to it"),
    empty=N_("Add the main meter of a site first, then its sub-meters."),
    add_label=N_("Add a meter"),
    table=Meter,
    fields=MeterInput,
    columns=(
        Column(key="serial", label=N_("Meter number"), filtered=True),
        Column(key="plant_id", label=N_("Site"), kind=Kind.CHOICE, choices=plant_choices, filtered=True),
        Column(key="place", label=N_("Where it stands"), filtered=True),
        Column(key="unit", label=N_("Unit of its counter"), kind=Kind.CHOICE, choices=unit_code_choices),
        Column(key="multiplier", label=N_("Multiplier"), kind=Kind.NUMBER, hint=N_("Of its transformers; 1 without any")),
        Column(key="calibrated_until", label=N_("Calibrated until"), kind=Kind.DATE),
        Column(key="parent_id", label=N_("Main meter before it"), kind=Kind.CHOICE, choices=meter_choices),
    ),
    identity=("plant_id", "serial"),
    sort=("plant_id", "serial"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=add_meter,
    change=change_meter,
    check=check_meter,
    above=ABOVE,
    tabs=monitoring_tabs,
)

add_register(router, SOURCES)
add_register(router, METERS)
