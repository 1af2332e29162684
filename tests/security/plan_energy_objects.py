"""Rows of green power and of logistics in the world to attack."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from service.green_power.models import ClaimStatus, ConsumptionWeight, GreenCertificate, MeteredPower, PowerContract, SupplyClaim
from service.logistics.models import HubOperation, Leg, Vehicle
from tests.security.furnishing import NOW

TABLES: Mapping[str, type] = {
    "power_contract_id": PowerContract,
    "metered_power_id": MeteredPower,
    "green_certificate_id": GreenCertificate,
    "transport_leg_id": Leg,
    "transport_vehicle_id": Vehicle,
    "hub_operation_id": HubOperation,
}


def plan_energy_objects(session: Session) -> Mapping[str, str]:
    """Return a row of each register, a duty, and a claim that waits for somebody's decision."""
    rows = {name: session.exec(select(table).order_by(table.id)).first() for name, table in TABLES.items()}
    weight = ConsumptionWeight(
        province_code="CN-GD", year=2025, total_percent=30.0, nonhydro_percent=10.0, document="No. 1", created_at=NOW
    )
    session.add(weight)
    session.flush()
    waiting = session.exec(select(SupplyClaim).where(col(SupplyClaim.status) == ClaimStatus.PROPOSED)).first()
    found = {**rows, "consumption_weight_id": weight, "supply_claim_id": waiting}
    assert None not in found.values()
    return {name: str(row.id) for name, row in found.items()}
