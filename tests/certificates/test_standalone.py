import contextlib
import json
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from service.certificates.standalone import anodeprint_verify
from service.certificates.standalone.anodeprint_verify import verify
from service.signing import detached
from tests.certificates import sealed
from tests.certificates.builders import MEASURED, TOLL, in_memory, toll_provenance
from tests.certificates.sealed import AT, Sealed, files_of, manifest_of, seal

FLIPS = 300


def outcomes(file: Sealed, *, pdf: bytes | None = None, root: bytes | None = None, **asked: Any) -> dict[str, str]:
    result = verify(pdf or file.pdf, trusted=root or file.root, **{"at": AT, **asked})
    return {"verdict": result["verdict"], **{one["check"]: one["outcome"] for one in result["checks"]}}


def failing(found: dict[str, str]) -> set[str]:
    return {check for check, outcome in found.items() if outcome == "fails" and check != "verdict"}


def test_a_genuine_certificate_holds_in_every_point_that_can_be_checked(genuine: Sealed) -> None:
    found = outcomes(genuine)

    assert found.pop("verdict") == "holds"
    assert found.pop("revocation") == "unchecked"
    assert set(found.values()) == {"holds"}


@pytest.mark.parametrize("provenance", [toll_provenance(TOLL), toll_provenance(TOLL, kept_by_model=0.4)])
def test_a_certificate_on_suppliers_data_can_be_calculated_again(folder: Path, provenance: dict[str, Any]) -> None:
    record = in_memory(parameters=MEASURED, provenance=provenance)

    assert outcomes(seal(files_of(record, folder), folder))["verdict"] == "holds"


# ---- Damage ----


def test_no_byte_of_the_file_can_be_changed_unseen(genuine: Sealed) -> None:
    drawn = random.Random(20261122)
    for place in drawn.sample(range(len(genuine.pdf)), FLIPS):
        damaged = bytearray(genuine.pdf)
        damaged[place] ^= 1 << drawn.randrange(8)

        result = verify(bytes(damaged), trusted=genuine.root, at=AT)

        failed = [one for one in result["checks"] if one["outcome"] == "fails"]
        assert result["verdict"] == "fails", f"byte {place}"
        assert failed[0]["check"] in {"signature", "signer"}, f"byte {place}: {failed}"
        assert failed[0]["says"]["en"]


def test_no_byte_of_the_signature_itself_can_be_changed_unseen(genuine: Sealed) -> None:
    """It does not cover itself: each of its bytes and of the zeros after it is tried."""
    drawn, trusted = random.Random(7), anodeprint_verify.x509.load_pem_x509_certificates(genuine.root)
    start = genuine.pdf.index(b"/Contents <") + len("/Contents ")
    end = genuine.pdf.index(b">", start) + 1
    span, unseen = [0, start, end, len(genuine.pdf) - end], []
    for place in range(start, end):
        damaged = bytearray(genuine.pdf)
        damaged[place] ^= 1 << drawn.randrange(8)
        with contextlib.suppress(Exception):
            der, digest = anodeprint_verify._signed_bytes(bytes(damaged), span)
            anodeprint_verify._check_chain(anodeprint_verify._check_cms(der, digest, trusted), trusted, at=AT)
            unseen.append(place - start)

    assert unseen == []
    assert end - start > 2000


@pytest.mark.parametrize("name", ["pcf.json", "pact.json", "bundle.json", "bundle.sig", "log-proof.json", "manifest.json"])
def test_a_damaged_attachment_is_named(folder: Path, genuine: Sealed, name: str) -> None:
    drawn = random.Random(name)
    for _ in range(3):
        content = bytearray(genuine.files[name])
        content[drawn.randrange(len(content))] ^= 1 << drawn.randrange(7)

        result = verify(seal({**genuine.files, name: bytes(content)}, folder, printed="x").pdf, trusted=genuine.root, at=AT)

        said = " ".join(one["says"]["en"] for one in result["checks"] if one["outcome"] == "fails")
        assert result["verdict"] == "fails"
        assert name in said or name == "manifest.json"


@pytest.mark.parametrize("name", ["bundle.json", "log-proof.json", "pcf.json"])
def test_no_byte_of_what_is_calculated_with_can_be_changed_even_with_a_new_manifest(genuine: Sealed, name: str) -> None:
    """Whoever could have manifest and file signed again would still need the bundle's key and the log."""
    drawn = random.Random(name)
    for _ in range(100):
        content = bytearray(genuine.files[name])
        content[drawn.randrange(len(content))] ^= 1 << drawn.randrange(8)
        examined = an_examined(genuine, {**genuine.files, name: bytes(content)})

        found = {check: anodeprint_verify._outcome(check, anodeprint_verify.CHECKS[check], examined) for check in AFTER_FILES}

        assert "fails" in {one["outcome"] for one in found.values()}


AFTER_FILES = ("canonical", "content", "bundle", "log", "recalculation", "exchange")


