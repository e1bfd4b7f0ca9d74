"""Names and order of the optimisers that the Newton experiment does not have."""

from __future__ import annotations

from collections.abc import Iterable

from stationary.figures import style

MORE = {
    "line_search": "descent, line search",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adadelta": "Adadelta",
}


def label(name: str) -> str:
    """How an optimiser is called in a figure.

    >>> label("rmsprop"), label("adam")
    ('RMSProp', 'Adam')
    """
    return MORE.get(name) or style.method(name).label


def color(name: str) -> str:
    """Colour of its family."""
    return style.FAMILIES["first_order"][1] if name in MORE else style.family_color(name)


def ordered(names: Iterable[str]) -> list[str]:
    """Each once: the Newton experiment's in its order, then the others.

    >>> ordered(["rmsprop", "adam", "l_bfgs", "line_search"])
    ['l_bfgs', 'adam', 'line_search', 'rmsprop']
    """
    present = set(names)
    return [*style.ordered(present - set(MORE)), *(name for name in MORE if name in present)]
