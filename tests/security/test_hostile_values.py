"""Values that nobody sane sends, everywhere: each is refused by name or stored as it is, and what was typed comes back."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from service.submissions.evidence import display_name
from service.submissions.parsing import clean_text
from tests.security.browsing import Browser, Form, PageReader, RouteUnderTest, routes_of
from tests.security.canaries import CANARY, UNESCAPED
from tests.security.crawling import Crawl
from tests.security.examples import example_bodies
from tests.security.world import Actor

BIDI = "Wulan \u202excod.\u2066pdf\u2069"
TYPED: Mapping[str, str] = {
    "canary": CANARY,
    "more than 64 bits": str(2**63),
    "beyond floats": "1e400",
    "not a number": "NaN",
    "NUL": "a\0b",
    "100 000 signs": "x" * 100_000,
    "reversed reading": "Wulan \u202excod.\u2066pdf\u2069",
    "percent and braces": "%(name)s %s {0} {name} {% raw %}",
    "line breaks": "a\nBcc: b@evil.example\n\nc",
    "last date": "9999-12-31",
    "first date": "0001-01-01",
}
MORE_TYPED: Mapping[str, str] = {
    "negative": "-1",
    "infinity": "-Infinity",
    "200 signs": "负" * 200,
    "zero width": "\u200b\u200d\ufeff",
    "rare hanzi and emoji": "𠮷田㐂🧑‍🔬",
    "path": "../../../../etc/passwd",
    "full-width digits": "１２３",
    "no date": "2025-02-30",
    "id of nothing": "00000000-0000-0000-0000-000000000000",
}
UNFIT = ("NUL", "reversed reading")
IN_ADDRESSES = (
    "%00",
    "%ED%A0%80",
    "%FF",
    str(2**64),
    "-1",
    "1e400",
    "NaN",
    "x" * 3000,
    "%E2%80%AE",
    "..%2F..",
    "null",
    "[]",
    "%25s",
)
NEVER_SHOWN = frozenset({"code"})  # works once, so typing it again is no loss
UNTOUCHED = frozenset({"csrf_token", "idempotency_key"})
TEXT_KINDS = frozenset({"text", "search", "email", "tel", "number", "date", "url"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOfSomebody:
    """A form and somebody who was shown it."""

    actor: Actor
    form: Form
    path: str

    def fields(self, *, texts_only: bool) -> list[str]:
        """Return the fields a person types into; all that are not ours to check, otherwise."""
        kinds = self.form.kinds
        return [name for name in self.form.values if name not in UNTOUCHED and (not texts_only or kinds[name] in TEXT_KINDS)]


@pytest.fixture(scope="module")
def forms(browser: Browser, crawled: Crawl) -> list[FormOfSomebody]:
    """Return each form that changes something, once per address and set of fields."""
    routes = [route for route in routes_of(browser.world) if route.method == "POST"]
    found: dict[object, FormOfSomebody] = {}
    for visit in crawled.pages:
        for form in visit.page.forms:
            if form.method.lower() != "post" or not form.has_button:
                continue
            path = (form.action or visit.path.partition("?")[0]).replace(crawled.token, browser.world.objects["token"])
            route = next(str(one) for one in routes if one.matches(urlsplit(path).path))
            found.setdefault(
                (route, frozenset(form.values)), FormOfSomebody(actor=browser.world.actors[visit.actor.name], form=form, path=path)
            )
    return list(found.values())


def _send(browser: Browser, one: FormOfSomebody, changed: Mapping[str, str]) -> httpx.Response:
    token = {"link": browser.world.objects["token"]} if "link" in one.form.values else {}
    values = {**one.form.values, "csrf_token": browser.world.form_token(one.actor), **token, **changed}
    values.pop("idempotency_key", None)
    more = {"files": {"": b""}} if one.form.is_multipart else {}
    return browser.send(one.actor, "POST", one.path, data=values, **more)


def _faults(browser: Browser, one: FormOfSomebody, typed: str, *, texts_only: bool) -> Iterator[str]:
    """Say what is wrong with the answer to a form in which every field holds the same text."""
    fields = one.fields(texts_only=texts_only)
    answer = _send(browser, one, dict.fromkeys(fields, typed))
    if answer.status_code >= 500 or answer.status_code in {401, 403}:
        yield f"{answer.status_code}: {answer.text[:200]}"
    if UNESCAPED in answer.text:
        yield "runs what was typed"
    if answer.status_code == 422 and "\0" not in typed:
        shown = [form.values for form in PageReader(answer.text).forms]
        typed_fields = [name for name in fields if one.form.kinds[name] in TEXT_KINDS and name not in NEVER_SHOWN]
        lost = [name for name in typed_fields if not any(values.get(name) == typed for values in shown)]
        yield from (f"loses {name}" for name in lost)


def _all_faults(browser: Browser, forms: Sequence[FormOfSomebody], typed: str, *, texts_only: bool) -> list[str]:
    assert len(forms) > 40
    return [
        f"{one.actor.name} {one.path}: {fault}" for one in forms for fault in _faults(browser, one, typed, texts_only=texts_only)
    ]


@pytest.mark.parametrize("name", TYPED)
def test_no_text_in_a_form_is_a_server_error_or_gets_lost(browser: Browser, forms: Sequence[FormOfSomebody], name: str) -> None:
    assert _all_faults(browser, forms, TYPED[name], texts_only=True) == []


@pytest.mark.parametrize("name", ["canary", "more than 64 bits", "NUL"])
def test_nothing_in_choices_and_hidden_fields_is_a_server_error(
    browser: Browser, forms: Sequence[FormOfSomebody], name: str
) -> None:
    assert _all_faults(browser, forms, TYPED[name], texts_only=False) == []


@pytest.mark.long
@pytest.mark.parametrize("texts_only", [True, False], ids=["texts", "all fields"])
@pytest.mark.parametrize("name", [*TYPED, *MORE_TYPED])
def test_no_value_in_a_form_is_a_server_error_or_gets_lost(
    browser: Browser, forms: Sequence[FormOfSomebody], name: str, *, texts_only: bool
) -> None:
    assert _all_faults(browser, forms, {**TYPED, **MORE_TYPED}[name], texts_only=texts_only) == []


@pytest.mark.parametrize("name", UNFIT)
def test_characters_that_hide_are_refused_in_every_form(browser: Browser, forms: Sequence[FormOfSomebody], name: str) -> None:
    typed_in = [one for one in forms if one.fields(texts_only=True)]
    taken = [
        one.path
        for one in typed_in
        if _send(browser, one, dict.fromkeys(one.fields(texts_only=True), TYPED[name])).status_code < 400
    ]

    assert len(typed_in) > 20
    assert {path.rpartition("/")[2] for path in taken} <= {"return", "decline"}  # words that are cleaned instead


def test_words_are_stored_without_characters_that_hide() -> None:
    assert clean_text(" Wu\0lan \u202excod.\u2066pdf\u2069\nsecond line ") == "Wulan xcod.pdf\nsecond line"


def _readers(browser: Browser, route: RouteUnderTest) -> Actor:
    """Return somebody who may use a route."""
    return next(one for one in browser.world.actors.values() if route.policy.roles is None or route.policy.roles & one.roles)


def test_no_id_in_an_address_is_a_server_error(browser: Browser) -> None:
    bodies = example_bodies(browser.world)
    wrong, tried = [], 0
    for route in routes_of(browser.world):
        for position, hostile in ((at, value) for at in range(len(route.parameters)) for value in IN_ADDRESSES):
            values = {**browser.world.objects, route.parameters[position]: hostile}
            body = {"json": bodies.get(str(route), {})} if route.is_api else {}
            actor = _readers(browser, route)
            post = (
                {"data": {"csrf_token": browser.world.form_token(actor)}} if route.method == "POST" and not route.is_api else body
            )
            answer = browser.send(actor, route.method, route.address(values), **post)
            tried += 1
            if not 300 <= answer.status_code < 500:
                wrong.append(f"{route} {hostile}: {answer.status_code} {answer.text[:200]}")

    assert tried > 500
    assert wrong == []


def test_no_query_is_a_server_error(browser: Browser, crawled: Crawl) -> None:
    wrong, tried = [], 0
    for route in [one for one in routes_of(browser.world) if one.method == "GET"]:
        actor = _readers(browser, route)
        for name, hostile in ((name, value) for name in sorted(_query_names(browser, crawled, route)) for value in IN_ADDRESSES):
            answer = browser.send(actor, "GET", f"{route.address(browser.world.objects)}?{name}={hostile}")
            tried += 1
            if answer.status_code >= 500 or (UNESCAPED in answer.text and not route.is_api):
                wrong.append(f"{route} {name}={hostile}: {answer.status_code} {answer.text[:200]}")

    assert tried > 500
    assert wrong == []


def _query_names(browser: Browser, crawled: Crawl, route: RouteUnderTest) -> set[str]:
    """Return names that links and forms of pages put behind an address, and those that the API's description lists."""
    links = [link for visit in crawled.pages for link in visit.page.links if route.matches(urlsplit(link).path)]
    forms = [form for visit in crawled.pages for form in visit.page.forms if form.method == "get" and route.matches(form.action)]
    described = browser.world.app.openapi()["paths"].get(route.path, {}).get("get", {}).get("parameters", [])
    return (
        {name for link in links for name, _ in parse_qsl(urlsplit(link).query)}
        | {name for form in forms for name in form.values}
        | {one["name"] for one in described if one["in"] == "query"}
    )


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
