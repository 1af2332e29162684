"""What is done with the log of events each hour and day: signed, sent to a witness, compared as a whole."""

import structlog

from service.audit import tree
from service.audit.checkpoints import make_checkpoint
from service.audit.log_files import folder_beside, read_verifiers
from service.audit.log_keys import origin_of
from service.audit.models import AuditCheck, AuditCheckpoint
from service.audit.verifying import verify_log
from service.errors import N_
from service.i18n import translate
from service.jobs.work import Work
from service.mail.operations import queue
from service.signing.authority import FOLDER

log = structlog.get_logger()


def sign_log(work: Work) -> None:
    """Sign the log if it has grown, and send the checkpoint to the witness that the settings name."""
    with work.finishing() as session:
        last, edge = tree.newest_checkpoint(session), tree.edge_of(session)
        if edge is not None and edge.size == (last.size if last else 0):
            return
        keys_folder, origin = work.settings.data_dir / FOLDER, origin_of(work.settings.company_domain)
        checkpoint = make_checkpoint(session, keys_folder=keys_folder, origin=origin, at=work.at)
        witness = work.settings.log_witness_email
        if witness:
            subject, body = _letter(checkpoint, work)
            queue(session, to=witness, subject=subject, body=body, about=f"checkpoint:{checkpoint.size}", at=work.at)


def _letter(checkpoint: AuditCheckpoint, work: Work) -> tuple[str, str]:
    locale = work.settings.default_locale
    subject = translate(locale, N_("Checkpoint of %(size)s events"), size=checkpoint.size)
    words = N_(
        "Please keep this mail. If the log of events is ever changed, this checkpoint shows it; "
        "docs/audit-log.md tells how to compare."
    )
    return subject, f"{translate(locale, words)}\n\n{checkpoint.note}\n{checkpoint.key}\n"


def check_log(work: Work) -> None:
    """Compare the whole log with its files and checkpoints, and keep the result for the page of the audit trail."""
    folder = folder_beside(work.settings.data_dir / FOLDER)
    report = verify_log(work.database, folder=folder, verifiers=read_verifiers(folder))
    if not report.is_sound:
        log.error("audit_log_damaged", findings=len(report.findings), kinds=sorted({one.kind for one in report.findings}))
    check = AuditCheck(
        at=work.at,
        size=report.size,
        checkpoints=report.checkpoints,
        findings=[[finding.template, dict(finding.values)] for finding in report.findings],
    )
    with work.finishing() as session:
        session.merge(check)
