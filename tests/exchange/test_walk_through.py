"""`docs/exchange.md`, command by command, as an engineer copies it."""

import argparse
import re
import shlex
from pathlib import Path
from urllib.parse import urlencode

from httpx2 import Response

from tests.exchange.conftest import World
from tests.exchange.server import SECRET, basic

WALK_THROUGH = Path(__file__).parents[2] / "docs" / "exchange.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands() -> list[str]:
    """Return the shell blocks for a partner's engineer."""
    return BLOCK.findall(WALK_THROUGH.read_text(encoding="utf-8").partition("# For the operator")[0])


def test_every_command_of_the_document_does_what_it_says(own_world: World) -> None:
    known = {"BASE": "http://127.0.0.1:8000", "CLIENT": own_world.program.client_id, "SECRET": SECRET, "ID": own_world.ids["first"]}
    answers = []
    for block in commands():
        if not block.startswith("curl"):
            continue  # the names that the commands use
        answers.append(run(own_world, block, known))
        if "access_token" in answers[-1].text:
            known["TOKEN"] = answers[-1].json()["access_token"]

    token, first, filtered, one, event = answers
    assert [answer.status_code for answer in answers] == [200] * 5
    assert token.json()["expires_in"] == 3600
    assert (len(first.json()["data"]), 'rel="next"' in first.headers["link"]) == (1, True)
    assert {footprint["id"] for footprint in filtered.json()["data"]} == {own_world.ids["first"]}
    assert one.json()["data"]["id"] == own_world.ids["first"]
    assert event.content == b""


def run(world: World, command: str, known: dict[str, str]) -> Response:
    """Send what a curl command would send."""
    words = [re.sub(r"\$(\w+)", lambda found: known[found[1]], word) for word in shlex.split(command.replace("\\\n", " "))[1:]]
    given = CURL.parse_args(words)
    headers = dict(header.split(": ", 1) for header in given.headers)
    if given.user:
        headers["authorization"] = basic(*given.user.split(":", 1))
    if given.as_query:
        fields = [*(field.split("=", 1) for field in given.data), *(field.split("=", 1) for field in given.encoded)]
        return world.program.client.get(f"{given.address}?{urlencode([(name, value) for name, value in fields])}", headers=headers)
    if not given.data:
        return world.program.client.get(given.address, headers=headers)
    kind = {} if "Content-Type" in headers else {"content-type": "application/x-www-form-urlencoded"}
    return world.program.client.post(given.address, content="&".join(given.data).encode(), headers={**kind, **headers})


def _curl() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-D")
    parser.add_argument("-X")
    parser.add_argument("-u", dest="user")
    parser.add_argument("-G", dest="as_query", action="store_true")
    for flag, name in (("-H", "headers"), ("-d", "data"), ("--data-urlencode", "encoded")):
        parser.add_argument(flag, dest=name, action="append", default=[])
    parser.add_argument("address")
    return parser


CURL = _curl()
