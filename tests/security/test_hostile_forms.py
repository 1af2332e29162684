"""Values that nobody sane types, in every form: each is refused by name or stored as it is, and what was typed comes back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest

from service.submissions.parsing import clean_text
from tests.security.browsing import Browser, Form, PageReader, routes_of
from tests.security.canaries import CANARY, UNESCAPED
from tests.security.crawling import Crawl
from tests.security.world import Actor

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
    assert {path.rpartition("/")[2] for path in taken} <= {
        "return",
        "decline",
        "colleagues",
        "objection",
    }  # words that are cleaned instead


def test_words_are_stored_without_characters_that_hide() -> None:
    assert clean_text(" Wu\0lan \u202excod.\u2066pdf\u2069\nsecond line ") == "Wulan xcod.pdf\nsecond line"
