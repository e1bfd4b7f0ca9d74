"""One small page for all tests that only look at it."""

import pytest

import report_pages
from stationary.report import page


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The file of a page on a small run."""
    folder = tmp_path_factory.mktemp("site")
    target = report_pages.page_of(folder)
    page.write(report_pages.write_run(folder), target)
    return target
