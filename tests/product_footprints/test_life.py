"""Whatever people do, in whatever order: one active footprint at most, ids used once, documents as they were."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import Session

from service.database import Database
from service.footprints.models import FootprintRecord
from service.product_footprints.documents import sha256_of
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.product_footprints.operations import declare, declare_again, deprecate
from service.product_footprints.queries import footprints_of_product
from tests.builders import NOW, PERIOD, a_product
from tests.databases import sqlite_copy
from tests.footprints.builders import RELEASER
from tests.product_footprints.builders import EARLIER, SETTINGS, a_calculated


class Life(RuleBasedStateMachine):
    """Two products with records of two periods; people declare, declare again and deprecate.

    Declaring skips the release of the record, whose own rules are tested with records: what is looked at here is what follows it.
    """

    template: Path
    folder: Path

    @initialize()
    def begin(self) -> None:
        self.copy = sqlite_copy(self.template, self.folder)
        self.database: Database = self.copy.__enter__()
        self.open = self.database.writing()
        self.session: Session = self.open.__enter__()
        self.records: list[FootprintRecord] = [
            a_calculated(self.session, product, period=period)
            for product in (a_product(self.session), a_product(self.session))
            for period in (EARLIER, PERIOD)
        ]
        self.seen: dict[str, str] = {}
        self.at = NOW

    def teardown(self) -> None:
        if hasattr(self, "open"):
            self.session.rollback()
            self.session.close()
            self.open.__exit__(None, None, None)
            self.copy.__exit__(None, None, None)

    @rule(which=st.integers(0, 3))
    def declare_a_record(self, which: int) -> None:
        self._keep(declare(self.session, self.records[which], by=RELEASER, at=self._later(), settings=SETTINGS))

    @precondition(lambda self: self._active())
    @rule(choice=st.randoms(use_true_random=False))
    def declare_again(self, choice: Any) -> None:
        footprint = choice.choice(self._active())
        made = declare_again(
            self.session, footprint, statement=None, reason="A typo.", by=RELEASER, at=self._later(), settings=SETTINGS
        )
        self._keep(made)

    @precondition(lambda self: self._active())
    @rule(choice=st.randoms(use_true_random=False))
    def deprecate_one(self, choice: Any) -> None:
        footprint = choice.choice(self._active())
        deprecate(self.session, footprint, reason="Ended.", version=footprint.version, by=RELEASER, at=self._later())

    @invariant()
    def at_most_one_is_active_of_a_product_and_period(self) -> None:
        active = [(one.product_id, one.period_end) for one in self._active()]
        assert len(active) == len(set(active))

    @invariant()
    def documents_are_as_they_were_declared(self) -> None:
        for one in self._all():
            assert self.seen[str(one.id)] == one.document_sha256 == sha256_of(one.document)

    @invariant()
    def what_is_replaced_is_known_older_of_the_same_product_and_deprecated(self) -> None:
        found = {str(one.id): one for one in self._all()}
        for one in found.values():
            assert one.document.get("precedingPfIds", []) == one.preceding_ids
            for before in (found[name] for name in one.preceding_ids):
                assert before.product_id == one.product_id
                assert before.status is DeclaredStatus.DEPRECATED
                assert before.declared_at < one.declared_at  # so there is no cycle

    @invariant()
    def each_is_replaced_by_one_at_most(self) -> None:
        replaced = [name for one in self._all() for name in one.preceding_ids]
        assert len(replaced) == len(set(replaced))

    def _later(self) -> Any:
        self.at += timedelta(hours=1)
        return self.at

    def _keep(self, footprint: ProductFootprint) -> None:
        assert str(footprint.id) not in self.seen
        self.seen[str(footprint.id)] = footprint.document_sha256

    def _all(self) -> list[ProductFootprint]:
        if not hasattr(self, "records"):
            return []
        self.session.expire_all()
        products = {record.product_id for record in self.records}
        return [one for product in products for one in footprints_of_product(self.session, product)]

    def _active(self) -> list[ProductFootprint]:
        return [one for one in self._all() if one.status is DeclaredStatus.ACTIVE]


def test_no_order_of_steps_breaks_the_chain(sqlite_template: Path, tmp_path_factory: Any) -> None:
    class Here(Life):
        template = sqlite_template

        @initialize()
        def begin(self) -> None:
            Here.folder = tmp_path_factory.mktemp("life")
            super().begin()

    Here.TestCase.settings = settings(
        max_examples=5, stateful_step_count=7, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    Here.TestCase("runTest").runTest()
