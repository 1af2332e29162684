from typing import Final

from service.errors import N_, FieldError, ServiceError

SNIPPET_LENGTH: Final = 200
"""Characters of a foreign answer that an error repeats: enough to recognise it, too few to carry a document."""


class OutgoingError(ServiceError):
    """Another system was not reached, or did not answer as it must."""

    code = "outgoing-failed"
    status = 502

    def __init__(self, template: str = N_("%(host)s could not be asked: %(reason)s. Try again later."), **values: object) -> None:
        super().__init__(template, **values)


class BlockedAddressError(OutgoingError):
    """An address that this deployment must not ask."""

    code = "blocked-address"
    status = 422

    def __init__(self, *, host: str, reason: FieldError) -> None:
        super().__init__(
            N_(
                "%(host)s may not be asked: %(reason)s. Use an https address that leads to a public machine; for machines of your "
                "own network an administrator sets ANODEPRINT_EXCHANGE_ALLOW_PRIVATE_ADDRESSES=true."
            ),
            host=host,
            reason=reason,
        )


class RefusedAnswerError(OutgoingError):
    """The other system answered with a status that is no success.

    Attributes
    ----------
    answer_status
        The HTTP status of the other system.

    """

    code = "outgoing-refused"

    def __init__(self, *, host: str, answer_status: int, words: str) -> None:
        self.answer_status = answer_status
        super().__init__(
            N_("%(host)s answered with status %(answer_status)s: %(words)s"),
            host=host,
            answer_status=answer_status,
            words=printable(words) or "-",
        )


class UnreadableAnswerError(OutgoingError):
    """The other system answered with something that is no JSON, or not the JSON that was asked for."""

    code = "outgoing-unreadable"

    def __init__(self, *, host: str, reason: str | FieldError) -> None:
        super().__init__(N_("The answer of %(host)s can't be read: %(reason)s."), host=host, reason=reason)


class TooLargeAnswerError(OutgoingError):
    """The other system sent more than is read of one answer."""

    code = "outgoing-too-large"

    def __init__(self, *, host: str, limit_bytes: int) -> None:
        super().__init__(
            N_("The answer of %(host)s is larger than %(limit_bytes)s bytes and was not read."), host=host, limit_bytes=limit_bytes
        )


def printable(words: str) -> str:
    """Return the beginning of foreign words on one line, without control characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in words[: 4 * SNIPPET_LENGTH]).split())[:SNIPPET_LENGTH]
