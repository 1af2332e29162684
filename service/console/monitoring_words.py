"""Words of the monitoring, in one place for lists, forms and files."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from service.accounts.access import Context
from service.accounts.models import User
from service.console.choices import Options
from service.errors import N_
from service.i18n import translate
from service.monitoring.carriers import CarrierKind, carriers
from service.monitoring.models import Door, EmissionSource, EvidenceKind, Frequency, Meter, Method
from service.monitoring.queries import find_meters, find_sources
from service.products.queries import all_plants, find_products
from service.submissions.units import UNITS, unit_label

ABOVE: Final = (N_("Monitoring"), "/console/plan/monitoring")
METHODS: Final[Mapping[Method, str]] = {
    Method.METERED: N_("Read from a meter"),
    Method.BILLED: N_("From a bill"),
    Method.WEIGHED: N_("Weighed"),
    Method.CALCULATED: N_("Calculated"),
    Method.ESTIMATED: N_("Estimated"),
}
FREQUENCIES: Final[Mapping[Frequency, str]] = {
    Frequency.CONTINUOUS: N_("All the time"),
    Frequency.DAILY: N_("Every day"),
    Frequency.MONTHLY: N_("Every month"),
    Frequency.BATCH: N_("Each delivery or batch"),
}
EVIDENCE: Final[Mapping[EvidenceKind, str]] = {
    EvidenceKind.BILL: N_("Bill"),
    EvidenceKind.METER_READING: N_("Meter reading"),
    EvidenceKind.WEIGHBRIDGE: N_("Weighbridge ticket"),
    EvidenceKind.STOCK_RECORD: N_("Stock record"),
    EvidenceKind.LABORATORY: N_("Laboratory report"),
    EvidenceKind.CALCULATION: N_("Calculation sheet"),
}
DOORS: Final[Mapping[Door, str]] = {
    Door.FORM: N_("Typed here"),
    Door.WORKBOOK: N_("From a table"),
    Door.API: N_("From another system"),
}
KINDS: Final[Mapping[CarrierKind, str]] = {
    CarrierKind.ELECTRICITY: N_("Electricity"),
    CarrierKind.HEAT: N_("Heat"),
    CarrierKind.FUEL: N_("Fuel"),
    CarrierKind.PROCESS: N_("Material of the process"),
    CarrierKind.OUTPUT: N_("What is made"),
    CarrierKind.SERVICE: N_("Made by others"),
    CarrierKind.WATER: N_("Water"),
    CarrierKind.WASTE: N_("Waste"),
}
PRODUCTS_MAX: Final = 200
TONES: Final[Mapping[str, str]] = {"A": "good", "B": "info", "C": "attention", "D": "bad"}
"""Of a badge, by grade; the letter says it too."""


def monitoring_tabs(context: Context) -> Sequence[tuple[str, str, bool]]:
    """Return the pages of the monitoring, the one that is open marked."""
    pages = (
        (N_("Months"), "/console/plan/monitoring"),
        (N_("Emission sources"), "/console/plan/monitoring/sources"),
        (N_("Meters"), "/console/plan/monitoring/meters"),
        (N_("Monitoring plan"), "/console/plan/monitoring/plan"),
        (N_("Quality of figures"), "/console/plan/monitoring/data-quality"),
    )
    present = context.request.url.path
    inside = [path for _, path in pages if present == path or present.startswith(f"{path}/")]
    active = max(inside, key=len, default="")
    return [(translate(context.locale, text), path, path == active) for text, path in pages]


def name_of(row: EmissionSource, context: Context) -> str:
    """Return a source's name in the reader's language."""
    return row.name_zh if context.locale == "zh-CN" else row.name_en


def carrier_choices(context: Context) -> Options:
    """Return the carriers with their kind, because names alone may be alike."""
    return [(key, f"{one.name(context.locale)} · {translate(context.locale, KINDS[one.kind])}") for key, one in carriers().items()]


def meter_choices(context: Context) -> Options:
    """Return meters by serial number and site."""
    plants = {one.id: one.name_zh if context.locale == "zh-CN" else one.name_en for one in all_plants(context.session)}
    return [(str(one.id), f"{one.serial} · {plants[one.plant_id]}") for one in find_meters(context.session)]


def source_choices(context: Context) -> Options:
    """Return sources by code and name."""
    return [(str(one.id), f"{one.code} · {name_of(one, context)}") for one in find_sources(context.session)]


def product_choices(context: Context) -> Options:
    """Return products by grade."""
    found = find_products(context.session, words=None, plant_id=None, inactive=True, after=None, limit=PRODUCTS_MAX)
    return [(str(one.id), one.grade) for one in found.rows]


def unit_code_choices(context: Context) -> Options:
    """Return the units that amounts are typed in."""
    offered = dict.fromkeys(unit for one in carriers().values() for unit in one.units)
    return [(unit, unit_label(unit, context.locale)) for unit in UNITS if unit in offered]


def meter_words(meter: Meter | None) -> str:
    """Return a meter's number and place."""
    return f"{meter.serial} · {meter.place}" if meter else ""


def month_words(month: date) -> str:
    """Return a month as people write it in both languages: 2026-05."""
    return f"{month:%Y-%m}"


def month_href(plant_id: uuid.UUID, month: date) -> str:
    """Return where a site's month is entered."""
    return f"/console/plan/monitoring/month?plant={plant_id}&month={month:%Y-%m}"


def source_href(source: EmissionSource) -> str:
    """Return a source's own page."""
    return f"/console/plan/monitoring/sources/{source.id}"


def entry_href(entry_id: uuid.UUID) -> str:
    """Return an entry's own page."""
    return f"/console/plan/monitoring/entries/{entry_id}"


def person_name(context: Context, source: EmissionSource) -> str:
    """Return who answers for a source; empty without anybody."""
    person = context.session.get(User, source.responsible_id) if source.responsible_id else None
    return person.name if person else ""


def is_unassigned(source: EmissionSource) -> bool:
    """Tell whether nobody answers for a source that is still counted."""
    return source.responsible_id is None and source.ends is None
