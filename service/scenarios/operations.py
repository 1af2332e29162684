"""Every write on scenarios."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, NotFoundError, StaleVersionError
from service.modelling.queries import active_model
from service.products.schemas import ShareInput
from service.scenarios.models import OwnScenario, ScenarioVersion
from service.scenarios.rules import check_content
from service.scenarios.schemas import ScenarioInput
from service.suppliers.flows import FLOWS
from service.suppliers.models import Supplier


def create_scenario(session: Session, content: ScenarioInput, *, by: str, at: datetime, is_sample: bool = False) -> OwnScenario:
    """Add a scenario.

    Raises
    ------
    InvalidInputError
        By field what the model can't take, or a supplier that does not deliver the material.

    """
    _check(session, content)
    scenario = OwnScenario(created_by=by, created_at=at, is_sample=is_sample)
    session.add(scenario)
    session.flush()  # its version refers to it
    session.add(_version(scenario, content, by=by, at=at))
    record(session, "scenario_created", of=scenario, by=by, at=at)
    return scenario


def change_scenario(
    session: Session, scenario_id: uuid.UUID, content: ScenarioInput, *, version: int, by: str, at: datetime
) -> OwnScenario:
    """Let a scenario say something else from now on; what it said before is kept."""
    scenario = _lock(session, scenario_id, version=version)
    _check(session, content)
    scenario.version += 1
    session.add(_version(scenario, content, by=by, at=at))
    record(session, "scenario_changed", of=scenario, by=by, at=at, version=scenario.version)
    return scenario


def set_scenario_active(
    session: Session, scenario_id: uuid.UUID, *, active: bool, version: int, by: str, at: datetime
) -> OwnScenario:
    """Take a scenario out of the library, or back in."""
    scenario = _lock(session, scenario_id, version=version)
    if scenario.is_active is not active:
        scenario.is_active = active
        record(session, "scenario_activated" if active else "scenario_deactivated", of=scenario, by=by, at=at)
    return scenario


def _lock(session: Session, scenario_id: uuid.UUID, *, version: int) -> OwnScenario:
    scenario = session.get(OwnScenario, scenario_id, with_for_update=True)
    if scenario is None:
        raise NotFoundError
    if scenario.version != version:
        raise StaleVersionError
    return scenario


def _check(session: Session, content: ScenarioInput) -> None:
    check_content(active_model(session), content)
    undelivered = _undelivered(session, content.supplier_shares)
    if undelivered:
        raise InvalidInputError(undelivered)


def _undelivered(session: Session, shares: Iterable[ShareInput]) -> dict[str, FieldError]:
    wanted = list(shares)
    statement = select(Supplier).where(col(Supplier.id).in_({share.supplier_id for share in wanted}))
    types = {supplier.id: supplier.supplier_type for supplier in session.exec(statement)}
    return {
        share.flow: FieldError(N_("One of the suppliers does not deliver this material; pick one from the list."))
        for share in wanted
        if types.get(share.supplier_id) not in FLOWS[share.flow].supplier_types
    }


def _version(scenario: OwnScenario, content: ScenarioInput, *, by: str, at: datetime) -> ScenarioVersion:
    shares: dict[str, dict[str, float | None]] = {}
    for one in content.supplier_shares:
        shares.setdefault(one.flow, {})[str(one.supplier_id)] = one.share
    return ScenarioVersion(
        scenario_id=scenario.id,
        version=scenario.version,
        **content.model_dump(include={"name_zh", "name_en", "reasoning", "electricity"}),
        parameters=dict(content.parameters),
        supplier_shares=shares,
        written_by=by,
        written_at=at,
    )
