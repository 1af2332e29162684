"""A mail server on this machine that says what a test wants it to say."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.ports import free_port


@dataclass
class Received:
    """What the server took, and how it answers.

    Attributes
    ----------
    answers
        To the next messages; then 250.
    refused
        Addresses that it refuses, with its answer.

    """

    letters: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: object, session: object, envelope: Any, address: str, options: object
    ) -> str:
        del server, session, options
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - the library's name
        del server, session
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return answer


@contextmanager
def mail_server(received: Received) -> Iterator[Controller]:
    """Run the server on a free port."""
    controller = Controller(received, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()
