"""Packing coke that toll plants buy themselves: its factor from what their own suppliers answered."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from service.footprints.provenance import Part, Provenance, mixed
from service.footprints.supplier_values import PACKING_COKE, shown
from service.submissions.queries import AcceptedAnswers

PACKING_COKE_FACTOR: Final = "packing_coke_kg_co2e_per_kg"
_USED: Final = "packing_coke_net_kg_per_kg"


def mixed_packing_coke(
    toll: Mapping[str, Provenance], answers: Mapping[uuid.UUID, AcceptedAnswers], own: Provenance
) -> Provenance | None:
    """Return the factor of packing coke, averaged by how much of it each plant uses; None if no plant's supplier has answered.

    Parameters
    ----------
    toll
        Mixes of own furnace and toll plants by parameter.
    own
        The factor without toll plants' suppliers.

    """
    used = toll[_USED].parts if _USED in toll else ()
    answered = {supplier_id: one for supplier_id, one in answers.items() if PACKING_COKE in one.upstream}
    if not any(part.supplier_id in answered for part in used):
        return None
    parts = tuple(
        _part(replace(own.parts[0], weight=one.weight), one, answered.get(one.supplier_id) if one.supplier_id else None)
        for one in used
    )
    return replace(own, value=mixed(parts, [one.value for one in used]), parts=parts)


def _part(own: Part, used: Part, answers: AcceptedAnswers | None) -> Part:
    if answers is None:
        return own
    bought = answers.upstream[PACKING_COKE]
    return replace(
        own,
        kind="secondary",
        value=bought.kg_co2e_per_kg,
        source=answers.number,
        formula=f"{PACKING_COKE} {shown(bought.kg_co2e_per_kg)} kgCO2e/kg",
        place="supplier",
        supplier_id=used.supplier_id,
        submission_id=answers.submission_id,
    )
