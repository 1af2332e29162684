import html
from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from lca_models.model import load_model
from service.accounts.models import Role
from service.audit.models import AuditEvent
from service.database import Database
from service.modelling import queries
from service.modelling.editing import get_table
from service.modelling.models import ModelStatus, ModelVersion
from tests.conftest import SignIn
from tests.console.browsing import submit, words
from tests.modelling.builders import UTILITIES, a_draft, change, with_more_utilities

Form = Callable[..., dict[str, str]]
PROCESSES = "unit_processes.csv"
UTILITIES_LINE = b"P6_site_utilities,electricity_cn_grid,input,"


@pytest.fixture
def draft(database: Database) -> ModelVersion:
    with database.writing() as session:
        return a_draft(session)


def address(draft: ModelVersion, path: str = "") -> str:
    return f"/console/model/versions/{draft.id}{path}"


def row_address(database: Database, draft: ModelVersion, file: str, *key: str) -> str:
    with database.reading() as session:
        table = get_table(session, queries.get_version(session, draft.id), file)
    return address(draft, f"/tables/{file}/rows/{next(row.key_digest for row in table.rows if row.key == key)}")


def stored(database: Database, draft: ModelVersion) -> ModelVersion:
    with database.writing() as session:  # its rows can be read after the end
        return queries.get_version(session, draft.id)


