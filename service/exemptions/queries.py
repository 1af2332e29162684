"""Reads of the exemption ledger: what the model leaves out, with this deployment's rows in place of the model's."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from lca_models.methods.exemption import Exemption
from lca_models.model import Model
from service.errors import NotFoundError
from service.exemptions.models import ExemptedFlow


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One flow left out; `row` is None for the model's own."""

    exemption: Exemption
    row: ExemptedFlow | None


def ledger(session: Session, model: Model) -> tuple[LedgerEntry, ...]:
    """Return the flows left out: the model's in its order, then this deployment's."""
    own = {row.flow: row for row in rows_in_force(session)}
    shipped = model.exemptions.items()
    replaced = [_entry(own[flow]) if flow in own else LedgerEntry(exemption=one, row=None) for flow, one in shipped]
    added = [_entry(row) for flow, row in own.items() if flow not in model.exemptions]
    return (*replaced, *added)


def rows_in_force(session: Session) -> Sequence[ExemptedFlow]:
    """Return this deployment's rows that have not been withdrawn, the oldest first."""
    statement = select(ExemptedFlow).where(col(ExemptedFlow.withdrawn_at).is_(None)).order_by(col(ExemptedFlow.recorded_at))
    return session.exec(statement).all()


def find_in_force(session: Session, flow: str) -> ExemptedFlow | None:
    """Return the row in force of a flow."""
    return session.exec(select(ExemptedFlow).where(ExemptedFlow.flow == flow, col(ExemptedFlow.withdrawn_at).is_(None))).first()


def get_exemption(session: Session, exemption_id: uuid.UUID) -> ExemptedFlow:
    """Return a row by id."""
    row = session.get(ExemptedFlow, exemption_id)
    if row is None:
        raise NotFoundError
    return row


def _entry(row: ExemptedFlow) -> LedgerEntry:
    return LedgerEntry(
        row=row,
        exemption=Exemption(
            flow=row.flow,
            name_en=row.name,
            name_zh=row.name,
            kg_co2e_per_kg=row.kg_co2e_per_kg,
            share_of_total=None,
            reason_en=row.reason,
            reason_zh=row.reason,
            evidence_en=row.evidence,
            evidence_zh=row.evidence,
            confidence="",
        ),
    )
