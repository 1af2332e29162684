"""Why a record is what it is: calculated again on its own model version, then explained by what stands behind its inputs."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlmodel import Session

from lca_models.calculation import calculate_footprint
from lca_models.electricity import EXPLICIT, NATIONAL
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


def explain_record(session: Session, record: FootprintRecord) -> Explanations:
    """Return where a record's footprint comes from, under its headline electricity view."""
    side = _side(session, record)
    return explain(side.model, side.footprint, origins=origins_of(record))


def swing_record(session: Session, record: FootprintRecord) -> Tornado:
    """Return what each parameter could change in a record."""
    side = _side(session, record)
    footprint = side.footprint
    given = {name: footprint.parameters[name] for name in footprint.given}
    view = footprint.electricity_view
    try:
        return swing_parameters(side.model, given, electricity=NATIONAL if view.key == EXPLICIT else view, gwp=footprint.gwp)
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


def compare_records(
    session: Session, before: FootprintRecord | None, after: FootprintRecord, *, grouping: Grouping = Grouping.GROUP
) -> Comparison:
    """Return what makes the difference between two records.

    Parameters
    ----------
    before
        None is the model's default with the furnace and toll share of `after`.

    """
    second = _side(session, after)
    try:
        first = _side(session, before) if before else _default_of(second)
        return compare_footprints(first, second, grouping=grouping)
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


def _side(session: Session, record: FootprintRecord) -> Side:
    model = model_of(session, record.result["content_hash"])
    try:
        return Side(model=model, footprint=rebuild(session, record))
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


def _default_of(side: Side) -> Side:
    shape = {name: side.footprint.parameters[name] for name in (FURNACE, "toll_share")}
    footprint = calculate_footprint(side.model, shape, electricity=NATIONAL, gwp=side.footprint.gwp, check=False)
    return Side(model=side.model, footprint=footprint)
