"""Whatever another system answers, asking it ends soon, costs little memory, and says what was wrong."""

import socket
import time

import pytest

from service.outgoing.client import Answer, get_json, open_client, post_bytes, post_form
from service.outgoing.errors import OutgoingError, RefusedAnswerError, TooLargeAnswerError, UnreadableAnswerError
from tests.outgoing.machines import Conversation, answering, http, machine, read_request

LONG_S = 60.0


def ask(conversation: Conversation, *, limit_bytes: int = 1000, seconds: float = LONG_S) -> Answer:
    with machine(conversation) as target:
        address = f"http://127.0.0.1:{target.port}"
        with open_client(allow_private=True, registered=[address], seconds=seconds) as client:
            return get_json(client, address, token="secret-token", limit_bytes=limit_bytes)


def test_a_json_answer_is_read() -> None:
    answer = ask(answering(http(b'{"data": [1]}', headers=['Link: <https://a.example/2>; rel="next"'])))

    assert (answer.status, answer.document, answer.headers["link"]) == (200, {"data": [1]}, '<https://a.example/2>; rel="next"')


def test_a_redirect_is_not_followed() -> None:
    with machine(answering(http(b"{}"))) as elsewhere:
        redirect = http(b"", status="302 Found", headers=[f"Location: http://127.0.0.1:{elsewhere.port}/"])
        with pytest.raises(RefusedAnswerError) as refused:
            ask(answering(redirect))

        assert (refused.value.answer_status, elsewhere.heard) == (302, 0)


def test_a_body_beyond_the_limit_is_not_read_to_its_end() -> None:
    sent = 0

    def endless(connection: socket.socket) -> None:
        nonlocal sent
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        while True:
            connection.sendall(b"0" * 65536)
            sent += 65536

    with pytest.raises(TooLargeAnswerError):
        ask(endless)
    assert sent < 50_000_000  # what fits into the buffers of two sockets, not ten gigabytes


def test_a_compressed_body_is_refused_before_it_can_grow() -> None:
    with pytest.raises(UnreadableAnswerError, match="compressed"):
        ask(answering(http(b"\x1f\x8b", headers=["Content-Encoding: gzip"])))


@pytest.mark.parametrize("place", ["head", "body"])
def test_a_machine_that_drips_is_left_when_the_time_is_up(place: str) -> None:
    def drip(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: " if place == "head" else b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n")
        while True:
            connection.sendall(b" ")
            time.sleep(0.05)

    with pytest.raises(OutgoingError, match="in time"):
        ask(drip, seconds=1.0)


def test_a_machine_that_hangs_up_is_an_error_that_may_pass() -> None:
    with pytest.raises(OutgoingError) as hung_up:
        ask(lambda connection: connection.close())

    assert type(hung_up.value) is OutgoingError
    assert hung_up.value.status == 502


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no JSON"),
        (b'{"data": [', "no JSON"),
        (b"<html>", "no JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b"[" * 400 + b"]" * 400, "deep"),
        (b'{"a": "\xff"}', "UTF-8"),
    ],
)
def test_text_that_readers_may_read_differently_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(UnreadableAnswerError, match=why):
        ask(answering(http(body)))


def test_a_refusal_tells_status_and_words_without_control_characters() -> None:
    with pytest.raises(RefusedAnswerError) as refused:
        ask(answering(http(b'{"code":"AccessDenied"}\x1b[31m\n' + b"x" * 900, status="403 Forbidden")))

    assert refused.value.answer_status == 403
    assert '{"code":"AccessDenied"}' in str(refused.value)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_credentials_travel_in_the_header_and_bytes_as_they_are() -> None:
    heard: list[bytes] = []

    def listen(connection: socket.socket) -> None:
        heard.append(read_request(connection))
        connection.sendall(http(b'{"access_token": "t"}'))

    with machine(listen) as target:
        address = f"http://127.0.0.1:{target.port}"
        with open_client(allow_private=True, registered=[address]) as client:
            post_form(client, f"{address}/auth/token", {"grant_type": "client_credentials"}, basic=("id", "secret"))
            post_bytes(client, address, b"{ }", token="t", media_type="application/json", headers={"x-signature": "abc"})

    assert b"Basic aWQ6c2VjcmV0" in heard[0]  # id:secret
    assert b"x-signature: abc" in heard[1]
    assert b"content-length: 3" in heard[1].lower()
    assert b"accept-encoding: identity" in heard[0].lower()
