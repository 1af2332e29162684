"""A deployment that exchanges with one partner, whose system is a machine of the test."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, SQLModel, select

from service.database import Database
from service.exchange.models import OutgoingRequest, Partner, ReceivedEvent
from service.exchange.partners import PartnerInput, add_partner
from service.jobs.embedded import run_one
from service.jobs.operations import enqueue
from service.jobs.performing import Bench
from service.keys import load_secret
from service.settings import Settings
from service.suppliers.models import Supplier, SupplierType
from service.tasks import TASKS
from tests import builders
from tests.conftest import NOW, MovableClock
from tests.exchange.partner_machine import PartnerMachine
from tests.exchange.server import BY, GOLDEN, SECRET

KIND = "org.wbcsd.pact.ProductFootprint."


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A database, a clock that tests move, and a partner's machine."""

    database: Database
    settings: Settings
    clock: MovableClock
    machine: PartnerMachine
    partner_id: uuid.UUID
    supplier_id: uuid.UUID

    def work(self) -> int:
        """Run every job that is due; returns how many attempts were made."""
        bench = Bench(database=self.database, settings=self.settings, clock=self.clock, tasks=TASKS)
        return sum(1 for _ in iter(lambda: run_one(bench, holder="test"), None))

    def work_until(self, end: timedelta) -> None:
        """Work on, hour by hour, until a time has passed."""
        for _ in range(int(end / timedelta(hours=1))):
            self.clock.move(timedelta(hours=1))
            self.work()

    def hear(self, kind: str, data: Mapping[str, Any], *, partner_id: uuid.UUID | None = None) -> uuid.UUID:
        """Take an event of the partner as the server does, and handle it."""
        with self.database.writing() as session:
            event = ReceivedEvent(
                partner_id=partner_id or self.partner_id,
                event_id=str(uuid.uuid4()),
                source="https://elsewhere.example/events",
                type=f"{KIND}{kind}.3",
                body={"data": dict(data)},
                received_at=self.clock(),
            )
            session.add(event)
            session.flush()
            enqueue(session, "handle_event", {"event_id": str(event.id)}, key=f"handle-event:{event.id}", run_at=self.clock())
        self.work()
        return event.id

    def rows(self, kind: type[SQLModel]) -> Sequence[Any]:
        """Return all rows of a table, detached."""
        with self.database.reading() as session:
            found = session.exec(select(kind)).all()
            session.expunge_all()
            return found

    def one(self, kind: type[SQLModel]) -> Any:
        """Return the only row of a table."""
        (found,) = self.rows(kind)
        return found


def a_deployment(
    database: Database, settings: Settings, clock: MovableClock, machine: PartnerMachine, *, supplier_type: SupplierType
) -> Deployment:
    """Register the machine as a partner that is a supplier."""
    with database.writing() as session:
        supplier = builders.a_supplier(session, supplier_type=supplier_type)
        partner = reachable_partner(session, settings, base_url=machine.base_url, supplier=supplier)
    return Deployment(
        database=database, settings=settings, clock=clock, machine=machine, partner_id=partner.id, supplier_id=supplier.id
    )


def reachable_partner(
    session: Session,
    settings: Settings,
    *,
    base_url: str,
    supplier: Supplier | None = None,
    client_id: str = "the-partner",
    shares_all: bool = False,
) -> Partner:
    """Return a partner that has given us credentials."""
    fields = PartnerInput(
        name_zh="某焦化厂",
        name_en="Coke maker",
        base_url=base_url,
        supplier_id=supplier.id if supplier else None,
        callback_client_id="us",
        callback_client_secret=SECRET,
        shares_all=shares_all,
    )
    return add_partner(
        session,
        fields,
        client_id=client_id,
        client_secret=SECRET,
        secret=load_secret(settings),
        allow_private=True,
        by=BY,
        at=NOW,
    )


def a_document(**changes: object) -> dict[str, Any]:
    """Return an active footprint of another company; `pcf_...` changes a member of `pcf`."""
    own = {name.removeprefix("pcf_"): value for name, value in changes.items() if name.startswith("pcf_")}
    outer = {name: value for name, value in changes.items() if not name.startswith("pcf_")}
    pcf = {name: value for name, value in {**GOLDEN["pcf"], **own}.items() if value is not None}
    return {**GOLDEN, "id": str(uuid.uuid4()), "status": "Active", **outer, "pcf": pcf}


def an_open_request(session: Session, partner_id: uuid.UUID, *, flow: str | None = None) -> OutgoingRequest:
    """Return a request of ours that nobody has answered."""
    request = OutgoingRequest(partner_id=partner_id, flow=flow, wanted={"productId": ["urn:x:y"]}, asked_by=BY, asked_at=NOW)
    session.add(request)
    session.flush()
    return request
