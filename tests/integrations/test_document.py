"""What docs/systems.md shows is tried, word by word."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Organisation
from service.database import Database
from service.integrations import tokens, webhooks
from service.integrations.models import Webhook
from service.integrations.tokens import Scope
from service.keys import seal
from tests import builders
from tests.builders import NOW
from tests.conftest import MovableClock
from tests.footprints.builders import a_toll_supplier

DOCUMENT = (Path(__file__).parents[2] / "docs" / "systems.md").read_text(encoding="utf-8")
JSON = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", DOCUMENT, flags=re.DOTALL)]
PURCHASES, ANSWER, PRODUCTION, *_ = JSON


def test_every_scope_and_event_is_in_the_document() -> None:
    for word in [*Scope, *webhooks.WebhookEvent, webhooks.SIGNATURE_HEADER]:
        assert f"`{word}" in DOCUMENT


@pytest.mark.parametrize(("path", "body"), [("purchases", PURCHASES), ("production", PRODUCTION)])
def test_the_rows_shown_are_taken(
    client: TestClient, sqlite_database: Database, clock: MovableClock, path: str, body: dict[str, Any]
) -> None:
    with sqlite_database.writing() as session:
        supplier = a_toll_supplier(session)
        organisation = session.exec(select(Organisation).where(Organisation.id == supplier.organisation_id)).one()
        organisation.registration_no = PURCHASES["rows"][0]["supplier_registration_no"]
        builders.a_product(session).grade = PRODUCTION["rows"][0]["grade"]
        key = tokens.create_token(session, name="ERP", scopes=list(Scope), days=30, by="user:1", at=clock())

    headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
    answer = client.post(f"/api/v1/systems/{path}", json=body, headers=headers).json()

    assert {**answer["rows"][0], "id": "..."} == ANSWER["rows"][0]


def test_the_check_of_signatures_shown_takes_ours_and_refuses_others() -> None:
    example: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", DOCUMENT, flags=re.DOTALL)[0], example)  # noqa: S102 - our own document
    check, secret, body = example["is_from_anodeprint"], "whs_secret", b'{"event":"test"}'
    deployment = hashlib.sha256(b"deployment").digest()
    webhook = Webhook(
        name="ERP",
        url="https://erp.example/hooks",
        secret=seal(deployment, webhooks.PURPOSE, secret),
        created_by="user:1",
        created_at=NOW,
    )
    header = webhooks.signature(webhook, body, secret=deployment, at=NOW)

    assert check(secret, header, body, NOW.timestamp())
    assert not check(secret, header, body + b" ", NOW.timestamp())
    assert not check("whs_other", header, body, NOW.timestamp())
    assert not check(secret, header, body, NOW.timestamp() + 301)
