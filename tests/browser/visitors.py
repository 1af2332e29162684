"""People at browsers of their own, who find things on a page by the words they read there."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, sync_playwright

from service.i18n import Locale, translate
from tests.browser.serving import SampleServer

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STILL: Mapping[str, Any] = {"reduced_motion": "reduce"}
DESK: Mapping[str, Any] = {**STILL, "viewport": {"width": 1280, "height": 900}}
PHONE: Mapping[str, Any] = {**STILL, "viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PATIENCE_MS = 20_000
DOCUMENT_MS = 90_000
"""Until a document is there that waits behind all other background work of a server that was just started."""
SESSION = "anodeprint_session"
OWN_ANSWERS = frozenset({401, 403, 404, 409, 422})


class NoChromiumError(Exception):
    """There is no Chromium on this machine."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the system's Chromium."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if path is None:
        raise NoChromiumError("Chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody in front of one page.

    Attributes
    ----------
    complaints
        What the browser found wrong so far: script errors, refused resources, broken parts of a page.

    """

    page: Page
    locale: Locale
    server: SampleServer
    complaints: list[str] = field(default_factory=list)

    def say(self, message: str, **values: object) -> str:
        """Return words in this visitor's language."""
        return translate(self.locale, message, **values)

    def open(self, path: str) -> None:
        """Go to a page of ours, which must exist."""
        response = self.page.goto(path if path.startswith("http") else self.server.url + path)
        assert response is not None
        assert response.ok, (path, response.status)

    def press(self, message: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=self.say(message), exact=True).first.click()

    def follow(self, message: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=self.say(message), exact=True).first.click()

    def enter(self, name: str, value: str, *, unit: str | None = None) -> None:
        """Type into a field or choose from its list; a number also takes a unit."""
        found = self.page.locator(f"[name='{name}']")
        if found.evaluate("element => element.tagName") == "SELECT":
            found.select_option(value)
        else:
            found.fill(value)
        choice = self.page.locator(f"select[name='{name}_unit']")
        if unit is not None and choice.count():
            choice.select_option(unit)

    def sees(self, message: str, **values: object) -> None:
        """Check that words stand on the page."""
        self.sees_text(self.say(message, **values))

    def sees_text(self, text: str) -> None:
        """Check that a text stands on the page as it is."""
        self.page.get_by_text(text).first.wait_for(timeout=PATIENCE_MS)

    def text_of(self, selector: str) -> str:
        """Return the text of the first element that fits."""
        return self.page.locator(selector).first.inner_text()

    def finds(self, role: Any, message: str) -> Locator:
        """Return what has a role and words."""
        return self.page.get_by_role(role, name=self.say(message), exact=True)

    def sign_in(self, person: str) -> None:
        """Sign in as one of the sample's people, or go on with the session of whoever did before."""
        sessions, context = self.server.sessions, self.page.context
        if person in sessions:
            context.add_cookies([{"name": SESSION, "value": sessions[person], "url": self.server.url}])
            return
        self._give_password(person)
        sessions[person] = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == SESSION)

    def _give_password(self, person: str) -> None:
        self.open("/sign-in")
        self.enter("email", f"{person}@sample.example")
        self.enter("password", self.server.password)
        self.press("Sign in")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)


def a_visitor(context: BrowserContext, server: SampleServer, locale: Locale) -> Visitor:
    """Open a page and write down what the browser finds wrong on it."""
    visitor = Visitor(page=context.new_page(), locale=locale, server=server)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"script error: {error}"))
    visitor.page.on("console", lambda message: _note_message(visitor, message))
    visitor.page.on("response", lambda response: _note_response(visitor, response))
    visitor.page.set_default_timeout(PATIENCE_MS)
    return visitor


def save_picture(visitor: Visitor, folder: Path, name: str) -> Path:
    """Save what the visitor sees."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    visitor.page.screenshot(path=path, full_page=True)
    return path


def _note_message(visitor: Visitor, message: ConsoleMessage) -> None:
    # Chromium also reports each answer of 4xx here; those of pages are ours to give, those of parts are noted below.
    if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
        visitor.complaints.append(f"{message.type} on {visitor.page.url}: {message.text}")


def _note_response(visitor: Visitor, response: Response) -> None:
    is_asked_for = response.request.resource_type in {"document", "fetch"}
    if response.status >= 400 and not (is_asked_for and response.status in OWN_ANSWERS):
        visitor.complaints.append(f"{response.status} from {response.url}")
