"""The sample company's green power: contracts, deliveries, certificates and claims, read from `data/plan_green_power.toml`."""

import tomllib
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session

from service.green_power.claims import approve_claim, propose_certificates, propose_metered
from service.green_power.codes import NUMBER_DIGITS
from service.green_power.models import PowerContract
from service.green_power.operations import add_contract, enter_metered, register_certificates
from service.green_power.rules import KWH_PER_CERTIFICATE
from service.green_power.schemas import CertificateClaimInput, CertificateInput, ContractInput, MeteredClaimInput, MeteredInput
from service.monitoring.months import months_between
from service.monitoring.queries import find_sources
from service.sample.cast import Cast
from service.settings import Settings

PLANTS: Final[Mapping[str, str]] = {"gd": "ag330", "nm": "ag350"}
"""A product of each site, by which its plant is found."""
_MONTHS: Final = 12

Row = Mapping[str, Any]


@lru_cache
def green_power() -> Row:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "plan_green_power.toml").read_text(encoding="utf-8"))


def load_green_power(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Enter contracts, what they delivered, certificates, and claims that a reviewer approves or has yet to decide on."""
    by = cast.actor("engineer")
    contracts = {row["key"]: _contract(session, cast, row, by=by, at=at) for row in green_power()["contracts"]}
    codes = {row["key"]: _certificates(session, cast, row, contracts, by=by, at=at) for row in green_power()["certificates"]}
    for row in green_power()["claims"]:
        _claim(session, cast, row, contracts, codes, tolerance_months=settings.green_certificate_tolerance_months, at=at)


def plant_id(cast: Cast, row: Row) -> uuid.UUID:
    """Return the site that a row is about."""
    return cast.products[PLANTS[row["plant"]]].plant_id


def _contract(session: Session, cast: Cast, row: Row, *, by: str, at: datetime) -> PowerContract:
    sources = {one.code: one.id for one in find_sources(session)}
    own = {name: value for name, value in row.items() if name not in {"key", "plant", "source", "delivered_mwh"}}
    source_id = sources[row["source"]] if "source" in row else None
    fields = ContractInput(plant_id=plant_id(cast, row), source_id=source_id, **own)
    contract = add_contract(session, fields, by=by, at=at, is_sample=True)
    for year, mwh in row.get("delivered_mwh", {}).items():
        for month in months_between(date(int(year), 1, 1), date(int(year), 12, 1)):
            kwh = mwh * KWH_PER_CERTIFICATE / _MONTHS
            metered = MeteredInput(contract_id=contract.id, month=month, kwh=kwh, evidence=f"样例：结算单 {month:%Y-%m}")
            enter_metered(session, metered, by=by, at=at, is_sample=True)
    return contract


def _certificates(session: Session, cast: Cast, row: Row, contracts: Mapping[str, PowerContract], *, by: str, at: datetime) -> str:
    """Enter a block and return its first code."""
    first, last = (f"{row['project_code']}{number:0{NUMBER_DIGITS}}" for number in (row["first"], row["first"] + row["mwh"] - 1))
    contract = contracts.get(row.get("contract", ""))
    fields = CertificateInput(
        plant_id=plant_id(cast, row),
        first_code=first,
        last_code=last,
        technology=row["technology"],
        project=row["project"],
        generation_month=row["generation_month"],
        contract_id=contract.id if contract is not None else None,
        owner=row.get("owner", "样例负极"),
        cancelled_on=row.get("cancelled_on"),
        cancellation_proof=row.get("cancellation_proof"),
    )
    register_certificates(session, fields, by=by, at=at, is_sample=True)
    return first


def _claim(
    session: Session,
    cast: Cast,
    row: Row,
    contracts: Mapping[str, PowerContract],
    codes: Mapping[str, str],
    *,
    tolerance_months: int,
    at: datetime,
) -> None:
    by, target = cast.actor("engineer"), {"plant_id": plant_id(cast, row), "year": row["year"], "evidence": row["evidence"]}
    if "contract" in row:
        metered = MeteredClaimInput(contract_id=contracts[row["contract"]].id, **target)
        claim = propose_metered(session, metered, by=by, at=at, is_sample=True)
    else:
        spent = CertificateClaimInput(certificate_codes=[codes[key] for key in row["certificates"]], **target)
        claim = propose_certificates(session, spent, tolerance_months=tolerance_months, by=by, at=at, is_sample=True)
    if not row.get("is_open"):
        approve_claim(session, claim.id, version=claim.version, tolerance_months=tolerance_months, by=cast.actor("reviewer"), at=at)
