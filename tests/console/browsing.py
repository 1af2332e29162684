"""A person at the browser: opens a page, fills the form in it, sends it with the page's own token."""

import html
import re
from collections.abc import Mapping

import httpx
from starlette.testclient import TestClient

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
FORM = re.compile(r'<form\b[^>]*\baction="([^"]*)".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')


def submit(client: TestClient, page: str, values: Mapping[str, object], *, action: str | None = None) -> httpx.Response:
    """Open a page and send the form on it that leads to the action given, itself or by a button, or to the page itself."""
    shown = client.get(page)
    assert shown.status_code == 200, (page, shown.status_code)
    address = action or page.partition("?")[0]
    leads_there = f'formaction="{address}"'
    form = next((form[0] for form in FORM.finditer(shown.text) if form[1] == address or leads_there in form[0]), "")
    token = TOKEN.search(shown.text)  # also for a form that the page does not offer
    assert token is not None, page
    hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(form)}
    return client.post(address, data={"csrf_token": token[1], **hidden, **values})


def words(response: httpx.Response) -> str:
    """Return a page's visible text, spaces joined."""
    text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
