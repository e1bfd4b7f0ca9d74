"""Mutated claims and ledgers: each is the ledger of something, with a digest, or is refused in one line."""

import copy
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stationary.claims import ledger
from stationary.errors import LedgerError

CONFIG = Path(__file__).parents[2] / "config"
CLAIMS, ENTRIES = (yaml.safe_load((CONFIG / f"{name}.yaml").read_text()) for name in ("claims", "ledger"))
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 10**30), st.floats(), st.text(max_size=6), st.sampled_from(["N1", "a\nb", "<= x"])
)
GARBAGE = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3))


def leaves(tree, place=()):
    yield place
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from leaves(value, (*place, key))


PLACES = {"claims": list(leaves(CLAIMS))[1:], "entries": list(leaves(ENTRIES))[1:]}


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_mutated_ledger_is_read_or_refused_in_one_line(data):
    files = {"claims": CLAIMS, "entries": ENTRIES}
    name = data.draw(st.sampled_from(sorted(files)))
    *above, last = data.draw(st.sampled_from(PLACES[name]))
    files[name] = parent = copy.deepcopy(files[name])
    for part in above:
        parent = parent[part]
    value = parent.pop(last)
    how = data.draw(st.sampled_from(["replace", "rename", "delete", "repeat"]))
    if isinstance(parent, list):
        parent[last:last] = {"replace": [data.draw(GARBAGE)], "repeat": [value, value]}.get(how, [])
    elif how != "delete":
        parent[last if how == "replace" else data.draw(SCALARS)] = data.draw(GARBAGE) if how == "replace" else value
    try:
        found = ledger.of(files["claims"], files["entries"])
        ledger.check_figures(found, {entry.figure for entry in found.entries.values()} - {"newton_pin"})
    except LedgerError as refusal:
        line = str(refusal)
        assert line.isprintable(), line
        assert line.startswith(("config/ledger.yaml: ", "config/claims.yaml: ")), line
        return
    assert len(found.digest()) == 64
    assert all(len(found.rule_hash(claim.id)) == 64 for claim in found.claims)


@pytest.mark.parametrize("garbage", [None, 3, [], "text", {"claims": None}, {1: 2}], ids=repr)
def test_garbage_instead_of_a_file_is_refused(garbage):
    for pair in ((garbage, ENTRIES), (CLAIMS, garbage)):
        with pytest.raises(LedgerError, match=r"^config/(claims|ledger)\.yaml: .*\.$"):
            ledger.of(*pair)
