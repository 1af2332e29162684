"""Target before 2060: residuals and removals, apart from footprints and inventory."""

from datetime import date

import pytest
from sqlmodel import Session

from service.company_inventory.inventories import inventory_of
from service.registers.operations import add_row
from service.settings import Settings
from service.targets.assets import neutral_years, use_asset, used_removals
from service.targets.catalogue import Indicator
from service.targets.models import AssetKind, CarbonAsset, ResidualPlan
from service.targets.schemas import AssetUseInput, CarbonAssetInput, ResidualPlanInput
from service.targets.standing import record_of
from tests import builders
from tests.footprints.builders import a_record
from tests.targets.company import ENGINEER, NOW, a_settled_company

TODAY = date(2026, 11, 22)


def a_removal(session: Session, *, serial: str = "F-1", amount: float = 1_000_000.0) -> CarbonAsset:
    fields = CarbonAssetInput(
        kind=AssetKind.FOREST_SINK, registry_name="registry", serial=serial, amount_t_co2e=amount, vintage=2024, source="contract 7"
    )
    asset = add_row(session, CarbonAsset, fields, by=ENGINEER, at=NOW)
    session.flush()
    return asset


def cancel(session: Session, asset: CarbonAsset, *, for_year: int = 2025) -> None:
    fields = AssetUseInput(for_year=for_year, purpose="neutrality", cancelled_on=date(2026, 3, 1), proof="confirmation 12")
    use_asset(session, asset.id, fields, today=TODAY, by=ENGINEER, at=NOW)


def test_removals_never_reduce_a_product_footprint_value(session: Session) -> None:
    product = builders.a_product(session)
    before = a_record(session, product)

    cancel(session, a_removal(session))

    after = a_record(session, product)
    # The same inputs are never two records: nothing of what the footprint rests on has changed.
    assert (after.id, after.total_kg_co2e_per_kg) == (before.id, before.total_kg_co2e_per_kg)


def test_removals_never_reduce_inventory_or_targets(session: Session, settings: Settings) -> None:
    a_settled_company(session, settings)
    before = inventory_of(session, 2025, at=NOW), record_of(session, at=NOW).years[-1].amount(Indicator.CO2)

    cancel(session, a_removal(session))

    assert (inventory_of(session, 2025, at=NOW), record_of(session, at=NOW).years[-1].amount(Indicator.CO2)) == before


def test_the_report_lists_them_separately(session: Session) -> None:
    plan = ResidualPlanInput(year=2060, residual_t_co2=12_000, removal_t_co2e=9_000, source="roadmap")
    add_row(session, ResidualPlan, plan, by=ENGINEER, at=NOW)
    cancel(session, a_removal(session, amount=120), for_year=2025)

    years = {one.year: one for one in neutral_years(session)}

    assert (years[2060].planned_residual_t_co2, years[2060].planned_removal_t_co2e, years[2060].removed_t_co2e) == (
        12_000,
        9_000,
        0,
    )
    assert years[2060].open_t_co2 == 3_000
    assert (years[2025].planned_residual_t_co2, years[2025].removed_t_co2e) == (None, 120)
    assert [asset.serial for asset, _ in used_removals(session)] == ["F-1"]


@pytest.mark.parametrize("kind", [AssetKind.CEA, AssetKind.CCER, AssetKind.OTHER_CREDIT])
def test_allowances_and_credits_are_no_removals(session: Session, kind: AssetKind) -> None:
    fields = CarbonAssetInput(
        kind=kind, registry_name="registry", serial="C-1", amount_t_co2e=10, vintage=2024, source="contract 8"
    )
    asset = add_row(session, CarbonAsset, fields, by=ENGINEER, at=NOW)
    session.flush()

    cancel(session, asset)

    assert neutral_years(session) == []
