"""Safeguard 4: the register of carbon assets."""

from datetime import date

import pytest
from sqlmodel import Session, select

from service.errors import InvalidInputError
from service.registers.operations import add_row
from service.settings import Settings
from service.targets.assets import AssetUsedError, change_asset, end_asset, find_use, use_asset
from service.targets.models import AssetKind, AssetUse, CarbonAsset, RecordedUseError
from service.targets.schemas import AssetUseInput, CarbonAssetInput
from service.targets.standing import record_of
from tests.targets.company import ENGINEER, NOW, REVIEWER, a_settled_company

TODAY = date(2026, 11, 22)


def asset_input(serial: str = "CCER-1") -> CarbonAssetInput:
    return CarbonAssetInput(
        kind=AssetKind.CCER, registry_name="registry", serial=serial, amount_t_co2e=500, vintage=2024, source="contract 9"
    )


def an_asset(session: Session) -> CarbonAsset:
    asset = add_row(session, CarbonAsset, asset_input(), by=ENGINEER, at=NOW)
    session.flush()
    return asset


def a_use(cancelled_on: date = date(2026, 5, 4)) -> AssetUseInput:
    return AssetUseInput(for_year=2025, purpose="surrendered for 2025", cancelled_on=cancelled_on, proof="confirmation 3")


def test_asset_use_is_recorded_once(session: Session) -> None:
    asset = an_asset(session)
    use_asset(session, asset.id, a_use(), today=TODAY, by=ENGINEER, at=NOW)

    with pytest.raises(AssetUsedError, match=r"CCER-1 was used for 2025 on 2026-05-04 already"):
        use_asset(session, asset.id, a_use(), today=TODAY, by=REVIEWER, at=NOW)
    assert len(session.exec(select(AssetUse)).all()) == 1


def test_the_same_serial_number_is_not_entered_twice(session: Session) -> None:
    an_asset(session)

    with pytest.raises(InvalidInputError):
        add_row(session, CarbonAsset, asset_input(), by=ENGINEER, at=NOW)


def test_used_units_are_neither_changed_nor_ended_and_their_use_stays(session: Session) -> None:
    asset = an_asset(session)
    use = use_asset(session, asset.id, a_use(), today=TODAY, by=ENGINEER, at=NOW)

    with pytest.raises(AssetUsedError):
        change_asset(session, asset.id, asset_input("CCER-2"), version=1, by=ENGINEER, at=NOW)
    with pytest.raises(AssetUsedError):
        end_asset(session, asset.id, reason="sold", version=1, by=ENGINEER, at=NOW)
    use.purpose = "something else"
    with pytest.raises(RecordedUseError):
        session.flush()


def test_units_are_not_cancelled_before_they_came_about_nor_in_the_future(session: Session) -> None:
    asset = an_asset(session)

    for day, message in ((date(2023, 12, 31), "lies before 2024"), (date(2026, 11, 23), "still to come")):
        with pytest.raises(InvalidInputError) as caught:
            use_asset(session, asset.id, a_use(day), today=TODAY, by=ENGINEER, at=NOW)
        assert message in str(caught.value.fields["cancelled_on"])
    assert find_use(session, asset.id) is None


def test_it_is_not_netted_in_any_figure(session: Session, settings: Settings) -> None:
    a_settled_company(session, settings)
    before = [one.lines for one in record_of(session, at=NOW).years]

    use_asset(session, an_asset(session).id, a_use(), today=TODAY, by=ENGINEER, at=NOW)

    assert [one.lines for one in record_of(session, at=NOW).years] == before
