"""The rules beyond the schema for PACT v3 footprints, `PCF-R1` to `PCF-R15`; docs/validator.md lists them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from service.conformance import completeness_rules, naming_rules, number_rules, time_rules
from service.conformance.findings import Finding
from service.conformance.footprint import Checked, Findings, KnownFootprint
from service.conformance.reading import without_nulls

RULES: Final[tuple[Callable[[Checked], Findings], ...]] = (
    number_rules.notation,
    number_rules.signs,
    number_rules.sums,
    naming_rules.geography,
    time_rules.windows,
    completeness_rules.packaging,
    completeness_rules.capture,
    number_rules.ranges,
    number_rules.carbon,
    completeness_rules.sources,
    completeness_rules.method,
    naming_rules.names,
    naming_rules.succession,
    time_rules.timestamps,
    completeness_rules.nulls,
)
"""In the order of their numbers."""


def check_pact3(
    document: Mapping[str, Any],
    *,
    own: bool,
    known: Mapping[str, KnownFootprint] | None = None,
    domain: str | None = None,
) -> tuple[Finding, ...]:
    """Return what the rules have against a footprint, in the order of their numbers; its shape is the schema's matter.

    Parameters
    ----------
    own
        Our own output, which is held to all rules; of a partner's input some are only flagged.
    known
        Other footprints on file, by id in lower case, for `PCF-R13`; None leaves out what needs them.
    domain
        Our own, under which an own document must name company and product.

    """
    checked = Checked(raw=document, document=without_nulls(document), own=own, known=known, domain=domain)
    return tuple(finding for rule in RULES for finding in rule(checked))
