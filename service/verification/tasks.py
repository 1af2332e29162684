"""Background work of verifications."""

import uuid

from service.jobs.work import Work
from service.verification import operations
from service.verification.models import EvidencePack
from service.verification.packing import members_of, write_pack
from service.verification.queries import get_case


def make_evidence_pack(work: Work) -> None:
    """Write the evidence of a case to disk and make it the case's pack; the last try that fails is shown as failed."""
    pack_id = uuid.UUID(work.payload["pack_id"])
    with work.noting_last_failure(lambda session: operations.note_failed_pack(session, pack_id)):
        with work.database.reading() as session:
            case = get_case(session, session.get_one(EvidencePack, pack_id).case_id)
            members = members_of(session, case, settings=work.settings)
        packed = write_pack(members, data_dir=work.settings.data_dir)
    with work.finishing() as session:
        operations.store_pack(session, pack_id, sha256=packed.sha256, size_bytes=packed.size_bytes, at=work.at)
