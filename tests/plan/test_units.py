"""Units that answer for the plan."""

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEvent
from service.errors import InvalidInputError, NotFoundError, StaleVersionError
from service.plan.models import OrgUnit
from service.plan.operations import add_unit, change_unit
from service.plan.queries import find_units, get_unit
from service.plan.schemas import OrgUnitInput
from tests.builders import NOW

BY = "user:1"


def a_unit(session: Session, name_zh: str = "能源管理部", name_en: str = "Energy department") -> OrgUnit:
    return add_unit(session, OrgUnitInput(name_zh=name_zh, name_en=name_en), by=BY, at=NOW)


def test_a_unit_is_added_and_noted(session: Session) -> None:
    unit = a_unit(session)

    assert find_units(session) == [unit]
    assert session.exec(select(AuditEvent.action)).all() == ["org_unit_created"]


def test_two_units_cannot_have_one_name(session: Session) -> None:
    a_unit(session)

    with pytest.raises(InvalidInputError) as caught:
        a_unit(session, name_en="Another")
    assert "能源管理部" in str(caught.value.fields["name_zh"])


def test_a_unit_that_somebody_else_has_changed_is_not_overwritten(session: Session) -> None:
    unit = a_unit(session)
    fields = OrgUnitInput(name_zh="设备能源部", name_en="Equipment and energy")
    change_unit(session, unit.id, fields, version=1, by=BY, at=NOW)

    with pytest.raises(StaleVersionError):
        change_unit(session, unit.id, fields, version=1, by=BY, at=NOW)


def test_a_unit_that_has_ended_is_no_longer_offered(session: Session) -> None:
    unit = a_unit(session)
    change_unit(session, unit.id, OrgUnitInput(name_zh="旧部门", name_en="Former", is_active=False), version=1, by=BY, at=NOW)

    assert find_units(session) == []
    assert find_units(session, active_only=False) == [unit]


def test_a_unit_that_is_not_there_is_an_error_of_its_own(session: Session) -> None:
    with pytest.raises(NotFoundError):
        get_unit(session, OrgUnit(name_zh="x", name_en="x", created_at=NOW).id)
