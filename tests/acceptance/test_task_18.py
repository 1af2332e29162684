"""Task 18, publicity: publish and unpublish with approval."""

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from tests.conftest import SignIn
from tests.console.browsing import submit, words

LIST = "/console/plan/publicity"
ARTICLE = {
    "kind": "article",
    "slug": "why-furnaces-matter",
    "title_zh": "为什么石墨化炉最重要",
    "title_en": "Why furnaces matter",
    "body_zh": "石墨化用电最多。",
    "body_en": "Most electricity goes into **graphitization**.\n\n- box furnaces <script>alert(1)</script>",
}


@pytest.fixture
def address(client: TestClient, sign_in: SignIn) -> str:
    """Where the draft of an engineer stands in the console."""
    sign_in(Role.ENGINEER)
    written = submit(client, f"{LIST}/posts/new", ARTICLE, action=f"{LIST}/posts")
    assert written.status_code == 303, words(written)
    return str(written.headers["location"])


def public(client: TestClient) -> int:
    return client.get(f"/public/learn/{ARTICLE['slug']}").status_code


def test_publish_and_unpublish_with_approval(client: TestClient, sign_in: SignIn, address: str) -> None:
    assert public(client) == 404
    sign_in(Role.COMMITTEE)
    assert submit(client, address, {}, action=f"{address}/approve").status_code == 303
    assert public(client) == 404  # approved is not yet published
    sign_in(Role.ENGINEER)
    assert submit(client, address, {}, action=f"{address}/publish").status_code == 303
    client.cookies.clear()
    shown = client.get(f"/public/learn/{ARTICLE['slug']}")
    assert shown.status_code == 200
    assert "<strong>graphitization</strong>" in shown.text
    assert "<script>alert" not in shown.text
    assert "alert(1)" in words(shown)
    assert "Why furnaces matter" in words(client.get("/public/learn"))
    sign_in(Role.ENGINEER)
    assert submit(client, address, {}, action=f"{address}/withdraw").status_code == 303
    assert public(client) == 404
    assert "Why furnaces matter" not in words(client.get("/public/learn"))


def test_who_wrote_may_not_approve(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER, Role.COMMITTEE)
    address = submit(client, f"{LIST}/posts/new", ARTICLE, action=f"{LIST}/posts").headers["location"]
    refused = submit(client, address, {}, action=f"{address}/approve")
    assert refused.status_code == 409
    assert "another person" in words(refused)


def test_nothing_is_published_without_approval(client: TestClient, sign_in: SignIn, address: str) -> None:
    sign_in(Role.ENGINEER)
    assert submit(client, address, {"version": "1"}, action=f"{address}/publish").status_code == 409
    assert public(client) == 404


def test_a_change_after_the_approval_needs_a_new_one(client: TestClient, sign_in: SignIn, address: str) -> None:
    sign_in(Role.COMMITTEE)
    submit(client, address, {}, action=f"{address}/approve")
    sign_in(Role.ENGINEER)
    assert submit(client, address, {**ARTICLE, "body_en": "Other words."}, action=address).status_code == 303
    assert submit(client, address, {"version": "3"}, action=f"{address}/publish").status_code == 409


def test_who_wrote_first_may_not_approve_what_another_polished(client: TestClient, sign_in: SignIn) -> None:
    writer = sign_in(Role.ENGINEER, Role.COMMITTEE)
    address = submit(client, f"{LIST}/posts/new", ARTICLE, action=f"{LIST}/posts").headers["location"]
    sign_in(Role.ENGINEER)
    submit(client, address, {**ARTICLE, "title_en": "Why our furnaces matter"}, action=address)
    sign_in(user=writer)
    assert submit(client, address, {}, action=f"{address}/approve").status_code == 409


def test_two_texts_may_not_have_one_address(client: TestClient, sign_in: SignIn, address: str) -> None:
    del address
    sign_in(Role.ENGINEER)
    refused = submit(client, f"{LIST}/posts/new", {**ARTICLE, "title_en": "Kept as typed"}, action=f"{LIST}/posts")
    assert refused.status_code == 422
    assert "has the address" in words(refused)
    assert "Kept as typed" in refused.text


def test_a_text_may_not_move_to_the_address_of_another(client: TestClient, sign_in: SignIn, address: str) -> None:
    del address
    sign_in(Role.ENGINEER)
    other = submit(client, f"{LIST}/posts/new", {**ARTICLE, "slug": "other-words"}, action=f"{LIST}/posts").headers["location"]
    refused = submit(client, other, {**ARTICLE, "title_en": "Kept as typed"}, action=other)
    assert refused.status_code == 422
    assert "has the address" in words(refused)
    assert "Kept as typed" in refused.text


def test_an_event_needs_its_day(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)
    refused = submit(client, f"{LIST}/posts/new", {**ARTICLE, "kind": "event"}, action=f"{LIST}/posts")
    assert refused.status_code == 422
    assert "An event needs its day" in words(refused)


def test_a_browser_that_has_the_page_is_told_so(client: TestClient) -> None:
    client.get("/public/learn")  # gives the browser its cookie
    first = client.get("/public/learn")
    again = client.get("/public/learn", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert first.headers["cache-control"] == "private, no-cache"
