"""Models read from stored tables, kept by content: the same content is the same model for ever, so nothing here goes stale."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from lca_models.model import Model, read_model
from service.errors import N_, ServiceError

_KEPT: Final = 8  # the version in use, its draft and a few that records rest on; each takes about 1 MB

Tables = Mapping[str, bytes]


class DamagedModelError(ServiceError):
    """The stored tables of a model version are not those that its hash was made of."""

    code = "model-damaged"


class _Shelf:
    """The models used last, by label and content hash."""

    def __init__(self) -> None:
        self._models: OrderedDict[tuple[str, str], Model] = OrderedDict()
        self._lock = Lock()

    def find(self, key: tuple[str, str]) -> Model | None:
        with self._lock:
            if key in self._models:
                self._models.move_to_end(key)
            return self._models.get(key)

    def put(self, key: tuple[str, str], model: Model) -> None:
        with self._lock:
            self._models[key] = model
            while len(self._models) > _KEPT:
                self._models.popitem(last=False)


_SHELF: Final = _Shelf()


def kept_model(label: str, content_hash: str, tables: Callable[[], Tables]) -> Model:
    """Return the model of a content hash; `tables` is asked only if it has not been read lately.

    Raises
    ------
    DamagedModelError
        If the tables are not those of the hash.

    """
    found = _SHELF.find((label, content_hash))
    if found is None:
        found = read_model(tables(), version=label)
        if found.content_hash != content_hash:
            raise DamagedModelError(
                N_("The stored tables of model %(label)s do not match their hash %(hash)s. Restore the database from a backup."),
                label=label,
                hash=content_hash[:12],
            )
        _SHELF.put((label, content_hash), found)
    return found
