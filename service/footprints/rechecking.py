"""A stored footprint, calculated again on the model version it rests on and replayed by Brightway."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from lca_models.calculation import Footprint, calculate_footprint
from lca_models.electricity import EXPLICIT, NATIONAL
from lca_models.emissions import GwpSet
from lca_models.errors import ModelError
from service.audit.operations import record as record_event
from service.errors import ConflictError
from service.footprints.models import FootprintRecord
from service.modelling.queries import model_of

TOLERANCE: Final = 1e-12
"""Largest relative difference that is rounding (the same as between engine and Brightway)."""


class RecheckFailedError(ConflictError):
    """A stored footprint can't be obtained again."""

    code = "recheck-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A stored total beside what its inputs give now.

    Attributes
    ----------
    relative_difference
        Between the stored and the recalculated total.
    oracle_relative_difference
        Between our engine and Brightway on the recalculated system.
    system_sha256
        Of the matrices that both solved.

    """

    model_version: str
    stored_kg_co2e_per_kg: float
    recalculated_kg_co2e_per_kg: float
    relative_difference: float
    oracle_relative_difference: float
    system_sha256: str

    @property
    def agrees(self) -> bool:
        """Whether the stored total is what its inputs give."""
        return self.relative_difference <= TOLERANCE


def rebuild(session: Session, record: FootprintRecord, *, check: bool = False) -> Footprint:
    """Calculate a record again from what it keeps: its parameters, its electricity view and its model version."""
    result = record.result
    model = model_of(session, result["content_hash"])
    view = result["electricity_view"]["key"]
    return calculate_footprint(
        model,
        {name: result["parameters"][name] for name in result["given"]},
        electricity=NATIONAL if view == EXPLICIT else view,
        gwp=GwpSet(result["gwp"]),
        check=check,
    )


def recheck(session: Session, record: FootprintRecord, *, by: str, at: datetime) -> Recheck:
    """Calculate a record again, let Brightway replay it, and note in the audit trail who asked and what came out.

    Raises
    ------
    RecheckFailedError
        If the inputs that the record keeps can't be calculated any more, or engine and Brightway disagree.

    """
    checked = compare(session, record)
    record_event(session, "footprint_rechecked", of=record, by=by, at=at, number=record.number, agrees=checked.agrees)
    return checked


def compare(session: Session, record: FootprintRecord) -> Recheck:
    """Calculate a record again and let Brightway replay it; nothing is written down.

    Raises
    ------
    RecheckFailedError
        As `recheck`.

    """
    try:
        found = rebuild(session, record, check=True)
    except ModelError as error:
        raise RecheckFailedError(error.template, **error.values) from error
    stored = record.total_kg_co2e_per_kg
    return Recheck(
        model_version=found.model_version,
        stored_kg_co2e_per_kg=stored,
        recalculated_kg_co2e_per_kg=found.total_kg_co2e,
        relative_difference=abs(found.total_kg_co2e - stored) / abs(stored) if stored else abs(found.total_kg_co2e),
        oracle_relative_difference=found.oracle_relative_difference or 0.0,
        system_sha256=found.system_sha256 or "",
    )
