"""What is left out of a footprint on purpose: each flow with an estimate, together at most 3 % of the result (PACT v3)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.errors import N_, Notice
from lca_models.inventory import check_sources
from lca_models.tables import read_table

LIMIT: Final = 0.03
"""Largest share of the cradle-to-gate total that all exempted flows may have together."""

_SHARE: Final = "1"
_AMOUNT: Final = "kgCO2e/kg"
_COLUMNS: Final = (
    *("flow", "estimate", "unit", "source", "confidence"),
    *("name_en", "name_zh", "reason_en", "reason_zh", "evidence_en", "evidence_zh"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One excluded flow.

    Attributes
    ----------
    kg_co2e_per_kg
        Estimate per kg of product; None where the estimate is a share.
    share_of_total
        Estimate as a share of the total, 0 to 1; None where it is an amount.
    evidence_en, evidence_zh
        Arithmetic or document behind the estimate.

    """

    flow: str
    name_en: str
    name_zh: str
    kg_co2e_per_kg: float | None
    share_of_total: float | None
    reason_en: str
    reason_zh: str
    evidence_en: str
    evidence_zh: str
    confidence: str

    def share(self, total_kg_co2e: float) -> float:
        """Return the estimate as a share of the total, 0 to 1."""
        return self.share_of_total if self.share_of_total is not None else (self.kg_co2e_per_kg or 0.0) / total_kg_co2e


def read_exemptions(content: bytes, *, file: str, sources: Iterable[str]) -> Mapping[str, Exemption]:
    """Read the shipped ledger by flow; an estimate is a share of the total (unit 1) or kgCO2e/kg, never negative."""
    known = frozenset(sources)
    found: dict[str, Exemption] = {}
    for row in read_table(content, file=file, required=_COLUMNS, optional=()):
        check_sources(row, known)
        unit = row.choice("unit", (_SHARE, _AMOUNT))
        estimate = row.number("estimate")
        if estimate < 0:
            raise row.error(
                "estimate",
                N_("%(file)s, line %(line)s: an exempted flow has an estimate of zero or more, not %(value)s. Correct it."),
            )
        found[row.text("flow")] = Exemption(
            flow=row.text("flow"),
            kg_co2e_per_kg=estimate if unit == _AMOUNT else None,
            share_of_total=estimate if unit == _SHARE else None,
            confidence=row.text("confidence"),
            **{name: row.text(name) for name in ("name_en", "name_zh", "reason_en", "reason_zh", "evidence_en", "evidence_zh")},
        )
    return found


def exempted_share(exemptions: Iterable[Exemption], *, total_kg_co2e: float) -> float:
    """Return the share of the total that all exempted flows have together, by their estimates."""
    return math.fsum(one.share(total_kg_co2e) for one in exemptions)


def find_excess(exemptions: Sequence[Exemption], *, total_kg_co2e: float) -> Notice | None:
    """Return what is wrong if the exempted flows exceed the limit."""
    share = exempted_share(exemptions, total_kg_co2e=total_kg_co2e)
    if share <= LIMIT:
        return None
    largest = max(exemptions, key=lambda one: one.share(total_kg_co2e))
    return Notice(
        template=N_(
            "Flows left out make %(share)s %% of the result, more than %(limit)s %%; the largest is “%(flow)s” "
            "with %(largest)s %%. Take it into the inventory or prove a lower estimate."
        ),
        values={
            "share": f"{share * 100:.2f}",
            "limit": f"{LIMIT * 100:g}",
            "flow": largest.flow,
            "largest": f"{largest.share(total_kg_co2e) * 100:.2f}",
        },
    )
