"""The pages of a campaign, from the plan to the file that a buyer takes along."""

import csv
import html
import io
import json
import re
import uuid
import zipfile
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from openpyxl import Workbook, load_workbook
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.campaigns.models import Campaign, CampaignMember
from service.campaigns.opting_out import opt_out_token
from service.campaigns.queries import find_opt_out
from service.console.exports import harmless
from service.database import Database
from service.mail.models import MailMessage
from service.submissions.models import Invitation, Submission, SubmissionStatus
from service.suppliers.models import Supplier
from tests import builders
from tests.campaigns.builders import a_campaign
from tests.conftest import SignIn
from tests.console.browsing import HIDDEN, submit, words
from tests.mail.test_delivery_status import a_notification

Form = Callable[..., dict[str, str]]


@pytest.fixture
def database(app: FastAPI) -> Database:
    found: Database = app.state.database
    return found


def make(database: Database, **changes: object) -> uuid.UUID:
    with database.writing() as session:
        return a_campaign(session, **changes).id  # type: ignore[arg-type] # of a_campaign


def started(client: TestClient, database: Database, form: Form) -> tuple[uuid.UUID, uuid.UUID]:
    """Return a running campaign of one supplier, and its request."""
    with database.writing() as session:
        supplier = builders.a_supplier(session, name_en="=HYPERLINK(1)")
        campaign_id = a_campaign(session, suppliers=[supplier]).id
    assert client.post(f"/console/campaigns/{campaign_id}/start", data=form()).status_code == 303
    with database.reading() as session:
        return campaign_id, session.exec(select(Submission.id)).one()


def test_a_campaign_is_planned_announced_and_started(client: TestClient, sign_in: SignIn, database: Database) -> None:
    buyer = sign_in(Role.PROCUREMENT)
    with database.writing() as session:
        supplier_id = builders.a_supplier(session).id

    shown = client.get("/console/campaigns/new")
    values = {
        name: re.search(rf'name="{name}" type="date" value="([^"]+)"', shown.text)
        for name in ("period_start", "period_end", "deadline")
    }
    typed = {name: found[1] for name, found in values.items() if found} | {
        "depth": "full",
        "digest": "daily",
        "owner_id": str(buyer.id),
    }
    created = submit(client, "/console/campaigns/new", {"name": "Coke and pitch 2025", **typed}, action="/console/campaigns")
    address = created.headers["location"].removesuffix("/suppliers")
    submit(client, f"{address}/suppliers", {"supplier_ids": str(supplier_id)})
    too_early = client.post(f"{address}/start", data={"csrf_token": client.headers["x-test-csrf"]})
    letter = words(client.get(f"{address}/notice"))
    submit(client, f"{address}/notice", {}, action=f"{address}/notice/handed-on")
    submit(client, address, {}, action=f"{address}/start")
    funnel = words(client.get(address))

    assert values["deadline"] is not None
    assert values["deadline"][1] == "2026-12-20"  # 22 November and 28 days
    assert too_early.status_code == 409
    assert "not by purchasing and not by our customers" in letter
    assert "采购部门和我们的客户看不到" in letter
    assert "Invited 1 1 100 % 1" in funnel
    assert "Hand the link on, or wait for the mail" in funnel


