#!/usr/bin/env python3
"""Check an AnodePrint certificate without its issuer: python anodeprint_verify.py CERTIFICATE.pdf --trust ca.pem

Needs Python 3.11 or later with `cryptography` and `pypdf`, and no network. Exit code 0: everything holds; 1: something does not;
2: it could not be decided, because no trusted root was given or a file can't be read. The issuer's root certificate stands at
/certificate-authority.pem of its site; take it from there once and keep it. One file on purpose: an auditor reads it and has seen
all. Licence: Apache-2.0.
"""  # noqa: D400 - the first line is the command

import argparse
import base64
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from pypdf import PdfReader

HOLDS, FAILS, UNCHECKED = "holds", "fails", "unchecked"
BUNDLE_SIGNER = "AnodePrint bundles and lists"
SHA256_ALGORITHMS = {bytes.fromhex("300d06096086480165030402010500"), bytes.fromhex("300b0609608648016503040201")}
ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
VERSION_1 = bytes.fromhex("020101")
OID_DATA, OID_SIGNED_DATA = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
OID_CONTENT_TYPE, OID_DIGEST = bytes.fromhex("2a864886f70d010903"), bytes.fromhex("2a864886f70d010904")
OID_SIGNING_CERTIFICATE = bytes.fromhex("2a864886f70d010910022f")
PROOF_FORMAT, PROOF_MEMBERS = "urn:anodeprint:log-proof:1", {"format", "leaf", "index", "size", "root", "path", "note", "key"}
CANONICAL = ("pcf.json", "bundle.json", "bundle.sig", "log-proof.json", "manifest.json")
MAX_ATTACHMENT_BYTES = 20_000_000

