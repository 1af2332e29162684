"""What suppliers buy from suppliers of their own, and how closely one may see what the other's answers come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from service.errors import N_
from service.footprints.protection import PROTECTION
from service.footprints.supplier_values import CALCINED_COKE, PACKING_COKE, PITCH, TAR
from service.submissions.models import SubmissionStatus as Status
from service.submissions.rules import EDITABLE, USABLE
from service.suppliers.models import SupplierType

SHORTEST_TIME: Final = timedelta(days=14)
"""To answer, for a supplier's supplier; own choice, half of what is usual, because the first one waits for it."""
ASKING: Final = EDITABLE | USABLE | {Status.SUBMITTED, Status.IN_REVIEW}
"""Statuses of a questionnaire in which its supplier may still ask its own: the answer counts when it comes."""
_LONGEST_NAME: Final = 200
_STEPS_FROM: Final = -4


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Something that a supplier buys.

    Attributes
    ----------
    flow
        Key of the flow, as readers of answers know it.
    label
        Message id.
    supplier_type
        Which questionnaire fits who makes it.
    made
        Flow that the model's process for it makes; empty if there is none, and only a footprint of its own counts.

    """

    flow: str
    label: str
    supplier_type: SupplierType
    made: str = ""


_GREEN_COKE: Final = Supply(
    flow="green_petroleum_coke", label=N_("Green petroleum coke that you calcine"), supplier_type=SupplierType.COKE
)
_TAR: Final = Supply(flow=TAR, label=N_("Coal tar that you distil"), supplier_type=SupplierType.PITCH)
_BLOCK_COKE: Final = Supply(
    flow=CALCINED_COKE, label=N_("Calcined coke in your blocks"), supplier_type=SupplierType.COKE, made=CALCINED_COKE
)
_BLOCK_PITCH: Final = Supply(flow=PITCH, label=N_("Pitch in your blocks"), supplier_type=SupplierType.PITCH, made=PITCH)
_PACKING_COKE: Final = Supply(
    flow=PACKING_COKE, label=N_("Packing coke of your furnaces"), supplier_type=SupplierType.COKE, made=CALCINED_COKE
)
SUPPLIES: Final[Mapping[str, tuple[Supply, ...]]] = {
    SupplierType.COKE: (_GREEN_COKE,),
    SupplierType.PITCH: (_TAR,),
    SupplierType.CRUCIBLE: (_BLOCK_COKE, _BLOCK_PITCH),
    SupplierType.TOLL: (_PACKING_COKE,),
}
"""By type of who asks; others buy nothing whose footprint would count."""


def find_supply(supplier_type: str, flow: str) -> Supply | None:
    """Return what a supplier of a type buys under a flow's key."""
    return next((one for one in SUPPLIES.get(supplier_type, ()) if one.flow == flow), None)


def supplier_names(customer_zh: str, customer_en: str) -> tuple[str, str]:
    """Return how the maker's people name a supplier whose name they are not told."""
    return f"{customer_zh}的供应商"[:_LONGEST_NAME], f"A supplier of {customer_en}"[:_LONGEST_NAME]


def deadline_for(customer_deadline: date, *, today: date) -> date:
    """Return until when a supplier's supplier is asked to answer: with its customer, but never in a hurry."""
    return max(customer_deadline, today + SHORTEST_TIME)


def rounded_for_customer(kg_co2e_per_kg: float) -> tuple[Decimal, Decimal]:
    """Return a footprint as the customer sees it, with the step it is rounded to: 1, 2 or 5 times a power of ten.

    Half a step is at least 10 % of it, the share by which every single input stays uncertain: so it holds even where one input,
    such as the electricity of nitrogen, is all of it.
    """
    steps = (Decimal(digit).scaleb(power) for power in range(_STEPS_FROM, 4) for digit in (1, 2, 5))
    step = next(one for one in steps if float(one) / 2 >= PROTECTION * abs(kg_co2e_per_kg))
    return (Decimal(repr(kg_co2e_per_kg)) / step).to_integral_value() * step, step
