"""Which network addresses may be asked."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import Final

from service.errors import N_, FieldError
from service.outgoing.errors import BlockedAddressError, OutgoingError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port to the network addresses it has now, as text."""

_GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 that is given out for the public network (IANA, IPv6 Global Unicast Address Assignments)."""
_V4_INSIDE_V6: Final = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR: Final = ipaddress.IPv6Network("2002::/16")
_PRIVATE: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7")
)
"""What `ANODEPRINT_EXCHANGE_ALLOW_PRIVATE_ADDRESSES` opens: this machine and networks of one's own; never link-local addresses,
under which clouds keep their credentials."""
_SPECIAL: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
    )
)
"""Special purposes (IANA registries), 2001::/23 with Teredo; written out, because Python's lists differ by its version."""


def is_public(address: Address) -> bool:
    """Tell whether an address leads to the public network; an address inside an address is judged by the inner one."""
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    if any(address in network for network in _SPECIAL if network.version == address.version):
        return False
    is_given_out = address.version == 4 or address in _GLOBAL_V6  # noqa: PLR2004 - the protocol's number
    return is_given_out and address.is_global and not address.is_multicast and not address.is_reserved


def is_private(address: Address) -> bool:
    """Tell whether an address belongs to this machine or to a network of one's own."""
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    meant = address if inner is None else inner
    return any(meant in network for network in _PRIVATE if network.version == meant.version)


def checked_addresses(host: str, port: int, *, resolve: Resolver, allow_private: bool) -> Sequence[str]:
    """Look a host up once and return its addresses, all of which may be asked.

    Raises
    ------
    BlockedAddressError
        Any one of them may not be asked: a mixed answer is how a name is turned against its user.
    OutgoingError
        It has none just now.

    """
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise OutgoingError(host=host, reason=FieldError(N_("its name is not known"))) from error
    if not found:
        raise OutgoingError(host=host, reason=FieldError(N_("its name is not known")))
    for text in found:
        _check(_parsed(text, host=host), host=host, allow_private=allow_private)
    return tuple(found)


def check_literal(host: str, *, allow_private: bool) -> None:
    """Raise `BlockedAddressError` if `host` is itself a network address that may not be asked; names are not looked up."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    _check(address, host=host, allow_private=allow_private)


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask the operating system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _check(address: Address, *, host: str, allow_private: bool) -> None:
    if not (is_public(address) or (allow_private and is_private(address))):
        raise BlockedAddressError(host=host, reason=FieldError(N_("it is not on the public network")))


def _parsed(text: str, *, host: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError as error:
        raise BlockedAddressError(host=host, reason=FieldError(N_("its address can't be read"))) from error


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _V4_INSIDE_V6:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour if address in _SIX_TO_FOUR else None
