import base64
import contextlib
import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import cryptography
import pypdf
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from service.certificates.standalone import anodeprint_verify
from service.certificates.standalone.anodeprint_verify import verify
from service.cli import app
from service.signing import detached
from tests.certificates import sealed
from tests.certificates.builders import MEASURED, TOLL, in_memory, toll_provenance
from tests.certificates.sealed import AT, Sealed, files_of, manifest_of, seal

SCRIPT = Path(str(resources.files("service.certificates.standalone") / "anodeprint_verify.py"))
FLIPS = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("issuer") / "keys"


@pytest.fixture(scope="module")
def genuine(folder: Path) -> Sealed:
    return seal(files_of(in_memory(), folder), folder)


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


# ---- On a machine with nothing but two libraries ----


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `cryptography` and `pypdf` only."""
    folder = tmp_path_factory.mktemp("bare")
    packages = Path(cryptography.__file__).parents[1]
    for one in (
        Path(cryptography.__file__).parent,
        Path(pypdf.__file__).parent,
        packages / "cffi",
        *packages.glob("_cffi_backend*"),
    ):
        (folder / one.name).symlink_to(one)
    return folder


START = """
import runpy, sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(event)
sys.addaudithook(refuse)
sys.path.append(sys.argv[1])
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(bare: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "-c", START, str(bare), str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONUTF8": "1"})


@pytest.fixture
def case(tmp_path: Path, genuine: Sealed) -> list[str]:
    (tmp_path / "certificate.pdf").write_bytes(genuine.pdf)
    (tmp_path / "ca.pem").write_bytes(genuine.root)
    return [str(tmp_path / "certificate.pdf"), "--trust", str(tmp_path / "ca.pem"), "--at", "2026-11-22T03:00:00"]


def test_it_runs_without_our_packages_and_without_a_network(bare: Path, case: list[str], genuine: Sealed) -> None:
    found = run(bare, *case, "--json")

    result = json.loads(found.stdout)
    assert found.returncode == 0, found.stderr
    assert result["verdict"] == "holds"
    assert result["file_sha256"] == hashlib.sha256(genuine.pdf).hexdigest()


@pytest.mark.parametrize(("language", "words"), [("en", "The certificate holds."), ("zh", "证书成立。")])
def test_it_says_in_words_what_holds_and_what_was_not_checked(bare: Path, case: list[str], language: str, words: str) -> None:
    lines = run(bare, *case, "--lang", language).stdout.splitlines()

    assert lines[-1] == words
    assert lines[-2].startswith("[--]")
    assert len(lines) == 14  # head, twelve checks, verdict


def test_the_exit_code_tells_forged_from_undecided(bare: Path, case: list[str], tmp_path: Path) -> None:
    (tmp_path / "forged.pdf").write_bytes(Path(case[0]).read_bytes() + b"x")

    assert run(bare, str(tmp_path / "forged.pdf"), *case[1:]).returncode == 1
    assert run(bare, case[0]).returncode == 2  # no root
    assert run(bare, "absent.pdf").returncode == 2


def test_the_command_gives_the_same_answer(case: list[str]) -> None:
    found = CliRunner().invoke(app, ["certificate", "verify", *case, "--lang", "zh"])
    without_root = CliRunner().invoke(app, ["certificate", "verify", case[0], "--json"])

    assert (found.exit_code, without_root.exit_code) == (0, 2)
    assert "证书成立。" in found.stdout
    assert json.loads(without_root.stdout)["verdict"] == "unchecked"


# ---- Its own parts ----


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53) + 1, 2**53 - 1) | st.text())
def test_its_canonical_json_is_that_of_the_reference(value: float | str) -> None:
    assert anodeprint_verify._canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(st.text(max_size=9), st.lists(st.booleans() | st.none() | st.text(max_size=9), max_size=4), max_size=5))
def test_its_canonical_objects_are_those_of_the_reference(value: dict[str, Any]) -> None:
    assert anodeprint_verify._canonical(value) == rfc8785.dumps(value)


@given(st.integers(1, 70), st.data())
def test_its_paths_lead_to_the_root_of_any_tree(size: int, data: st.DataObject) -> None:
    leaves = [b"%d" % place for place in range(size)]
    index = data.draw(st.integers(0, size - 1))
    found = hashlib.sha256(b"\0" + leaves[index]).digest()
    for beside, is_left in zip(sealed.path_of(index, leaves), anodeprint_verify._sides(index, size), strict=True):
        found = hashlib.sha256(b"\1" + (beside + found if is_left else found + beside)).digest()

    assert found == sealed.tree_hash(leaves)


def test_a_system_is_solved_and_not_read() -> None:
    # Two kilograms of the first product for one of the second: 2 x 3 + 1 x 4 = 10 kg CO2e.
    system = {
        "activities": [{"split": "stages", "keys": ["P1"]}, {"split": None, "keys": []}],
        "flows": [{"split": None, "keys": []}],
        "technosphere": [["1", "-2"], ["0", "1"]],
        "interventions": [["3", "4"]],
        "characterization": ["1"],
        "demand": ["0", "1"],
    }

    parts, total = anodeprint_verify._solved(system)

    assert total == 10
    assert parts == {("stages", ("P1",)): 6}


def test_a_system_without_a_single_solution_is_refused() -> None:
    with pytest.raises(anodeprint_verify.DoesNotHoldError):
        anodeprint_verify._solve([[anodeprint_verify.Fraction(0), anodeprint_verify.Fraction(1)]])


def test_every_outcome_has_words_in_both_languages() -> None:
    assert set(anodeprint_verify.TITLES) == set(anodeprint_verify.CHECKS)
    for words in (*anodeprint_verify.TITLES.values(), *anodeprint_verify.WORDS.values()):
        assert all(words)
        assert set(placeholders(words[0])) == set(placeholders(words[1]))


def placeholders(text: str) -> list[str]:
    return anodeprint_verify.re.findall(r"%\((\w+)\)s", text)


def test_the_signature_of_the_bundle_is_plain_ed25519(genuine: Sealed) -> None:
    signature = json.loads(genuine.files["bundle.sig"])
    key: Any = anodeprint_verify.x509.load_pem_x509_certificate(signature["certificate"].encode()).public_key()

    key.verify(base64.b64decode(signature["signature"]), genuine.files["bundle.json"])  # raises if it is not
