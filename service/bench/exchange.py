"""What partners' systems ask, over HTTP as behind a proxy that ends TLS: tokens, lists by pages, single footprints, events."""

import base64
import http.client
import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import insert
from sqlmodel import Session, select

from service.bench.http import SETTLING_S, request, serving
from service.bench.load import RequestMaker, apply_load, best_of
from service.bench.report import Figure, Goal, Report
from service.bench.stage import sample_database, sqlite_settings
from service.clock import system_clock
from service.exchange.incoming import CREATED, MEDIA_TYPE
from service.exchange.partners import PartnerInput, add_partner, new_secret
from service.keys import load_secret
from service.product_footprints.identifiers import identifiers_of
from service.product_footprints.models import DeclaredStatus, FootprintIdentifier, ProductFootprint
from service.settings import Settings

COUNT: Final = 1000
PAGE: Final = 100
CONNECTIONS: Final = 16
ROUNDS: Final = 3
CLIENT: Final = "bench"
TLS_ENDED: Final = "X-Forwarded-Proto: https\r\n"
TOKENS: Final = "access tokens"
LISTED: Final = "1,000 footprints listed by pages of 100"
ONE: Final = "one footprint"
EVENTS: Final = "events taken"
GOALS: Final[Mapping[str, Goal]] = {
    TOKENS: Goal(floor=100, target=400),
    LISTED: Goal(floor=5, target=1, more_is_better=False),
    ONE: Goal(floor=200, target=600),
    EVENTS: Goal(floor=50, target=300),
}
"""Floors and targets for two shared cores, the generator included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    secret: str
    ids: Sequence[uuid.UUID]


def measure(*, seconds: float) -> Report:
    """Measure a partner's requests against the real server on SQLite."""
    with sqlite_settings() as settings:
        stage = _set_up(settings)
        with serving(settings) as port:
            time.sleep(SETTLING_S)
            figures = list(_measure(stage, port, seconds=seconds))
    notes = [
        f"2 workers, {CONNECTIONS} connections, best of {ROUNDS} runs of {seconds:g} s; the list is read by one client",
        "TLS is ended in front of the server, as by a proxy; every token is signed, every event is stored with its job",
    ]
    return Report(figures=figures, notes=notes)


def _measure(stage: _Stage, port: int, *, seconds: float) -> Iterator[Figure]:
    authorization = "Authorization: Basic " + base64.b64encode(f"{CLIENT}:{stage.secret}".encode()).decode()
    form = b"grant_type=client_credentials"
    head = f"{TLS_ENDED}{authorization}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
    ask_token = f"POST /auth/token HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode() + form
    yield _throughput(TOKENS, lambda _: ask_token, port, seconds=seconds)
    bearer = f"{TLS_ENDED}Authorization: Bearer {_token(port, authorization)}\r\n"
    began = time.perf_counter()
    listed = _list_all(port, bearer)
    yield Figure(
        name=LISTED, value=time.perf_counter() - began, unit="s", goal=GOALS[LISTED], errors=abs(len(set(listed)) - len(stage.ids))
    )
    get_one = [request("GET", f"/3/footprints/{one}", bearer) for one in stage.ids[:50]]
    yield _throughput(ONE, lambda number: get_one[number % len(get_one)], port, seconds=seconds)
    yield _throughput(EVENTS, lambda _: _event(bearer), port, seconds=seconds)


def _throughput(name: str, make: RequestMaker, port: int, *, seconds: float) -> Figure:
    runs = [apply_load(port, make, expected=frozenset({200}), connections=CONNECTIONS, seconds=seconds) for _ in range(ROUNDS)]
    load = best_of(runs)
    return Figure(name=name, value=load.per_s, unit="1/s", goal=GOALS[name], p99_ms=load.p99_ms, errors=load.errors)


def _event(bearer: str) -> bytes:
    event = {
        "type": CREATED,
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/bench",
        "time": "2026-01-01T00:00:00Z",
        "data": {"productId": ["urn:gtin:4712345060507"]},
    }
    body = json.dumps(event).encode()
    head = f"{bearer}Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
    return f"POST /3/events HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode() + body


def _token(port: int, authorization: str) -> str:
    headers = _headers(f"{TLS_ENDED}{authorization}\r\nContent-Type: application/x-www-form-urlencoded\r\n")
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/auth/token", body="grant_type=client_credentials", headers=headers)
    token: str = json.loads(connection.getresponse().read())["access_token"]
    connection.close()
    return token


def _list_all(port: int, bearer: str) -> Sequence[str]:
    """Read the whole list as a client does: page by page, by the links."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    found: list[str] = []
    address: str | None = f"/3/footprints?limit={PAGE}"
    while address is not None:
        connection.request("GET", address, headers=_headers(bearer))
        answer = connection.getresponse()
        found += [footprint["id"] for footprint in json.loads(answer.read())["data"]]
        link = answer.headers.get("Link")
        address = None if link is None else urlsplit(link[1:].partition(">")[0])._replace(scheme="", netloc="").geturl()
    connection.close()
    return found


def _headers(lines: str) -> Mapping[str, str]:
    return dict(line.split(": ", 1) for line in lines.strip().split("\r\n"))


def _set_up(settings: Settings) -> _Stage:
    """Load the sample company, copy a declared footprint until there are a thousand, and let a partner see them."""
    secret = new_secret()
    with sample_database(settings) as database, database.writing() as session:
        fields = PartnerInput(name_zh="基准", name_en="Bench", base_url="https://bench.example", shares_all=True)
        add_partner(
            session,
            fields,
            client_id=CLIENT,
            client_secret=secret,
            secret=load_secret(settings),
            allow_private=False,
            by="system",
            at=system_clock(),
        )
        _copy_footprints(session)
        ids = session.exec(select(ProductFootprint.id)).all()
    return _Stage(secret=secret, ids=ids)


def _copy_footprints(session: Session) -> None:
    present = session.exec(select(ProductFootprint)).all()
    original = present[0].model_dump()
    copies = []
    for _ in range(COUNT - len(present)):
        one = uuid.uuid4()
        document = {**original["document"], "id": str(one)}
        copies.append({**original, "id": one, "document": document, "status": DeclaredStatus.DEPRECATED})
    session.execute(insert(ProductFootprint), copies)
    found = [
        {"id": uuid.uuid4(), "footprint_id": copy["id"], "kind": kind, "value": value}
        for copy in copies
        for kind, value in sorted(identifiers_of(copy["document"]))
    ]
    session.execute(insert(FootprintIdentifier), found)