TITLES = {
    "signature": ("The file is as it was signed", "文件与签署时一致"),
    "signer": ("The signer's certificate leads to the issuer's root", "签名证书由签发企业根证书签发"),
    "attachments": ("The attached files are those of the manifest", "附件与清单一致"),
    "canonical": ("The attached files are written canonically (RFC 8785)", "附件为规范格式（RFC 8785）"),
    "content": ("Snapshot, bundle and signature belong together", "数据、模型包与编号相互对应"),
    "bundle": ("The model bundle is signed by the issuer", "模型包由签发企业签名"),
    "log": ("The issue stands in the issuer's log", "签发记录已写入签发企业日志"),
    "recalculation": ("Total and parts follow from the bundle", "总量与分项可由模型包重新算出"),
    "exchange": ("The exchange formats state the same total", "交换格式中的总量相同"),
    "printed": ("The pages print the same figures", "页面印出的数字相同"),
    "validity": ("The certificate is within its dates", "证书在有效期内"),
    "revocation": ("The certificate is not on the revocation list", "证书不在撤回清单上"),
}
WORDS = {
    "signer": ("Signed by %(name)s.", "签名者：%(name)s。"),
    "canonical": ("%(count)s files.", "%(count)s 个文件。"),
    "content": ("All are about %(number)s.", "均属于 %(number)s。"),
    "bundle": ("Signed by %(name)s.", "签名者：%(name)s。"),
    "exchange": ("Checked: %(names)s.", "已核对：%(names)s。"),
    "printed": ("%(count)s figures on %(pages)s pages.", "共 %(pages)s 页，%(count)s 个数字。"),
    "revocation": ("Not on the list of %(at)s.", "不在 %(at)s 的清单上。"),
    "unsigned": ("There is no sound signature that could be followed.", "没有可供核对的有效签名。"),
    "signature": (
        "Signed %(at)s; the signature covers the whole file and forbids changes.",
        "签署于 %(at)s；签名覆盖整个文件，且不允许更改。",
    ),
    "attachments": ("%(count)s files, each with its hash.", "共 %(count)s 个文件，哈希值均一致。"),
    "log": (
        "Leaf %(index)s of %(size)s, checkpoint of %(origin)s.",
        "日志 %(origin)s 检查点共 %(size)s 条，本记录为第 %(index)s 条。",
    ),
    "recalculation": ("%(total)s kg CO2e per kg, %(parts)s parts.", "每千克 %(total)s kg CO2e，%(parts)s 个分项。"),
    "validity": ("Valid from %(first)s to %(last)s.", "有效期 %(first)s 至 %(last)s。"),
    "unreadable": ("This part can't be read (%(what)s).", "这一部分无法读取（%(what)s）。"),
    "missing": ("%(name)s is missing.", "缺少 %(name)s。"),
    "no-signature": ("The file has %(count)s signatures; it must have one.", "文件有 %(count)s 个签名，应只有一个。"),
    "changed": ("The file was changed after signing.", "文件在签署后被更改。"),
    "not-whole": (
        "The signature does not cover the whole file: something was added or left out.",
        "签名未覆盖整个文件：有内容被添加或遗漏。",
    ),
    "allows-changes": ("The signature does not forbid changes.", "签名未禁止更改。"),
    "bad-signature": ("The signature itself is wrong.", "签名本身不正确。"),
    "odd-signature": ("The signature is built differently from ours: %(what)s.", "签名结构与我方不同：%(what)s。"),
    "no-root": (
        "No trusted root was given (--trust), so anybody may have signed.",
        "未提供受信任的根证书（--trust），无法确认签名者。",
    ),
    "other-root": ("Signed by “%(name)s”, whose certificate comes from another root.", "签名者“%(name)s”的证书来自其他根证书。"),
    "not-then": ("The signer's certificate was not valid on %(at)s.", "签名证书在 %(at)s 无效。"),
    "not-for-this": ("The certificate of “%(name)s” is not meant for this.", "“%(name)s”的证书不用于此用途。"),
    "other-hash": ("%(name)s differs from its hash in the manifest.", "%(name)s 与清单中的哈希值不同。"),
    "unlisted": ("%(name)s is attached but not in the manifest, or twice.", "%(name)s 已附加，但清单未列出或重复。"),
    "not-canonical": ("%(name)s is not written canonically.", "%(name)s 不是规范格式。"),
    "other-certificate": ("%(name)s belongs to another certificate.", "%(name)s 属于另一份证书。"),
    "not-in-log": ("The path does not lead from the entry to the root.", "路径不能由记录推导到日志根。"),
    "other-checkpoint": ("The signed checkpoint states another root or size.", "已签名检查点的根或条数不同。"),
    "other-event": ("The entry of the log is about something else.", "日志记录的是其他事项。"),
    "other-log": ("The checkpoint is not signed by the log's key.", "检查点不是由日志密钥签名。"),
    "other-figure": (
        "%(name)s: the bundle gives %(found)s, stated is %(stated)s.",
        "%(name)s：模型包算得 %(found)s，所载为 %(stated)s。",
    ),
    "unsolvable": ("A system of the bundle has no single solution.", "模型包的方程组没有唯一解。"),
    "not-printed": ("“%(text)s” is not printed where it should be.", "页面上应有的“%(text)s”未印出。"),
    "not-yet": ("It is valid only from %(first)s.", "自 %(first)s 起才有效。"),
    "expired": ("It expired after %(last)s.", "已于 %(last)s 后到期。"),
    "revoked": ("Revoked at %(at)s: %(why)s.", "已于 %(at)s 撤回：%(why)s。"),
    "no-list": ("No revocation list was given (--revoked).", "未提供撤回清单（--revoked）。"),
    "old-list": ("The list was to be renewed by %(until)s; get a newer one.", "清单应于 %(until)s 前更新，请获取新清单。"),
    "other-list": ("The list is not signed by the issuer.", "清单不是由签发企业签名。"),
}
VERDICTS = {
    HOLDS: ("The certificate holds.", "证书成立。"),
    FAILS: ("The certificate does NOT hold.", "证书不成立。"),
    UNCHECKED: ("It can't be decided: see what was not checked.", "无法判定：请看未检查的项目。"),
}


class DoesNotHoldError(Exception):
    """A check that fails; the reason is a key of `WORDS`."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


class NotCheckedError(DoesNotHoldError):
    """A check that lacks something to check against."""


@dataclass(kw_only=True)
class Examined:
    """A file under examination, filled by the checks in their order."""

    pdf: bytes
    trusted: Sequence[x509.Certificate]
    revoked: bytes | None
    log_key: str | None
    at: datetime
    reader: Any = None
    signature: Any = None
    signed_at: datetime | None = None
    signer: x509.Certificate | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    def json(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return an attachment's content."""
        return json.loads(self.file(name))

    def file(self, name: str) -> bytes:
        """Return an attachment's bytes."""
        if name not in self.files:
            raise DoesNotHoldError("missing", name=name)
        return self.files[name]


