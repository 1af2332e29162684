"""Sites with electricity, contracts and certificates with plausible defaults; a test names only what it is about."""

from datetime import date
from typing import Any

from sqlmodel import Session

from service.green_power.claims import approve_claim, propose_certificates
from service.green_power.models import GreenCertificate, PowerContract, SupplyClaim
from service.green_power.operations import add_contract, enter_metered, register_certificates
from service.green_power.schemas import CertificateClaimInput, CertificateInput, ContractInput, MeteredInput
from service.monitoring.months import months_between
from service.products.models import Plant
from tests.builders import NOW
from tests.monitoring.builders import a_source, an_entry

PROPOSER = "user:01999999-0000-7000-8000-00000000000c"
APPROVER = "user:01999999-0000-7000-8000-00000000000d"
PROJECT = "12345678901234567"
YEAR = 2025


def code(number: int) -> str:
    """Return the code of a certificate of the usual project; it ends in no zeros."""
    return f"{PROJECT}{number:014}7"


def a_site_year(session: Session, plant: Plant, *, kwh: float = 1_200_000.0, year: int = YEAR, months: int = 12) -> None:
    """Let a site use electricity, as much in each month."""
    source = a_source(session, plant, "electricity_purchased", starts=date(year, 1, 1), ends=date(year, 12, 1))
    for month in months_between(date(year, 1, 1), date(year, months, 1)):
        an_entry(session, source, month, kwh / 12)


def a_contract(session: Session, plant: Plant, **details: Any) -> PowerContract:
    """Return a trade of wind power of the year."""
    fields = {
        "plant_id": plant.id,
        "kind": "green_trade",
        "number": f"GT-{details.get('kind', 'green_trade')}",
        "seller": "Wind farm",
        "technology": "wind",
        "starts_on": date(YEAR, 1, 1),
        "evidence": "contract and settlement",
        **details,
    }
    return add_contract(session, ContractInput.model_validate(fields), by=PROPOSER, at=NOW)


def delivered(session: Session, contract: PowerContract, kwh: float, *, month: date = date(YEAR, 3, 1)) -> None:
    """Let a contract deliver in a month."""
    fields = MeteredInput(contract_id=contract.id, month=month, kwh=kwh, evidence="settlement")
    enter_metered(session, fields, by=PROPOSER, at=NOW)


def certificates(session: Session, plant: Plant, **details: Any) -> GreenCertificate:
    """Return ten cancelled certificates, 10 MWh of wind power of March."""
    fields = {
        "plant_id": plant.id,
        "first_code": code(1),
        "last_code": PROJECT + f"{int(code(1)[17:]) + 9:015}",
        "technology": "wind",
        "project": "Wind farm one",
        "generation_month": date(YEAR, 3, 1),
        "owner": "Sample Anode",
        "cancelled_on": date(2026, 2, 1),
        "cancellation_proof": "C-1",
        **details,
    }
    return register_certificates(session, CertificateInput.model_validate(fields), by=PROPOSER, at=NOW)


def proposed(session: Session, plant: Plant, *codes: str, year: int = YEAR, **details: Any) -> SupplyClaim:
    """Return a proposal to spend certificates."""
    fields = {"plant_id": plant.id, "year": year, "certificate_codes": list(codes), "evidence": "proof C-1", **details}
    return propose_certificates(session, CertificateClaimInput.model_validate(fields), tolerance_months=0, by=PROPOSER, at=NOW)


def approved(session: Session, claim: SupplyClaim) -> SupplyClaim:
    """Return a claim after another person has approved it."""
    return approve_claim(session, claim.id, version=claim.version, tolerance_months=0, by=APPROVER, at=NOW)
