"""What nodes say to the one that asks them."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from hfpin.operations.broadcast import Lacking, read_lacking, told_lacking

DIGESTS = st.frozensets(st.integers(0, 10**6).map(lambda number: f"sha256:{number:064x}"), max_size=60)
_A_MESSAGE = 1024


@given(st.lists(DIGESTS, min_size=1, max_size=4), st.randoms())
def test_lines_of_all_nodes(lacking: list[frozenset[str]], order: random.Random) -> None:
    """Lines arrive in any order, among others, and each is short enough to arrive whole."""
    told = tuple(Lacking(node=f"n{index}", digests=digests) for index, digests in enumerate(lacking))
    lines = [line for one in told for line in told_lacking(one)]
    assert all(len(line) < _A_MESSAGE for line in lines)
    lines += ["loading modules", "{not json", "[]", "{}", '{"node": 1, "lacks": []}', '{"node": "n9"}']
    order.shuffle(lines)
    assert sorted(read_lacking("\n".join(lines)), key=lambda one: one.node) == list(told)