def verify(
    pdf: bytes, *, trusted: bytes | None, revoked: bytes | None = None, at: datetime | None = None, log_key: str | None = None
) -> dict[str, Any]:
    """Check a certificate and say what holds, in both languages.

    Parameters
    ----------
    pdf
        The file. A hostile one can need much time and memory: a server must call this in a limited process.
    trusted
        Root certificates (PEM) that the reader has from elsewhere; None leaves the question of who signed open.
    revoked
        The issuer's signed revocation list, /verify/revoked.json.
    at
        The moment of the question; None is now.
    log_key
        The log's public key, if the reader keeps it; None takes the one in the file, which the issuer has signed.

    Returns
    -------
    `verdict` is `holds`, `fails` or `unchecked`; `checks` has one entry for each question.

    """
    examined = Examined(
        pdf=pdf,
        trusted=x509.load_pem_x509_certificates(trusted) if trusted else (),
        revoked=revoked,
        log_key=log_key,
        at=at or datetime.now(UTC),
    )
    checks = [_outcome(name, check, examined) for name, check in CHECKS.items()]
    outcomes = {check["outcome"] for check in checks if check["check"] != "revocation" or check["outcome"] == FAILS}
    verdict = next(one for one in (FAILS, UNCHECKED, HOLDS) if one in outcomes)
    return {
        "verdict": verdict,
        "says": _both(VERDICTS[verdict]),
        "file_sha256": hashlib.sha256(pdf).hexdigest(),
        "attachments": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(examined.files.items())},
        "certificate": _named(examined),
        "checked_at": examined.at.isoformat(),
        "checks": checks,
    }


def _outcome(name: str, check: Callable[[Examined], Mapping[str, object]], examined: Examined) -> dict[str, Any]:
    try:
        values, outcome, reason = check(examined), HOLDS, name
    except DoesNotHoldError as error:
        values, reason = error.values, error.reason
        outcome = UNCHECKED if isinstance(error, NotCheckedError) else FAILS
    except Exception as error:  # noqa: BLE001 - a damaged file breaks a parser in any way; each means: it does not hold
        values, outcome, reason = {"what": type(error).__name__}, FAILS, "unreadable"
    says = _both(tuple(words % {key: str(value) for key, value in values.items()} for words in WORDS[reason]))
    return {"check": name, "title": _both(TITLES[name]), "outcome": outcome, "reason": reason, "says": says}


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _both(words: Sequence[str]) -> dict[str, str]:
    return {"en": words[0], "zh": words[1]}


def _named(examined: Examined) -> dict[str, Any] | None:
    try:
        head = examined.json("pcf.json")["certificate"]
        return {key: head[key] for key in ("number", "public_id", "valid_from", "valid_until")}
    except Exception:  # noqa: BLE001 - the checks have said what is wrong with it
        return None


# ---- The signature over the file (ISO 32000-2, 12.8; CMS, RFC 5652) ----


def check_signature(examined: Examined) -> Mapping[str, object]:
    """Check that one signature covers the whole file, forbids changes, and that its bytes are unchanged."""
    reader = examined.reader = PdfReader(io.BytesIO(examined.pdf), strict=True)
    root: Any = reader.trailer["/Root"]
    fields = [one.get_object() for one in root["/AcroForm"]["/Fields"]]
    signed = [one["/V"] for one in fields if one.get("/FT") == "/Sig" and "/V" in one]
    if len(signed) != 1 or len(fields) != 1:
        raise DoesNotHoldError("no-signature", count=len(signed))
    examined.signature = signature = signed[0]
    references = signature["/Reference"]
    permission = references[0].get_object()["/TransformParams"]["/P"]
    if permission != 1 or root["/Perms"]["/DocMDP"].get_object() != signature:
        raise DoesNotHoldError("allows-changes")
    der, digest = _signed_bytes(examined.pdf, [int(one) for one in signature["/ByteRange"]])
    if not bytes(signature["/Contents"].original_bytes).startswith(der):
        raise DoesNotHoldError("not-whole")
    examined.signed_at = _pdf_time(str(signature["/M"]))
    examined.signer = _check_cms(der, digest, examined.trusted)
    return {"at": _stamp(examined.signed_at)}


def _signed_bytes(pdf: bytes, span: Sequence[int]) -> tuple[bytes, bytes]:
    """Return the signature in the gap of the range, and the digest of everything else; nothing may be outside both."""
    start, first, second, rest = span
    gap = pdf[first:second]
    if start != 0 or not 0 < first < second or second + rest != len(pdf) or (gap[:1], gap[-1:]) != (b"<", b">"):
        raise DoesNotHoldError("not-whole")
    content = bytes.fromhex(gap[1:-1].decode("ascii"))
    end = next(_elements(content))[2]
    if content[end:].strip(b"\0") or gap[1:-1] not in {content.hex().encode(), content.hex().upper().encode()}:
        raise DoesNotHoldError("odd-signature", what="padding")
    return content[:end], hashlib.sha256(pdf[:first] + pdf[second:]).digest()


