from collections.abc import Sequence

from service.errors import N_, ServiceError


class PdfError(ServiceError):
    """A document could not be set."""

    code = "pdf-failed"


class MissingLibraryError(PdfError):
    """The machine lacks a library that setting documents needs."""

    code = "pdf-library-missing"
    status = 503

    def __init__(self, *, packages: Sequence[str]) -> None:
        super().__init__(
            N_("PDF documents need system libraries that are missing here; install them: apt-get install %(packages)s"),
            packages=" ".join(packages),
        )


class MissingCharactersError(PdfError):
    """The document's typeface has no drawing for some characters, which would print as empty boxes."""

    code = "pdf-characters-missing"
    status = 422

    def __init__(self, *, characters: Sequence[str]) -> None:
        self.characters = tuple(characters)
        super().__init__(
            N_("The typeface of the document lacks these characters: %(characters)s. Write the name with other characters."),
            characters=" ".join(f"{character} (U+{ord(character):04X})" for character in characters),
        )


class ForbiddenAddressError(PdfError):
    """The document refers to something outside itself."""

    code = "pdf-outside-reference"

    def __init__(self, *, detail: str) -> None:
        super().__init__(N_("The document asks for something outside itself, which is never loaded: %(detail)s"), detail=detail)
