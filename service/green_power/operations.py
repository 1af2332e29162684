"""Writes of the ledger: contracts, what they delivered, and certificates; claims have a module of their own."""

import uuid
from datetime import date, datetime

from sqlmodel import Session

from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import N_, FieldError, InvalidInputError, InvalidTransitionError, StaleVersionError
from service.green_power import queries, rules
from service.green_power.models import (
    CertificateStatus,
    GreenCertificate,
    MeteredPower,
    PowerContract,
)
from service.green_power.schemas import CancellationInput, CertificateInput, ContractInput, MeteredInput
from service.monitoring.queries import get_source
from service.products.queries import get_plant
from service.registers.operations import add_row, change_row

# ---- Contracts ----


def add_contract(session: Session, fields: ContractInput, *, by: str, at: datetime, is_sample: bool = False) -> PowerContract:
    """Add a contract, a line or an own plant."""
    plant = get_plant(session, fields.plant_id)
    _check_source(session, fields)
    contract = PowerContract(**fields.model_dump(), recorded_by=by, recorded_at=at, is_sample=is_sample or plant.is_sample)
    session.add(contract)
    _keep_number(session, fields.number)
    record(session, "power_contract_created", of=contract, by=by, at=at, number=contract.number)
    return contract


def change_contract(
    session: Session, contract_id: uuid.UUID, fields: ContractInput, *, version: int, by: str, at: datetime
) -> PowerContract:
    """Change a contract; site and technology stay once a claim rests on it."""
    contract = queries.get_contract(session, contract_id)
    if contract.version != version:
        raise StaleVersionError
    _check_source(session, fields)
    _check_unclaimed(session, contract, fields)
    for name, value in fields.model_dump().items():
        setattr(contract, name, value)
    contract.version += 1
    _keep_number(session, fields.number)
    record(session, "power_contract_changed", of=contract, by=by, at=at, number=contract.number)
    return contract


def enter_metered(session: Session, fields: MeteredInput, *, by: str, at: datetime, is_sample: bool = False) -> MeteredPower:
    """Enter what a contract delivered in a month."""
    contract = check_metered(session, fields)
    if fields.month in queries.metered_months(session, contract, start=fields.month, end=fields.month):
        message = N_("The kWh of %(month)s are entered for contract %(number)s; correct that row instead.")
        raise InvalidInputError({"month": FieldError(message, month=f"{fields.month:%Y-%m}", number=contract.number)})
    return add_row(session, MeteredPower, fields, by=by, at=at, is_sample=is_sample or contract.is_sample)


def correct_metered(
    session: Session, row_id: uuid.UUID, fields: MeteredInput, *, version: int, by: str, at: datetime
) -> MeteredPower:
    """Correct what was entered; claims are measured by what stands here when somebody decides on them."""
    check_metered(session, fields)
    return change_row(session, MeteredPower, row_id, fields, version=version, by=by, at=at)


def check_metered(session: Session, fields: MeteredInput) -> PowerContract:
    """Refuse a month that is not the contract's, or that its meter's monthly figures have; return the contract."""
    contract = queries.get_contract(session, fields.contract_id)
    _check_month(contract, fields.month)
    return contract


def _check_source(session: Session, fields: ContractInput) -> None:
    if fields.source_id is None:
        return
    if get_source(session, fields.source_id).plant_id != fields.plant_id:
        error = FieldError(N_("This source belongs to another site; choose one of the contract's site."))
        raise InvalidInputError({"source_id": error})


def _check_unclaimed(session: Session, contract: PowerContract, fields: ContractInput) -> None:
    changed = {name for name in ("plant_id", "technology", "kind") if getattr(contract, name) != getattr(fields, name)}
    if changed and any(one.contract_id == contract.id for one in queries.find_claims(session, plant_id=contract.plant_id)):
        message = N_("A claim rests on contract %(number)s; enter a new contract instead of changing what this one is.")
        raise InvalidInputError({name: FieldError(message, number=contract.number) for name in sorted(changed)})


def _check_month(contract: PowerContract, month: date) -> None:
    if contract.source_id is not None:
        message = N_("The kWh of contract %(number)s come from its meter's monthly figures; correct them there.")
        raise InvalidInputError({"month": FieldError(message, number=contract.number)})
    end = contract.ends_on
    if month < contract.starts_on.replace(day=1) or (end is not None and month > end):
        raise InvalidInputError(
            {
                "month": FieldError(
                    N_("%(month)s is outside contract %(number)s, which runs from %(start)s to %(end)s."),
                    month=f"{month:%Y-%m}",
                    number=contract.number,
                    start=contract.starts_on,
                    end=end or "…",
                )
            }
        )


def _keep_number(session: Session, number: str) -> None:
    taken = FieldError(N_("There is a contract with number %(number)s already; open it instead."), number=number)
    flush_unless_taken(session, InvalidInputError({"number": taken}))


# ---- Certificates ----


def register_certificates(
    session: Session, fields: CertificateInput, *, by: str, at: datetime, is_sample: bool = False
) -> GreenCertificate:
    """Enter certificates; one code is in the ledger once, whoever enters it and however."""
    plant = get_plant(session, fields.plant_id)
    contract = check_certificate(session, fields, today=at.date())
    block = fields.block()
    certificate = GreenCertificate(
        plant_id=plant.id,
        scheme=fields.scheme,
        project_code=block.first.project,
        first_number=block.first.number,
        last_number=block.last.number,
        mwh=block.mwh,
        technology=fields.technology,
        project=fields.project,
        generation_month=fields.generation_month,
        is_tradable=fields.is_tradable,
        contract_id=contract.id if contract is not None else None,
        owner=fields.owner,
        status=CertificateStatus.HELD,
        recorded_by=by,
        recorded_at=at,
        is_sample=is_sample or plant.is_sample,
    )
    session.add(certificate)
    session.flush()  # the event names its id
    record(session, "green_certificate_registered", of=certificate, by=by, at=at, code=certificate.first_code, mwh=block.mwh)
    if fields.cancelled_on is not None and fields.cancellation_proof is not None:
        proof = CancellationInput(cancelled_on=fields.cancelled_on, cancellation_proof=fields.cancellation_proof)
        cancel_certificates(session, certificate.id, proof, version=certificate.version, by=by, at=at)
    return certificate


def check_certificate(session: Session, fields: CertificateInput, *, today: date) -> PowerContract | None:
    """Refuse a certificate that can't be, or is in the ledger already; return the contract it is bundled with.

    Raises
    ------
    InvalidInputError
        Naming the row that has the code, or the rule.

    """
    there = _overlapping(session, fields)
    if there is not None:
        raise InvalidInputError({"first_code": _there_already(session, there)})
    return _check_certificate(session, fields, today=today)


def check_import(session: Session, fields: CertificateInput) -> None:
    """Refuse a row of a workbook whose codes another row of the ledger holds; the very same codes are that row, read again."""
    there = _overlapping(session, fields)
    block = fields.block()
    if there is not None and (there.first_code, there.last_code) != (str(block.first), str(block.last)):
        raise InvalidInputError({"first_code": _there_already(session, there)})


def change_certificates(
    session: Session, certificate_id: uuid.UUID, fields: CertificateInput, *, version: int, by: str, at: datetime
) -> GreenCertificate:
    """Change what is written about certificates, or enter their cancellation; what a certificate is never changes."""
    certificate = queries.get_certificate(session, certificate_id)
    if certificate.version != version:
        raise StaleVersionError
    _check_unchanged(session, certificate, fields)
    contract = _check_certificate(session, fields, today=at.date())
    certificate.project, certificate.owner, certificate.is_tradable = fields.project, fields.owner, fields.is_tradable
    certificate.contract_id = contract.id if contract is not None else None
    certificate.version += 1
    record(session, "green_certificate_changed", of=certificate, by=by, at=at, code=certificate.first_code)
    if fields.cancelled_on is None or fields.cancellation_proof is None or certificate.cancelled_on is not None:
        return certificate
    proof = CancellationInput(cancelled_on=fields.cancelled_on, cancellation_proof=fields.cancellation_proof)
    return cancel_certificates(session, certificate.id, proof, version=certificate.version, by=by, at=at)


def _check_unchanged(session: Session, certificate: GreenCertificate, fields: CertificateInput) -> None:
    block = fields.block()
    fixed: dict[str, tuple[object, object]] = {
        "first_code": (certificate.first_code, str(block.first)),
        "last_code": (certificate.last_code, str(block.last)),
        "scheme": (certificate.scheme, fields.scheme),
        "generation_month": (certificate.generation_month, fields.generation_month),
        "technology": (certificate.technology, fields.technology),
    }
    if certificate.claim_id is not None:
        fixed |= {"plant_id": (certificate.plant_id, fields.plant_id), "contract_id": (certificate.contract_id, fields.contract_id)}
    if certificate.cancelled_on is not None:
        fixed |= {
            "cancelled_on": (certificate.cancelled_on, fields.cancelled_on),
            "cancellation_proof": (certificate.cancellation_proof, fields.cancellation_proof),
        }
    changed = [name for name, (before, now) in fixed.items() if before != now]
    if changed and certificate.claim_id is not None:
        raise InvalidInputError({changed[0]: _there_already(session, certificate)})
    if changed:
        message = N_("%(code)s stands in the ledger with something else here, and this never changes. Leave it as it was.")
        raise InvalidInputError({name: FieldError(message, code=certificate.first_code) for name in changed})


def _check_certificate(session: Session, fields: CertificateInput, *, today: date) -> PowerContract | None:
    problem = rules.registration_problem(fields.block(), scheme=fields.scheme, month=fields.generation_month, today=today)
    if problem is not None:
        raise InvalidInputError({"generation_month": problem})
    return _bundled_with(session, fields)


def _overlapping(session: Session, fields: CertificateInput) -> GreenCertificate | None:
    block = fields.block()
    return queries.find_overlapping(session, project=block.first.project, first=block.first.number, last=block.last.number)


def _there_already(session: Session, certificate: GreenCertificate) -> FieldError:
    claimed = certificate.claim_id is not None
    values = {"code": certificate.first_code, "last": certificate.last_code, "on": certificate.recorded_at.date()}
    if not claimed:
        return FieldError(
            N_("In the ledger since %(on)s: %(code)s to %(last)s. A certificate is entered once; leave this row out."), **values
        )
    claim = queries.get_claim(session, certificate.claim_id) if certificate.claim_id else None
    return FieldError(
        N_("In the ledger since %(on)s and claimed for %(year)s: %(code)s to %(last)s. A certificate counts once."),
        **values,
        year=claim.period_start.year if claim is not None else "-",
    )


def _bundled_with(session: Session, fields: CertificateInput) -> PowerContract | None:
    if fields.contract_id is None:
        return None
    contract = queries.get_contract(session, fields.contract_id)
    values = {"number": contract.number, "technology": contract.technology.value}
    if contract.plant_id != fields.plant_id:
        other = FieldError(N_("Contract %(number)s belongs to another site; choose one of this site."), **values)
        raise InvalidInputError({"contract_id": other})
    if contract.technology is not fields.technology:
        other = FieldError(
            N_("Contract %(number)s is for %(technology)s; a certificate bundled with it is for the same."), **values
        )
        raise InvalidInputError({"technology": other})
    return contract


def cancel_certificates(
    session: Session, certificate_id: uuid.UUID, fields: CancellationInput, *, version: int, by: str, at: datetime
) -> GreenCertificate:
    """Record that certificates were cancelled, with the proof; only then may they be claimed."""
    certificate = _movable(session, certificate_id, version=version, to=CertificateStatus.CANCELLED)
    problem = rules.cancellation_problem(certificate, fields.cancelled_on, today=at.date())
    if problem is not None:
        raise InvalidInputError({"cancelled_on": problem})
    certificate.cancelled_on, certificate.cancellation_proof = fields.cancelled_on, fields.cancellation_proof
    return _moved(session, certificate, CertificateStatus.CANCELLED, by=by, at=at)


def sell_certificates(
    session: Session, certificate_id: uuid.UUID, *, reason: str, version: int, by: str, at: datetime
) -> GreenCertificate:
    """Record that certificates were sold: what they stood for is residual mix for the site from then on."""
    certificate = _movable(session, certificate_id, version=version, to=CertificateStatus.SOLD)
    if not certificate.is_tradable:
        message = N_("Certificate %(code)s is not tradable, so it can't have been sold; correct the row first.")
        raise InvalidInputError({"": FieldError(message, code=certificate.first_code)})
    certificate.sold_because = reason
    return _moved(session, certificate, CertificateStatus.SOLD, by=by, at=at)


def _movable(session: Session, certificate_id: uuid.UUID, *, version: int, to: CertificateStatus) -> GreenCertificate:
    certificate = queries.get_certificate(session, certificate_id)
    if certificate.version != version:
        raise StaleVersionError
    if certificate.status not in {CertificateStatus.ISSUED, CertificateStatus.HELD}:
        raise InvalidTransitionError(present=certificate.status.value, wanted=to.value, allowed="")
    return certificate


def _moved(
    session: Session, certificate: GreenCertificate, status: CertificateStatus, *, by: str, at: datetime
) -> GreenCertificate:
    certificate.status = status
    certificate.version += 1
    record(session, f"green_certificate_{status.value}", of=certificate, by=by, at=at, code=certificate.first_code)
    return certificate
