"""The recycled share of a product as its claims and records give it; every reader takes it from here."""

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from service.material_flows import recycled_queries as queries
from service.material_flows.models import ClaimStatus, RecycledClaim, RecycledSource
from service.material_flows.recycled_rules import balance_window, usable_mass
from service.products.queries import productions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RecycledShare:
    """Recycled content of a product in a period, by mass of the product.

    Attributes
    ----------
    share, pre_consumer, post_consumer
        0 to 1; `share` is the sum of the two.
    claimed_t, output_t
        What the share is made of: approved claims, and the output recorded of the same days.
    claims
        Numbers of the claims.
    valid_until
        First day on which one of the sources' certificates ends.

    """

    share: float
    pre_consumer: float
    post_consumer: float
    claimed_t: float
    output_t: float
    claims: tuple[str, ...]
    valid_until: date


def recycled_share(session: Session, product_id: uuid.UUID, *, start: date, end: date, on: date) -> RecycledShare | None:
    """Return the recycled share of a product in a period; None where no claim counts or no output is recorded.

    Approved claims of periods inside the one asked for count, as long as the certificate of their source is valid on the
    day asked for: a certificate that has run out takes its claims out of everything made from then on.
    """
    output_t = math.fsum(
        one.output_t for one in productions_of(session, product_id) if start <= one.period_start and one.period_end <= end
    )
    counted = _valid_claims(session, product_id, start=start, end=end, on=on)
    if not counted or output_t <= 0.0:
        return None
    kinds = [_kinds(session, claim, source) for claim, source in counted]
    pre, post = (math.fsum(one[place] for one in kinds) / output_t for place in (0, 1))
    return RecycledShare(
        share=pre + post,
        pre_consumer=pre,
        post_consumer=post,
        claimed_t=math.fsum(claim.claimed_t for claim, _ in counted),
        output_t=output_t,
        claims=tuple(claim.number for claim, _ in counted),
        valid_until=min(source.valid_until for _, source in counted),
    )


def _valid_claims(
    session: Session, product_id: uuid.UUID, *, start: date, end: date, on: date
) -> Sequence[tuple[RecycledClaim, RecycledSource]]:
    sources: Mapping[uuid.UUID, RecycledSource] = {one.id: one for one in queries.all_sources(session)}
    found = [
        (claim, sources[claim.source_id])
        for claim in queries.claims_of(session, product_id=product_id, statuses=(ClaimStatus.APPROVED,))
        if start <= claim.period_start and claim.period_end <= end
    ]
    return [(claim, source) for claim, source in found if source.valid_from <= on <= source.valid_until]


def _kinds(session: Session, claim: RecycledClaim, source: RecycledSource) -> tuple[float, float]:
    """Return the pre- and post-consumer tonnes of a claim: in the proportion in which its window's receipts hold them."""
    window = balance_window(source.custody, period_start=claim.period_start, period_end=claim.period_end)
    usable = usable_mass(queries.receipts_of(session, source.id), window, conversion=source.conversion)
    part = usable.pre_consumer_t / usable.total_t if usable.total_t else 0.0
    return claim.claimed_t * part, claim.claimed_t * (1.0 - part)
