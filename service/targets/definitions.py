"""Setting what the plan leaves open: one person proposes a value with evidence, another approves it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from service.audit.operations import record
from service.errors import (
    N_,
    FieldError,
    InvalidInputError,
    InvalidTransitionError,
    NotFoundError,
    SamePersonError,
    StaleVersionError,
)
from service.strategy.trajectories import TrajectoryKind
from service.targets.catalogue import (
    DEFINITIONS,
    Basis,
    Definition,
    DefinitionKey,
    EnergyConvention,
    Indicator,
    Scope,
)
from service.targets.models import DefinitionStatus, TargetDefinition
from service.targets.schemas import DefinitionInput

PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """By what definitions figures are shown.

    Attributes
    ----------
    undefined
        Those that the plan leaves open and nobody has set; their figures follow the stated reading.
    rows
        Definitions in force, by key.

    """

    scope: Scope
    price_basis: Basis
    energy_convention: EnergyConvention
    trajectory: TrajectoryKind
    peak_year: int | None
    energy_ratio_2030: float | None
    undefined: frozenset[DefinitionKey]
    rows: Mapping[DefinitionKey, TargetDefinition]

    def extra_milestones(self, indicator: Indicator) -> Mapping[int, float]:
        """Return milestones that have been set beyond those of the plan."""
        if indicator is Indicator.ENERGY and self.energy_ratio_2030 is not None:
            return {2030: self.energy_ratio_2030}
        return {}


def reading_of(session: Session) -> Reading:
    """Return the definitions in force, and the stated reading where there is none."""
    found = session.exec(select(TargetDefinition).where(TargetDefinition.status == DefinitionStatus.IN_FORCE)).all()
    rows = {DefinitionKey(one.key): one for one in found}

    def value(key: DefinitionKey) -> str:
        return rows[key].value if key in rows else DEFINITIONS[key].reading or ""

    peak, energy = value(DefinitionKey.PEAK_YEAR), value(DefinitionKey.ENERGY_2030)
    return Reading(
        scope=Scope(value(DefinitionKey.SCOPE)),
        price_basis=Basis(value(DefinitionKey.PRICE_BASIS)),
        energy_convention=EnergyConvention(value(DefinitionKey.ENERGY_CONVENTION)),
        trajectory=TrajectoryKind(value(DefinitionKey.TRAJECTORY)),
        peak_year=int(float(peak)) if peak else None,
        energy_ratio_2030=1 - float(energy) / PERCENT if energy else None,
        undefined=frozenset(DEFINITIONS) - rows.keys(),
        rows=rows,
    )


def proposals_of(session: Session, key: DefinitionKey) -> Sequence[TargetDefinition]:
    """Return everything that was proposed for a definition, the latest first."""
    query = select(TargetDefinition).where(TargetDefinition.key == key.value)
    return session.exec(query.order_by(col(TargetDefinition.proposed_at).desc(), col(TargetDefinition.id))).all()


def get_proposal(session: Session, proposal_id: uuid.UUID) -> TargetDefinition:
    """Return a proposal."""
    found = session.get(TargetDefinition, proposal_id)
    if found is None:
        raise NotFoundError
    return found


def propose(
    session: Session, definition: Definition, fields: DefinitionInput, *, by: str, at: datetime, is_sample: bool = False
) -> TargetDefinition:
    """Propose a value; it counts once another person has approved it.

    Raises
    ------
    InvalidInputError
        If the value is none of the choices, or no number within the bounds.

    """
    _check_value(definition, fields.value)
    row = TargetDefinition(
        key=definition.key.value,
        value=fields.value,
        evidence=fields.evidence,
        proposed_by=by,
        proposed_at=at,
        is_sample=is_sample,
    )
    session.add(row)
    record(session, "target_definition_proposed", of=row, by=by, at=at, key=row.key)
    return row


def approve(session: Session, proposal_id: uuid.UUID, *, version: int, by: str, at: datetime) -> TargetDefinition:
    """Put a proposal into force in place of the one before; never by who proposed it."""
    row = _for_decision(session, proposal_id, version=version, by=by)
    present = session.exec(
        select(TargetDefinition).where(TargetDefinition.key == row.key, TargetDefinition.status == DefinitionStatus.IN_FORCE)
    ).first()
    if present is not None:
        present.status, present.version = DefinitionStatus.REPLACED, present.version + 1
        session.flush()  # the database lets only one value of a definition be in force
    return _decide(session, row, DefinitionStatus.IN_FORCE, by=by, at=at)


def refuse(session: Session, proposal_id: uuid.UUID, *, version: int, by: str, at: datetime) -> TargetDefinition:
    """Refuse a proposal; it stays on record."""
    return _decide(session, _for_decision(session, proposal_id, version=version, by=by), DefinitionStatus.REFUSED, by=by, at=at)


def _for_decision(session: Session, proposal_id: uuid.UUID, *, version: int, by: str) -> TargetDefinition:
    row = get_proposal(session, proposal_id)
    if row.version != version:
        raise StaleVersionError
    if row.status is not DefinitionStatus.PROPOSED:
        raise InvalidTransitionError(present=row.status, wanted=DefinitionStatus.IN_FORCE, allowed="")
    if row.proposed_by == by:
        raise SamePersonError(N_("You proposed this value yourself; another person approves or refuses it."))
    return row


def _decide(session: Session, row: TargetDefinition, status: DefinitionStatus, *, by: str, at: datetime) -> TargetDefinition:
    row.status, row.decided_by, row.decided_at, row.version = status, by, at, row.version + 1
    record(session, "target_definition_decided", of=row, by=by, at=at, key=row.key, status=status)
    return row


def _check_value(definition: Definition, value: str) -> None:
    if definition.choices and value not in definition.choices:
        raise InvalidInputError(
            {"value": FieldError(N_("“%(input)s” is not one of the choices; pick one from the list."), input=value[:60])}
        )
    if definition.is_number and not _within(definition, value):
        raise InvalidInputError(
            {
                "value": FieldError(
                    N_("“%(value)s” is no number between %(low)s and %(high)s; type digits, for example %(low)s."),
                    value=value[:60],
                    low=f"{definition.lowest:g}",
                    high=f"{definition.highest:g}",
                )
            }
        )


def _within(definition: Definition, value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    whole = definition.key is not DefinitionKey.PEAK_YEAR or number.is_integer()
    return whole and (definition.lowest or 0.0) <= number <= (definition.highest or 0.0)
