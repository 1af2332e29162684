from typing import Literal

from service.errors import N_, ServiceError


class SandboxError(ServiceError):
    """The work in the child process could not be done."""

    code = "sandbox-failed"


class ChildDiedError(SandboxError):
    """The child process ended without an answer."""

    code = "sandbox-child-died"

    def __init__(self, *, exit_code: int | None, last_words: str) -> None:
        template = N_(
            "The work ended without an answer (exit code %(exit_code)s). Try again; if it happens again, "
            "tell the operator. %(last_words)s"
        )
        super().__init__(template, exit_code=exit_code, last_words=last_words)


class LimitExceededError(SandboxError):
    """The work needed more time or memory than it may have."""

    code = "sandbox-limit"
    status = 422

    def __init__(self, *, limit: Literal["time", "memory"], allowed: str) -> None:
        self.limit = limit
        template = {
            "time": N_("This takes longer than the %(allowed)s allowed. Make the input smaller and try again."),
            "memory": N_("This needs more memory than the %(allowed)s allowed. Make the input smaller and try again."),
        }[limit]
        super().__init__(template, allowed=allowed)


class TaskFailedError(SandboxError):
    """The function raised.

    Attributes
    ----------
    error_type
        Name of the exception's class in the child.
    detail
        Its message; may quote the input.

    """

    code = "sandbox-task-failed"

    def __init__(self, *, error_type: str, detail: str) -> None:
        self.error_type = error_type
        self.detail = detail
        super().__init__(N_("The work could not be done: %(detail)s (%(error_type)s)."), detail=detail, error_type=error_type)
