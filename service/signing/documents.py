"""PAdES signatures on PDF files, and their check; pyHanko is imported here only when a file is signed or checked."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.signing.authority import SigningIdentity, key_id_of
from service.signing.timestamps import ROOM_BYTES

FIELD = "AnodePrintSignature"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCheck:
    """What a signature says of a file.

    Attributes
    ----------
    is_intact
        The signed bytes are unchanged and nothing was added after them.
    is_trusted
        The signer's certificate leads to one of the roots given.
    key_id
        Of the signer's key; None without a signature.
    stamped_at
        By the time stamp of a third party; None without one. Who that is, is not judged here.

    """

    is_intact: bool
    is_trusted: bool
    key_id: str | None
    stamped_at: datetime | None

    @property
    def holds(self) -> bool:
        """Whether the file is as we signed it."""
        return self.is_intact and self.is_trusted


NO_SIGNATURE = SignatureCheck(is_intact=False, is_trusted=False, key_id=None, stamped_at=None)


def sign_pdf(
    pdf: bytes, identity: SigningIdentity, *, at: datetime, reason: str, signer_name: str, room_for_stamp: bool = False
) -> bytes:
    """Add a certification signature (PAdES B-B, ECDSA P-256) after which no change is allowed.

    Parameters
    ----------
    at
        Signing time that the signature states.
    room_for_stamp
        Whether to leave room for a third party's word for that time, which `signing.timestamps` puts in afterwards.

    """
    # pyHanko costs over a second to import; only a worker that signs pays for it.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - see above
    from pyhanko.sign import fields, signers  # noqa: PLC0415 - see above

    class ClockedSigner(signers.PdfSigner):  # type: ignore[misc] # pyHanko is untyped here
        """Takes the signing time from the caller instead of the system."""

        def init_signing_session(self, *args: object, **kwargs: object) -> Any:  # noqa: ANN401 - pyHanko's own session
            session = super().init_signing_session(*args, **kwargs)
            session.system_time = at
            return session

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        name=signer_name,
        certify=True,
        subfilter=fields.SigSeedSubFilter.PADES,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    output = ClockedSigner(metadata, _signer(identity)).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=2 * ROOM_BYTES if room_for_stamp else None
    )
    return bytes(output.getvalue())


def _signer(identity: SigningIdentity) -> Any:  # noqa: ANN401 - pyHanko is untyped here
    from pyhanko.keys.pemder import load_private_key_from_pemder_data  # noqa: PLC0415 - as in sign_pdf
    from pyhanko.sign import signers  # noqa: PLC0415 - as in sign_pdf
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415 - as in sign_pdf

    store = SimpleCertificateStore()
    store.register(_certificate(identity.root_pem))
    return signers.SimpleSigner(
        signing_cert=_certificate(identity.certificate_pem),
        signing_key=load_private_key_from_pemder_data(identity.key_pem, passphrase=None),
        cert_registry=store,
    )


def _certificate(encoded: bytes) -> Any:  # noqa: ANN401 - pyHanko is untyped here
    from pyhanko.keys.pemder import load_certs_from_pemder_data  # noqa: PLC0415 - as in sign_pdf

    return next(iter(load_certs_from_pemder_data(encoded)))


def check_signature(pdf: bytes, *, roots: Sequence[bytes], at: datetime) -> SignatureCheck:
    """Check the signature of a file against roots (PEM); anything unreadable counts as unsigned.

    A hostile file is parsed here: call it for files of unknown origin in a limited child process only.

    Parameters
    ----------
    at
        The moment for which certificates are judged: the time of signing, for files whose issue is on record.

    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - as in sign_pdf

    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        return _check(signatures[0], roots=roots, at=at) if len(signatures) == 1 else NO_SIGNATURE
    except Exception:  # noqa: BLE001 - pyHanko raises many kinds for a broken file; all mean: not as we signed it
        return NO_SIGNATURE


def _check(signature: Any, *, roots: Sequence[bytes], at: datetime) -> SignatureCheck:  # noqa: ANN401 - pyHanko is untyped here
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - as in sign_pdf
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415 - as in sign_pdf
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 - as in sign_pdf

    trusted = [_certificate(root) for root in roots]
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=trusted, moment=at, allow_fetching=False))
    return SignatureCheck(
        is_intact=_is_intact(status),
        is_trusted=bool(status.trusted),
        key_id=key_id_of(load_der_x509_certificate(status.signing_cert.dump())),
        stamped_at=None if status.timestamp_validity is None else status.timestamp_validity.timestamp,
    )


def _is_intact(status: Any) -> bool:  # noqa: ANN401 - pyHanko is untyped here
    """Tell whether nothing was changed or added; the stamp must be one of this signature, its authority need not be ours."""
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415 - as in sign_pdf
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 - as in sign_pdf

    stamp = status.timestamp_validity
    return bool(
        status.intact
        and status.valid
        and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        and status.modification_level is ModificationLevel.NONE
        and (stamp is None or (stamp.intact and stamp.valid))
    )
