import ctypes
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

DEBIAN_PACKAGES: Final[Mapping[str, str]] = {
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    # Without this one WeasyPrint still works, but takes 13 s instead of 0.5 s for a Chinese page, and the bytes differ.
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
}
"""System libraries that setting documents needs, with the Debian package of each."""


def find_missing_libraries(libraries: Mapping[str, str] = DEBIAN_PACKAGES) -> Sequence[str]:
    """Return the Debian packages of the libraries that can't be loaded here; empty when all is well."""
    return tuple(package for library, package in libraries.items() if not _loads(library))


def _loads(library: str) -> bool:
    with suppress(OSError):
        ctypes.CDLL(library)
        return True
    return False
