from pathlib import Path

import pytest

from tests.certificates.builders import in_memory
from tests.certificates.sealed import Sealed, files_of, seal


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an issuer keeps its keys."""
    return tmp_path_factory.mktemp("issuer") / "keys"


@pytest.fixture(scope="module")
def genuine(folder: Path) -> Sealed:
    """A certificate that nobody has touched."""
    return seal(files_of(in_memory(), folder), folder)
