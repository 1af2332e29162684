"""`anodeprint audit`: the tamper-evident log of events, checked, signed and proved from the command line."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.surroundings import opened, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from service.audit.findings import Report
    from service.audit.notes import Note, Verifier
    from service.settings import Settings

PROOF_NAME = "log-proof.json"
app = typer.Typer(help="The tamper-evident log of events.", no_args_is_help=True)


@app.command()
def verify(
    *,
    log: Annotated[
        Path | None,
        typer.Option(help="Folder with checkpoints, hashes and keys; by default `log` in the data folder.", exists=True),
    ] = None,
    certificate: Annotated[
        list[Path] | None, typer.Option(help="A certificate (PDF) whose checkpoint the log must contain; repeatable.", exists=True)
    ] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint that somebody kept, as text; repeatable.", exists=True)
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option(help="Trust only the public keys in this file, one per line.", exists=True)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Calculate the whole log again and name every row that was changed, deleted, inserted or swapped; exit code 1 if one was."""
    from service.audit.log_files import FOLDER
    from service.audit.verifying import verify_log

    settings = read_settings()
    folder = log or settings.data_dir / FOLDER
    witnessed = [*_notes_of_certificates(certificate or ()), *_notes_of_texts(checkpoint or ())]
    with opened(settings) as database:
        report = verify_log(database, folder=folder, verifiers=_trusted(folder, public_key), witnessed=witnessed)
    typer.echo(json.dumps(_as_json(report), ensure_ascii=False, indent=1) if as_json else _as_words(report))
    if not report.is_sound:
        raise typer.Exit(1)


@app.command()
def checkpoint() -> None:
    """Sign the log as it is now, and print the checkpoint: keep it where nobody of the company can change it."""
    from service.audit.checkpoints import make_checkpoint
    from service.clock import system_clock

    settings = read_settings()
    with opened(settings) as database, database.writing() as session:
        signed = make_checkpoint(session, keys_folder=_keys(settings), origin=_origin(settings), at=system_clock())
        typer.echo(signed.note, nl=False)


@app.command()
def proof(event_id: Annotated[int, typer.Argument(help="Number of the event, as the audit trail shows it.", min=1)]) -> None:
    """Print the proof (JSON) that an event is in the newest checkpoint of the log; one is made if the event is younger."""
    from service.audit.checkpoints import make_checkpoint
    from service.audit.models import AuditEvent
    from service.audit.proofs import prove
    from service.clock import system_clock

    settings = read_settings()
    with opened(settings) as database, database.writing() as session:
        event = session.get(AuditEvent, event_id)
        if event is None:
            raise typer.BadParameter(f"there is no event {event_id}")
        signed = make_checkpoint(session, keys_folder=_keys(settings), origin=_origin(settings), at=system_clock())
        typer.echo(json.dumps(prove(session, event, signed).as_json(), ensure_ascii=False, indent=1))


@app.command()
def key(
    *, rotate: Annotated[bool, typer.Option("--rotate", help="Make a new signing key first; old checkpoints stay valid.")] = False
) -> None:
    """Print the log's public keys, the oldest first; give them to auditors."""
    from service.audit import log_files, log_keys

    settings = read_settings()
    make = log_keys.rotate if rotate else log_keys.load_key
    make(_keys(settings), origin=_origin(settings))
    for verifier in log_files.read_verifiers(log_files.folder_beside(_keys(settings))):
        typer.echo(verifier.as_text)


def _keys(settings: "Settings") -> Path:
    from service.signing.authority import FOLDER

    return settings.data_dir / FOLDER


def _origin(settings: "Settings") -> str:
    from service.audit.log_keys import origin_of

    return origin_of(settings.company_domain)


def _trusted(folder: Path, public_key: Path | None) -> "Sequence[Verifier]":
    from service.audit.log_files import read_verifiers
    from service.audit.notes import NoteError, read_verifier

    if public_key is None:
        return read_verifiers(folder)
    try:
        return [read_verifier(line) for line in public_key.read_text(encoding="utf-8").splitlines() if line.strip()]
    except NoteError as error:
        raise typer.BadParameter(f"{public_key}: {error}") from error


def _notes_of_certificates(files: "Sequence[Path]") -> "Iterator[Note]":
    from service.audit.notes import NoteError, read_note

    for file in files:
        content = _proof_in(file)
        try:
            yield read_note(str(content["note"]))
        except (NoteError, KeyError, TypeError) as error:
            raise typer.BadParameter(f"{file}: the proof of the log in it can't be read") from error


def _proof_in(file: Path) -> Any:  # noqa: ANN401 - JSON
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        attached = PdfReader(file).attachments
        return json.loads(attached[PROOF_NAME][0])
    except (PyPdfError, KeyError, IndexError, ValueError) as error:
        raise typer.BadParameter(f"{file} is no certificate with {PROOF_NAME}") from error


def _notes_of_texts(files: "Sequence[Path]") -> "Iterator[Note]":
    from service.audit.notes import NoteError, read_note

    for file in files:
        try:
            yield read_note(file.read_text(encoding="utf-8"))
        except (NoteError, UnicodeDecodeError) as error:
            raise typer.BadParameter(f"{file}: {error}") from error


def _as_json(report: "Report") -> dict[str, Any]:
    return {
        "sound": report.is_sound,
        "size": report.size,
        "root": report.root,
        "signed": report.signed,
        "checkpoints": report.checkpoints,
        "findings": [finding.as_json() for finding in report.findings],
    }


def _as_words(report: "Report") -> str:
    unsigned = max(report.size - report.signed, 0)
    lines = [
        f"{report.size} events, root {report.root}",
        f"{report.checkpoints} checkpoints were compared; {unsigned} events are younger than the newest.",
        *(f"WRONG  {finding.words}" for finding in report.findings),
    ]
    return "\n".join([*lines, "The log is whole." if report.is_sound else f"{len(report.findings)} things are wrong."])
