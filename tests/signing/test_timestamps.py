"""Time stamps of a third party, by pyHanko's own test service as the independent other side."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from service.sandbox import TaskFailedError
from service.signing.authority import FOLDER, load_identity
from service.signing.documents import check_signature
from service.signing.signing_process import sign_document
from service.signing.timestamps import TimestampRefusedError, add_timestamp
from tests.signing.test_signing import AT, a_pdf

STAMPED_AT = datetime(2026, 11, 22, 2, 0, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def service() -> DummyTimeStamper:
    """A time-stamp service with a certificate of its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sample time stamps")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(der),
        fixed_dt=STAMPED_AT,
    )


def answered(service: DummyTimeStamper, request: bytes) -> bytes:
    answer: bytes = service.request_tsa_response(tsp.TimeStampReq.load(request)).dump()
    return answer


def signed(path: Path, **options: Any) -> bytes:
    identity = load_identity(path / FOLDER, organisation="Sample", at=AT)
    return sign_document(a_pdf(path), identity, at=AT, reason="test", signer_name="Sample", **options)


def test_a_stamped_file_holds_and_names_the_time_of_the_service(tmp_path: Path, service: DummyTimeStamper) -> None:
    file = signed(tmp_path, stamp=lambda request: answered(service, request))

    root = load_identity(tmp_path / FOLDER, organisation="Sample", at=AT).root_pem
    check = check_signature(file, roots=[root], at=AT)

    assert check.holds
    assert check.stamped_at == STAMPED_AT


def test_a_file_signed_without_a_service_names_no_stamp(tmp_path: Path) -> None:
    file = signed(tmp_path)

    root = load_identity(tmp_path / FOLDER, organisation="Sample", at=AT).root_pem
    assert check_signature(file, roots=[root], at=AT).stamped_at is None


def test_a_stamp_of_another_signature_is_refused(tmp_path: Path, service: DummyTimeStamper) -> None:
    first: list[bytes] = []

    def answer_and_keep(request: bytes) -> bytes:
        first.append(answered(service, request))
        return first[0]

    signed(tmp_path, stamp=answer_and_keep)

    with pytest.raises(TaskFailedError, match="without a stamp of our signature"):
        signed(tmp_path, stamp=lambda _request: first[0])


def test_a_refusal_of_the_service_is_an_error_and_never_a_file_without_a_stamp(tmp_path: Path) -> None:
    refusal = bytes.fromhex("30053003020102")  # TimeStampResp with PKIStatus 2, rejection, and no token

    with pytest.raises(TaskFailedError, match="no RFC 3161 time stamp"):
        signed(tmp_path, stamp=lambda _request: refusal)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"\x30\x03\x02\x01"])
def test_an_answer_that_is_no_time_stamp_is_refused(tmp_path: Path, answer: bytes) -> None:
    with pytest.raises(TimestampRefusedError):
        add_timestamp(signed(tmp_path), answer)
