"""Footprint records made by the model itself, with provenance as the footprint domain writes it, and certificates on them."""

import hashlib
import itertools
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from lca_models import load_model
from lca_models.calculation import Footprint, calculate_footprint
from service.accounts.models import Organisation, OrganisationKind
from service.certificates import operations
from service.certificates.models import Certificate
from service.certificates.operations import Rendered
from service.footprints.models import FootprintRecord, FootprintStatus
from service.product_footprints import documents
from service.product_footprints.models import ProductFootprint
from service.product_footprints.operations import declare
from service.products.models import Plant, Product
from service.settings import Settings
from tests import builders

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PERIOD = (date(2025, 1, 1), date(2025, 12, 31))
RELEASER = "user:01999999-0000-7000-8000-00000000000a"
ISSUER = "user:01999999-0000-7000-8000-00000000000b"
TOLL = "01999999-0000-7000-8000-000000000001"
MEASURED: Mapping[str, float] = {
    "graphitization_electricity_kwh_per_kg": 12.4,
    "packing_coke_net_kg_per_kg": 0.22,
}
"""What a toll plant's meters say."""
DATA_QUALITY: Mapping[str, Any] = {"primary_data_share": 0.6, "technology": 2.1, "geography": 1.8, "time": 1.4, "by_stage": {}}
_numbers = itertools.count(1)


def a_part(
    *, kind: str = "primary", source: str = "S-2026-0001", supplier: str | None = None, weight: float = 1.0
) -> dict[str, Any]:
    """Return one part of a parameter's provenance."""
    return {
        "kind": kind,
        "value": 1.0,
        "weight": weight,
        "source": source,
        "formula": "",
        "supplier_id": supplier,
        "submission_id": None,
    }


def toll_provenance(*suppliers: str, kept_by_model: float = 0.0) -> dict[str, Any]:
    """Return the provenance of `MEASURED` from suppliers with equal shares; the rest keeps the model's value."""
    weight = (1.0 - kept_by_model) / len(suppliers)
    parts = [a_part(supplier=one, weight=weight) for one in suppliers]
    if kept_by_model:
        parts.append(a_part(kind="default", source="model", weight=kept_by_model))
    return {name: {"value": value, "parts": parts} for name, value in MEASURED.items()}


def maker_provenance(*names: str) -> dict[str, Any]:
    """Return the provenance of parameters that the maker typed into the product's set-up."""
    return {name: {"value": 1.0, "parts": [a_part(source="recipe")]} for name in names}


def a_record(
    session: Session,
    *,
    product: Product | None = None,
    parameters: Mapping[str, float | str] | None = None,
    provenance: Mapping[str, Any] | None = None,
    period: tuple[date, date] = PERIOD,
    status: FootprintStatus = FootprintStatus.RELEASED,
    released_by: str = RELEASER,
) -> FootprintRecord:
    """Return a stored record, calculated by the model."""
    product = product or builders.a_product(session)
    record = in_memory(product.id, parameters=parameters, provenance=provenance, period=period)
    record.status = status
    record.released_by = released_by if status is FootprintStatus.RELEASED else None
    session.add(record)
    session.flush()
    if status is FootprintStatus.RELEASED:
        declare(session, record, by=released_by, at=NOW, settings=some_settings())
    return record


def in_memory(
    product_id: uuid.UUID | None = None,
    *,
    parameters: Mapping[str, float | str] | None = None,
    provenance: Mapping[str, Any] | None = None,
    period: tuple[date, date] = PERIOD,
) -> FootprintRecord:
    """Return a record without a database."""
    model = load_model()
    views = {key: calculate_footprint(model, parameters, electricity=key, check=False) for key in ("national", "market")}
    headline = views["national"]
    number = next(_numbers)
    return FootprintRecord(
        number=f"F-2026-{number:04}",
        product_id=product_id or uuid.uuid4(),
        period_start=period[0],
        period_end=period[1],
        total_kg_co2e_per_kg=headline.total_kg_co2e,
        electricity_view="national",
        model_version=model.model_version,
        result=json.loads(json.dumps({**headline.as_dict(), "data_quality": DATA_QUALITY})),
        views=[_view(key, footprint) for key, footprint in views.items()],
        parameters=dict(headline.parameters),
        provenance=dict(provenance or {}),
        shares={"primary": 0.6, "secondary": 0.1, "default": 0.3},
        default_total_kg_co2e_per_kg=12.48,
        inputs_sha256=f"{number:064x}",
        calculated_by="user:01999999-0000-7000-8000-00000000000c",
        calculated_at=NOW,
    )


def declared_in_memory(record: FootprintRecord, product: Product, plant: Plant) -> ProductFootprint:
    """Return the declared footprint of a record without a database."""
    model = load_model()
    given = {name: record.parameters[name] for name in record.result["given"]}
    subject = documents.Subject(
        id=uuid.uuid4(),
        record=record,
        product=product,
        plant=plant,
        model=model,
        footprint=calculate_footprint(model, given, electricity="national", check=False),
        exemptions=tuple(model.exemptions.values()),
        preceding_ids=(),
        valid_until=date(2028, 12, 31),
        statement=None,
        notes=(),
        created=NOW,
    )
    document = documents.build_document(subject, settings=some_settings())
    return ProductFootprint(
        id=subject.id,
        record_id=record.id,
        product_id=record.product_id,
        period_start=record.period_start,
        period_end=record.period_end,
        document=document,
        document_sha256=documents.sha256_of(document),
        valid_from=NOW,
        valid_until=NOW,
        declared_by=RELEASER,
        declared_at=NOW,
    )


def _view(key: str, footprint: Footprint) -> dict[str, Any]:
    sites: Sequence[dict[str, Any]] = ()
    return {
        "view": key,
        "total_kg_co2e": footprint.total_kg_co2e,
        "kg_co2e_per_kwh": footprint.parameters["electricity_kg_co2e_per_kwh"],
        "is_headline": key == "national",
        "sites": list(sites),
    }


def a_customer(session: Session, *, name_en: str = "Some Cells Ltd.") -> Organisation:
    """Return a new customer."""
    return builders.an_organisation(session, kind=OrganisationKind.CUSTOMER, name_zh="某电芯公司", name_en=name_en)


def some_settings(folder: Path = Path("unused")) -> Settings:
    """Return the settings of a deployment."""
    return Settings(env="test", data_dir=folder, secret_key="0" * 64)  # type: ignore[arg-type] # parsed


def issued(session: Session, record: FootprintRecord | None = None, *, customer: Organisation | None = None) -> Certificate:
    """Return a certificate that waits for its document."""
    return operations.issue(
        session,
        record or a_record(session),
        customer=customer or a_customer(session),
        part_no="CELL-7",
        valid_until=None,
        by=ISSUER,
        at=NOW,
        settings=some_settings(),
    )


def a_document(content: bytes = b"%PDF a document") -> Rendered:
    """Return stand-in bytes of a document."""
    return Rendered(pdf=content, pdf_sha256=hashlib.sha256(content).hexdigest(), unsigned_sha256="0" * 64, key_id="f" * 16)


def valid(session: Session, record: FootprintRecord | None = None, *, customer: Organisation | None = None) -> Certificate:
    """Return a certificate with a stand-in document."""
    certificate = issued(session, record, customer=customer)
    assert operations.store_document(session, certificate.id, a_document(certificate.number.encode()), at=NOW)
    session.refresh(certificate)
    return certificate


def decimals(groups: Sequence[Mapping[str, Any]]) -> Decimal:
    """Return the sum of groups' figures."""
    return sum((Decimal(group["kg_co2e"]) for group in groups), Decimal())
