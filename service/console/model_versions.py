"""Versions of the model: the list, one version with its checks, what differs between two, and release by a second person."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.errors import ModelError, Notice
from lca_models.methods.exemption import Exemption
from lca_models.model import Model, load_model, shipped_tables
from lca_models.revisions import RowChange, compare_models
from service.accounts.access import STAFF, Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import Options
from service.console.model_exports import EXPORTERS
from service.console.model_shown import AREA, ModelHead, ShownModel, model_head
from service.console.model_words import furnace_name, table_name
from service.database import new_id
from service.errors import N_, NotFoundError, ServiceError
from service.exemptions.queries import ledger
from service.footprints.model_effects import Effect, default_effects, product_effects
from service.i18n import Locale, translate
from service.modelling import operations, queries, rules
from service.modelling.models import ModelOrigin, ModelStatus, ModelVersion
from service.modelling.schemas import DescriptionInput, DraftInput, VersionInput
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

EDITORS = roles(Role.ENGINEER)
RELEASERS = roles(Role.ENGINEER, Role.REVIEWER)
CHANGE_WORDS = {"added": N_("Added"), "removed": N_("Removed"), "changed": N_("Changed")}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage:
    """The list; `rows` are (version, author, is in use)."""

    head: ModelHead
    rows: Sequence[tuple[ModelVersion, str, bool]]
    is_shipped_in_use: bool
    shipped_label: str
    shipped_hash: str
    is_shipped_listed: bool
    form: FormState
    parents: Options
    may_edit: bool
    may_export: bool
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """One version.

    Attributes
    ----------
    tables
        (file, name, rows).
    refusal
        Why whoever asks may not release it; None if nothing but the obstacles may speak against it.
    obstacles
        What speaks against its release, in the reader's language.

    """

    head: ModelHead
    version: ModelVersion
    people: Mapping[str, str]
    is_in_use: bool
    totals: Sequence[tuple[str, float]]
    oracle_relative_difference: float | None
    obstacles: Sequence[str]
    tables: Sequence[tuple[str, str]]
    refusal: str | None
    may_edit: bool
    may_release: bool
    may_begin: bool
    form: FormState
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """What differs between two versions; `tables` are (name, file, changes), `others` the versions to compare with."""

    head: ModelHead
    version: ModelVersion
    against: str
    against_label: str
    others: Options
    tables: Sequence[tuple[str, str, Sequence[RowChange]]]
    count: int
    change_words: Mapping[str, str]
    defaults: Sequence[tuple[str, Effect, str | None]]
    products: Sequence[tuple[str, str, Effect, str | None]]


@router.get("/console/model/versions")
@endpoint(STAFF)
def show_versions(context: Context) -> Response:
    """List the versions, the newest first."""
    return _show_list(context, FormState())


@router.post("/console/model/versions")
@endpoint(EDITORS)
def begin_draft(context: Context) -> Response:
    """Begin a draft from a version, from the one in use if none is named."""
    try:
        wanted = parse_form(DraftInput, context.form)
        parent = queries.get_version(context.session, wanted.parent_id) if wanted.parent_id else None
        draft = operations.create_draft(context.session, notes=wanted.notes, parent=parent, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_list(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{AREA}/versions/{draft.id}", N_("Draft %(label)s begun."), label=draft.label)


@router.get("/console/model/versions/{model_version_id}")
@endpoint(STAFF)
def show_version(context: Context, model_version_id: uuid.UUID) -> Response:
    """Show one version with what is checked at release."""
    return _show_version(context, queries.get_version(context.session, model_version_id), FormState())


@router.post("/console/model/versions/{model_version_id}")
@endpoint(EDITORS)
def describe_version(context: Context, model_version_id: uuid.UUID) -> Response:
    """Change why a draft is made."""
    version = queries.get_version(context.session, model_version_id)
    try:
        wanted = parse_form(DescriptionInput, context.form)
        operations.describe_draft(
            context.session, version.id, notes=wanted.notes, version=wanted.version, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_version(context, version, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{AREA}/versions/{version.id}", N_("Saved."))


@router.post("/console/model/versions/{model_version_id}/release")
@endpoint(RELEASERS)
def release_version(context: Context, model_version_id: uuid.UUID) -> Response:
    """Put a version to use that somebody else made; what stands in the way is said on its page."""
    version = queries.get_version(context.session, model_version_id)
    try:
        seen = parse_form(VersionInput, context.form).version
        exemptions = _exemptions(context, queries.model_of_version(context.session, version))
        operations.release(context.session, version.id, exemptions=exemptions, version=seen, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_version(context, version, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{AREA}/versions/{version.id}", N_("Version %(label)s is in use from now on."), label=version.label)


@router.post("/console/model/versions/{model_version_id}/discard")
@endpoint(EDITORS)
def discard_version(context: Context, model_version_id: uuid.UUID) -> Response:
    """Throw a draft away."""
    version = queries.get_version(context.session, model_version_id)
    try:
        seen = parse_form(VersionInput, context.form).version
        operations.discard_draft(context.session, version.id, version=seen, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_version(context, version, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{AREA}/versions", N_("Draft discarded."))


@router.get("/console/model/versions/{model_version_id}/changes")
@endpoint(STAFF)
def show_changes(context: Context, model_version_id: uuid.UUID) -> Response:
    """Show what differs from another version, its parent if the address names none, with the effect on results."""
    version = queries.get_version(context.session, model_version_id)
    against = _against(context, version)
    return render_page(context, "console/model_changes.html", _changes_page(context, version, against))


def _show_list(context: Context, form: FormState, *, status: int = 200) -> Response:
    versions = queries.all_versions(context.session)
    in_use = queries.active_model(context.session)
    shipped = load_model()
    people = names_of_actors(context.session, {one.created_by for one in versions})
    shown = ShownModel(model=in_use, version=None)
    page = VersionsPage(
        head=model_head(shown, context.locale, active="/versions"),
        rows=[(one, _person(people, one.created_by, context.locale), rules.is_in_use(one, in_use)) for one in versions],
        is_shipped_in_use=in_use.content_hash == shipped.content_hash,
        shipped_label=shipped.version,
        shipped_hash=shipped.content_hash[:12],
        is_shipped_listed=any(one.content_hash == shipped.content_hash and one.origin is ModelOrigin.SHIPPED for one in versions),
        form=form,
        parents=[(str(one.id), one.label) for one in versions],
        may_edit=context.asking.has(Role.ENGINEER),
        may_export=any(context.asking.has(role) for role in EXPORTERS),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/model_versions.html", page, status=status)


def _show_version(context: Context, version: ModelVersion, form: FormState, *, status: int = 200) -> Response:
    model = queries.model_of_version(context.session, version)
    checks = rules.check_model(model, exemptions=_exemptions(context, model))
    locale = context.locale
    is_in_use = rules.is_in_use(version, queries.active_model(context.session))
    may_release = context.asking.has(Role.ENGINEER, Role.REVIEWER) and not is_in_use
    people = names_of_actors(context.session, {version.created_by, *version.edited_by, version.released_by or ""})
    page = VersionPage(
        head=model_head(ShownModel(model=model, version=version), locale, active="/versions"),
        version=version,
        people={actor: _person(people, actor, locale) for actor in {version.created_by, *version.edited_by, version.released_by}},
        is_in_use=is_in_use,
        totals=[(furnace_name(furnace, locale), total) for furnace, total in checks.totals_kg_co2e.items()],
        oracle_relative_difference=checks.oracle_relative_difference,
        obstacles=[notice_text(one, locale) for one in checks.obstacles],
        tables=[(file, table_name(file, locale)) for file in sorted(version.tables)],
        refusal=_refusal(context, version) if may_release else None,
        may_edit=version.status is ModelStatus.DRAFT and context.asking.has(Role.ENGINEER),
        may_release=may_release,
        may_begin=version.status is not ModelStatus.DRAFT and context.asking.has(Role.ENGINEER),
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/model_version.html", page, status=status)


def _exemptions(context: Context, model: Model) -> Sequence[Exemption]:
    return [entry.exemption for entry in ledger(context.session, model)]


def _refusal(context: Context, version: ModelVersion) -> str | None:
    try:
        rules.check_release(version, by=context.asking.actor, shipped_hash=load_model().content_hash)
    except ServiceError as error:
        return translate(context.locale, error.template, **error.values)
    return None


def notice_text(notice: Notice | ModelError, locale: Locale) -> str:
    """Return what the model says, in the reader's language."""
    return translate(locale, notice.template, **notice.values)


