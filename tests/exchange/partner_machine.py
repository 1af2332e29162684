"""A partner's system that does what a test tells it, on a port of this machine."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, Mapping[str, str], bytes]
Script = Callable[[str, str, bytes], Reply | None]
"""Method, path and body to an answer; None for what a good system would say."""


class PartnerMachine:
    """Gives tokens, lists and single footprints, and takes events; remembers all that it heard."""

    def __init__(self) -> None:
        self.footprints: dict[str, dict[str, Any]] = {}
        self.heard: list[tuple[str, str]] = []
        self.events: list[dict[str, Any]] = []
        self.tokens_given = 0
        self.valid_tokens: set[str] = set()
        self.page_size = 100
        self.script: Script = lambda _method, _path, _body: None
        machine = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                del format, args

            def _answer(self, body: bytes) -> None:
                path = self.path.split("?")[0]
                machine.heard.append((self.command, path))
                reply = machine.script(self.command, self.path, body)
                status, headers, content = reply or machine.good_answer(self.path, body, self.headers.get("authorization", ""))
                self.send_response(status)
                for name, value in {"content-length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def good_answer(self, target: str, body: bytes, authorization: str) -> Reply:
        """Answer as the specification says."""
        path, _, query = target.partition("?")
        if path == "/.well-known/openid-configuration":
            return answer({"token_endpoint": f"{self.base_url}/oauth/token"})
        if path == "/oauth/token":
            self.tokens_given += 1
            token = f"token-{self.tokens_given}"
            self.valid_tokens = {token}
            return answer({"access_token": token, "token_type": "Bearer", "expires_in": 3600})
        if authorization.removeprefix("Bearer ") not in self.valid_tokens:
            return answer({"code": "TokenExpired", "message": "expired"}, status=401)
        if path == "/3/events":
            self.events.append(json.loads(body))
            return 200, {}, b""
        if path == "/3/footprints":
            return self._page(int(query.partition("from=")[2] or 0))
        found = self.footprints.get(path.rpartition("/")[2])
        return answer({"data": found}) if found else answer({"code": "NotFound", "message": "none"}, status=404)

    def _page(self, start: int) -> Reply:
        everything = list(self.footprints.values())
        following = start + self.page_size
        link = {"link": f'<{self.base_url}/3/footprints?from={following}>; rel="next"'} if following < len(everything) else {}
        return answer({"data": everything[start:following]}, **link)

    def offer(self, document: Mapping[str, Any]) -> str:
        """Put a footprint on the list; returns its id."""
        footprint_id = str(document.get("id") or uuid.uuid4())
        self.footprints[footprint_id] = {**document, "id": footprint_id}
        return footprint_id

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(30)


def answer(document: object, *, status: int = 200, **headers: str) -> Reply:
    """Return a JSON answer."""
    return status, {"content-type": "application/json", **headers}, json.dumps(document).encode()


@contextmanager
def partner_machine() -> Iterator[PartnerMachine]:
    """Run a partner's system."""
    machine = PartnerMachine()
    try:
        yield machine
    finally:
        machine.stop()
