"""The installed command as a server of its own, with a certificate made for it."""

import datetime as dt
import http.client
import ipaddress
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import free_port

COMMAND = (sys.executable, "-m", "service.cli")
PATIENCE_S = 200


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a deployment in a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANODEPRINT_")}
    return kept | {"ANODEPRINT_DATA_DIR": str(folder), "ANODEPRINT_LOG_LEVEL": "ERROR", "NO_COLOR": "1", **more}


def run(folder: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run the command and wait for its end."""
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(folder, **more), capture_output=True, text=True, check=False, timeout=120
    )


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for this machine that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@contextmanager
def serving(folder: Path, *arguments: str, port: int = 0, context: ssl.SSLContext | None = None, **more: str) -> Iterator["Server"]:
    """Run `anodeprint serve` until the end of the block, on any free port or the one given; yields once it answers."""
    port = port or free_port()
    command = [*COMMAND, "serve", "--port", str(port), *arguments]
    process = subprocess.Popen(command, env=environment(folder, **more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_until_ready(process, port, context)
        yield Server(process, port)
    finally:
        process.kill()
        process.communicate()


class Server:
    """A running server."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port


def ask(
    port: int, method: str, path: str, *, context: ssl.SSLContext | None = None, body: bytes = b"", **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    """Send one request as a program without any library of ours would; return status, headers and body."""
    connection = (
        http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
        if context
        else http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    )
    try:
        connection.request(
            method, path, body=body or None, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, context: ssl.SSLContext | None) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if ask(port, "GET", "/readyz", context=context)[0] == http.client.OK:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start (exit code {process.poll()})")