def test_a_list_from_excel_shows_its_problems_by_cell_and_then_joins(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    address = f"/console/campaigns/{make(database, suppliers=[])}/suppliers"

    def upload(*names: str) -> str:
        book = Workbook()
        for row in (["供应商 / Supplier", "类型 / Type", "英文名称 / English name"], *map(str.split, names)):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        token = client.headers["x-test-csrf"]
        return client.post(f"{address}/import", data={"csrf_token": token}, files={"file": ("list.xlsx", stream.getvalue())}).text

    refused = html.unescape(upload("新厂 baker New", "新厂二 TOLL New2"))
    preview = upload("新厂 COKE New", "新厂二 TOLL New2")
    with database.reading() as session:
        stored_by_preview = session.exec(select(CampaignMember)).all()
    confirmed = html.unescape(dict(HIDDEN.findall(preview))["rows"])
    client.post(f"{address}/apply", data=form(rows=confirmed))

    assert ("B2" in refused, "This type is not known" in refused) == (True, True)
    assert "New: is added as a supplier" in preview
    assert stored_by_preview == []
    assert "Chosen: 2" in client.get(address).text


def test_the_confirmed_list_adds_suppliers_all_or_none(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    address = f"/console/campaigns/{make(database, suppliers=[])}/suppliers"
    good = '[{"name_zh": "新厂", "name_en": "New", "supplier_type": "COKE"}]'
    unknown = {"supplier_id": str(uuid.uuid4()), "name_zh": "x"}
    half = json.dumps([{"name_zh": "新厂二", "name_en": "New 2", "supplier_type": "COKE"}, unknown])

    assert client.post(f"{address}/apply", data=form(rows="nonsense")).status_code == 422
    assert client.post(f"{address}/apply", data=form(rows=half)).status_code == 422
    assert client.post(f"{address}/apply", data=form(rows=good)).status_code == 303

    with database.reading() as session:
        assert len(session.exec(select(Supplier)).all()) == 1
        assert len(session.exec(select(CampaignMember)).all()) == 1


def test_the_link_its_message_and_its_code_can_be_shown_again_to_those_who_may_make_links(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    campaign_id, submission_id = started(client, database, form)

    page = client.get(f"/console/requests/{submission_id}/link")
    link = re.search(r"http://127\.0\.0\.1:8000(/r/[\w-]+)", page.text)
    sheet = client.get(f"/console/campaigns/{campaign_id}/sheets")

    assert link is not None
    assert client.get(link[1]).status_code == 200
    assert page.headers["cache-control"] == sheet.headers["cache-control"] == "no-store"
    assert "data:image/svg+xml" in page.text
    assert link[1] in sheet.text
    assert "您好" in page.text
    with database.reading() as session:  # looking changes nothing
        assert session.get_one(Submission, submission_id).status is SubmissionStatus.INVITED
        assert len(session.exec(select(Invitation)).all()) == 1
    sign_in(Role.AUDITOR)
    assert client.get(f"/console/requests/{submission_id}/link").status_code == 403
    assert client.get(f"/console/campaigns/{campaign_id}/sheets").status_code == 403
    assert client.get(f"/console/campaigns/{campaign_id}").status_code == 200


def test_a_bounce_is_marked_and_after_the_right_address_a_new_link_goes_out(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    campaign_id, submission_id = started(client, database, form)
    address = f"/console/requests/{submission_id}"

    client.post(f"{address}/bounced", data=form(reason="has left the company"))
    marked, funnel = words(client.get(address)), words(client.get(f"/console/campaigns/{campaign_id}?stage=bounced"))
    wrong = client.post(f"{address}/address", data=form(contact_email="nobody"))
    right = client.post(f"{address}/address", data=form(contact_email="right@supplier.example"))

    assert "has left the company" in marked
    assert "Correct the address and send again" in funnel
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    assert right.status_code == 200
    with database.reading() as session:
        assert session.get_one(Submission, submission_id).status is SubmissionStatus.INVITED
        newest = session.exec(select(MailMessage).order_by(MailMessage.id.desc())).first()  # type: ignore[attr-defined] # a column
        assert newest is not None
        assert newest.recipient == "right@supplier.example"


def test_a_returned_mail_finds_its_request_by_its_own_id_only(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    _, submission_id = started(client, database, form)
    with database.reading() as session:
        mail_id = session.exec(select(Invitation.mail_id)).one()
    ours, foreign = (a_notification(message_id=f"<{one}@sample.example>").decode() for one in (mail_id, uuid.uuid4()))

    unknown = client.post("/console/bounces", data=form(source=foreign))
    found = client.post("/console/bounces", data=form(source=ours))
    nested = client.post("/console/bounces", data=form(source="Content-Type: message/rfc822\n\n" * 5000))

    assert unknown.status_code == 422
    assert "carried no link that still opens" in html.unescape(unknown.text)
    assert found.headers["location"] == f"/console/requests/{submission_id}"
    assert nested.status_code == 422
    with database.reading() as session:
        assert session.get_one(Submission, submission_id).status is SubmissionStatus.BOUNCED
        assert session.exec(select(Invitation.bounce_reason)).one() == "5.1.1 550 no such mailbox"


def test_exports_hold_no_formula_whatever_a_supplier_is_called(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    campaign_id, _ = started(client, database, form)

    text = client.get(f"/console/campaigns/{campaign_id}/export.csv")
    book = client.get(f"/console/campaigns/{campaign_id}/export.xlsx")

    rows = list(csv.reader(io.StringIO(text.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=HYPERLINK(1)", "s")
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book.content)).read("xl/worksheets/sheet1.xml")
    for response in (text, book):
        assert response.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in response.headers["content-security-policy"]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_what_a_spreadsheet_would_calculate_is_quoted(start: str) -> None:
    assert harmless(start) == f"'{start}"
    assert harmless("1-1") == "1-1"
    assert harmless(-1.0) == -1.0


def test_more_time_and_the_end_of_a_campaign(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    sign_in(Role.ENGINEER)
    campaign_id, submission_id = started(client, database, form)
    address = f"/console/campaigns/{campaign_id}"

    earlier = client.post(f"{address}/deadline", data=form(deadline="2026-12-01"))
    later = client.post(f"{address}/deadline", data=form(deadline="2027-01-20"))
    notice = words(client.get(address))
    client.post(f"{address}/close", data=form())
    closed = client.post(f"{address}/start", data=form())

    assert earlier.status_code == 422
    assert later.status_code == 303
    assert "The public holidays of 2027 are not announced or not entered yet" in notice
    assert closed.status_code == 409
    with database.reading() as session:
        assert str(session.get_one(Submission, submission_id).deadline) == "2027-01-20"
        assert session.get_one(Campaign, campaign_id).status == "closed"


def test_the_link_in_a_reminder_stops_reminders_only_when_its_button_is_pressed(app: FastAPI, client: TestClient) -> None:
    with app.state.database.writing() as session:
        submission_id = builders.a_submission(session).id
    address = f"/reminders/{opt_out_token(app.state.secret, submission_id)}"

    def is_stopped() -> bool:
        with app.state.database.reading() as session:
            return find_opt_out(session, submission_id) is not None

    scanned = client.get(address)
    after_scan = is_stopped()
    submit(client, address, {"wish": "stop"})
    after_button = is_stopped()
    submit(client, address, {"wish": "resume"})

    assert scanned.status_code == 200
    assert (after_scan, after_button, is_stopped()) == (False, True, False)
    assert client.get(f"/reminders/{submission_id.hex}-{'0' * 32}").status_code == 404
    assert client.get("/reminders/nonsense").status_code == 404