def an_examined(genuine: Sealed, files: dict[str, bytes]) -> anodeprint_verify.Examined:
    trusted = anodeprint_verify.x509.load_pem_x509_certificates(genuine.root)
    return anodeprint_verify.Examined(
        pdf=genuine.pdf, trusted=trusted, revoked=None, log_key=None, at=AT, signed_at=AT, files=dict(files)
    )


def test_something_appended_is_noticed(genuine: Sealed) -> None:
    assert "signature" in failing(outcomes(genuine, pdf=genuine.pdf + b"\n% more\n"))


def test_an_unsigned_file_or_no_pdf_at_all_does_not_hold(genuine: Sealed) -> None:
    unsigned = sealed.a_page(sealed.words_of(genuine.files["pcf.json"]), genuine.files)

    assert failing(outcomes(genuine, pdf=unsigned)) == {"signature", "signer", "bundle"}  # the time of signing is unknown
    assert outcomes(genuine, pdf=b"no pdf")["verdict"] == "fails"


# ---- Forgery ----


def test_a_file_signed_again_by_another_authority_does_not_hold(tmp_path: Path, genuine: Sealed) -> None:
    forged = seal(files_of(in_memory(parameters={"graphitization_electricity_kwh_per_kg": 6.0}), tmp_path), tmp_path)

    assert {"signature", "signer", "bundle"} >= failing(outcomes(genuine, pdf=forged.pdf)) >= {"signer", "bundle"}
    assert outcomes(forged)["verdict"] == "holds"  # with the forger's root it does: the root is what counts


def test_without_a_root_nothing_is_decided(genuine: Sealed) -> None:
    result = verify(genuine.pdf, trusted=None, at=AT)

    assert result["verdict"] == "unchecked"
    assert next(one for one in result["checks"] if one["check"] == "signer")["reason"] == "no-root"


TAMPERED: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {}


