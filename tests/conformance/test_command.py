"""`anodeprint exchange validate` as a program."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from service.cli.exchange_validate import validate
from tests.conformance.documents import EXAMPLES, changed, golden

GOLDEN = EXAMPLES / "golden-pact3.json"


@pytest.fixture
def command() -> typer.Typer:
    app = typer.Typer()
    app.command()(validate)
    return app


def test_a_right_document_ends_with_zero_and_says_that_the_format_was_told_from_it(command: typer.Typer) -> None:
    answer = CliRunner().invoke(command, [str(GOLDEN), "--json"])

    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {"format": "pact3", "format_guessed": True, "valid": True, "findings": []}
    assert "told from the file" in CliRunner().invoke(command, [str(GOLDEN)]).stdout


def test_a_wrong_document_ends_with_one_and_all_findings(command: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(changed(golden(), "/pcf/packagingGhgEmissions", "-0.05")), "utf-8")

    answer = CliRunner().invoke(command, [str(file), "--format", "pact3", "--json"])

    assert answer.exit_code == 1
    assert json.loads(answer.stdout) == {
        "format": "pact3",
        "format_guessed": False,
        "valid": False,
        "findings": [
            {
                "rule": "PCF-R2",
                "severity": "error",
                "pointer": "/pcf/packagingGhgEmissions",
                "value": "-0.05",
                "message_zh": "-0.05 是负数；排放和含量只能是零或正数。请更正符号。",
                "message_en": "-0.05 is negative; emissions and contents are zero or more. Correct the sign.",
            }
        ],
    }
    in_words = CliRunner().invoke(command, [str(file)])
    assert in_words.exit_code == 1
    assert "error: /pcf/packagingGhgEmissions [PCF-R2]" in in_words.stdout


def test_warnings_alone_are_no_failure_but_our_own_output_is_held_to_them(command: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "sum.json"
    file.write_text(json.dumps(changed(golden(), "/pcf/fossilGhgEmissions", "9.70")), "utf-8")

    assert CliRunner().invoke(command, [str(file)]).exit_code == 0
    assert CliRunner().invoke(command, [str(file), "--own"]).exit_code == 1


def test_an_unreadable_file_ends_with_two(command: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(b'{"id": ')

    answer = CliRunner().invoke(command, [str(file), "--json"])

    assert answer.exit_code == 2
    said = json.loads(answer.stdout)
    assert (said["valid"], said["error"]["code"]) == (False, "unreadable-document")
    assert CliRunner().invoke(command, [str(file)]).exit_code == 2
