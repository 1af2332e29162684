"""A small company whose year can be worked by hand."""

from datetime import date

from sqlmodel import Session

from service.products.models import Plant
from tests import builders
from tests.monitoring.builders import a_source, an_entry

YEAR = 2023


def fill(session: Session, plant: Plant, carrier: str, monthly: float, *, year: int = YEAR, **properties: float) -> None:
    """Enter the same amount of a carrier in each month of a year."""
    source = a_source(session, plant, carrier, starts=date(year, 1, 1), ends=date(year, 12, 1))
    for month in range(1, 13):
        an_entry(session, source, date(year, month, 1), monthly, evidence_number="bill 1", evidence_until=None, **properties)


def a_graphitising_plant(session: Session, *, year: int = YEAR) -> Plant:
    """Return a plant in Inner Mongolia: 12 GWh, 120,000 Nm3 gas, 12 t diesel, 12 times the standard's furnace a year."""
    plant = builders.a_plant(session, province_code="CN-NM")
    fill(session, plant, "electricity_purchased", 1_000_000, year=year)
    fill(session, plant, "natural_gas", 10_000, year=year)
    fill(session, plant, "diesel", 1, year=year)
    fill(session, plant, "graphitising_packing", 10, year=year, fixed_carbon=0.005, volatile_matter=0.10)
    fill(session, plant, "graphitising_charge", 100, year=year, fixed_carbon=0.007)
    fill(session, plant, "graphitised_product", 95, year=year, fixed_carbon=0.006)
    fill(session, plant, "graphitising_carbon_out", 0.05, year=year)
    return plant
