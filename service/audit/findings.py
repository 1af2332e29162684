"""What a comparison of the whole log can find, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from service.errors import N_


class Kind(StrEnum):
    """What is wrong."""

    EVENT_CHANGED = "event-changed"
    EVENT_REHASHED = "event-rehashed"
    EVENTS_SWAPPED = "events-swapped"
    EVENT_DELETED = "event-deleted"
    EVENT_INSERTED = "event-inserted"
    LEAF_CHANGED = "leaf-changed"
    LEAVES_MISSING = "leaves-missing"
    HEAD_CHANGED = "head-changed"
    FILE_CHANGED = "file-changed"
    FILE_CUT = "file-cut"
    CHECKPOINT_CHANGED = "checkpoint-changed"
    CHECKPOINT_DELETED = "checkpoint-deleted"
    CHECKPOINT_UNSIGNED = "checkpoint-unsigned"
    CHECKPOINT_CONTRADICTED = "checkpoint-contradicted"


WORDS: Final[Mapping[Kind, str]] = {
    Kind.EVENT_CHANGED: N_("Event %(event)s (number %(index)s of the log) was changed after it was written."),
    Kind.EVENT_REHASHED: N_("Event %(event)s (number %(index)s of the log) was changed, and its hash calculated again."),
    Kind.EVENTS_SWAPPED: N_("The contents of event %(event)s and event %(other)s were swapped."),
    Kind.EVENT_DELETED: N_("Event %(event)s (number %(index)s of the log) was deleted."),
    Kind.EVENT_INSERTED: N_("Event %(event)s is not in the log: it was inserted past the service, or its leaf was deleted."),
    Kind.LEAF_CHANGED: N_("The leaf with number %(index)s, of event %(event)s, was changed."),
    Kind.LEAVES_MISSING: N_("The leaves with numbers %(first)s to %(last)s are missing."),
    Kind.HEAD_CHANGED: N_("The head of the log does not fit its %(size)s leaves."),
    Kind.FILE_CHANGED: N_("The hash with number %(index)s in the file outside the database was changed."),
    Kind.FILE_CUT: N_("The file of hashes outside the database ends after %(size)s; the checkpoint of %(signed)s has more."),
    Kind.CHECKPOINT_CHANGED: N_("The checkpoint of %(size)s events was changed."),
    Kind.CHECKPOINT_DELETED: N_("The checkpoint of %(size)s events is missing in the database."),
    Kind.CHECKPOINT_UNSIGNED: N_("The checkpoint of %(size)s events bears no valid signature of the log."),
    Kind.CHECKPOINT_CONTRADICTED: N_("The log is not the one that the checkpoint of %(size)s events signed."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong; `index` is a place in the log, from zero, `event` the id of an audit event."""

    kind: Kind
    values: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The message id."""
        return WORDS[self.kind]

    @property
    def words(self) -> str:
        """The message in English."""
        return self.template % self.values

    def as_json(self) -> dict[str, object]:
        """Return the finding as JSON values."""
        return {"kind": self.kind.value, **self.values, "words": self.words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a comparison of the whole log came to.

    Attributes
    ----------
    size
        Leaves in the database.
    root
        Root over them, hexadecimal.
    signed
        Leaves under the newest checkpoint: changes of younger ones with all hashes calculated again can't be seen.
    checkpoints
        How many were compared.

    """

    size: int
    root: str
    signed: int
    checkpoints: int
    findings: Sequence[Finding]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings
