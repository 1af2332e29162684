"""Redirects and the messages that go with them."""

import pytest
from fastapi import APIRouter, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.testclient import TestClient

from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.pages import FLASH_COOKIE, own_path, see_other
from service.keys import derive

router = APIRouter()


@router.get("/trial/leave")
@endpoint(PUBLIC)
def leave(context: Context, to: str = "/sign-in", message: str = "Saved %(name)s.", name: str = "") -> Response:
    return see_other(context, to, message, name=name)


@pytest.fixture
def browser(app: FastAPI, client: TestClient) -> TestClient:
    app.include_router(router)
    return client


@pytest.mark.parametrize("path", ["/", "/console?next=//x", "/portal#energy", "/verify/产品", "/@someone", "/a//b"])
def test_a_path_of_ours_is_followed(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "console",
        ".",
        "https://evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/console\\..\\x",
        "/\t/evil.example/",
        "\t//evil.example/",
        " //evil.example/",
        "/\n/evil.example/",
        "/console\r\nSet-Cookie: a=b",
        "/\x00/evil.example/",
        "/\u2028/evil.example/",
        "/\u202e/evil.example/",
    ],
)
def test_whatever_leads_elsewhere_becomes_the_default(path: str) -> None:
    assert own_path(path, default="/console") == "/console"


@given(st.text(alphabet="/\\:@.?#%\t\r\n evil", max_size=12))
def test_no_text_makes_a_browser_leave(path: str) -> None:
    # Browsers drop tabs and line ends, trim spaces, and read a backslash as a slash (WHATWG URL, section 4.4).
    read = own_path(path).strip().translate({ord("\\"): "/", **dict.fromkeys(map(ord, "\t\r\n"))})

    assert read.startswith("/")
    assert not read.startswith("//")


def test_a_redirect_stays_on_this_site(browser: TestClient) -> None:
    answer = browser.get("/trial/leave", params={"to": "//evil.example/"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_the_next_page_shows_the_message_once(browser: TestClient) -> None:
    browser.get("/trial/leave", params={"name": "<b>产品 A</b>"})

    assert "Saved &lt;b&gt;产品 A&lt;/b&gt;." in browser.get("/sign-in").text
    assert "Saved" not in browser.get("/sign-in").text


def flash_of(browser: TestClient, app: FastAPI) -> tuple[str, str]:
    """Return content and signature of a message on its way."""
    cookie = browser.get("/trial/leave").cookies[FLASH_COOKIE].strip('"')
    content, _, signature = cookie.rpartition(".")
    assert signature == derive(app.state.secret, "flash", content.encode())
    return content, signature


def test_a_message_that_is_not_ours_is_not_shown(browser: TestClient, app: FastAPI) -> None:
    content, signature = flash_of(browser, app)
    forged = [
        f"{content[:-4]}AAAA.{signature}",
        f"{content}.{signature[:-1]}",
        f"{content}.{'0' * 64}",
        f"{content}.",
        f"{content}.{derive(b'another secret', 'flash', content.encode())}",
        f"{content}.{derive(app.state.secret, 'form', content.encode())}",
        f".{signature}",
        content,
        ".",
        "",
    ]

    for cookie in forged:
        browser.cookies.clear()
        answer = browser.get("/sign-in", headers={"cookie": f"{FLASH_COOKIE}={cookie}"})
        assert answer.status_code == 200
        assert "Saved" not in answer.text, cookie

    answer = browser.get("/sign-in", headers={"cookie": f"{FLASH_COOKIE}={content}.{signature}"})
    assert "Saved ." in answer.text
