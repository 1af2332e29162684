"""What people read instead of the codes of an answer: message ids, the same on pages, in workbooks and in mails."""

from collections.abc import Mapping

from service.errors import N_
from service.submissions.models import Absence, EvidenceKind

EVIDENCE_LABELS: Mapping[EvidenceKind, str] = {
    EvidenceKind.METERED: N_("Meter or weighing"),
    EvidenceKind.BILLED: N_("Bill or invoice"),
    EvidenceKind.CALCULATED: N_("Calculated from records"),
    EvidenceKind.ESTIMATED: N_("Estimated"),
}
ABSENCE_LABELS: Mapping[Absence, str] = {
    Absence.UNKNOWN: N_("I do not know this"),
    Absence.NOT_APPLICABLE: N_("This does not apply to us"),
}
