from enum import StrEnum

from service.errors import N_, FieldError

ADDRESS_LIMIT = 254  # RFC 5321: a path of 256 characters with its brackets


class Outcome(StrEnum):
    """What a mail server said to a message in the end."""

    DELIVERED = "delivered"
    REFUSED = "refused"


def find_address_problem(address: str) -> FieldError | None:
    """Return why a text is no single mail address, or None."""
    name, _, host = address.rpartition("@")
    is_plain = address.isprintable() and not set(address) & set(' ,;:<>()[]\\"')
    if name and "." in host.strip(".") and is_plain and len(address) <= ADDRESS_LIMIT:
        return None
    return FieldError(N_("“%(address)s” is no e-mail address; write one like name@company.com."), address=address[:60])
