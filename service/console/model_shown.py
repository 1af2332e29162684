"""Which version of the model a page shows, and what all pages of the model have around them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.accounts.access import Context
from service.console.choices import Options
from service.console.model_words import furnace_name
from service.errors import N_, NotFoundError
from service.i18n import Locale, translate
from service.modelling import queries
from service.modelling.models import ModelStatus, ModelVersion

AREA = "/console/model"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownModel:
    """The model of a page.

    Attributes
    ----------
    version
        The version that the address asks for; None for the model in use.

    """

    model: Model
    version: ModelVersion | None

    @property
    def query(self) -> dict[str, str]:
        """What an address needs to show the same version."""
        return {"version": str(self.version.id)} if self.version else {}

    def link(self, path: str, **more: str) -> str:
        """Return the address of a page of the model, of the same version."""
        query = urlencode({**self.query, **more})
        return AREA + path + (f"?{query}" if query else "")

    def rows_link(self, file: str, *words: str) -> str | None:
        """Return the address of the rows of a table that have these words, where they can be changed; None outside drafts."""
        if self.version is None or self.version.status is not ModelStatus.DRAFT:
            return None
        return f"{AREA}/versions/{self.version.id}/tables/{file}?{urlencode({'q': ' '.join(words)})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelHead:
    """What stands above every page of the model: its tabs, and which version it shows."""

    label: str
    hash: str
    draft_href: str | None
    status: str | None
    tabs: Sequence[tuple[str, str, bool]]


def shown_model(context: Context) -> ShownModel:
    """Return the model that the address asks for, by the id of a version; the one in use if it asks for none."""
    wanted = context.request.query_params.get("version")
    if not wanted:
        return ShownModel(model=queries.active_model(context.session), version=None)
    try:
        version = queries.get_version(context.session, uuid.UUID(wanted))
    except ValueError as error:
        raise NotFoundError from error
    return ShownModel(model=queries.model_of_version(context.session, version), version=version)


def model_head(shown: ShownModel, locale: Locale, *, active: str) -> ModelHead:
    """Return tabs and version of a page; `active` is the path of its tab."""
    version = shown.version
    tabs = (
        (N_("Process map"), ""),
        (N_("Parameters"), "/parameters"),
        (N_("Factor library"), "/factors"),
        (N_("Method"), "/method"),
        (N_("Versions"), "/versions"),
    )
    return ModelHead(
        label=shown.model.version,
        hash=shown.model.content_hash[:12],
        draft_href=f"{AREA}/versions/{version.id}" if version else None,
        status=version.status.value if version else None,
        tabs=[(translate(locale, label), shown.link(path), path == active) for label, path in tabs],
    )


def chosen_furnace(context: Context, model: Model) -> str:
    """Return the furnace that the address asks for, the model's default if it asks for none or for an unknown one."""
    choices = model.parameter(FURNACE).choices
    wanted = context.request.query_params.get("furnace", "")
    return wanted if wanted in choices else choices[0]


def furnace_options(model: Model, locale: Locale) -> Options:
    """Return the furnaces of a model by name."""
    return [(key, furnace_name(key, locale)) for key in model.parameter(FURNACE).choices]
