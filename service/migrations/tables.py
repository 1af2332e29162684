"""All tables of all domains: whoever needs the complete metadata imports it from here."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import service


def complete_metadata() -> MetaData:
    """Return the metadata with the tables of every domain that has a `models.py`."""
    for package in pkgutil.iter_modules(service.__path__, "service."):
        if package.ispkg and find_spec(f"{package.name}.models") is not None:
            import_module(f"{package.name}.models")
    return SQLModel.metadata