def _person(people: Mapping[str, str], actor: str | None, locale: Locale) -> str:
    if actor == operations.SYSTEM:
        return translate(locale, N_("with the software"))
    return people.get(actor or "", actor or "")


def _against(context: Context, version: ModelVersion) -> ModelVersion | None:
    """Return the version to compare with; None stands for the model shipped with the software."""
    wanted = context.request.query_params.get("against", "")
    if wanted:
        try:
            return queries.get_version(context.session, uuid.UUID(wanted))
        except ValueError as error:
            raise NotFoundError from error
    return queries.find_version(context.session, version.parent_hash) if version.parent_hash else None


def _changes_page(context: Context, version: ModelVersion, against: ModelVersion | None) -> ChangesPage:
    session, locale = context.session, context.locale
    before = queries.model_of_version(session, against) if against else load_model()
    after = queries.model_of_version(session, version)
    old = queries.read_tables(session, against) if against else shipped_tables()
    changes = compare_models(old, queries.read_tables(session, version))
    return ChangesPage(
        head=model_head(ShownModel(model=after, version=version), locale, active="/versions"),
        version=version,
        against=str(against.id) if against else "",
        against_label=before.version,
        others=[(str(one.id), one.label) for one in queries.all_versions(session) if one.id != version.id],
        tables=[(table_name(file, locale), file, tuple(rows)) for file, rows in groupby(changes, key=lambda change: change.file)],
        count=len(changes),
        change_words={key: translate(locale, words) for key, words in CHANGE_WORDS.items()},
        defaults=[
            (furnace_name(furnace, locale), effect, _problem(effect, locale))
            for furnace, effect in default_effects(before, after).items()
        ],
        products=[
            (one.name(locale), one.record_number, one.effect, _problem(one.effect, locale))
            for one in product_effects(session, before, after)
        ],
    )


def _problem(effect: Effect, locale: Locale) -> str | None:
    return notice_text(effect.problem, locale) if effect.problem else None
