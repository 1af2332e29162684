"""No spelling of an address leads to this machine or its network, unless a deployment wants that."""

import ipaddress
import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.outgoing.addresses import is_private, is_public
from service.outgoing.client import check_address, get_json, open_client
from service.outgoing.errors import BlockedAddressError, OutgoingError
from tests.outgoing.machines import answering, http, machine

HOSTILE_ADDRESSES = (
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",  # noqa: S104 - an address that must be refused
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:a9fe:a9fe::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
)
PUBLIC_ADDRESSES = (
    "1.1.1.1",
    "8.8.8.8",
    "114.114.114.114",
    "2606:4700:4700::1111",
    "2400:3200::1",
    "::ffff:8.8.8.8",
    "2002:808:808::",
)
HOSTILE_URLS = (
    "https://localhost/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata@127.0.0.1/",
    "https://public.example@127.0.0.1/",
    "https://user:password@public.example/",
    "http://public.example/",
    "http://127.0.0.1/",
    "ftp://public.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "//public.example/",
    "public.example",
    "https:///",
    "https://public.example:22/",
    "https://public.example:8443/",
    "https://public.example:0/",
    "https://public.example:99999/",
    "https://public .example/",
    "https://public.example\r\nHost: other/",
    "https://[not-an-address]/",
    "",
)


@pytest.mark.parametrize("text", HOSTILE_ADDRESSES)
def test_addresses_that_lead_nowhere_public_are_told(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC_ADDRESSES)
def test_public_addresses_are_told(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


def test_an_own_network_may_be_opened_but_never_the_place_of_a_clouds_credentials() -> None:
    own = ("127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.0.7", "100.64.0.1", "::1", "fd00::1", "::ffff:10.0.0.1")
    never = ("169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1", "::ffff:169.254.169.254", "8.8.8.8")  # noqa: S104

    assert all(is_private(ipaddress.ip_address(one)) for one in own)
    assert not any(is_private(ipaddress.ip_address(one)) for one in never)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_as_itself(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    translated = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number)
    six_to_four = ipaddress.IPv6Address((0x2002 << 112) | (number << 80))

    assert {is_public(one) for one in (mapped, translated, six_to_four)} == {is_public(inner)}


@given(st.ip_addresses())
def test_no_address_is_public_and_private_at_once(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert not (is_public(address) and is_private(address))


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_a_hostile_spelling_reaches_nobody(url: str) -> None:
    with machine(answering(http(b"{}"))) as target:
        registered = [f"https://public.example:{target.port}"]
        with open_client(allow_private=False, registered=registered) as client, pytest.raises(OutgoingError):
            get_json(client, url.replace("127.0.0.1/", f"127.0.0.1:{target.port}/"))

        assert target.heard == 0


def test_every_answer_of_the_name_service_must_be_public() -> None:
    def mixed(host: str, port: int) -> Sequence[str]:
        assert (host, port) == ("mixed.example", 443)
        return ("8.8.8.8", "127.0.0.1")

    with open_client(allow_private=False, resolve=mixed) as client, pytest.raises(BlockedAddressError):
        get_json(client, "https://mixed.example/")


def test_a_name_is_looked_up_once_so_that_it_cannot_change_between_check_and_connection() -> None:
    asked: list[str] = []
    answers = itertools.chain(["127.0.0.2"], itertools.repeat("127.0.0.1"))

    def rebinding(host: str, port: int) -> Sequence[str]:
        del port
        asked.append(host)
        return [next(answers)]

    with machine(answering(http(b"{}"))) as target:
        address = f"http://rebinding.example:{target.port}/"
        with open_client(allow_private=True, registered=[address], resolve=rebinding) as client:
            with pytest.raises(OutgoingError):  # the machine listens on 127.0.0.1 only
                get_json(client, address)
            assert (asked, target.heard) == (["rebinding.example"], 0)


def test_a_rebound_name_is_refused_at_the_next_request() -> None:
    answers = iter(["127.0.0.1"])

    client = open_client(allow_private=False, resolve=lambda _host, _port: [next(answers)])
    with client, pytest.raises(BlockedAddressError):
        get_json(client, "https://rebinding.example/")


def test_a_private_machine_is_asked_where_the_deployment_allows_it() -> None:
    with machine(answering(http(b'{"here": true}'))) as target:
        address = f"http://127.0.0.1:{target.port}"
        with open_client(allow_private=True, registered=[address]) as client:
            assert get_json(client, f"{address}/3/footprints").document == {"here": True}


def test_a_port_that_nobody_registered_is_not_asked_on_a_private_machine_either() -> None:
    with machine(answering(http(b"{}"))) as target, open_client(allow_private=True) as client:
        with pytest.raises(BlockedAddressError, match="port"):
            get_json(client, f"http://127.0.0.1:{target.port}/")
        assert target.heard == 0


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1", "http://public.example", "https://a@b.example", "https://b.example?x=1", ""]
)
def test_an_address_is_checked_before_it_is_registered(address: str) -> None:
    with pytest.raises(BlockedAddressError):
        check_address(address, allow_private=False)


def test_a_public_address_may_be_registered_on_any_port() -> None:
    check_address("https://pact.example.com:8443/api", allow_private=False)