def _check_cms(der: bytes, digest: bytes, trusted: Sequence[x509.Certificate]) -> x509.Certificate:
    """Check the signature's own structure and signature; return who signed.

    What is read of it is put together again and must give the same bytes, so that none of them can be changed unseen.
    """
    signed_data = _inner(_inner(_inner(der)[0][1])[1][1])[0][1]
    _, (_, algorithms, _), _, (_, certificates, _), (_, signers, _) = _inner_whole(signed_data)
    parts = _inner_whole(_inner(signers)[0][1])
    identifier, algorithm, attributes, value = parts[1][1], parts[2][2], parts[3][1], parts[5][1]
    if algorithms not in SHA256_ALGORITHMS or algorithm not in SHA256_ALGORITHMS:
        raise DoesNotHoldError("odd-signature", what="algorithms")
    timestamp = b"".join(whole for _, _, whole in parts[6:])
    known = _der(
        0x30, VERSION_1, _der(0x30, identifier), algorithm, _der(0xA0, attributes), ECDSA_SHA256, _der(0x04, value), timestamp
    )
    content = _der(0x30, VERSION_1, _der(0x31, algorithms), _der(0x30, OID_DATA), _der(0xA0, certificates), _der(0x31, known))
    if der != _der(0x30, OID_SIGNED_DATA, _der(0xA0, content)):
        raise DoesNotHoldError("odd-signature", what="structure")
    held = [x509.load_der_x509_certificate(whole) for _, _, whole in _inner_whole(certificates)]
    signer = next((one for one in held if _identifier(one) == identifier), None)
    key = signer.public_key() if signer else None
    if signer is None or not isinstance(key, ec.EllipticCurvePublicKey):
        raise DoesNotHoldError("odd-signature", what="signer")
    _check_attributes(attributes, digest, signer)
    _wanted(lambda: key.verify(value, _der(0x31, attributes), ec.ECDSA(hashes.SHA256())), "bad-signature")
    _check_others(held, signer, trusted)
    return signer


def _der(tag: int, *contents: bytes) -> bytes:
    """Return an element with its length in the shortest form."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:  # noqa: PLR2004 - from 128 on the long form
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _check_others(held: Sequence[x509.Certificate], signer: x509.Certificate, trusted: Sequence[x509.Certificate]) -> None:
    """Check that beside the signer's only roots lie in the signature: trusted ones, or where none is given, whole ones."""
    for other in held:
        if other == signer or other in trusted:
            continue
        if trusted:
            raise DoesNotHoldError("other-root", name=_name_of(signer))
        other.verify_directly_issued_by(other)


def _check_attributes(content: bytes, digest: bytes, signer: x509.Certificate) -> None:
    found = {_inner(one)[0][1]: _inner(one)[1][1] for _, one in _inner(content)}
    fingerprint = signer.fingerprint(hashes.SHA256())
    if found.get(OID_CONTENT_TYPE) != OID_DATA or fingerprint not in found.get(OID_SIGNING_CERTIFICATE, b""):
        raise DoesNotHoldError("odd-signature", what="attributes")
    if found.get(OID_DIGEST, b"")[2:] != digest:
        raise DoesNotHoldError("changed")