def tampered(check: str) -> Callable[[Callable[[dict[str, bytes]], None]], Callable[[dict[str, bytes]], None]]:
    """Register a forgery that this check, and it alone, is to notice."""

    def keep(change: Callable[[dict[str, bytes]], None]) -> Callable[[dict[str, bytes]], None]:
        TAMPERED[change.__name__] = (change, check)
        return change

    return keep


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files with a manifest that fits them."""
    others = {name: content for name, content in files.items() if name != "manifest.json"}
    return {**others, "manifest.json": manifest_of(others)}


def edit(files: dict[str, bytes], name: str, change: Callable[[Any], None]) -> None:
    content = json.loads(files[name])
    change(content)
    files[name] = rfc8785.dumps(content)


@tampered("exchange")
def another_total_for_partners(files: dict[str, bytes]) -> None:
    edit(files, "pact.json", lambda pact: pact["pcf"].update(pcfExcludingBiogenicUptake="9.99"))


@tampered("log")
def an_entry_of_another_certificate(files: dict[str, bytes]) -> None:
    files["log-proof.json"] = rfc8785.dumps(sealed.log_proof(b"another snapshot"))


@tampered("log")
def a_longer_path(files: dict[str, bytes]) -> None:
    edit(files, "log-proof.json", lambda proof: proof["path"].append(proof["path"][0]))


@tampered("log")
def another_place_in_the_tree(files: dict[str, bytes]) -> None:
    edit(files, "log-proof.json", lambda proof: proof.update(index=proof["index"] - 1))


@tampered("canonical")
def blanks_in_the_manifest(files: dict[str, bytes]) -> None:
    files["manifest.json"] = json.dumps(json.loads(files["manifest.json"])).encode()


@tampered("bundle")
def a_bundle_of_a_smaller_furnace(files: dict[str, bytes]) -> None:
    files["bundle.json"] = files["bundle.json"].replace(b'"7.5"', b'"6.5"')


@pytest.mark.parametrize("name", TAMPERED)
def test_a_forgery_inside_a_file_that_is_signed_anew_is_noticed(folder: Path, genuine: Sealed, name: str) -> None:
    change, check = TAMPERED[name]
    files = dict(genuine.files)
    change(files)
    if check != "canonical":
        files = with_manifest(files)

    assert check in failing(outcomes(seal(files, folder)))


def test_an_attachment_of_another_certificate_is_noticed(folder: Path, genuine: Sealed) -> None:
    other = files_of(in_memory(parameters={"graphitization_electricity_kwh_per_kg": 6.0}), folder)
    files = {**genuine.files, "bundle.json": other["bundle.json"], "bundle.sig": other["bundle.sig"]}

    found = outcomes(seal(with_manifest(files), folder))

    assert failing(found) >= {"content", "recalculation"}


def test_pages_that_state_another_figure_are_noticed(folder: Path, genuine: Sealed) -> None:
    words = sealed.words_of(genuine.files["pcf.json"]).replace("12.5 kg", "8.5 kg")

    assert failing(outcomes(seal(genuine.files, folder, printed=words))) == {"printed"}


def test_a_code_copied_onto_another_document_is_noticed(folder: Path, genuine: Sealed) -> None:
    words = sealed.words_of(genuine.files["pcf.json"]).replace(sealed.NUMBER, "AP-2026-0002")

    assert failing(outcomes(seal(genuine.files, folder, printed=words))) == {"printed"}


def test_a_key_that_signs_files_can_not_sign_bundles(folder: Path, genuine: Sealed) -> None:
    signature = json.loads(genuine.files["bundle.sig"])
    issuing = (folder / "issuing.pem").read_text()
    signature["certificate"] = issuing[issuing.index("-----BEGIN CERTIFICATE") :]
    files = {**genuine.files, "bundle.sig": rfc8785.dumps(signature)}

    assert failing(outcomes(seal(with_manifest(files), folder))) == {"bundle"}


def test_a_certificate_that_the_key_did_not_have_yet_is_refused(folder: Path, genuine: Sealed) -> None:
    early = seal(genuine.files, folder, at=AT - timedelta(days=30))

    assert failing(outcomes(early)) == {"signer", "bundle"}


def test_what_an_earlier_key_signed_stays_valid(tmp_path: Path) -> None:
    first = seal(files_of(in_memory(), tmp_path), tmp_path)
    detached.rotate_detached(tmp_path, organisation=sealed.COMPANY, at=AT)
    second = seal(files_of(in_memory(), tmp_path), tmp_path)

    assert first.files["bundle.sig"] != second.files["bundle.sig"]
    assert outcomes(first)["verdict"] == outcomes(second)["verdict"] == "holds"


def test_a_log_key_that_the_reader_keeps_is_the_one_that_counts(genuine: Sealed) -> None:
    key = json.loads(genuine.files["log-proof.json"])["key"]

    assert outcomes(genuine, log_key=key)["log"] == "holds"
    assert outcomes(genuine, log_key=key.replace("sample", "other"))["log"] == "fails"


# ---- Dates and revocation ----


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        (datetime(2026, 11, 20, 12, tzinfo=UTC), "fails"),
        (datetime(2026, 11, 21, 18, tzinfo=UTC), "holds"),  # already the 22nd in China
        (datetime(2028, 12, 31, 23, tzinfo=UTC), "holds"),
        (datetime(2029, 1, 1, 1, tzinfo=UTC), "fails"),
    ],
)
def test_a_certificate_holds_within_its_dates(genuine: Sealed, at: datetime, outcome: str) -> None:
    found = outcomes(genuine, at=at)

    assert found["validity"] == outcome
    assert found["signer"] == "holds"  # judged at the time of signing


def a_list(folder: Path, *entries: dict[str, str], at: datetime = AT) -> bytes:
    content = {
        "schema": "urn:anodeprint:revocation-list:1",
        "issued_at": at.isoformat(),
        "next_update": (at + timedelta(days=7)).isoformat(),
        "revoked": list(entries),
    }
    signature = detached.sign(rfc8785.dumps(content), folder, organisation=sealed.COMPANY, at=at)
    return json.dumps({"list": content, "signature": signature.as_json()}).encode()


REVOKED = {"number": sealed.NUMBER, "reason": "withdrawn", "at": "2026-11-23T00:00:00+00:00"}


def test_a_revoked_certificate_does_not_hold(folder: Path, genuine: Sealed) -> None:
    result = verify(genuine.pdf, trusted=genuine.root, at=AT, revoked=a_list(folder, REVOKED))

    assert result["verdict"] == "fails"
    assert result["checks"][-1]["says"]["en"] == "Revoked at 2026-11-23 00:00 UTC: withdrawn."


def test_a_certificate_that_is_not_on_the_list_holds(folder: Path, genuine: Sealed) -> None:
    assert outcomes(genuine, revoked=a_list(folder, {**REVOKED, "number": "AP-2026-0009"}))["revocation"] == "holds"


def test_a_list_past_its_renewal_clears_nobody_but_still_accuses(folder: Path, genuine: Sealed) -> None:
    later = AT + timedelta(days=8)

    assert outcomes(genuine, revoked=a_list(folder), at=later)["revocation"] == "unchecked"
    assert outcomes(genuine, revoked=a_list(folder, REVOKED), at=later)["revocation"] == "fails"


def test_a_list_that_somebody_else_signed_or_changed_is_refused(folder: Path, tmp_path: Path, genuine: Sealed) -> None:
    cleared = a_list(folder, REVOKED).replace(b"AP-2026-0001", b"AP-2026-0003")

    assert outcomes(genuine, revoked=a_list(tmp_path))["revocation"] == "fails"
    assert outcomes(genuine, revoked=cleared)["revocation"] == "fails"
    assert outcomes(genuine, revoked=b"{}")["revocation"] == "fails"
