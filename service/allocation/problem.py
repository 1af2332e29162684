"""What an allocation of orders is asked: offers, demands and rules, checked together before anything is solved."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from service.allocation.checking import require_sound
from service.allocation.lines import BidMode, DemandLine, OfferLine, Rules, SupplierLine

__all__ = ["BidMode", "DemandLine", "OfferLine", "Problem", "Rules", "SupplierLine", "problem_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Offers, demands and rules that `checking.find_findings` has nothing against.

    Raises
    ------
    ProblemError
        On construction, with everything that speaks against it.

    """

    offers: Sequence[OfferLine]
    demands: Sequence[DemandLine]
    rules: Rules = field(default_factory=Rules)
    suppliers: Sequence[SupplierLine] = ()

    def __post_init__(self) -> None:
        require_sound(self.offers, self.demands, self.rules, self.suppliers)

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as JSON keeps it; `problem_of` reads it back."""
        return {
            "offers": [asdict(offer) for offer in self.offers],
            "demands": [asdict(demand) for demand in self.demands],
            "rules": asdict(self.rules) | {"bid_mode": str(self.rules.bid_mode)},
            "suppliers": [asdict(supplier) for supplier in self.suppliers],
        }

    def content_hash(self) -> str:
        """Return the SHA-256 of `as_dict`; the same question has the same hash."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def problem_of(stored: Mapping[str, Any]) -> Problem:
    """Return the problem that `Problem.as_dict` has written."""
    rules = stored["rules"]
    return Problem(
        offers=tuple(OfferLine(**line) for line in stored["offers"]),
        demands=tuple(DemandLine(**line) for line in stored["demands"]),
        rules=Rules(**{**rules, "bid_mode": BidMode(rules["bid_mode"])}),
        suppliers=tuple(SupplierLine(**line) for line in stored["suppliers"]),
    )
