"""`anodeprint exchange validate`: what is wrong with a footprint document; needs no database and no network."""

import json
from pathlib import Path
from typing import Annotated

import typer

from service.conformance.findings import Format, Report

UNREADABLE = 2


def validate(
    file: Annotated[Path, typer.Argument(help="One footprint as JSON.", exists=True, dir_okay=False)],
    *,
    format_: Annotated[Format | None, typer.Option("--format", help="Told from the file when left out.")] = None,
    own: Annotated[bool, typer.Option("--own", help="Hold it to every rule, as our own output.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with messages in Chinese and English.")] = False,
) -> None:
    """Check a footprint document; exit code 0: right, 1: wrong, 2: can't be read."""
    from service.conformance.validation import validate as check
    from service.errors import ServiceError
    from service.i18n import explain

    try:
        report = check(file.read_bytes(), format=format_, own=own)
    except ServiceError as error:
        if as_json:
            said = {"code": error.code, "message_zh": explain("zh-CN", error), "message_en": explain("en", error)}
            typer.echo(json.dumps({"format": None, "valid": False, "error": said, "findings": []}, ensure_ascii=False))
        else:
            typer.echo(f"{file}: {explain('en', error)}", err=True)
        raise typer.Exit(UNREADABLE) from error
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else _in_words(file, report))
    raise typer.Exit(0 if report.is_valid else 1)


def _in_words(file: Path, report: Report) -> str:
    told = " (told from the file)" if report.is_guessed else ""
    head = (
        f"{file.name}: {report.format.value}{told}: {'right' if report.is_valid else 'NOT right'}, {len(report.findings)} findings."
    )
    lines = [f"{one.severity.value}: {one.pointer or '/'} [{one.rule}] {one.message('en')}" for one in report.findings]
    return "\n".join([head, *lines])
