"""Why a footprint can't be handed out in a format."""

from service.errors import N_, ConflictError, FieldError


class ExportRefusedError(ConflictError):
    """A format can't carry a footprint, or asks for something that is not known.

    Attributes
    ----------
    format
        Title of the format.
    field
        Which of its members can't be filled, or which of ours has no place there.
    reason
        What is in the way, and what would help.

    """

    code = "export-refused"

    def __init__(self, *, format: str, field: str, reason: str, **values: object) -> None:  # noqa: A002 - the word of the contract
        self.format = format
        self.field = field
        self.reason = FieldError(reason, **values)
        super().__init__(
            N_("%(format)s can't carry this footprint (%(field)s): %(reason)s"), format=format, field=field, reason=self.reason
        )
