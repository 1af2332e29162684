"""Follow every link that anybody sees, in both languages, and keep the answers."""

import hashlib
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
from sqlalchemy import inspect, text

from service.i18n import LOCALES
from tests.security.browsing import Browser, PageReader, RouteUnderTest, routes_of
from tests.security.world import Actor, World

PER_ROUTE: Mapping[str, int] = {"zh-CN": 2, "en": 1}
"""So many addresses of one route and one set of query names are visited per actor, by language."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One answer to a GET."""

    actor: Actor
    locale: str
    path: str
    found_on: str
    response: httpx.Response

    @property
    def is_page(self) -> bool:
        """Whether a person's browser shows it."""
        return self.response.headers.get("content-type", "").startswith("text/html")

    @cached_property
    def page(self) -> PageReader:
        """The page as a machine reads it."""
        return PageReader(self.response.text)

    def __str__(self) -> str:
        return f"{self.actor.name} {self.locale} {self.path} {self.response.status_code} (from {self.found_on})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """All visits, and what the database held before and after; `token` is that of supplier A's link."""

    visits: Sequence[Visit]
    token: str
    rows_before: object
    rows_after: object

    @property
    def pages(self) -> list[Visit]:
        """Visits that ended on a page."""
        return [visit for visit in self.visits if visit.is_page]


def crawl(browser: Browser) -> Crawl:
    """Visit as everybody in both languages; nothing may be written on the way."""
    before = rows_of(browser.world)
    visits = [visit for actor in browser.world.actors.values() for locale in LOCALES for visit in _visits(browser, actor, locale)]
    return Crawl(visits=visits, token=browser.world.objects["token"], rows_before=before, rows_after=rows_of(browser.world))


def _visits(browser: Browser, actor: Actor, locale: str) -> Iterator[Visit]:
    routes = routes_of(browser.world)
    waiting = deque((path, "start") for path in _starts(browser.world, actor, routes))
    seen: Counter[object] = Counter()
    done: set[str] = set()
    while waiting:
        path, found_on = waiting.popleft()
        if path in done:
            continue
        done.add(path)
        kind = _kind(path, routes)
        if seen[kind] >= PER_ROUTE[locale]:
            continue
        seen[kind] += 1
        visit = Visit(
            actor=actor, locale=locale, path=path, found_on=found_on, response=browser.send(actor, "GET", path, locale=locale)
        )
        yield visit
        waiting.extend((found, path) for found in _followed(visit))


def _starts(world: World, actor: Actor, routes: Sequence[RouteUnderTest]) -> Iterator[str]:
    """Return every address that the actor may open, with supplier A's or the maker's objects, or B's for B."""
    objects = {**world.objects, **(world.objects_of_b if actor.supplier == "B" else {})}
    yield "/no-such-page"
    for route in routes:
        may = route.policy.roles is None or route.policy.roles & actor.roles
        if route.method == "GET" and may and not route.path.startswith("/language"):
            yield route.address(objects)


def _kind(path: str, routes: Sequence[RouteUnderTest]) -> object:
    parts = urlsplit(path)
    route = next((str(one) for one in routes if one.method == "GET" and one.matches(parts.path)), parts.path)
    return route, frozenset(name for name, _ in parse_qsl(parts.query))


def _followed(visit: Visit) -> Iterator[str]:
    if visit.response.is_redirect:
        yield _here(visit.path, visit.response.headers["location"])
    elif visit.is_page:
        for link in visit.page.links:
            if not link.startswith(("#", "mailto:", "tel:", "http:", "https:")) and not link.startswith("/language"):
                yield _here(visit.path, link)


def _here(path: str, link: str) -> str:
    return urljoin(path, link).partition("#")[0]


def rows_of(world: World) -> object:
    """Return a digest of every table but those that count visits."""
    digests = {}
    with world.database.reading() as session:
        connection = session.connection()
        for table in inspect(connection).get_table_names():
            if table in ("login_session", "rate_window"):
                continue
            # What a verifier looks at is written down, and so is what leaves the house: into the log of events, nowhere else.
            if table in ("audit_leaf", "audit_head"):
                continue
            condition = "WHERE action NOT IN ('verification_case_viewed', 'answer_sheet_filled')" if table == "audit_event" else ""
            rows = connection.execute(text(f'SELECT * FROM "{table}" {condition} ORDER BY 1')).all()  # noqa: S608 - names of tables
            digests[table] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return digests
