"""Who may deliver what, and how much of it: an offer with its supplier's footprint, score and standing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from service.allocation.lines import OfferLine
from service.errors import N_

PRICE_PREFERENCES: Final[Mapping[str, float]] = {"A+": 0.03, "A": 0.02}
"""Share by which the bids of leading suppliers are judged lower, where bids are compared by grade instead of by a carbon price."""


class Removal(StrEnum):
    """Why an offer gets no order."""

    NOT_QUALIFIED = "not_qualified"
    VETOED = "vetoed"
    NO_SCORE = "no_score"
    GRADE = "grade"
    NO_FOOTPRINT = "no_footprint"


REMOVALS: Final[Mapping[Removal, str]] = {
    Removal.NOT_QUALIFIED: N_("The supplier is not qualified for this material."),
    Removal.VETOED: N_("The supplier is excluded: a veto stands against it, which no waiver lifts."),
    Removal.NO_SCORE: N_("The supplier has no green score yet: calculate the scores, or ask for a waiver."),
    Removal.GRADE: N_("Its grade allows no new orders: close its corrective actions, or ask for a waiver."),
    Removal.NO_FOOTPRINT: N_("There is neither a footprint of its own nor a benchmark of the material to stand in for it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An offer as an allocation looked at it.

    Attributes
    ----------
    supplier, offer_id, score_id
        Ids as text; None where there is no score.
    kg_co2e_per_t
        Of what is offered, as it was counted; None without footprint and benchmark.
    footprint_origin
        `own`, or `stand_in` where the supplier is silent.
    footprint_source
        What the footprint rests on; empty without one.
    total, grade, grade_probability
        Of the latest score, as it was counted.
    grade_cap
        Share of the material's demand that the grade allows, 0 to 1; 1 with a waiver.
    removal
        Why it gets nothing; None for one that may be chosen.

    """

    supplier: str
    name_zh: str
    name_en: str
    material: str
    offer_id: str
    price_per_t: float
    priced_on: date
    valid_until: date
    capacity_t: float
    moq_t: float
    fixed_cost: float
    max_share: float
    defect_share: float
    kg_co2e_per_t: float | None
    footprint_origin: str
    footprint_source: str
    score_id: str | None
    total: float | None
    grade: str | None
    grade_probability: float | None
    grade_cap: float
    is_waived: bool
    removal: Removal | None

    def line(self) -> OfferLine | None:
        """Return what the solver is told; None for one that gets nothing."""
        if self.removal is not None or self.kg_co2e_per_t is None:
            return None
        return OfferLine(
            supplier=self.supplier,
            material=self.material,
            price_per_t=self.price_per_t,
            kg_co2e_per_t=self.kg_co2e_per_t,
            capacity_t=self.capacity_t,
            moq_t=self.moq_t,
            fixed_cost=self.fixed_cost,
            max_share=min(self.max_share, self.grade_cap),
            defect_share=self.defect_share,
            green_score=self.total,
            price_preference=PRICE_PREFERENCES.get(self.grade or "", 0.0),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON keeps it; `candidate_from` reads it back."""
        days = {"priced_on": self.priced_on.isoformat(), "valid_until": self.valid_until.isoformat()}
        return asdict(self) | days | {"removal": self.removal and str(self.removal)}


def candidate_from(stored: Mapping[str, Any]) -> Candidate:
    """Return the candidate that `Candidate.as_dict` has written."""
    days = {name: date.fromisoformat(stored[name]) for name in ("priced_on", "valid_until")}
    removal = stored["removal"]
    return Candidate(**{**stored, **days, "removal": None if removal is None else Removal(removal)})
