"""Partners with credentials, declared footprints as light as the exchange needs them, and a program that asks."""

import base64
import copy
import itertools
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from service.exchange.models import Partner
from service.exchange.partners import PartnerInput, add_partner
from service.footprints.models import FootprintStatus
from service.product_footprints.identifiers import identifiers_of
from service.product_footprints.models import DeclaredStatus, FootprintIdentifier, ProductFootprint
from service.products.models import Product
from tests import builders
from tests.builders import NOW
from tests.console.builders import a_footprint

SECRET = "0123456789abcdef-of-the-partner"
BY = "user:01999999-0000-7000-8000-00000000000a"
EVENTS = "application/cloudevents+json; charset=UTF-8"
_numbers = itertools.count(1)

GOLDEN: Mapping[str, Any] = {
    "specVersion": "3.0.3",
    "created": "2026-11-20T08:00:00Z",
    "companyName": "Example Anode Ltd",
    "companyIds": ["urn:pact:anode.example:company-id:001"],
    "productNameCompany": "AG-300",
    "productDescription": "Synthetic graphite anode powder, 1 kg",
    "productIds": ["urn:pact:anode.example:supplier-id:AG-300", "urn:pact:cas.org:substance-number:7782-42-5"],
    "productClassifications": ["urn:pact:productclassification:un-cpc:3799"],
    "pcf": {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "1",
        "productMassPerDeclaredUnit": "1",
        "referencePeriodStart": "2025-01-01T00:00:00Z",
        "referencePeriodEnd": "2026-01-01T00:00:00Z",
        "geographyCountrySubdivision": "CN-SC",
        "pcfExcludingBiogenicUptake": "9.840",
        "pcfIncludingBiogenicUptake": "9.840",
        "fossilGhgEmissions": "9.80",
        "fossilCarbonContent": "0.995",
        "packagingEmissionsIncluded": True,
        "ccsTechnologicalCO2CaptureIncluded": False,
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067", "PACT-3.0"],
        "exemptedEmissionsPercent": "0",
        "primaryDataShare": "46.2",
    },
}


def a_partner(
    session: Session,
    *,
    client_id: str | None = None,
    shares_all: bool = False,
    base_url: str | None = None,
    deployment_secret: bytes = b"0" * 64,
) -> Partner:
    """Return a new partner that knows `SECRET`."""
    number = next(_numbers)
    fields = PartnerInput(
        name_zh=f"电池{number}厂",
        name_en=f"Cell maker {number}",
        base_url=base_url or f"https://partner{number}.example",
        shares_all=shares_all,
    )
    return add_partner(
        session,
        fields,
        client_id=client_id or f"partner-{number}",
        client_secret=SECRET,
        secret=deployment_secret,
        allow_private=False,
        by=BY,
        at=NOW,
    )


def a_declared(
    session: Session,
    *,
    product: Product | None = None,
    status: DeclaredStatus = DeclaredStatus.ACTIVE,
    product_ids: Sequence[str] | None = None,
    company_ids: Sequence[str] | None = None,
    classifications: Sequence[str] | None = None,
    subdivision: str = "CN-SC",
    valid: tuple[datetime, datetime] = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 12, 31, tzinfo=UTC)),
    declared_at: datetime | None = None,
    preceding: Sequence[uuid.UUID] = (),
) -> ProductFootprint:
    """Return a declared footprint whose figures are those of the example."""
    number = next(_numbers)
    record = a_footprint(session, product=product or builders.a_product(session), status=FootprintStatus.RELEASED)
    footprint_id = uuid.uuid4()
    document = copy.deepcopy(dict(GOLDEN)) | {
        "id": str(footprint_id),
        "validityPeriodStart": valid[0].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "validityPeriodEnd": valid[1].strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    document["productIds"] = list(product_ids or document["productIds"])
    document["companyIds"] = list(company_ids or document["companyIds"])
    document["productClassifications"] = list(classifications or document["productClassifications"])
    document["pcf"]["geographyCountrySubdivision"] = subdivision
    if preceding:
        document["precedingPfIds"] = [str(one) for one in preceding]
    footprint = ProductFootprint(
        id=footprint_id,
        record_id=record.id,
        product_id=record.product_id,
        period_start=record.period_start,
        period_end=record.period_end,
        document=document,
        document_sha256="0" * 64,
        status=status,
        valid_from=valid[0],
        valid_until=valid[1],
        declared_by=BY,
        declared_at=declared_at or NOW + timedelta(seconds=number),
    )
    session.add(footprint)
    session.flush()
    session.add_all(
        FootprintIdentifier(footprint_id=footprint.id, kind=kind, value=value) for kind, value in sorted(identifiers_of(document))
    )
    session.flush()
    return footprint


class Program:
    """A partner's system: asks for a token, then asks with it."""

    def __init__(self, app: FastAPI, client_id: str, *, base_url: str = "http://127.0.0.1:8000") -> None:
        self.client = TestClient(app, base_url=base_url, follow_redirects=False)
        self.client_id = client_id
        self._token: str | None = None

    def ask_token(self, *, secret: str = SECRET, client_id: str | None = None, **form: str) -> Response:
        """Ask for a token as the specification's example does."""
        fields = {"grant_type": "client_credentials", **form}
        return self.client.post("/auth/token", data=fields, headers={"authorization": basic(client_id or self.client_id, secret)})

    def sign_in(self) -> None:
        """Keep a token for the requests that follow."""
        answer = self.ask_token()
        assert answer.status_code == 200, answer.text
        self._token = answer.json()["access_token"]

    @property
    def bearer(self) -> Mapping[str, str]:
        """The header that carries the token."""
        if self._token is None:
            self.sign_in()
        return {"authorization": f"Bearer {self._token}"}

    def get(self, path: str, **parameters: object) -> Response:
        """Get an address below the base URL, or an absolute one."""
        return self.client.get(path, params=parameters or None, headers=self.bearer)  # type: ignore[arg-type] # lists repeat a name

    def listed(self, **parameters: object) -> set[str]:
        """Return the ids of one page of the list."""
        answer = self.get("/3/footprints", **parameters)
        assert answer.status_code == 200, answer.text
        return {footprint["id"] for footprint in answer.json()["data"]}

    def send(self, event: Mapping[str, Any], *, media_type: str = EVENTS) -> Response:
        """Post an event."""
        return self.client.post("/3/events", json=dict(event), headers={**self.bearer, "content-type": media_type})


def basic(client_id: str, secret: str) -> str:
    """Return the Authorization header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def an_event(kind: str, data: Mapping[str, Any], **members: object) -> dict[str, Any]:
    """Return an event of one of the four kinds."""
    return {
        "type": f"org.wbcsd.pact.ProductFootprint.{kind}.3",
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/pact/events",
        "time": "2026-11-22T02:00:00Z",
        "data": dict(data),
        **members,
    }


def a_request(**criteria: object) -> dict[str, Any]:
    """Return a RequestCreatedEvent."""
    return an_event("RequestCreatedEvent", criteria or {"productId": ["urn:gtin:4712345060507"]})
