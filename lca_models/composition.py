"""What flows are made of: their carbon, where it comes from, and which balance they belong to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lca_models.errors import N_
from lca_models.inventory import check_sources
from lca_models.tables import read_table


class Balance(StrEnum):
    """Where a flow counts: in the chain from coke to product, beside it (packing coke), or around the product."""

    CHAIN = "chain"
    OUTSIDE = "outside"
    PACKAGING = "packaging"


class Origin(StrEnum):
    """Where the carbon of a flow comes from."""

    FOSSIL = "fossil"
    BIOGENIC = "biogenic"
    RECYCLED = "recycled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """One flow; what is not carbon leaves coke and pitch as gas when they are heated."""

    flow: str
    kg_c_per_kg: float
    balance: Balance
    origin: Origin


_COLUMNS: Final = ("flow", "carbon", "unit", "balance", "origin", "source", "note")


def read_composition(content: bytes, *, file: str, sources: Iterable[str]) -> Mapping[str, Composition]:
    """Read the flows by name; a carbon content lies between 0 and 1 kg C per kg."""
    known = frozenset(sources)
    found: dict[str, Composition] = {}
    for row in read_table(content, file=file, required=_COLUMNS, optional=()):
        check_sources(row, known)
        row.choice("unit", ("kg/kg",))
        carbon = row.number("carbon")
        if not 0.0 <= carbon <= 1.0:
            raise row.error(
                "carbon",
                N_("%(file)s, line %(line)s, column %(column)s: %(value)s kg C per kg is not between 0 and 1. Correct it."),
            )
        found[row.text("flow")] = Composition(
            flow=row.text("flow"),
            kg_c_per_kg=carbon,
            balance=Balance(row.choice("balance", [one.value for one in Balance])),
            origin=Origin(row.choice("origin", [one.value for one in Origin])),
        )
    return found
