"""Variants of a comparison in words and drawings."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from lca_models.model import Model
from service.certificates.queries import get_customer
from service.console.footprint_comparison import step_name
from service.eco_design.comparing import Variant
from service.eco_design.limits import FOOTPRINT, Checked, Verdict
from service.errors import N_
from service.i18n import Locale, translate
from service.products.quality import BY_KEY
from service.web.charts_changes import Change, Waterfall, waterfall

_UNIT: Final = "kg CO₂e/kg"
_VERDICTS: Final[Mapping[Verdict, tuple[str, str]]] = {
    Verdict.KEPT: (N_("Kept"), "good"),
    Verdict.BROKEN: (N_("Broken"), "bad"),
    Verdict.UNKNOWN: (N_("No value entered"), "attention"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLimit:
    """A limit and how a variant stands to it."""

    customer: str
    parameter: str
    unit: str
    lowest: float | None
    highest: float | None
    value: float | None
    words: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVariant:
    """A variant as people read it; the first, the product as it is, has no chart.

    Attributes
    ----------
    broken
        Limits that it breaks.
    unknown
        Limits of which nothing is known.

    """

    name: str
    variant: Variant
    overlays: Sequence[str]
    chart: Waterfall | None
    limits: Sequence[ShownLimit]
    broken: int
    unknown: int


def shown_variants(variants: Sequence[Variant], model: Model, locale: Locale) -> list[ShownVariant]:
    """Return the variants of a comparison; names of groups that the model in use no longer has stay as they are stored."""
    base = variants[0]
    return [
        ShownVariant(
            name=one.name or translate(locale, N_("As it is")),
            variant=one,
            overlays=[overlay.name_zh if locale == "zh-CN" else overlay.name_en for overlay in one.overlays],
            chart=_chart(base, one, model, locale) if place else None,
            limits=[_limit(limit, locale) for limit in one.limits],
            broken=sum(limit.verdict is Verdict.BROKEN for limit in one.limits),
            unknown=sum(limit.verdict is Verdict.UNKNOWN for limit in one.limits),
        )
        for place, one in enumerate(variants)
    ]


def limit_name(session: Session, customer_id: uuid.UUID, locale: Locale) -> str:
    """Return whose limit on the footprint it is."""
    customer = get_customer(session, customer_id)
    return customer.name_zh if locale == "zh-CN" else customer.name_en


def _chart(base: Variant, one: Variant, model: Model, locale: Locale) -> Waterfall:
    changes = [Change(label=step_name(step.key, model, locale, is_group=True), value=step.kg_co2e) for step in one.steps]
    return waterfall(base.total_kg_co2e, changes, unit=_UNIT)


def _limit(one: Checked, locale: Locale) -> ShownLimit:
    text, tone = _VERDICTS[one.verdict]
    known = BY_KEY.get(one.parameter)
    name = N_("Footprint of the product") if one.parameter == FOOTPRINT else known.name if known else one.parameter
    return ShownLimit(
        customer=one.customer,
        parameter=translate(locale, name),
        unit=_UNIT if one.parameter == FOOTPRINT else known.unit if known else "",
        lowest=one.lowest,
        highest=one.highest,
        value=one.value,
        words=translate(locale, text),
        tone=tone,
    )
