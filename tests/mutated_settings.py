"""Settings as laptop, smoke and paper scale have them, with a few things in them replaced by whatever YAML can hold."""

import copy
import datetime
from pathlib import Path

import yaml
from hypothesis import strategies as st

CONFIG = Path(__file__).parents[1] / "config"
DEFAULTS = yaml.safe_load((CONFIG / "config.yaml").read_text())
SMOKE, PAPER = (yaml.safe_load((CONFIG / f"{name}.yaml").read_text()) for name in ("smoke", "paper"))


def leaves(tree, place=()):
    yield place
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from leaves(value, (*place, key))


PLACES = [place for place in leaves(DEFAULTS) if place]
WORDS = sorted({value for place in PLACES if isinstance(value := place[-1], str)}) + ["tanh", "newton", "digits", "4x4-5"]
NUMBERS = st.one_of(
    st.integers(-3, 12),
    st.sampled_from([-1, 2**31, 2**63, 10**9, 10**30, 10**400]),
    st.floats(allow_nan=True, allow_infinity=True),
)
SCALARS = st.one_of(
    NUMBERS,
    NUMBERS.filter(lambda number: abs(number) < 1e300).map(str),
    st.sampled_from(
        [None, True, False, "1e5", "1e-9", "", "~", "0x1F", "1_000", "٣", "a\nb", "\0", "{x}", "../..", "x" * 5000]
    ),
    st.sampled_from([datetime.date(2026, 1, 1), datetime.datetime(2026, 1, 1), b"bytes", {1, 2}]),  # what YAML can give
    st.sampled_from(WORDS),
    st.text(max_size=8),
)
KEYS = st.one_of(SCALARS.filter(lambda value: not isinstance(value, set)))
GARBAGE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=3) | st.just(list(range(3000))),
    max_leaves=6,
)


def changed(tree, place, how, value, key):
    """A tree with one thing in it replaced, deleted, renamed, repeated, wrapped or joined by something new."""
    parent = tree
    for part in place[:-1]:
        if isinstance(parent, list) and isinstance(part, int) and part < len(parent):
            parent = parent[part]
        elif isinstance(parent, dict):
            parent = parent.get(part)
        else:
            return
    last = place[-1]
    if isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        parent[:] = {
            "replace": parent[:last] + [value] + parent[last + 1 :],
            "delete": parent[:last] + parent[last + 1 :],
            "repeat": parent + [parent[last]],
            "add": parent + [value],
        }.get(how, [parent])
    elif isinstance(parent, dict) and last in parent:
        old = parent.pop(last)
        more = {"replace": {last: value}, "rename": {key: old}, "wrap": {last: [old]}, "add": {last: old, key: value}}
        parent.update(more.get(how, {}))


@st.composite
def configurations(draw, beginnings=({}, DEFAULTS, SMOKE, PAPER)):
    tree = copy.deepcopy(draw(st.sampled_from(beginnings)))
    for _ in range(draw(st.integers(1, 3))):
        how = draw(st.sampled_from(["replace", "replace", "replace", "delete", "rename", "repeat", "wrap", "add"]))
        place = draw(st.sampled_from(PLACES))
        if how == "replace" and not tree:
            for part in reversed(place):
                tree = {part: draw(GARBAGE) if part is place[-1] else tree}
        changed(tree, place, how, draw(GARBAGE), draw(KEYS))
    return tree
