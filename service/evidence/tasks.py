from service.evidence.operations import keep_scans
from service.evidence.queries import unscanned_files
from service.evidence.rescanning import FILES_AT_ONCE, scan_files
from service.evidence.virus_scan import Scanner
from service.jobs.work import Work


def scan_attached_files(work: Work) -> None:
    """Once a day: send attached files to the virus scanner that none has seen; without a scanner there is nothing to do."""
    scanner = Scanner(address=work.settings.clamd_address)
    with work.database.reading() as session:
        waiting = unscanned_files(session, limit=FILES_AT_ONCE) if scanner.address else []
    found = scan_files(waiting, scanner=scanner, data_dir=work.settings.data_dir)
    with work.finishing() as session:
        keep_scans(session, found, at=work.at)
