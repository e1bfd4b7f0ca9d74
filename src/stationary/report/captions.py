"""Captions, written in reStructuredText for Snakemake's report, as HTML and as text."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_LONGEST_ALTERNATIVE = 300
_INLINE = (
    (r"``(.+?)``", r"<code>\1</code>"),
    (r"\*\*(\S(?:.*?\S)?)\*\*", r"<strong>\1</strong>"),
    (r"(?<![\w*])\*(\S(?:[^*]*?\S)?)\*(?![\w*])", r"<em>\1</em>"),
)


def html(caption: str) -> Markup:
    """Paragraphs with strong, emphasised and literal text.

    >>> html("**Losses.** At *most* x < 1.")
    Markup('<p><strong>Losses.</strong> At <em>most</em> x &lt; 1.</p>')
    """
    paragraphs = []
    for block in re.split(r"\n\s*\n", caption.strip()):
        text = str(escape(" ".join(block.split())))
        for pattern, replacement in _INLINE:
            text = re.sub(pattern, replacement, text)
        paragraphs.append(f"<p>{text}</p>")
    return Markup("\n".join(paragraphs))


def code(sentence: str) -> Markup:
    """A sentence with commands between backticks, as reasons of verdicts have them.

    >>> code("`make results` tests N < 3.")
    Markup('<code>make results</code> tests N &lt; 3.')
    """
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(sentence))))


def title(caption: str) -> str:
    """What a caption begins with in bold, without what stands there in parentheses; else its first sentence.

    >>> title("**Where methods end (twin of a claim).** Bars: shares.")
    'Where methods end'
    """
    text = " ".join(caption.split())
    bold = re.match(r"\*\*(.+?)\*\*", text)
    first = bold[1] if bold else re.split(r"(?<=\.)\s", text, maxsplit=1)[0]
    return re.sub(r"\s*\([^()]*\)\s*\.?$", "", first).rstrip(".")


def alternative(caption: str) -> str:
    """Whole sentences from a caption's beginning, for who does not see the figure; the caption itself stands below it.

    >>> alternative("**Losses (ours).** Bars: shares.")
    'Losses (ours). Bars: shares.'
    """
    plain = re.sub(r"\*\*|``|(?<!\w)\*|\*(?!\w)", "", " ".join(caption.split()))
    kept = ""
    # A sentence begins with a capital, a parenthesis, or the names of panels: "a, b: losses".
    for sentence in re.split(r"(?<=\.)\s+(?=[A-Z(]|[a-z](?:, [a-z])*:)", plain):
        if kept and len(kept) + len(sentence) > _LONGEST_ALTERNATIVE:
            break
        kept = f"{kept} {sentence}".strip()
    return kept
