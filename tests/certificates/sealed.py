"""Signed certificates for tests of checking: the real signatures, bundle and figures on a page set by hand, without the renderer.

Tree and note of the log are made here from their specifications, not by our log, so that the verifier is held against both.
"""

import base64
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lca_models import load_model
from service.certificates.bundle import build_bundle
from service.footprints import protection
from service.footprints.models import FootprintRecord
from service.footprints.ownership import BLOCKS, parts_of
from service.signing import detached
from service.signing.authority import load_identity
from service.signing.documents import sign_pdf

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
COMPANY = "Sample Graphite"
NUMBER = "AP-2026-0001"
EVENTS = 11
PLACE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A signed file, the root that certifies its signer, and what is inside."""

    pdf: bytes
    root: bytes
    files: Mapping[str, bytes]


def figures_of(record: FootprintRecord) -> dict[str, Any]:
    """Return a snapshot with the figures of a record and the few names that checking needs."""
    model, parts = load_model(), parts_of(record, load_model())
    step = protection.rounding_step(record.total_kg_co2e_per_kg)

    def groups(key: str, order: Sequence[str]) -> list[dict[str, Any]]:
        found = protection.split(parts, lambda part: str(getattr(part, key)), order=order, step=step)
        return [{"keys": list(group.keys), "kg_co2e": str(group.kg_co2e)} for group in found]

    return {
        "schema": "urn:anodeprint:certificate:2",
        "certificate": {
            "number": NUMBER,
            "public_id": "a" * 32,
            "valid_from": "2026-11-22",
            "valid_until": "2028-12-31",
        },
        "result": {"total": str(Decimal(repr(record.total_kg_co2e_per_kg)).quantize(step / 10))},
        "stages": groups("stage", [one.code for one in model.stages]),
        "blocks": groups("block", BLOCKS),
        "exports": {"battery-component.json": {"sha256": None}},
    }


def files_of(record: FootprintRecord, folder: Path, *, at: datetime = AT) -> dict[str, bytes]:
    """Return the attachments of a certificate on a record, the manifest last."""
    snapshot = figures_of(record)
    pact = rfc8785.dumps({"pcf": {"pcfExcludingBiogenicUptake": snapshot["result"]["total"], "declaredUnitAmount": "1"}})
    snapshot["exports"]["pact.json"] = {"sha256": hashlib.sha256(pact).hexdigest()}
    bundle = rfc8785.dumps(build_bundle(record, load_model(), snapshot=snapshot))
    files = {
        "pcf.json": rfc8785.dumps(snapshot),
        "pact.json": pact,
        "bundle.json": bundle,
        "bundle.sig": detached.sign(bundle, folder, organisation=COMPANY, at=at).as_text.encode(),
        "log-proof.json": rfc8785.dumps(log_proof(rfc8785.dumps(snapshot))),
    }
    return {**files, "manifest.json": manifest_of(files)}


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """Return the list of files with their hashes."""
    listed = [{"name": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()]
    return rfc8785.dumps({"schema": "urn:anodeprint:manifest:1", "certificate": NUMBER, "files": listed, "left_out": []})


def log_proof(snapshot: bytes) -> dict[str, Any]:
    """Return the proof for a log of `EVENTS` leaves in which the issue is number `PLACE`, by the definitions of RFC 6962, 2.1."""
    details = {"number": NUMBER, "snapshot_sha256": hashlib.sha256(snapshot).hexdigest()}
    leaf = rfc8785.dumps({"index": PLACE, "action": "certificate_issued", "details": details}).decode()
    leaves = [b"something else %d" % place for place in range(EVENTS)]
    leaves[PLACE] = leaf.encode()
    root = base64.b64encode(tree_hash(leaves)).decode()
    origin, key = "sample.example/anodeprint-log", Ed25519PrivateKey.from_private_bytes(b"7" * 32)
    public = b"\1" + key.public_key().public_bytes_raw()
    key_id = hashlib.sha256(origin.encode() + b"\n" + public).digest()[:4]
    text = f"{origin}\n{EVENTS}\n{root}\ntime 2026-11-22T02:00:00Z\n"
    signature = base64.b64encode(key_id + key.sign(text.encode())).decode()
    return {
        "format": "urn:anodeprint:log-proof:1",
        "leaf": leaf,
        "index": PLACE,
        "size": EVENTS,
        "root": root,
        "path": [base64.b64encode(one).decode() for one in path_of(PLACE, leaves)],
        "note": f"{text}\n— {origin} {signature}\n",
        "key": f"{origin}+{key_id.hex()}+{base64.b64encode(public).decode()}",
    }


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """Return MTH(D[n]) of RFC 6962, 2.1."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = max(1 << power for power in range(len(leaves).bit_length()) if 1 << power < len(leaves))
    return hashlib.sha256(b"\1" + tree_hash(leaves[:half]) + tree_hash(leaves[half:])).digest()


def path_of(place: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return PATH(m, D[n]) of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    half = max(1 << power for power in range(len(leaves).bit_length()) if 1 << power < len(leaves))
    if place < half:
        return [*path_of(place, leaves[:half]), tree_hash(leaves[half:])]
    return [*path_of(place - half, leaves[half:]), tree_hash(leaves[:half])]


def seal(files: Mapping[str, bytes], folder: Path, *, at: datetime = AT, printed: str | None = None) -> Sealed:
    """Return a signed file with these attachments.

    Parameters
    ----------
    printed
        What the page says; None says what the snapshot does.

    """
    identity = load_identity(folder, organisation=COMPANY, at=at)
    unsigned = a_page(printed if printed is not None else words_of(files["pcf.json"]), files)
    pdf = sign_pdf(unsigned, identity, at=at, reason="test", signer_name=COMPANY)
    return Sealed(pdf=pdf, root=identity.root_pem, files=files)


def words_of(snapshot: bytes) -> str:
    """Return what a page has to say of a snapshot, a line each."""
    content = json.loads(snapshot)
    total = Decimal(content["result"]["total"])
    printed = total.quantize(Decimal(1).scaleb(total.adjusted() - 2))
    groups = [one["kg_co2e"] for one in content["stages"] + content["blocks"]]
    return "\n".join([NUMBER, f"{printed} kg", *groups, f"SHA-256 {hashlib.sha256(snapshot).hexdigest()[:16]}"])


def a_page(words: str, files: Mapping[str, bytes]) -> bytes:
    """Return a one-page PDF with a line of text for each line, and attachments."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    lines = " ".join(f"({line}) Tj T*" for line in words.split("\n"))
    page.Contents = pdf.make_stream(f"BT /F1 10 Tf 14 TL 40 800 Td {lines} ET".encode())
    for name, content in files.items():
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name, mime_type="application/json")
    stream = io.BytesIO()
    pdf.save(stream, deterministic_id=True)
    return stream.getvalue()
