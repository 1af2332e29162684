"""Errors that a person or a program may see.

A template is an English message with ``%(name)s`` placeholders; it is also the message id of the translation catalogues, so that
the same error reads well in every language.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark for translation"
    """Mark a message for extraction without translating it here."""
    return message


class ServiceError(Exception):
    """Root of all errors that a caller may see."""

    code: ClassVar[str] = "service-error"
    status: ClassVar[int] = 500

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values: Mapping[str, object] = values
        super().__init__(template % values if values else template)


class NotFoundError(ServiceError):
    """The object does not exist, or the caller may not know that it does."""

    code = "not-found"
    status = 404

    def __init__(self, template: str = N_("This page or record does not exist, or you may not see it."), **values: object) -> None:
        super().__init__(template, **values)


class ConflictError(ServiceError):
    """The present state forbids the request."""

    code = "conflict"
    status = 409


class InvalidTransitionError(ConflictError):
    """A record may not move from its present status to the one asked for."""

    code = "invalid-transition"

    def __init__(self, *, present: str, wanted: str, allowed: str) -> None:
        super().__init__(
            N_("Cannot go from “%(present)s” to “%(wanted)s”; allowed from here: %(allowed)s."),
            present=present,
            wanted=wanted,
            allowed=allowed or "-",
        )


class StaleVersionError(ConflictError):
    """Somebody else changed the record in the meantime."""

    code = "stale-version"

    def __init__(
        self,
        template: str = N_("Somebody else changed this in the meantime. Look at the new state, then decide again."),
        **values: object,
    ) -> None:
        super().__init__(template, **values)


class SamePersonError(ConflictError):
    """A second person is required."""

    code = "second-person-required"


class InvalidInputError(ServiceError):
    """Values that can't be used; each one names its field.

    Attributes
    ----------
    fields
        Problem by field name; an empty name stands for the whole form.

    """

    code = "invalid-input"
    status = 422

    def __init__(self, fields: Mapping[str, ServiceError]) -> None:
        self.fields = fields
        super().__init__(N_("Some values need your attention; see the message beside each field."))


class FieldError(ServiceError):
    """One value that can't be used: names value, rule and fix."""

    code = "invalid-value"
    status = 422


class RefusedError(ConflictError):
    """Several things at once speak against the request.

    Attributes
    ----------
    points
        Each of them, so that all can be put right in one go.

    """

    code = "refused"

    def __init__(self, template: str, points: Sequence[ServiceError], **values: object) -> None:
        self.points = tuple(points)
        super().__init__(template, count=len(self.points), first=self.points[0], **values)


class ForbiddenError(ServiceError):
    """The caller is known, may know of the page, but may not do this."""

    code = "forbidden"
    status = 403

    def __init__(
        self,
        template: str = N_("Your role does not allow this. Ask an administrator if you need it."),
        **values: object,
    ) -> None:
        super().__init__(template, **values)


class NotSignedInError(ServiceError):
    """Nobody is signed in, or the session has ended."""

    code = "not-signed-in"
    status = 401

    def __init__(
        self, template: str = N_("Please sign in; what you typed on an open page is kept there."), **values: object
    ) -> None:
        super().__init__(template, **values)


class CrossSiteError(ServiceError):
    """The request did not come from a page of ours."""

    code = "cross-site-request"
    status = 403

    def __init__(self) -> None:
        super().__init__(N_("This form has expired or was not sent from this site. Go back, reload the page and send it again."))


class TooManyRequestsError(ServiceError):
    """A rate limit is used up.

    Attributes
    ----------
    retry_after_s
        Seconds until the next try may succeed.

    """

    code = "too-many-requests"
    status = 429

    def __init__(self, *, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(N_("Too many tries. Wait %(seconds)s seconds, then try again."), seconds=retry_after_s)


class TooLargeError(ServiceError):
    """A body or file over the limit."""

    code = "too-large"
    status = 413

    def __init__(self, *, limit_mib: float) -> None:
        super().__init__(N_("This is larger than the %(limit_mib)s MiB allowed. Send a smaller file."), limit_mib=f"{limit_mib:g}")


class UnavailableError(ServiceError):
    """Something this request needs is down; nothing was stored."""

    code = "unavailable"
    status = 503

    def __init__(
        self,
        template: str = N_("The database can't be reached just now. Nothing was stored; try again in a few seconds."),
        **values: object,
    ) -> None:
        super().__init__(template, **values)
