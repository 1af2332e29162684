"""No address that somebody sends in a link leads a person of ours to another site."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from service.accounts.pages import own_path
from service.sample.loading import sample_logins
from tests.security.browsing import Browser

ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https://evil.example",
    "https:evil.example",
    "HTTPS:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    "/\x00/evil.example",
    "/..//evil.example",
    "/.//evil.example",
    "/console\r\nset-cookie: a=b",
    "evil.example",
    "@evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "/%2f/evil.example",
    "／／evil.example",
)
OURS = "http://127.0.0.1:8000"


def leads(location: str) -> str:
    """Return the site that a browser goes to: it drops tabs and newlines, and reads backslashes as slashes."""
    as_browsers_do = location.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/").strip()
    return urlsplit(urljoin(OURS + "/sign-in", as_browsers_do)).netloc


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_a_wanted_address_stays_on_our_site(wanted: str) -> None:
    assert leads(own_path(wanted)) == urlsplit(OURS).netloc


@pytest.mark.parametrize("wanted", ELSEWHERE)
@pytest.mark.parametrize("path", ["/language/en", "/sign-in", "/"])
def test_every_address_with_next_stays_on_our_site(browser: Browser, wanted: str, path: str) -> None:
    for name in ("anonymous", "engineer", "link A"):
        answer = browser.send(browser.world.actors[name], "GET", path, params={"next": wanted})

        assert answer.status_code < 500
        assert leads(answer.headers.get("location", "/")) == urlsplit(OURS).netloc
        assert not any(cookie.startswith("a=b") for cookie in answer.headers.get_list("set-cookie"))
        assert 'href="//' not in answer.text


@pytest.mark.parametrize("wanted", ["/console/audit", "/console/suppliers?q=a%26b&after=1", "/console/search?q=中文"])
def test_a_path_of_ours_is_followed(wanted: str) -> None:
    assert own_path(wanted) == wanted


def test_a_stranger_comes_back_to_the_page_asked_for(browser: Browser) -> None:
    answer = browser.send(browser.world.actors["anonymous"], "GET", "/console/suppliers?q=a%26b")

    assert answer.headers["location"] == "/sign-in?next=%2Fconsole%2Fsuppliers%3Fq%3Da%2526b"


def test_a_host_header_does_not_reach_links_that_are_mailed_or_printed(browser: Browser) -> None:
    world = browser.world
    spoofed = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-for": "192.0.2.9"}
    answer = browser.submit(
        world.actors["engineer"], f"/console/requests/{world.objects['submission_id']}/link", {}, headers=spoofed
    )

    assert answer.status_code == 200
    assert f"{OURS}/r/" in answer.text
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/console/certificates"])
def test_signing_in_leads_to_our_own_pages_only(browser: Browser, wanted: str) -> None:
    logins = sample_logins(browser.world.settings)
    password = re.search(r"password +(\S+)", logins)
    assert password is not None

    answer = browser.submit(
        browser.world.actors["anonymous"],
        "/sign-in",
        {"email": "sales@sample.example", "password": password[1], "next": wanted},
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == own_path(wanted, "/console")
