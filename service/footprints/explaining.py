"""Why a record is what it is: calculated again on its own model version, then explained by what stands behind its inputs."""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from sqlmodel import Session

from lca_models.calculation import calculate_footprint
from lca_models.electricity import EXPLICIT, NATIONAL, SCOPES
from lca_models.errors import ModelError
from lca_models.explanations import Explanations, explain
from lca_models.explanations.attribution import OWN_PLANT, UNNAMED, Origin
from lca_models.explanations.comparison import Comparison, Grouping, Side, compare_footprints
from lca_models.explanations.tornado import Tornado, swing_parameters
from lca_models.parameters import FURNACE
from lca_models.quality import Mixture
from service.footprints.models import FootprintRecord
from service.footprints.operations import ModelRefusedError
from service.footprints.rechecking import rebuild
from service.modelling.queries import model_of


def explanations_of(side: Side, record: FootprintRecord) -> Explanations:
    """Return where a record's footprint comes from, under its headline electricity view.

    Parameters
    ----------
    side
        The record as `side_of` returns it.

    """
    return explain(side.model, side.footprint, origins=origins_of(record))


def tornado_of(side: Side) -> Tornado:
    """Return what each parameter could change in a footprint."""
    footprint = side.footprint
    given = {name: footprint.parameters[name] for name in footprint.given}
    view = footprint.electricity_view
    with _model_errors():
        return swing_parameters(side.model, given, electricity=NATIONAL if view.key == EXPLICIT else view, gwp=footprint.gwp)


def compare(before: Side, after: Side, *, grouping: Grouping = Grouping.GROUP) -> Comparison:
    """Return what makes the difference between two footprints."""
    with _model_errors():
        return compare_footprints(before, after, grouping=grouping)


def side_of(session: Session, record: FootprintRecord) -> Side:
    """Return a record as it was calculated, on its own model version."""
    with _model_errors():
        return Side(model=model_of(session, record.result["content_hash"]), footprint=rebuild(session, record))


def default_of(side: Side) -> Side:
    """Return the model's default with the furnace and toll share of a footprint, under the national electricity view."""
    shape = {name: side.footprint.parameters[name] for name in (FURNACE, "toll_share")}
    footprint = calculate_footprint(side.model, shape, electricity=NATIONAL, gwp=side.footprint.gwp, check=False)
    return Side(model=side.model, footprint=footprint)


def view_of(side: Side, view: Mapping[str, Any]) -> Side:
    """Return a footprint with the electricity factors of a view that its record keeps."""
    given = {name: side.footprint.parameters[name] for name in side.footprint.given}
    factors = {name: float(view[f"{prefix}kg_co2e_per_kwh"]) for name, prefix in SCOPES.items()}
    with _model_errors():
        footprint = calculate_footprint(side.model, {**given, **factors}, electricity=NATIONAL, gwp=side.footprint.gwp, check=False)
    return Side(model=side.model, footprint=footprint)


@contextmanager
def _model_errors() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


def origins_of(record: FootprintRecord) -> dict[str, Origin]:
    """Return what stands behind each parameter, as the record keeps it; parts count by share times value."""
    return {
        name: Origin(parties=_parties(one["parts"]), kinds=cast("Mixture", one["shares"]))  # JSON of `Provenance.as_dict`
        for name, one in record.provenance.items()
    }


def _parties(parts: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    pairs = [(_party(part), part["weight"], part["weight"] * abs(part["value"])) for part in parts]
    by_value = math.fsum(amount for *_, amount in pairs) > 0
    shares: dict[str, float] = {}
    for party, weight, amount in pairs:
        shares[party] = shares.get(party, 0.0) + (amount if by_value else weight)
    total = math.fsum(shares.values())
    return {party: share / total for party, share in shares.items()}


def _party(part: Mapping[str, Any]) -> str:
    match part["place"]:
        case "supplier":
            return str(part["supplier_id"])
        case "unnamed":
            return UNNAMED
    return OWN_PLANT