def _identifier(certificate: x509.Certificate) -> bytes:
    """Return issuer and serial number as a signer is named by them (DER)."""
    serial = certificate.serial_number
    return certificate.issuer.public_bytes() + _der(0x02, serial.to_bytes(serial.bit_length() // 8 + 1, "big"))


def _elements(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield tag, start and end of the content of each element (DER: definite lengths in their shortest form)."""
    place = 0
    while place < len(content):
        tag, length, start = content[place], content[place + 1], place + 2
        if length & 0x80:
            size = length & 0x7F
            length, start = int.from_bytes(content[start : start + size], "big"), start + size
            if not size or length < 0x80 or length >> (8 * (size - 1)) == 0:  # noqa: PLR2004 - from 128 on the long form
                raise DoesNotHoldError("odd-signature", what="length")
        if start + length > len(content):
            raise DoesNotHoldError("odd-signature", what="length")
        yield tag, start, start + length
        place = start + length


def _inner(content: bytes) -> list[tuple[int, bytes]]:
    return [(tag, content[start:end]) for tag, start, end in _elements(content)]


def _inner_whole(content: bytes) -> list[tuple[int, bytes, bytes]]:
    """Return each element's tag, content, and itself with its head."""
    found, place = [], 0
    for tag, start, end in _elements(content):
        found.append((tag, content[start:end], content[place:end]))
        place = end
    return found


def _pdf_time(text: str) -> datetime:
    """Read D:20261122020000+00'00' (ISO 32000-2, 7.9.4)."""
    match = re.fullmatch(r"D:(\d{14})(?:Z|([+-]\d\d)'(\d\d)'?)", text)
    if match is None:
        raise DoesNotHoldError("unreadable", what="/M")
    return datetime.strptime(match[1] + (f"{match[2]}{match[3]}" if match[2] else "+0000"), "%Y%m%d%H%M%S%z")


def check_signer(examined: Examined) -> Mapping[str, object]:
    """Check that a trusted root has certified the signer, at the time of signing."""
    if examined.signer is None or examined.signed_at is None:
        raise DoesNotHoldError("unsigned")
    return _check_chain(examined.signer, examined.trusted, at=examined.signed_at)


def _check_chain(signer: x509.Certificate, trusted: Sequence[x509.Certificate], *, at: datetime) -> Mapping[str, object]:
    if not trusted:
        raise NotCheckedError("no-root")
    root = next((one for one in trusted if _has_issued(one, signer)), None)
    if root is None:
        raise DoesNotHoldError("other-root", name=_name_of(signer))
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    if not constraints.ca or not signer.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature:
        raise DoesNotHoldError("not-for-this", name=_name_of(signer))
    if not all(one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in (signer, root)):
        raise DoesNotHoldError("not-then", at=_stamp(at))
    return {"name": _name_of(signer)}


def _has_issued(root: x509.Certificate, signer: x509.Certificate) -> bool:
    try:
        signer.verify_directly_issued_by(root)
    except Exception:  # noqa: BLE001 - wrong name, wrong key type, wrong signature: all mean no
        return False
    return True


def _name_of(certificate: x509.Certificate) -> str:
    """Return the organisation and the common name, as plain words."""
    return ", ".join(str(one.value) for one in certificate.subject)


def _wanted(check: Callable[[], object], reason: str) -> None:
    try:
        check()
    except Exception as error:
        raise DoesNotHoldError(reason) from error


# ---- The files inside ----


def check_attachments(examined: Examined) -> Mapping[str, object]:
    """Check that the attached files are those of the manifest, each once and with its hash."""
    reader = examined.reader or PdfReader(io.BytesIO(examined.pdf))
    names: Any = reader.trailer["/Root"]
    names = names["/Names"]["/EmbeddedFiles"]["/Names"]
    if len(names) % 2 or len(set(names[::2])) * 2 != len(names):
        raise DoesNotHoldError("unlisted", name=str(names[:1]))
    for name, place in zip(names[::2], names[1::2], strict=True):
        content = place.get_object()["/EF"]["/F"].get_object().get_data()
        if len(content) > MAX_ATTACHMENT_BYTES:
            raise DoesNotHoldError("unreadable", what=str(name))
        examined.files[str(name)] = content
    return check_files(examined)


def check_files(examined: Examined) -> Mapping[str, object]:
    """Compare the files with the manifest."""
    listed = {one["name"]: one["sha256"] for one in examined.json("manifest.json")["files"]}
    for name in sorted(set(examined.files) - {"manifest.json"} | set(listed)):
        if name not in listed:
            raise DoesNotHoldError("unlisted", name=name)
        if hashlib.sha256(examined.file(name)).hexdigest() != listed[name]:
            raise DoesNotHoldError("other-hash", name=name)
    return {"count": len(listed)}


def check_canonical(examined: Examined) -> Mapping[str, object]:
    """Check that the files that are hashed by content have the one spelling that this content has."""
    for name in CANONICAL:
        if _canonical(examined.json(name)) != examined.file(name):
            raise DoesNotHoldError("not-canonical", name=name)
    return {"count": len(CANONICAL)}


def _canonical(value: Any) -> bytes:  # noqa: ANN401 - JSON
    """Return JSON as RFC 8785 spells it."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return b"{" + b",".join(_canonical(key) + b":" + _canonical(one) for key, one in members) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(_canonical, value)) + b"]"
    if isinstance(value, float):
        return _shortest(value)
    return json.dumps(value, ensure_ascii=False).encode()


def _shortest(value: float) -> bytes:
    """Return a number as ECMAScript writes it: the shortest digits that read back, exponents from 1e21 on and below 1e-6."""
    exact = Decimal(repr(value)).normalize()
    if not exact or -7 < exact.adjusted() < 21:  # noqa: PLR2004 - ECMA-262, Number::toString
        return f"{exact + 0:f}".encode()
    sign, digits, _ = exact.as_tuple()
    mantissa = f"{digits[0]}{'.' if digits[1:] else ''}{''.join(map(str, digits[1:]))}"
    return f"{'-' if sign else ''}{mantissa}e{exact.adjusted():+d}".encode()


def check_content(examined: Examined) -> Mapping[str, object]:
    """Check that bundle and manifest speak of this snapshot, and the exports are those that it names."""
    snapshot, sha256 = examined.json("pcf.json"), hashlib.sha256(examined.file("pcf.json")).hexdigest()
    head, bundle = snapshot["certificate"], examined.json("bundle.json")["certificate"]
    if bundle != {"number": head["number"], "public_id": head["public_id"], "snapshot_sha256": sha256}:
        raise DoesNotHoldError("other-certificate", name="bundle.json")
    if examined.json("manifest.json")["certificate"] != head["number"]:
        raise DoesNotHoldError("other-certificate", name="manifest.json")
    for name, stated in snapshot["exports"].items():
        found = hashlib.sha256(examined.files[name]).hexdigest() if name in examined.files else None
        if found != stated["sha256"]:
            raise DoesNotHoldError("other-certificate", name=name)
    return {"number": head["number"]}


def check_bundle(examined: Examined) -> Mapping[str, object]:
    """Check the bundle's signature and the chain of the key that made it."""
    return _check_detached(examined.file("bundle.json"), examined.json("bundle.sig"), examined.trusted, at=examined.signed_at)


def _check_detached(
    content: bytes, stated: Mapping[str, Any], trusted: Sequence[x509.Certificate], *, at: datetime | None
) -> Mapping[str, object]:
    certificate = x509.load_pem_x509_certificate(stated["certificate"].encode())
    key = certificate.public_key()
    if not isinstance(key, ed25519.Ed25519PublicKey) or certificate.subject.rdns[-1].rfc4514_string() != f"CN={BUNDLE_SIGNER}":
        raise DoesNotHoldError("not-for-this", name=_name_of(certificate))
    encoded = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    expected = ("urn:anodeprint:detached-signature:1", "Ed25519", hashlib.sha256(encoded).hexdigest()[:16], pem)
    if tuple(stated[name] for name in ("schema", "algorithm", "key_id", "certificate")) != expected:
        raise DoesNotHoldError("odd-signature", what="bundle.sig")
    _wanted(lambda: key.verify(_decoded(stated["signature"]), content), "bad-signature")
    if at is None:
        raise DoesNotHoldError("unsigned")
    return _check_chain(certificate, trusted, at=at)


# ---- The log (RFC 6962; C2SP signed note) ----


def check_log(examined: Examined) -> Mapping[str, object]:
    """Check that the entry is about this certificate, lies in the tree of the checkpoint, and that the log signed it."""
    proof = examined.json("log-proof.json")
    if (proof["format"], set(proof)) != (PROOF_FORMAT, PROOF_MEMBERS):
        raise DoesNotHoldError("unreadable", what="format")
    leaf, snapshot = json.loads(proof["leaf"]), examined.json("pcf.json")
    details, sha256 = leaf["details"], hashlib.sha256(examined.file("pcf.json")).hexdigest()
    of = (leaf["action"], details["number"], details["snapshot_sha256"])
    if of != ("certificate_issued", snapshot["certificate"]["number"], sha256) or leaf["index"] != proof["index"]:
        raise DoesNotHoldError("other-event")
    found = hashlib.sha256(b"\0" + proof["leaf"].encode()).digest()
    for beside, is_left in zip(_hashes(proof["path"]), _sides(proof["index"], proof["size"]), strict=True):
        found = hashlib.sha256(b"\1" + (beside + found if is_left else found + beside)).digest()
    if found != _decoded(proof["root"]):
        raise DoesNotHoldError("not-in-log")
    return {"index": proof["index"] + 1, "size": proof["size"], "origin": _check_note(proof, examined.log_key)}


def _hashes(path: Sequence[str]) -> list[bytes]:
    return [_decoded(one) for one in path]


def _decoded(text: str) -> bytes:
    """Return what base64 says, if it is written in its one proper way."""
    content = base64.b64decode(text, validate=True)
    if base64.b64encode(content).decode() != text:
        raise DoesNotHoldError("unreadable", what="base64")
    return content


def _sides(index: int, size: int) -> list[bool]:
    """Return for each step from leaf to root whether the hash beside it stands on the left (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise DoesNotHoldError("not-in-log")
    found = []
    while size > 1:
        half = 1 << ((size - 1).bit_length() - 1)
        found.append(index >= half)
        index, size = (index - half, size - half) if index >= half else (index, half)
    return found[::-1]


def _check_note(proof: Mapping[str, Any], pinned: str | None) -> str:
    """Check the checkpoint's own words and its signature; return the log's name."""
    text, _, signature = proof["note"].partition("\n\n")
    origin, size, root, *_ = text.split("\n")
    if (size, root) != (str(proof["size"]), proof["root"]):
        raise DoesNotHoldError("other-checkpoint")
    name, _, rest = proof["key"].partition("+")
    key_id, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    signed = _decoded(signature.removesuffix("\n").split(" ")[2])
    as_written = f"— {name} {base64.b64encode(signed).decode()}\n"
    if (origin, key[:1], key_id, signed[:4], signature) != (name, b"\1", expected.hex(), expected, as_written):
        raise DoesNotHoldError("other-log")
    if pinned is not None and pinned.strip() != proof["key"]:
        raise DoesNotHoldError("other-log")
    public = ed25519.Ed25519PublicKey.from_public_bytes(key[1:])
    _wanted(lambda: public.verify(signed[4:], (text + "\n").encode()), "other-log")
    return str(origin)


# ---- The figures ----


def check_recalculation(examined: Examined) -> Mapping[str, object]:
    """Solve the systems of the bundle and compare total, stages and blocks with the snapshot, digit for digit."""
    snapshot, systems = examined.json("pcf.json"), examined.json("bundle.json")["systems"]
    found: dict[tuple[str, tuple[str, ...]], Fraction] = {}
    for system in systems:
        impacts, total = _solved(system)
        found.update(impacts)
        _compare("total", total, snapshot["result"]["total"])
    stated = [(split, tuple(group["keys"]), group) for split in ("stages", "blocks") for group in snapshot[split]]
    if set(found) != {(split, keys) for split, keys, _ in stated}:
        raise DoesNotHoldError("other-figure", name="stages/blocks", found=len(found), stated=len(stated))
    for split, keys, group in stated:
        _compare("+".join(keys), found[split, keys], group["kg_co2e"])
    return {"total": snapshot["result"]["total"], "parts": len(stated)}


def _compare(name: str, found: Fraction, stated: str) -> None:
    if found != Fraction(stated):
        raise DoesNotHoldError("other-figure", name=name, found=float(found), stated=stated)


def _solved(system: Mapping[str, Any]) -> tuple[dict[tuple[str, tuple[str, ...]], Fraction], Fraction]:
    """Return impact by activity and by flow that stand for a printed group, and the total: A s = f, c · B s; exact fractions."""
    scaling = _solve(
        [[*map(Fraction, row), Fraction(wanted)] for row, wanted in zip(system["technosphere"], system["demand"], strict=True)]
    )
    impacts = [
        [Fraction(factor) * Fraction(amount) * scale for amount, scale in zip(row, scaling, strict=True)]
        for factor, row in zip(system["characterization"], system["interventions"], strict=True)
    ]
    by_flow = zip(system["flows"], map(sum, impacts), strict=True)
    by_activity = zip(system["activities"], map(sum, zip(*impacts, strict=True)), strict=True)
    named = {(one["split"], tuple(one["keys"])): Fraction(kg) for one, kg in [*by_flow, *by_activity] if one["split"]}
    return named, Fraction(sum(map(sum, impacts)))


def _solve(rows: list[list[Fraction]]) -> list[Fraction]:
    """Solve a square system by Gauss and Jordan; each row ends with its right side."""
    for place in range(len(rows)):
        pivot = next((row for row in rows[place:] if row[place]), None)
        if pivot is None or len(pivot) != len(rows) + 1:
            raise DoesNotHoldError("unsolvable")
        rows.remove(pivot)
        pivot = [one / pivot[place] for one in pivot]
        rows[:] = [[one - row[place] * other for one, other in zip(row, pivot, strict=True)] for row in rows]
        rows.insert(place, pivot)
    return [row[-1] for row in rows]


def check_exchange(examined: Examined) -> Mapping[str, object]:
    """Check that the files for exchange networks state the snapshot's total, per kilogram as it does."""
    total = Fraction(examined.json("pcf.json")["result"]["total"])
    names = [name for name in ("pact.json", "catena-x-10.json") if name in examined.files]
    for name in names:
        found = [Fraction(str(value)) for value in _values_of("pcfExcludingBiogenicUptake", examined.json(name))]
        if set(found) != {total}:
            raise DoesNotHoldError(
                "other-figure", name=name, found=float(total), stated=", ".join(str(float(one)) for one in found)
            )
    return {"names": ", ".join(names) or "–"}


def _values_of(name: str, content: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield what stands under a name, however deep."""
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    if isinstance(content, dict) and name in content:
        yield content[name]
    for one in inner:
        yield from _values_of(name, one)


def check_printed(examined: Examined) -> Mapping[str, object]:
    """Check that the words of the pages state number, hashes and figures of the attached files."""
    snapshot, rounding = examined.json("pcf.json"), examined.json("bundle.json")["rounding"]
    pages = [page.extract_text() for page in examined.reader.pages]
    step = Fraction(rounding["printed"])
    total = _figure(round(Fraction(snapshot["result"]["total"]) / step) * step, digits=len(rounding["printed"].partition(".")[2]))
    groups = [
        _figure(Fraction(one["kg_co2e"]), digits=len(one["kg_co2e"].partition(".")[2]))
        for one in snapshot["stages"] + snapshot["blocks"]
    ]
    _find_figures([total], pages[0])
    _find_figures(groups, "\n".join(pages))
    short = hashlib.sha256(examined.file("pcf.json")).hexdigest()[:16]
    for text in (snapshot["certificate"]["number"], short):
        if not all(text in re.sub(r"\s", "", page) for page in pages):
            raise DoesNotHoldError("not-printed", text=text)
    return {"count": len(groups) + 1, "pages": len(pages)}


def _figure(value: Fraction, *, digits: int) -> str:
    """Write a figure as the pages do: thousands apart, a true minus sign."""
    return f"{float(value):,.{digits}f}".replace("-", "−")


def _find_figures(figures: Sequence[str], text: str) -> None:
    for figure in figures:
        if not re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", text):
            raise DoesNotHoldError("not-printed", text=figure)


# ---- Does it still hold? ----


def check_validity(examined: Examined) -> Mapping[str, object]:
    """Check the dates; days are days of UTC, with one day's grace for time zones."""
    head = examined.json("pcf.json")["certificate"]
    first, last, today = head["valid_from"], head["valid_until"], examined.at.astimezone(UTC).date()
    if (datetime.fromisoformat(first).date() - today).days > 1:
        raise DoesNotHoldError("not-yet", first=first)
    if today > datetime.fromisoformat(last).date():
        raise DoesNotHoldError("expired", last=last)
    return {"first": first, "last": last}


def check_revocation(examined: Examined) -> Mapping[str, object]:
    """Look the certificate up in the issuer's list."""
    if examined.revoked is None:
        raise NotCheckedError("no-list")
    stated = json.loads(examined.revoked)
    content = stated["list"]
    issued_at, until = (datetime.fromisoformat(content[name]) for name in ("issued_at", "next_update"))
    try:
        _check_detached(_canonical(content), stated["signature"], examined.trusted, at=issued_at)
    except NotCheckedError:
        raise
    except DoesNotHoldError as error:
        raise DoesNotHoldError("other-list") from error
    number = examined.json("pcf.json")["certificate"]["number"]
    entry = next((one for one in content["revoked"] if one["number"] == number), None)
    if entry is not None:
        raise DoesNotHoldError("revoked", at=_stamp(datetime.fromisoformat(entry["at"])), why=entry["reason"])
    if examined.at > until:
        raise NotCheckedError("old-list", until=_stamp(until))
    return {"at": _stamp(issued_at)}


CHECKS: Mapping[str, Callable[[Examined], Mapping[str, object]]] = {
    "signature": check_signature,
    "signer": check_signer,
    "attachments": check_attachments,
    "canonical": check_canonical,
    "content": check_content,
    "bundle": check_bundle,
    "log": check_log,
    "recalculation": check_recalculation,
    "exchange": check_exchange,
    "printed": check_printed,
    "validity": check_validity,
    "revocation": check_revocation,
}
EXIT_CODES = {HOLDS: 0, FAILS: 1, UNCHECKED: 2}
MARKS = {HOLDS: "[ok]", FAILS: "[NO]", UNCHECKED: "[--]"}


def report(result: Mapping[str, Any], *, language: str) -> str:
    """Return the result in words."""
    head = result["certificate"]
    lines = [f"{head['number']}  SHA-256 {result['file_sha256']}" if head else f"SHA-256 {result['file_sha256']}"]
    lines += [f"{MARKS[one['outcome']]} {one['title'][language]}: {one['says'][language]}" for one in result["checks"]]
    return "\n".join([*lines, result["says"][language]])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Check an AnodePrint certificate without its issuer and without a network.")
    parser.add_argument("file", type=Path, help="the certificate (PDF)")
    parser.add_argument("--trust", type=Path, help="root certificate of the issuer (PEM), taken once from its site")
    parser.add_argument("--revoked", type=Path, help="the issuer's revocation list (/verify/revoked.json)")
    parser.add_argument("--log-key", help="the log's public key, if you keep it")
    parser.add_argument(
        "--at", type=datetime.fromisoformat, help="the moment of the question, 2027-01-31 or with time; now if left out"
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--json", action="store_true", help="the whole result, for programs")
    chosen = parser.parse_args(arguments)
    at = chosen.at.replace(tzinfo=chosen.at.tzinfo or UTC) if chosen.at else None
    try:
        files = {
            name: path.read_bytes() if path else None for name, path in (("trusted", chosen.trust), ("revoked", chosen.revoked))
        }
        result = verify(chosen.file.read_bytes(), **files, at=at, log_key=chosen.log_key)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return EXIT_CODES[UNCHECKED]
    sys.stdout.write(
        (json.dumps(result, ensure_ascii=False, indent=2) if chosen.json else report(result, language=chosen.lang)) + "\n"
    )
    return EXIT_CODES[result["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
