"""Which groups may stand in for the pilot: all of them, once each."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.errors import MethodError
from bailiwick.evaluation.reference import all_groups, contiguous_groups, disjoint, drawn_groups, is_joined_up


def _joined(group, edges):
    reached, todo = {group[0]}, [group[0]]
    while todo:
        node = todo.pop()
        for a, b in edges:
            for here, there in ((a, b), (b, a)):
                if here == node and there in group and there not in reached:
                    reached.add(there)
                    todo.append(there)
    return len(reached) == len(group)


@given(
    st.integers(2, 9).flatmap(
        lambda n: st.tuples(
            st.just(n), st.lists(st.sampled_from(list(combinations(range(n), 2))), unique=True, max_size=20),
            st.integers(1, n),
        )
    )
)
def test_every_joined_up_group_is_listed_once(case):
    n, edges, size = case
    found = contiguous_groups(range(n), edges, size)
    assert list(found) == [g for g in combinations(range(n), size) if _joined(g, edges)]


def test_joined_up():
    assert is_joined_up((0, 1, 2), [(0, 1), (1, 2)])
    assert not is_joined_up((0, 2), [(0, 1), (1, 2)])


def test_all_groups_and_the_limit():
    assert len(all_groups(range(27), 5)) == comb(27, 5)
    with pytest.raises(MethodError, match=r"too many to list.*--adjacency"):
        all_groups(range(60), 6)


def test_disjoint_families():
    assert disjoint([[(0, 1), (2, 3)], [(1, 2), (4, 5)]]) == (((0, 1), (4, 5)), ((2, 3), (4, 5)))
    with pytest.raises(MethodError, match="too many"):
        disjoint([list(combinations(range(200), 2))] * 3)


def test_drawn_groups_are_different_and_follow_the_generator():
    first = drawn_groups(range(40), 6, count=50, rng=np.random.default_rng(0))
    assert first == drawn_groups(range(40), 6, count=50, rng=np.random.default_rng(0))
    assert len(set(first)) == 50
    assert all(len(set(g)) == 6 and tuple(sorted(g)) == g for g in first)
    assert drawn_groups(range(5), 2, count=50, rng=np.random.default_rng(0)) == tuple(combinations(range(5), 2))
