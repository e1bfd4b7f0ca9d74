"""The works that make the claims, by the short names that config/claims.yaml gives them."""

from __future__ import annotations

import re

TITLES = {
    "the thread": "“Cost function of neural network is non-convex?” on Cross Validated, with its answers and comments",
    "the article": "“Beautiful trap of neural networks” on Medium",
    "Deep Learning": "the textbook of Goodfellow, Bengio and Courville (2016), chapter 8.2",
}
"""What the short names stand for where they do not say it themselves."""

_NAMES = {"thread": "the thread", "article": "the article", "Goodfellow 2016": "Deep Learning"}


def works(source: str) -> tuple[str, ...]:
    """The works that a claim's source names, without the place inside them.

    >>> works("Choromanska 2015, fig. 10; thread answer 3")
    ('Choromanska 2015', 'the thread')
    """
    names = []
    for part in source.split(";"):
        name = re.split(r",| answer| comment| \d\.", part.strip(), maxsplit=1)[0]
        names.append(_NAMES.get(name, name))
    return tuple(dict.fromkeys(names))


def title(work: str) -> str:
    """A work's short name and what it stands for.

    >>> title("the article"), title("Rowan 2025")
    ('the article: “Beautiful trap of neural networks” on Medium', 'Rowan 2025')
    """
    return f"{work}: {TITLES[work]}" if work in TITLES else work
