"""Ids, queries, bodies, files and cookies that no page of ours sends: each is refused, none is a server error."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from service.evidence.store import display_name
from tests.security.browsing import Browser, RouteUnderTest, routes_of
from tests.security.canaries import UNESCAPED
from tests.security.crawling import Crawl
from tests.security.examples import example_bodies
from tests.security.world import Actor

IN_ADDRESSES = ("%00", "%ED%A0%80", str(2**64), "x" * 3000)
MORE_IN_ADDRESSES = ("%FF", "%E2%80%AE", "..%2F..", "%25s", "-1", "1e400", "NaN", "null", "[]")
SHORT_AND_LONG = pytest.mark.parametrize("values", [IN_ADDRESSES, pytest.param(MORE_IN_ADDRESSES, marks=pytest.mark.long)])


def _readers(browser: Browser, route: RouteUnderTest) -> Actor:
    """Return somebody who may use a route."""
    return next(one for one in browser.world.actors.values() if route.policy.roles is None or route.policy.roles & one.roles)


@SHORT_AND_LONG
def test_no_id_in_an_address_is_a_server_error(browser: Browser, values: tuple[str, ...]) -> None:
    bodies = example_bodies(browser.world)
    wrong, tried = [], 0
    for route in routes_of(browser.world):
        for position, hostile in ((at, value) for at in range(len(route.parameters)) for value in values):
            ids = {**browser.world.objects, route.parameters[position]: hostile}
            body = {"json": bodies.get(str(route), {})} if route.is_api else {}
            actor = _readers(browser, route)
            post = (
                {"data": {"csrf_token": browser.world.form_token(actor)}} if route.method == "POST" and not route.is_api else body
            )
            answer = browser.send(actor, route.method, route.address(ids), **post)
            tried += 1
            if not 300 <= answer.status_code < 500:
                wrong.append(f"{route} {hostile}: {answer.status_code} {answer.text[:200]}")

    assert tried > 300
    assert wrong == []


@SHORT_AND_LONG
def test_no_query_is_a_server_error(browser: Browser, query_names: set[tuple[str, str]], values: tuple[str, ...]) -> None:
    wrong, tried = [], 0
    for route in [one for one in routes_of(browser.world) if one.method == "GET"]:
        actor = _readers(browser, route)
        for name, hostile in ((name, value) for name in _names(browser, query_names, route) for value in values):
            answer = browser.send(actor, "GET", f"{route.address(browser.world.objects)}?{name}={hostile}")
            tried += 1
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            if answer.status_code >= 500 or (UNESCAPED in answer.text and is_page):
                wrong.append(f"{route} {name}={hostile}: {answer.status_code} {answer.text[:200]}")

    assert tried > 200
    assert wrong == []


@pytest.fixture(scope="module")
def query_names(crawled: Crawl) -> set[tuple[str, str]]:
    """Return path and name of everything that links and forms of pages put behind an address."""
    links = {link for visit in crawled.pages for link in visit.page.links if "?" in link}
    in_links = {(urlsplit(link).path, name) for link in links for name, _ in parse_qsl(urlsplit(link).query)}
    forms = [form for visit in crawled.pages for form in visit.page.forms if form.method == "get"]
    return in_links | {(form.action, name) for form in forms for name in form.values}


def _names(browser: Browser, query_names: set[tuple[str, str]], route: RouteUnderTest) -> list[str]:
    """Return what may stand behind an address of a route, by its pages or by the API's description."""
    described = browser.world.app.openapi()["paths"].get(route.path, {}).get("get", {}).get("parameters", [])
    in_pages = {name for path, name in query_names if route.matches(path)}
    return sorted(in_pages | {one["name"] for one in described if one["in"] == "query"})


