"""The Merkle tree of RFC 6962, section 2.1, as pure functions: append, root, proofs and their check.

A node over leaves `start` to `end` (end excluded) is named by that range. The ranges that proofs ask for are put together
from perfect subtrees, whose roots never change once they are full: whoever keeps those needs no other node.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

EMPTY_ROOT = hashlib.sha256(b"").digest()
Range = tuple[int, int]


def hash_leaf(content: bytes) -> bytes:
    """Return SHA-256 of 0x00 and a leaf's content."""
    return hashlib.sha256(b"\x00" + content).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What is needed of a tree to append to it: its size and the roots of its perfect subtrees, the largest first."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def append(self, leaf_hash: bytes) -> "tuple[Edge, tuple[bytes, ...]]":
        """Return the tree with one leaf more, and the roots of the perfect subtrees of 2, 4, 8 ... leaves that it makes full."""
        full: list[bytes] = []
        roots, newest = list(self.roots), leaf_hash
        for _ in range(trailing_ones(self.size)):
            newest = hash_node(roots.pop(), newest)
            full.append(newest)
        return Edge(size=self.size + 1, roots=(*roots, newest)), tuple(full)

    @property
    def root(self) -> bytes:
        """The Merkle tree hash of all leaves."""
        return _joined(self.roots) if self.roots else EMPTY_ROOT


def trailing_ones(number: int) -> int:
    """Return how many binary ones a number ends with: as many subtrees become full with the leaf of this index."""
    return (~number & (number + 1)).bit_length() - 1


def perfect_parts(span: Range) -> Iterator[Range]:
    """Split a range of a tree into its perfect subtrees, the largest first."""
    start, end = span
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        yield start, start + width
        start += width


def node_of(span: Range, full: Mapping[Range, bytes]) -> bytes:
    """Return the hash over a range from the roots of its perfect subtrees."""
    return _joined([full[part] for part in perfect_parts(span)])


def inclusion_ranges(index: int, size: int) -> Sequence[Range]:
    """Return the ranges whose hashes prove that a leaf is in a tree of this size, nearest first (2.1.1)."""
    start, end, found = 0, size, list[Range]()
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> Sequence[Range]:
    """Return the ranges whose hashes prove that a tree grew from `old` leaves to `new` by appending only (2.1.2)."""
    if old in {0, new}:
        return []
    start, end, found, is_known = 0, new, list[Range](), True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, is_known = middle, False
    return [*([] if is_known else [(start, end)]), *found[::-1]]


def root_by_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to, or None if the path has the wrong length (RFC 9162, 2.1.3.2)."""
    ranges = inclusion_ranges(index, size)
    if not 0 <= index < size or len(ranges) != len(path):
        return None
    found = leaf_hash
    for (start, _), beside in zip(ranges, path, strict=True):
        found = hash_node(beside, found) if start < index else hash_node(found, beside)
    return found


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether a consistency proof leads from one root to the other (RFC 9162, 2.1.4.2)."""
    if old in {0, new}:
        return not path and (old == 0 or old_root == new_root)
    ranges = consistency_ranges(old, new) if 0 < old < new else ()
    if not ranges or len(ranges) != len(path):
        return False
    known = dict(zip(ranges, path, strict=True))
    if old & (old - 1) == 0:
        known[(0, old)] = old_root  # a perfect old tree is a node of the new one and no part of the path
    return _rebuilt((0, old), old, known) == old_root and _rebuilt((0, new), old, known) == new_root


def _rebuilt(span: Range, old: int, known: Mapping[Range, bytes]) -> bytes:
    if span in known:
        return known[span]
    start, end = span
    middle = start + _split(end - start)
    return hash_node(_rebuilt((start, middle), old, known), _rebuilt((middle, end), old, known))


def _split(width: int) -> int:
    """Return the largest power of two below a width."""
    return 1 << ((width - 1).bit_length() - 1)


def _joined(roots: Iterable[bytes]) -> bytes:
    """Join neighbouring subtrees, the smallest at the right first."""
    return reduce(lambda right, left: hash_node(left, right), reversed(list(roots)))
