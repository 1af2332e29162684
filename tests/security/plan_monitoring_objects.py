"""One object of the monitoring and the premises for each name of a path parameter."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, select

from service.monitoring.files import attach_files
from service.monitoring.plans import propose_plan
from service.premises.models import Building, BuildingKind, OfficeFigure, Retrofit, RetrofitStatus
from service.products.models import Plant
from service.settings import Settings
from tests.monitoring.builders import a_meter, a_source, an_entry
from tests.security.furnishing import BY, NOW
from tests.submissions.builders import a_stored_file


def plan_monitoring_objects(session: Session, settings: Settings) -> Mapping[str, str]:
    """Return a meter, a source, an entry with its bill, a waiting version of the plan, a building, a retrofit, an office figure."""
    plant = session.exec(select(Plant)).first()
    assert plant is not None
    meter = a_meter(session, plant)
    source = a_source(session, plant, "electricity_purchased", meter=meter)
    entry = an_entry(session, source, date(2026, 5, 1), 1000.0)
    bill = a_stored_file(b"account,kWh\nA,1000\n", "bill.csv", data_dir=settings.data_dir)
    (file,) = attach_files(session, entry.id, [bill], by=BY, at=NOW)
    plan = propose_plan(session, by=BY, at=NOW)
    building = Building(
        plant_id=plant.id,
        name_zh="办公楼",
        name_en="Office",
        kind=BuildingKind.OFFICE,
        area_m2=100.0,
        source_id=source.id,
        created_at=NOW,
    )
    session.add(building)
    session.flush()
    retrofit = Retrofit(
        building_id=building.id, name="LED", cost_cny=1.0, saving_kwh=1.0, status=RetrofitStatus.IDEA, created_at=NOW
    )
    figure = OfficeFigure(indicator="paper", unit="ream", month=date(2026, 5, 1), value=1.0, created_at=NOW)
    session.add_all([retrofit, figure])
    session.flush()
    return {
        "meter_id": str(meter.id),
        "emission_source_id": str(source.id),
        "activity_entry_id": str(entry.id),
        "activity_file_id": str(file.id),
        "monitoring_plan_id": str(plan.id),
        "building_id": str(building.id),
        "retrofit_id": str(retrofit.id),
        "office_figure_id": str(figure.id),
    }