@pytest.mark.parametrize("limit", ["-1", "0", "101000", str(2**64), "1e3"])
@pytest.mark.parametrize("path", ["submissions", "footprints", "certificates", "suppliers", "products", "purchases"])
def test_a_page_size_out_of_range_is_refused_by_name(browser: Browser, path: str, limit: str) -> None:
    answer = browser.send(browser.world.actors["engineer"], "GET", f"/api/v1/{path}?limit={limit}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["limit"]


BODIES = (
    "",
    "{",
    "null",
    "[]",
    '"\\ud800"',
    "{}",
    '{"a": 1e400}',
    '{"": NaN}',
    "[" * 100_000,
    '{"a":' * 100_000,
    '{"a":' * 500 + "1" + "}" * 500,
    "1" * 100_000,
    "\x00",
    "\ufeff{}",
)
IN_FIELDS = (
    '"\\ud800"',
    '"\\u0000"',
    '"\\u202e"',
    "1e400",
    "NaN",
    "-Infinity",
    str(2**63),
    "1" * 5000,
    '"' + "x" * 5000 + '"',
    "null",
    "[[]]",
    '{"a": {"b": "\\u0000"}}',
    '{"\\u0000": {"entered": "1"}}',
    '{"product_output": {"entered": "1e400", "unit": "t", "note": "\\u0000"}}',
    "true",
)


def _with_bodies(browser: Browser) -> Iterator[tuple[RouteUnderTest, Mapping[str, object]]]:
    bodies = example_bodies(browser.world)
    for route in routes_of(browser.world):
        body = bodies.get(str(route))
        if isinstance(body, dict):
            yield route, body


def _send_raw(browser: Browser, route: RouteUnderTest, content: bytes) -> httpx.Response:
    headers = {"content-type": "application/json"}
    path = route.address(browser.world.objects)
    return browser.send(_readers(browser, route), route.method, path, content=content, headers=headers)


def test_no_body_of_a_program_is_a_server_error(browser: Browser) -> None:
    answers = [(route, body, _send_raw(browser, route, body.encode())) for route, _ in _with_bodies(browser) for body in BODIES]
    wrong = [
        f"{route} {body[:60]!r}: {answer.status_code} {answer.text[:200]}"
        for route, body, answer in answers
        if answer.status_code >= 500
    ]

    assert len(answers) > 100
    assert wrong == []


def test_no_value_in_a_body_is_a_server_error_and_no_unfit_one_is_taken(browser: Browser) -> None:
    wrong, tried = [], 0
    for route, body in _with_bodies(browser):
        for name, hostile in ((name, value) for name in [*body, "no_such_field"] for value in IN_FIELDS):
            pairs = [
                f"{json.dumps(one)}: {hostile if one == name else json.dumps(value)}" for one, value in {**body, name: ""}.items()
            ]
            answer = _send_raw(browser, route, ("{" + ", ".join(pairs) + "}").encode())
            tried += 1
            is_unfit = "\\u" in hostile or hostile in {"1e400", "NaN", "-Infinity"} or name == "no_such_field"
            if answer.status_code >= 500 or (is_unfit and answer.status_code < 400):
                wrong.append(f"{route} {name}={hostile[:60]}: {answer.status_code} {answer.text[:200]}")

    assert tried > 300
    assert wrong == []


FILE_NAMES = (
    "bill\u202efdp.csv",
    "../../etc/passwd.csv",
    "a\r\nb.csv",
    'a".csv',
    "负" * 200 + ".csv",
    "CON.csv",
    "<script>x</script>.csv",
    "",
)


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_file_with_a_hostile_name_is_refused_or_kept_under_a_harmless_one(browser: Browser, name: str) -> None:
    actor = browser.world.actors["link A"]
    path = f"/portal/submissions/{browser.world.objects['submission_id']}/evidence"
    answer = browser.submit(actor, path, {"field": ""}, files=[("files", (name, b"a,b\n1,2\n", "text/csv"))])

    assert answer.status_code in {303, 400, 422}
    shown = display_name(name)
    assert "/" not in shown
    assert not any(unicodedata.category(sign).startswith("C") for sign in shown)


def test_a_form_that_is_no_text_is_refused(browser: Browser) -> None:
    actor = browser.world.actors["engineer"]
    token = browser.world.form_token(actor).encode()
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    body = part % (b"csrf_token", token) + part % (b"name_zh", b"\xed\xa0\x80\xff") + b"--x--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x"}

    answer = browser.send(actor, "POST", "/console/suppliers", content=body, headers=headers)

    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "cookie", ["anodeprint_flash=x.y", "anodeprint_flash=é", "anodeprint_locale=xx", "anodeprint_session=" + "x" * 4000]
)
def test_a_cookie_of_nothing_is_ignored(browser: Browser, cookie: str) -> None:
    answer = browser.send(browser.world.actors["anonymous"], "GET", "/sign-in", headers={"cookie": cookie.encode("utf-8")})

    assert answer.status_code == 200
