"""A supplier at the portal: with a link and PIN on any device, or with an account."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import httpx
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from service.settings import Settings
from service.submissions import operations
from service.submissions.models import Submission
from service.suppliers.models import Supplier
from tests import builders
from tests.submissions.builders import NOW, TOLL_ANSWERS

PIN = "482913"
HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A supplier that has been sent a link; `path` is the link without the host."""

    submission: Submission
    supplier: Supplier
    path: str

    @property
    def home(self) -> str:
        """Address of the questionnaire's task list."""
        return f"/portal/submissions/{self.submission.id}"


def invite(app: FastAPI, *, supplier: Supplier | None = None, year: int = 2025) -> Invited:
    """Plan a questionnaire and send its link."""
    settings: Settings = app.state.settings
    with app.state.database.writing() as session:
        supplier = supplier or _a_looked_after_supplier(session)
        submission = operations.plan(
            session,
            supplier,
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            deadline=date(2026, 12, 31),
            message="Please help us",
            by="user:engineer",
            at=NOW,
        )
        link = operations.invite(session, submission, settings=settings, by="user:engineer", at=NOW)
        session.refresh(submission)
        session.expunge_all()
    return Invited(submission=submission, supplier=supplier, path=link.removeprefix(settings.base_url))


def send(client: TestClient, page: str, values: Mapping[str, str], *, action: str | None = None) -> httpx.Response:
    """Open a page and send its form: hidden fields as shown, the others as given."""
    shown = client.get(page)
    assert shown.status_code == 200, (page, shown.status_code, shown.text[:500])
    hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(shown.text)}
    return client.post(action or page, data={**hidden, **values})


def enter(client: TestClient, invited: Invited, pin: str = PIN) -> httpx.Response:
    """Open a link and give a PIN."""
    return send(client, invited.path, {"pin": pin})


def answer_everything(client: TestClient, invited: Invited) -> None:
    """Fill in each screen with a toll plant's plausible answers."""
    for group, keys in GROUPS.items():
        values: dict[str, str] = {}
        for key in keys.split():
            entry = TOLL_ANSWERS[key]
            values |= {key: entry.entered, f"{key}_unit": entry.unit or ""}
        response = send(client, f"{invited.home}/{group}", values)
        assert response.status_code == 303, response.text


def words(response: httpx.Response) -> str:
    """Return a page's visible text, spaces joined."""
    text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


GROUPS = {
    "site": "site_province product_output",
    "furnace": "furnace_type charge_in product_out",
    "electricity": "grid_electricity furnace_electricity auxiliary_electricity power_source",
    "fuels": "natural_gas",
    "packing": "packing_coke_net",
    "sources": "evidence_source",
}


def _a_looked_after_supplier(session: Session) -> Supplier:
    supplier = builders.a_supplier(session)
    supplier.owner_id = builders.a_user(session, name="Chen Yu").id
    session.add(supplier)
    session.flush()
    return supplier
