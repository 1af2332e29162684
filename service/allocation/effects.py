"""What has happened since an order was planned or awarded: a veto, a lower cap, an offer that ended or changed its price."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from service.allocation.offer_queries import OfferRow, offers_in_force, waived_pairs
from service.allocation.queries import latest_ranked_scores
from service.compliance.queries import vetoes_of
from service.errors import N_
from service.green_score.method_queries import method_in_force

TOLERANCE: Final = 1e-9


class Effect(StrEnum):
    """What has happened; `FORBIDDING` ones make an order no longer permissible."""

    VETOED = "vetoed"
    OVER_CAP = "over_cap"
    NO_SCORE = "no_score"
    OFFER_ENDED = "offer_ended"
    PRICE_CHANGED = "price_changed"
    GRADE_CHANGED = "grade_changed"


FORBIDDING: Final = frozenset({Effect.VETOED, Effect.OVER_CAP, Effect.NO_SCORE})
EFFECT_WORDS: Final[Mapping[Effect, str]] = {
    Effect.VETOED: N_("A veto stands against the supplier now; it may get no order."),
    Effect.OVER_CAP: N_("Grade %(grade)s allows %(cap)s of this material now, and %(share)s are planned."),
    Effect.NO_SCORE: N_("The supplier has no green score any more; it may get no order without a waiver."),
    Effect.OFFER_ENDED: N_("The offer has ended; ask for a new price."),
    Effect.PRICE_CHANGED: N_("The price is %(now)s yuan/t now, and %(then)s were counted."),
    Effect.GRADE_CHANGED: N_("The grade is %(grade)s now, and was %(before)s."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOrder:
    """What was planned or awarded; `share` of the material's demand, 0 to 1, `grade` as it was."""

    supplier_id: uuid.UUID
    material: str
    share: float
    price_per_t: float
    grade: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One effect on one order; `values` are for its words."""

    order: PlannedOrder
    effect: Effect
    values: Mapping[str, str | float]

    @property
    def forbids(self) -> bool:
        """Whether the order is no longer permissible."""
        return self.effect in FORBIDDING


def what_happened(session: Session, orders: Sequence[PlannedOrder], *, on: date) -> list[Happened]:
    """Return what has happened to orders up to a day, those that are no longer permissible first."""
    offers = {(one.supplier_id, one.flow): one for one in offers_in_force(session, on=on)}
    found = [one for order in orders for one in _of_order(session, order, offers.get((order.supplier_id, order.material)), on=on)]
    return sorted(found, key=lambda one: not one.forbids)


def _of_order(session: Session, order: PlannedOrder, offer: OfferRow | None, *, on: date) -> list[Happened]:
    found: list[tuple[Effect, Mapping[str, str | float]]] = []
    if vetoes_of(session, order.supplier_id, on=on):
        found.append((Effect.VETOED, {}))
    else:
        found += _of_score(session, order, on=on)
    if offer is None:
        found.append((Effect.OFFER_ENDED, {}))
    elif abs(offer.price_cny_per_t - order.price_per_t) > TOLERANCE:
        found.append((Effect.PRICE_CHANGED, {"now": offer.price_cny_per_t, "then": order.price_per_t}))
    return [Happened(order=order, effect=effect, values=values) for effect, values in found]


def _of_score(session: Session, order: PlannedOrder, *, on: date) -> list[tuple[Effect, Mapping[str, str | float]]]:
    pair = (order.supplier_id, order.material)
    if pair in waived_pairs(session, on=on):
        return []
    score = latest_ranked_scores(session, on=on, supplier_ids=[order.supplier_id]).get(pair)
    if score is None:
        return [(Effect.NO_SCORE, {})]
    cap = method_in_force(session, on)[1].share_cap(score.grade)
    if order.share > cap + TOLERANCE:
        return [(Effect.OVER_CAP, {"grade": score.grade, "cap": cap, "share": order.share})]
    if order.grade is not None and score.grade != order.grade:
        return [(Effect.GRADE_CHANGED, {"grade": score.grade, "before": order.grade})]
    return []