def test_from_draft_to_use_by_two_people(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    begun = submit(client, "/console/model/versions", {"notes": "Our own meters."}, action="/console/model/versions")
    page = begun.headers["location"]
    with database.writing() as session:
        draft = session.exec(select(ModelVersion).where(ModelVersion.status == ModelStatus.DRAFT)).one()
    edit = row_address(database, draft, PROCESSES, *UTILITIES)
    shown = client.get(edit)
    cells = {f"cell.{name}": text for name, text in cells_of(database, draft).items()}
    saved = submit(client, edit, {**cells, "cell.amount": "0.4"})
    own = client.get(page)

    sign_in(Role.REVIEWER)
    changes = words(client.get(page + "/changes"))
    released = submit(client, page, {}, action=page + "/release")

    assert 'value="0.3"' in shown.text
    assert saved.status_code == 303
    assert "You had a hand in this version." in words(own)
    assert page + "/release" not in own.text
    assert "P6_site_utilities / electricity_cn_grid / input Changed amount 0.3 0.4" in changes
    assert "Acheson furnace, crucibles 12.48 12.54 +0.0578" in changes
    assert released.status_code == 303
    with database.reading() as session:
        assert queries.active_model(session).content_hash == stored(database, draft).content_hash
        actions = [event.action for event in session.exec(select(AuditEvent))]
    assert actions[-4:] == ["model_draft_created", "model_draft_changed", "model_version_retired", "model_version_released"]


def cells_of(database: Database, draft: ModelVersion) -> dict[str, str]:
    with database.reading() as session:
        table = get_table(session, queries.get_version(session, draft.id), PROCESSES)
        return dict(next(row.cells for row in table.rows if row.key == UTILITIES))


def test_a_bad_cell_comes_back_beside_its_field_with_everything_typed(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, draft: ModelVersion
) -> None:
    sign_in(Role.ENGINEER)
    cells = {f"cell.{name}": text for name, text in cells_of(database, draft).items()}
    cells |= {"cell.amount": "0,4", "cell.source_detail": "read on 2025-12-31"}

    answer = client.post(row_address(database, draft, PROCESSES, *UTILITIES), data=form(version="1", **cells))
    text = html.unescape(answer.text)

    assert answer.status_code == 422
    assert 'value="0,4"' in text
    assert "read on 2025-12-31" in text
    assert "unit_processes.csv, line 85, column amount: “0,4” is not a finite number." in text
    assert 'href="#field-cell.amount"' in text
    assert stored(database, draft).version == 1


def test_the_same_error_is_said_in_chinese(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, draft: ModelVersion
) -> None:
    sign_in(Role.ENGINEER)
    cells = {f"cell.{name}": text for name, text in cells_of(database, draft).items()}

    answer = client.post(
        row_address(database, draft, PROCESSES, *UTILITIES) + "?lang=zh-CN",
        data=form(version="1", **{**cells, "cell.amount": "多"}),
    )

    assert "“多”不是" in html.unescape(answer.text)


def test_an_edit_on_an_outdated_page_changes_nothing(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, draft: ModelVersion
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        with_more_utilities(session, queries.get_version(session, draft.id))
    cells = {f"cell.{name}": text for name, text in cells_of(database, draft).items()}

    answer = client.post(
        row_address(database, draft, PROCESSES, *UTILITIES), data=form(version="1", **{**cells, "cell.amount": "0.5"})
    )

    assert answer.status_code == 409
    assert 'value="0.5"' in answer.text
    assert "Somebody else changed this in the meantime" in answer.text
    assert cells_of(database, draft)["amount"] == "0.4"


def test_a_row_is_added_and_removed(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, draft: ModelVersion
) -> None:
    sign_in(Role.ENGINEER)
    table = address(draft, "/tables/sources.toml")
    cells = {"key": "own-meters", "citation": "Meters 2025", "licence": "own", "status": "found", "used_for": "P3"}

    added = client.post(table + "/new", data=form(version="1", **{f"cell.{name}": text for name, text in cells.items()}))
    listed = client.get(table + "?q=own-meters")
    removed = client.post(row_address(database, draft, "sources.toml", "own-meters") + "/delete", data=form(version="2"))

    assert (added.status_code, removed.status_code) == (303, 303)
    assert "Meters 2025" in listed.text
    assert "No row has these words" in client.get(table + "?q=own-meters").text


def test_a_row_that_others_need_stays_with_the_reason(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, draft: ModelVersion
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post(row_address(database, draft, PROCESSES, *UTILITIES) + "/delete", data=form(version="1"))

    assert answer.status_code == 422
    assert "no process has the exchange" in html.unescape(answer.text)
    assert cells_of(database, draft)["amount"] == "0.3"


def test_a_downloaded_table_is_changed_and_uploaded(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, draft: ModelVersion
) -> None:
    sign_in(Role.ENGINEER)
    content = client.get(address(draft, f"/tables/{PROCESSES}/download")).content
    changed = content.replace(
        b"P6_site_utilities,electricity_cn_grid,input,0.3,", b"P6_site_utilities,electricity_cn_grid,input,0.4,"
    )

    taken = client.post(address(draft, "/upload"), data=form(version="1"), files={"tables": (PROCESSES, changed, "text/csv")})

    assert taken.status_code == 303
    assert cells_of(database, draft)["amount"] == "0.4"


def test_an_upload_with_an_error_names_line_column_value_and_fix(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, draft: ModelVersion
) -> None:
    sign_in(Role.ENGINEER)
    content = client.get(address(draft, f"/tables/{PROCESSES}/download")).content
    broken = content.replace(
        b"P6_site_utilities,electricity_cn_grid,input,0.3,", b"P6_site_utilities,electricity_cn_grid,input,lots,"
    )

    refused = client.post(address(draft, "/upload"), data=form(version="1"), files={"tables": (PROCESSES, broken, "text/csv")})
    without = client.post(address(draft, "/upload"), data=form(version="1"))

    assert (refused.status_code, without.status_code) == (422, 422)
    assert "unit_processes.csv, line 85, column amount: “lots” is not a finite number." in html.unescape(refused.text)
    assert "Please choose a file." in without.text
    assert stored(database, draft).version == 1


def test_a_draft_with_an_open_balance_shows_the_obstacle_and_is_not_released(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, draft: ModelVersion
) -> None:
    with database.writing() as session:
        change(
            session, queries.get_version(session, draft.id), "carbon_contents.csv", ("anode_graphite_packed",), {"carbon": "0.8"}
        )
    sign_in(Role.REVIEWER)

    page = words(client.get(address(draft)))
    refused = client.post(address(draft, "/release"), data=form(version="2"))

    assert "points stand in the way of a release The carbon balance of the chain is open" in page
    assert refused.status_code == 409
    assert stored(database, draft).status is ModelStatus.DRAFT


def test_a_draft_is_described_and_discarded(client: TestClient, sign_in: SignIn, form: Form, draft: ModelVersion) -> None:
    sign_in(Role.ENGINEER)

    empty = client.post(address(draft), data=form(version="1", notes=" "))
    described = client.post(address(draft), data=form(version="1", notes="Factors of 2025."))
    listed = client.get("/console/model/versions").text
    discarded = client.post(address(draft, "/discard"), data=form(version="2"))

    assert (empty.status_code, described.status_code, discarded.status_code) == (422, 303, 303)
    assert "Factors of 2025." in listed
    assert client.get(address(draft)).status_code == 404


@pytest.mark.parametrize("path", ["", "/changes", "/tables/parameters.csv", "/tables/sources.toml"])
def test_auditors_read_versions_and_change_nothing(client: TestClient, sign_in: SignIn, draft: ModelVersion, path: str) -> None:
    sign_in(Role.AUDITOR)

    page = client.get(address(draft, path))

    assert page.status_code == 200
    content = page.text[page.text.index('id="content"') :]
    assert 'method="post"' not in content
    assert client.get(address(draft, "/upload")).status_code == 403


def test_a_reviewer_releases_but_does_not_edit(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, draft: ModelVersion
) -> None:
    sign_in(Role.REVIEWER)

    assert client.post(row_address(database, draft, PROCESSES, *UTILITIES), data=form(version="1")).status_code == 403
    assert client.post("/console/model/versions", data=form(notes="x")).status_code == 403


def test_two_versions_are_compared_either_way(client: TestClient, sign_in: SignIn, database: Database, draft: ModelVersion) -> None:
    with database.writing() as session:
        with_more_utilities(session, queries.get_version(session, draft.id))
        shipped = queries.find_version(session, load_model().content_hash)
    assert shipped is not None
    sign_in(Role.ENGINEER)

    back = words(client.get(f"/console/model/versions/{shipped.id}/changes?against={draft.id}"))
    same = words(client.get(f"/console/model/versions/{shipped.id}/changes"))

    assert "Changed amount 0.4 0.3" in back
    assert "12.54 12.48 −0.0578" in back
    assert "Nothing differs" in same
