"""Words for what stands in an allocation's way, by the names of suppliers and materials instead of columns."""

from collections.abc import Mapping
from typing import Any, Final

from service.allocation.program import Rule
from service.errors import N_
from service.i18n import Locale, translate
from service.web.formatting import format_exact, format_percent

BLOCKING_WORDS: Final[Mapping[Rule, str]] = {
    Rule.OFFERS: N_("Nobody who may get an order offers %(material)s, of which %(needed)s t are needed."),
    Rule.VETO: N_("Every offer of %(material)s is excluded by a veto; %(needed)s t are needed."),
    Rule.CAPACITY: N_(
        "The offers of %(material)s can't deliver enough: %(supplier)s would need %(needed)s t instead of %(limit)s t."
    ),
    Rule.SHARE: N_(
        "The shares that grades and contracts allow don't cover the demand for %(material)s: %(supplier)s would need %(needed)s "
        "instead of %(limit)s. Add an offer, ask for a waiver, or help a supplier to a better grade."
    ),
    Rule.MOQ: N_("The least order of %(supplier)s for %(material)s is too large: %(limit)s t, and at most %(needed)s t would fit."),
    Rule.MIN_TAKE: N_(
        "The amount to be taken from %(supplier)s of %(material)s is too large: %(limit)s t, and %(needed)s t would fit."
    ),
    Rule.MIN_SUPPLIERS: N_(
        "%(material)s does not have %(limit)s suppliers that can deliver together; %(needed)s would be possible."
    ),
    Rule.MAX_SUPPLIERS: N_("So few suppliers can't deliver %(material)s: it takes %(needed)s instead of %(limit)s."),
    Rule.DEFECTS: N_(
        "The offers of %(material)s have too many defects: on average %(needed)s would be possible instead of %(limit)s."
    ),
    Rule.SCORE: N_(
        "The offers of %(material)s don't reach the green score asked for: %(needed)s on average would be possible, not %(limit)s."
    ),
    Rule.SUPPLIER_CAPACITY: N_("%(supplier)s can't deliver enough of all materials together: %(needed)s t instead of %(limit)s t."),
    Rule.OWNER_GROUP: N_("The group %(supplier)s would get too much of %(material)s: %(needed)s instead of %(limit)s."),
    Rule.NEW_SUPPLIERS: N_("It takes %(needed)s new suppliers instead of %(limit)s at most."),
    Rule.CARBON_CAP: N_("No plan stays below the carbon cap of %(limit)s t CO₂e; at least %(needed)s t are possible."),
    Rule.MIN_ORDER: N_("%(supplier)s can't get the least share of %(material)s that every supplier gets."),
}
SHARES: Final = frozenset({Rule.SHARE, Rule.DEFECTS, Rule.OWNER_GROUP, Rule.MIN_ORDER})


def blocking_words(stored: Mapping[str, Any], *, locale: Locale, material: str, supplier: str) -> str:
    """Return a stored blocking rule in words."""
    rule = Rule(stored["rule"])
    return translate(
        locale,
        BLOCKING_WORDS[rule],
        material=material,
        supplier=supplier,
        limit=_shown(stored["limit"], rule, locale),
        needed=_shown(stored["needed"], rule, locale),
    )


def _shown(value: float, rule: Rule, locale: Locale) -> str:
    return format_percent(value, locale, 4) if rule in SHARES else format_exact(float(f"{value:.6g}"), locale)
