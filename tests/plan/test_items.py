"""The catalogue of the plan."""

import re

from service.plan.items import ItemKind, plan_items, tasks


def test_the_plan_has_four_targets_twenty_tasks_and_four_safeguards() -> None:
    kinds = [item.kind for item in plan_items().values()]

    assert {kind: kinds.count(kind) for kind in ItemKind} == {ItemKind.TARGET: 4, ItemKind.TASK: 20, ItemKind.SAFEGUARD: 4}


def test_tasks_are_numbered_as_in_the_plan() -> None:
    assert [(item.number, item.key) for item in tasks()] == [(number, f"task_{number:02}") for number in range(1, 21)]


def test_every_line_has_a_name_in_both_languages() -> None:
    for item in plan_items().values():
        assert re.search(r"[一-鿿]", item.name("zh-CN")), item
        assert re.fullmatch(r"[ -~₂]+", item.name("en")), item
