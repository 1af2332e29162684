"""The tree against the recursive definition of RFC 6962, section 2.1, and against published test vectors."""

import hashlib
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.audit.merkle import (
    EMPTY_ROOT,
    Edge,
    Range,
    consistency_ranges,
    hash_leaf,
    inclusion_ranges,
    is_consistent,
    node_of,
    root_by_inclusion,
)

# Leaves and roots of the reference tests of certificate-transparency (cpp/merkletree/merkle_tree_test.cc).
LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH of 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def audit_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of 2.1.1, word by word."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*audit_path(m, leaves[:k]), tree_hash(leaves[k:])]
    return [*audit_path(m - k, leaves[k:]), tree_hash(leaves[:k])]


def consistency_path(m: int, leaves: Sequence[bytes], *, is_whole: bool) -> list[bytes]:
    """SUBPROOF of 2.1.2, word by word."""
    if m == len(leaves):
        return [] if is_whole else [tree_hash(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*consistency_path(m, leaves[:k], is_whole=is_whole), tree_hash(leaves[k:])]
    return [*consistency_path(m - k, leaves[k:], is_whole=False), tree_hash(leaves[:k])]


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def grown(leaves: Sequence[bytes]) -> tuple[Edge, Mapping[Range, bytes]]:
    """Append leaf by leaf; return the tree with the subtrees that became full on the way."""
    edge, full = Edge(), dict[Range, bytes]()
    for index, leaf in enumerate(leaves):
        edge, made_full = edge.append(hash_leaf(leaf))
        for level, root in enumerate([hash_leaf(leaf), *made_full]):
            full[index + 1 - 2**level, index + 1] = root
    return edge, full


many_leaves = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Edge().root == EMPTY_ROOT == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference_implementation(size: int) -> None:
    assert grown(LEAVES[:size])[0].root.hex() == ROOTS[size - 1]


@given(many_leaves)
def test_appending_gives_the_root_of_the_definition(leaves: list[bytes]) -> None:
    assert grown(leaves)[0].root == tree_hash(leaves)


@given(many_leaves, st.data())
def test_inclusion_proofs_are_those_of_the_definition_and_lead_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    edge, full = grown(leaves)

    path = [node_of(span, full) for span in inclusion_ranges(index, len(leaves))]

    assert path == audit_path(index, leaves)
    assert root_by_inclusion(hash_leaf(leaves[index]), index, len(leaves), path) == edge.root


@given(many_leaves, st.data())
def test_a_leaf_is_not_proved_with_another_content_place_or_path(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    edge, full = grown(leaves)
    path = [node_of(span, full) for span in inclusion_ranges(index, len(leaves))]
    leaf = hash_leaf(leaves[index])

    assert root_by_inclusion(hash_leaf(leaves[index] + b"!"), index, len(leaves), path) != edge.root
    assert root_by_inclusion(leaf, index, len(leaves), [*path, leaf]) is None
    assert root_by_inclusion(leaf, len(leaves), len(leaves), path) is None
    for place in range(len(path)):
        assert root_by_inclusion(leaf, index, len(leaves), [*path[:place], bytes(32), *path[place + 1 :]]) != edge.root


@given(many_leaves, st.data())
def test_consistency_proofs_are_those_of_the_definition_and_hold(leaves: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(leaves)))
    edge, full = grown(leaves)
    path = [node_of(span, full) for span in consistency_ranges(old, len(leaves))]

    assert path == consistency_path(old, leaves, is_whole=True)
    assert is_consistent(old, tree_hash(leaves[:old]), len(leaves), edge.root, path)
    assert is_consistent(0, EMPTY_ROOT, len(leaves), edge.root, [])


@given(many_leaves.filter(lambda leaves: len(leaves) > 1), st.data())
def test_a_tree_that_changed_its_past_is_not_consistent(leaves: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(leaves) - 1))
    edge, full = grown(leaves)
    path = [node_of(span, full) for span in consistency_ranges(old, len(leaves))]
    other = tree_hash([leaves[0] + b"!", *leaves[1:old]])

    assert not is_consistent(old, other, len(leaves), edge.root, path)
    assert not is_consistent(old, tree_hash(leaves[:old]), len(leaves), other, path)
    assert not is_consistent(old, tree_hash(leaves[:old]), len(leaves), edge.root, path[1:])
    assert not is_consistent(len(leaves), edge.root, old, tree_hash(leaves[:old]), path)
