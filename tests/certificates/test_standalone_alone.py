"""The stand-alone verifier by itself: on a machine with two libraries, and its own parts."""

import base64
import hashlib
import json
import subprocess
import sys
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
from service.cli import app
from tests.certificates import sealed
from tests.certificates.sealed import Sealed

SCRIPT = Path(str(resources.files("service.certificates.standalone") / "anodeprint_verify.py"))


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
