"""A browser without a screen: sends requests as somebody, and reads pages as a machine can."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from service.accounts.access import Policy
from service.exchange.errors import belongs_here
from service.integrations.access import PATH as SYSTEMS
from tests.security.world import Actor, World

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteUnderTest:
    """One method of one address, with who may use it."""

    method: str
    path: str
    policy: Policy

    @property
    def parameters(self) -> list[str]:
        """The names in the address."""
        return PARAMETER.findall(self.path)

    @property
    def is_api(self) -> bool:
        """Whether programs use it."""
        return self.path.startswith("/api/")

    def address(self, values: Mapping[str, str]) -> str:
        """Return the address with its parameters filled in."""
        return PARAMETER.sub(lambda found: values[found[1]], self.path)

    def matches(self, path: str) -> bool:
        """Tell whether a path is one of this route."""
        return re.fullmatch(PARAMETER.sub("[^/]+", self.path), path) is not None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes_of(world: World) -> list[RouteUnderTest]:
    """Return every route that people use, those of nested routers too; those of systems are tried beside what they do."""
    return [
        RouteUnderTest(method=method, path=context.path, policy=context.original_route.endpoint.policy)  # type: ignore[attr-defined] # set by `endpoint`
        for context in iter_route_contexts(world.app.routes)
        if isinstance(context.original_route, APIRoute) and not belongs_here(context.path) and not context.path.startswith(SYSTEMS)
        for method in sorted(context.original_route.methods)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Sends requests to a world as anybody in it; a fault of the server comes back as status 500 with its traceback's end."""

    world: World
    client: TestClient

    def send(self, actor: Actor, method: str, path: str, *, locale: str = "en", **body: Any) -> httpx.Response:
        """Send one request; what earlier answers set as cookies does not count."""
        self.client.cookies.clear()
        accept = "application/json" if path.startswith("/api/") else "text/html"
        headers = {"cookie": self.world.cookies(actor, locale), "accept": accept, **body.pop("headers", {})}
        try:
            return self.client.request(method, path, headers=headers, **body)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault of the server that the test reports
            return httpx.Response(500, text=f"{type(error).__name__}: {error}", request=httpx.Request(method, "http://x" + path))

    def submit(self, actor: Actor, path: str, values: Mapping[str, object], **more: Any) -> httpx.Response:
        """Send a form with the actor's form token."""
        return self.send(actor, "POST", path, data={"csrf_token": self.world.form_token(actor), **values}, **more)


@contextmanager
def browsing(world: World) -> Iterator[Browser]:
    """Open a browser on a world."""
    with TestClient(world.app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield Browser(world=world, client=client)


@dataclass(slots=True, kw_only=True)
class Form:
    """A form of a page: the values it would send if nobody touched it; without a button nobody can send it."""

    action: str
    method: str
    is_multipart: bool
    has_button: bool = False
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class PageReader(HTMLParser):
    """What the tests ask about a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.language: str | None = None
        self.headings = 0
        self.titles: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.forms: list[Form] = []
        self.texts: list[str] = []
        self.unmarked_texts: list[str] = []
        """Texts that no element says to be in another language."""
        self.own_texts: list[str] = []
        """Texts in the language of the page: not what an element says to be in another, nor what somebody typed."""
        self._open: list[str] = []
        self._languages: list[str] = []
        self._select: str = ""
        self._textarea: str = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in an element's start."""
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
            self._languages.append(given.get("lang", ""))
        self.inline += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        self.inline += [
            f"<{tag} {name}={value}>" for name, value in given.items() if value.strip().lower().startswith("javascript:")
        ]
        said = [given[name] for name in ("placeholder", "title", "aria-label", "alt") if given.get(name)]
        self.texts += said
        self.unmarked_texts += said
        self.own_texts += said
        self.language = given.get("lang") if tag == "html" else self.language
        self.headings += tag == "h1"
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in LOADING and given.get(LOADING[tag]):
            self.loads.append(given[LOADING[tag]])
        elif tag in ("script", "style") and "src" not in given:
            self.inline.append(f"<{tag}>")
        elif tag == "form":
            multipart = given.get("enctype") == "multipart/form-data"
            self.forms.append(Form(action=given.get("action", ""), method=given.get("method", "get"), is_multipart=multipart))
        elif self.forms and "form" in self._open:
            self._take_field(self.forms[-1], tag, given)

    def _take_field(self, form: Form, tag: str, given: Mapping[str, str]) -> None:
        name = given.get("name", "")
        form.has_button = form.has_button or tag == "button"
        if tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or self._select not in form.values):
            form.values[self._select], form.kinds[self._select] = given.get("value", ""), "select"
        elif tag == "textarea":
            self._textarea = name  # one without a name is there to be copied from and is not sent
            if name:
                form.values[name], form.kinds[name] = "", "text"
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("radio", "checkbox") and "checked" not in given:
                return
            form.values[name], form.kinds[name] = given.get("value", ""), kind

    def handle_endtag(self, tag: str) -> None:
        """Take in an element's end."""
        if tag in self._open:
            while self._open.pop() != tag:
                self._languages.pop()
            self._languages.pop()

    def handle_data(self, data: str) -> None:
        """Take in text between elements."""
        around = self._open[-1] if self._open else ""
        if around == "textarea" and self.forms and self._textarea:
            self.forms[-1].values[self._textarea] += data.removeprefix("\n")
        if around == "title" and "svg" not in self._open:
            self.titles.append(data)
        if data.strip() and around not in ("script", "style"):
            text = " ".join(data.split())
            self.texts.append(text)
            if not {*self._languages} - {"", self.language}:
                self.unmarked_texts.append(text)
                if around != "textarea":
                    self.own_texts.append(text)


VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data", "use": "href"}
