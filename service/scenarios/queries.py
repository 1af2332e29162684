"""Every SELECT on scenarios: the maker's own, and the library that holds them beside the shipped ones."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from lca_models.scenarios import Scenario, shipped_scenarios
from service.errors import NotFoundError
from service.products.rules import InputShare
from service.scenarios.models import OwnScenario, ScenarioVersion

OWN: Final = "own"
"""Group of the maker's own scenarios, and beginning of their keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryEntry:
    """A scenario that can be evaluated.

    Attributes
    ----------
    supplier_shares
        Mix of suppliers it takes; only over a footprint record.
    scenario_id, version
        Of the maker's own scenario; None for a shipped one.

    """

    scenario: Scenario
    supplier_shares: tuple[InputShare, ...] = ()
    scenario_id: uuid.UUID | None = None
    version: int | None = None
    written_at: datetime | None = None
    is_sample: bool = False


def get_scenario(session: Session, scenario_id: uuid.UUID) -> tuple[OwnScenario, ScenarioVersion]:
    """Return one of the maker's own scenarios with what it says now."""
    found = session.exec(_current().where(OwnScenario.id == scenario_id)).first()
    if found is None:
        raise NotFoundError
    return found


def own_scenarios(session: Session, *, inactive: bool = False) -> Sequence[tuple[OwnScenario, ScenarioVersion]]:
    """Return the maker's own scenarios by English name."""
    statement = _current().order_by(col(ScenarioVersion.name_en), col(OwnScenario.id))
    return session.exec(statement if inactive else statement.where(col(OwnScenario.is_active))).all()


def versions_of(session: Session, scenario_id: uuid.UUID) -> Sequence[ScenarioVersion]:
    """Return everything a scenario ever said, the newest first."""
    statement = select(ScenarioVersion).where(ScenarioVersion.scenario_id == scenario_id)
    return session.exec(statement.order_by(col(ScenarioVersion.version).desc())).all()


def library(session: Session) -> Mapping[str, LibraryEntry]:
    """Return all scenarios that can be evaluated by key: the shipped ones, then the maker's own."""
    shipped = {key: LibraryEntry(scenario=scenario) for key, scenario in shipped_scenarios().items()}
    return shipped | {entry.scenario.key: entry for entry in (entry_of(*row) for row in own_scenarios(session))}


def key_of(scenario_id: uuid.UUID) -> str:
    """Return the key under which a scenario of the maker stands in the library."""
    return f"{OWN}:{scenario_id}"


def _current() -> Select[OwnScenario, ScenarioVersion]:
    return select(OwnScenario, ScenarioVersion).join(
        ScenarioVersion,
        and_(col(ScenarioVersion.scenario_id) == OwnScenario.id, col(ScenarioVersion.version) == OwnScenario.version),
    )


def entry_of(own: OwnScenario, said: ScenarioVersion) -> LibraryEntry:
    """Return one of the maker's own scenarios as it stands in the library."""
    return LibraryEntry(
        scenario=Scenario(
            key=key_of(own.id),
            group=OWN,
            name_en=said.name_en,
            name_zh=said.name_zh,
            parameters=said.parameters,
            electricity=said.electricity,
            status="assumption",
            reasoning_en=said.reasoning,
            reasoning_zh=said.reasoning,
        ),
        supplier_shares=shares_of(said),
        scenario_id=own.id,
        version=own.version,
        written_at=said.written_at,
        is_sample=own.is_sample,
    )


def shares_of(said: ScenarioVersion) -> tuple[InputShare, ...]:
    """Return the mix of suppliers of a version."""
    return tuple(
        InputShare(flow=flow, supplier_id=uuid.UUID(supplier_id), share=share)
        for flow, shares in said.supplier_shares.items()
        for supplier_id, share in shares.items()
    )
