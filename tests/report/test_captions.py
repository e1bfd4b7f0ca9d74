"""Captions of the project as docutils reads them, and as the page shows them."""

import re
from html import unescape
from pathlib import Path

import pytest
from docutils.core import publish_doctree

from stationary.report import captions

CAPTIONS = sorted(path for path in (Path(__file__).parents[2] / "workflow/report").glob("*_*.rst"))


@pytest.mark.parametrize("file", CAPTIONS, ids=lambda path: path.stem)
def test_a_caption_reads_as_docutils_reads_it(file):
    text = file.read_text()
    shown = unescape(re.sub(r"<[^>]+>", "", captions.html(text)))
    assert shown.split() == publish_doctree(text).astext().split()


@pytest.mark.parametrize("file", CAPTIONS, ids=lambda path: path.stem)
def test_the_alternative_is_a_beginning_of_whole_sentences(file):
    plain = " ".join(publish_doctree(file.read_text()).astext().split())
    words = captions.alternative(file.read_text())
    assert plain.startswith(words)
    assert 20 < len(words) < 600
    assert captions.title(file.read_text()) in plain
