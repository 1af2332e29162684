"""Meters and sources: what belongs together, and what can no longer change."""

from datetime import date

import pytest
from sqlmodel import Session

from service.errors import ConflictError, InvalidInputError, SamePersonError
from service.i18n import catalogue
from service.monitoring.balances import balances
from service.monitoring.carriers import carriers
from service.monitoring.models import Frequency, Method
from service.monitoring.operations import add_meter, add_source, change_meter, change_source
from service.monitoring.plans import approve_plan, propose_plan
from service.monitoring.schemas import MeterInput, SourceInput
from service.products.models import Plant
from tests.builders import a_plant
from tests.monitoring.builders import NOW, a_meter, a_source, an_entry


@pytest.fixture
def plant(session: Session) -> Plant:
    return a_plant(session)


def source_fields(plant: Plant, **changed: object) -> SourceInput:
    typed = {
        "plant_id": plant.id,
        "code": "E-1",
        "carrier": "electricity_purchased",
        "name_zh": "外购电",
        "name_en": "Purchased electricity",
        "method": Method.METERED,
        "frequency": Frequency.MONTHLY,
        "starts": date(2026, 1, 15),
    }
    return SourceInput.model_validate({**typed, **changed})


def meter_fields(plant: Plant, **changed: object) -> MeterInput:
    return MeterInput.model_validate({"plant_id": plant.id, "serial": "M-9", "place": "Hall 1", "unit": "kWh", **changed})


def problems(error: pytest.ExceptionInfo[InvalidInputError]) -> dict[str, str]:
    return {name: str(one) for name, one in error.value.fields.items()}


def test_a_source_begins_with_a_whole_month(session: Session, plant: Plant) -> None:
    assert add_source(session, source_fields(plant), by="user:a", at=NOW).starts == date(2026, 1, 1)


def test_a_gas_meter_is_no_meter_of_electricity(session: Session, plant: Plant) -> None:
    gas = a_meter(session, plant, unit="Nm3")

    with pytest.raises(InvalidInputError) as caught:
        add_source(session, source_fields(plant, meter_id=gas.id), by="user:a", at=NOW)

    assert "counts Nm3, which is no unit of this kind of source" in problems(caught)["meter_id"]


def test_a_meter_of_another_site_is_refused(session: Session, plant: Plant) -> None:
    foreign = a_meter(session, a_plant(session))

    with pytest.raises(InvalidInputError) as caught:
        add_source(session, source_fields(plant, meter_id=foreign.id), by="user:a", at=NOW)
    with pytest.raises(InvalidInputError) as parent:
        add_meter(session, meter_fields(plant, parent_id=foreign.id), by="user:a", at=NOW)

    assert "stands at another site" in problems(caught)["meter_id"]
    assert "stands at another site" in problems(parent)["parent_id"]


def test_a_meter_never_stands_behind_itself(session: Session, plant: Plant) -> None:
    first = a_meter(session, plant)
    second = a_meter(session, plant, parent=first)

    with pytest.raises(InvalidInputError) as caught:
        change_meter(session, first.id, meter_fields(plant, parent_id=second.id), version=1, by="user:a", at=NOW)

    assert "would stand behind itself" in problems(caught)["parent_id"]


def test_what_a_source_is_stays_once_it_has_figures(session: Session, plant: Plant) -> None:
    source = a_source(session, plant, "electricity_purchased", starts=date(2026, 1, 1))
    an_entry(session, source, date(2026, 2, 1), 5.0)

    with pytest.raises(InvalidInputError) as caught:
        change_source(
            session,
            source.id,
            source_fields(plant, carrier="natural_gas", starts=date(2026, 3, 1)),
            version=1,
            by="user:a",
            at=NOW,
        )

    assert set(problems(caught)) == {"carrier", "starts"}
    assert "There is a figure of 2026-02 already" in problems(caught)["starts"]


def test_a_version_of_the_plan_follows_a_change_and_another_person(session: Session, plant: Plant) -> None:
    source = a_source(session, plant, "diesel")
    plan = propose_plan(session, by="user:a", at=NOW)
    session.flush()

    with pytest.raises(SamePersonError, match="another person"):
        approve_plan(session, plan.id, by="user:a", at=NOW)
    with pytest.raises(ConflictError, match="waits for another person"):
        propose_plan(session, by="user:a", at=NOW)
    approve_plan(session, plan.id, by="user:b", at=NOW)
    with pytest.raises(ConflictError, match="Nothing has changed since version 1"):
        propose_plan(session, by="user:a", at=NOW)
    source.name_en = "Diesel of forklifts"
    session.flush()

    assert propose_plan(session, by="user:a", at=NOW).number == 2


def test_every_carrier_and_every_text_of_the_balances_reads_in_chinese() -> None:
    known = catalogue("zh-CN")

    assert [one.key for one in carriers().values() if not one.name_zh or one.name_zh.isascii()] == []
    assert [text for one in balances() for text in (one.title, one.hint) if text not in known] == []
    assert {key for one in balances() for key in (*one.left, *one.right)} <= carriers().keys()
