"""One object of the monitoring and the premises for each name of a path parameter."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, select

from service.monitoring.plans import propose_plan
from service.premises.models import Building, BuildingKind, OfficeFigure, Retrofit, RetrofitStatus
from service.products.models import Plant
from tests.monitoring.builders import a_meter, a_source, an_entry
from tests.security.furnishing import BY, NOW


def plan_monitoring_objects(session: Session) -> Mapping[str, str]:
    """Return a meter, a source with an entry, a waiting version of the plan, a building, a retrofit and an office figure."""
    plant = session.exec(select(Plant)).first()
    assert plant is not None
    meter = a_meter(session, plant)
    source = a_source(session, plant, "electricity_purchased", meter=meter)
    entry = an_entry(session, source, date(2026, 5, 1), 1000.0)
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
        "monitoring_plan_id": str(plan.id),
        "building_id": str(building.id),
        "retrofit_id": str(retrofit.id),
        "office_figure_id": str(figure.id),
    }
