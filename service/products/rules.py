"""Pure rules of products: shares of suppliers and the weights that follow from them."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from service.errors import N_, ConflictError, FieldError

SHARE_TOLERANCE = 0.0005
"""Shares of one flow may miss 100 % by 0.05 points, which is what rounding 1/3 to 33.3 % costs; own choice."""


class WeightsError(ConflictError):
    """It is not known how much each supplier of a flow delivers."""

    code = "supplier-weights-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputShare:
    """One supplier of one flow.

    Attributes
    ----------
    share
        0 to 1 of the flow; None: by the period's purchases.

    """

    flow: str
    supplier_id: uuid.UUID
    share: float | None


def check_shares(inputs: Iterable[InputShare]) -> Mapping[str, FieldError]:
    """Return what is wrong with the suppliers of each flow; empty if nothing is.

    Either each supplier of a flow has a share and they add up to 100 %, or none has and purchases decide.
    """
    return {flow: error for flow, shares in by_flow(inputs).items() if (error := _share_error(shares)) is not None}


def by_flow(inputs: Iterable[InputShare]) -> Mapping[str, tuple[InputShare, ...]]:
    """Group inputs by flow, in the order given."""
    grouped: dict[str, tuple[InputShare, ...]] = {}
    for item in inputs:
        grouped[item.flow] = (*grouped.get(item.flow, ()), item)
    return grouped


def normalised(amounts: Mapping[uuid.UUID, float]) -> Mapping[uuid.UUID, float]:
    """Return shares that add up to 1 from amounts whose sum is above zero."""
    total = sum(amounts.values())
    return {supplier_id: amount / total for supplier_id, amount in amounts.items()}


def weights_from_purchases(
    suppliers: Collection[uuid.UUID], amounts: Mapping[uuid.UUID, float], *, names: Mapping[uuid.UUID, str], **place: object
) -> Mapping[uuid.UUID, float]:
    """Weight the suppliers of one flow by what was bought; a single one needs no purchase.

    Parameters
    ----------
    amounts
        t bought in the period by supplier; a supplier that is missing here is an error, never zero.
    names, place
        Supplier names; product, flow and period, for the message.

    """
    if len(suppliers) == 1:
        return dict.fromkeys(suppliers, 1.0)
    missing = [names[supplier_id] for supplier_id in suppliers if supplier_id not in amounts]
    if missing:
        raise WeightsError(
            N_(
                "%(product)s: no purchases of %(flow)s from %(suppliers)s are recorded inside %(start)s to %(end)s. "
                "Enter them (0 if nothing was bought), or type shares in the product."
            ),
            suppliers=", ".join(missing),
            **place,
        )
    if sum(amounts.values()) <= 0:
        raise WeightsError(
            N_(
                "%(product)s: the purchases of %(flow)s inside %(start)s to %(end)s add up to 0 t. "
                "Correct them, or type shares in the product."
            ),
            **place,
        )
    return normalised({supplier_id: amounts[supplier_id] for supplier_id in suppliers})


def _share_error(shares: tuple[InputShare, ...]) -> FieldError | None:
    if len({item.supplier_id for item in shares}) < len(shares):
        return FieldError(N_("A supplier is listed twice for this material; remove one of the lines."))
    given = [item.share for item in shares if item.share is not None]
    if given and len(given) < len(shares):
        return FieldError(
            N_("%(given)s of %(all)s suppliers have a share; type a share for each, or leave all empty to go by purchases."),
            given=len(given),
            all=len(shares),
        )
    total = sum(given)
    if given and abs(total - 1) > SHARE_TOLERANCE:
        return FieldError(
            N_("The shares add up to %(total)s percent instead of 100; change one by %(difference)s."),
            total=f"{total * 100:.6g}",
            difference=f"{(1 - total) * 100:+.6g}",
        )
    return None
