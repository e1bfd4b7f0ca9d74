"""The page as text: what it says, and that its links lead somewhere."""

import re
from html.parser import HTMLParser

import pytest

import report_pages
from stationary import provenance, tables
from stationary.report import page
from stationary.termination import Termination


class Reader(HTMLParser):
    """Collects attributes of all elements, and the text by the identifier it stands under."""

    def __init__(self, text):
        super().__init__()
        self.found, self.text, self.under = [], {}, ""
        self.feed(text)
        self.text = {name: " ".join(words.split()) for name, words in self.text.items()}

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.found.append((tag, named))
        self.under = named.get("id", self.under) if tag in ("article", "section") else self.under
        if tag in ("td", "dd"):
            self.handle_data(" ")

    def handle_data(self, data):
        self.text[self.under] = self.text.get(self.under, "") + data

    def all(self, attribute):
        return [named[attribute] for _, named in self.found if attribute in named]


@pytest.fixture(scope="module")
def read(site):
    return Reader(site.read_text())


def test_every_claim_has_its_section_with_the_evidence(read):
    assert {name.removeprefix("claim-") for name in read.text if re.fullmatch(r"claim-[A-Z]\d+", name)} == set(
        report_pages.ROWS
    )
    for name, verdict in report_pages.VERDICTS.items():
        assert verdict in read.text[f"claim-{name}"]
        assert f"{name} holds for a < b & <b>c</b>" in read.text[f"claim-{name}"]
    evidence = read.text["claim-N1"]
    for words in ("9 [8, 10]", "n = 100", "The source's number 0.7", "> 0.5", "< 0.1", "newton/summary.parquet"):
        assert words in evidence
    assert "newton_summary" in evidence
    assert re.search(r"config/claims\.yaml:\d+, config/ledger\.yaml:\d+", evidence)
    assert "newton_summary.py:" in evidence


def test_judged_rows_are_listed_or_said_where_they_are(read, site):
    assert "Judged rows of N1 in newton/summary.parquet: 2" in read.text["claim-N1"]
    assert "share, method better_0 90 [80, 95] 100 share 9 [8, 10] 100" in read.text["claim-N1"]
    assert "method beside" not in site.read_text()
    too_many = "41 judged rows, too many to list: those of newton/summary.parquet whose claim is N10 and whose judged is true"
    assert too_many in read.text["claim-N10"]
    assert "better_" not in read.text["claim-N10"]
    # One row is the one that decides, and stands there.
    assert "judged" not in read.text["claim-N2"]


def test_a_note_stands_at_its_claim_and_is_pointed_at(read):
    assert f"Note: {report_pages.NOTE}" in read.text["claim-W1"]
    assert "Note:" not in read.text["claim-N1"]
    assert read.text["verdicts"].count("see its note") == 1


def test_links_and_anchors_lead_somewhere(read, site):
    names = read.all("id")
    assert len(names) == len(set(names))
    for address in read.all("href"):
        if address.startswith("#"):
            assert address[1:] in names
        elif address != "data:,":
            assert (site.parent / address).exists(), address


def test_each_figure_is_embedded_once_with_words_for_it(read):
    pictures = [named for tag, named in read.found if tag == "img"]
    assert len(pictures) == len(report_pages.CAPTIONS)
    assert {named["alt"] for named in pictures} == {
        "Where runs end (twin of a claim). Bars: shares of all starts, see ends.",
        "Alone. A figure that no claim names.",
        "Losses. By width & size.",
    }
    assert all(named["src"].startswith("data:image/webp;base64,") and int(named["width"]) <= 1400 for named in pictures)
    assert "at N1" in read.text["claim-N2"]


def test_an_experiment_counts_runs_ends_and_seconds(read):
    text = read.text["experiment-newton"]
    assert "2 jobs took 2 min 6 s in all; the longest, newton/a, 1 min 40 s" in text
    assert "starts: 10" in text
    for code, count in ((Termination.CONVERGED, 2), (Termination.AT_INFINITY, 1)):
        assert re.search(rf"{code} {count} {re.escape(code.meaning)}", text)
    assert Termination.DIVERGED.meaning not in text
    assert "No job of it was timed" in read.text["experiment-minima"]


def test_a_rule_that_changed_after_the_run_is_shown(tmp_path):
    contents = report_pages.write_run(tmp_path)
    assert "has changed" not in page.build(contents, tmp_path)
    report_pages.write_ledger(tmp_path / "config", bound="> 0.6")
    changed = report_pages.gather(tmp_path / "results", contents.judged[0].files)
    text = Reader(page.build(changed, tmp_path)).text
    assert "The rule has changed since this verdict was given" in text["claim-N1"]
    assert "Rules that have changed" in text["summary"]


def test_a_rule_that_changed_since_the_reference_run_is_shown(tmp_path):
    contents = report_pages.write_run(tmp_path)
    claims = tables.read(contents.judged[0].table)
    hashes = ["0" * 64 if row["id"] == "N2" else row["rule_hash"] for row in claims.to_pylist()]
    place = claims.schema.get_field_index("rule_hash")
    kept = claims.set_column(place, claims.schema.field(place), [hashes])
    tables.write(kept, tmp_path / "kept.parquet", provenance.here({}, seed=1, scale="laptop"))
    files = contents.judged[0].files
    text = Reader(
        page.build(report_pages.gather(tmp_path / "results", files, reference=tmp_path / "kept.parquet"), tmp_path)
    ).text
    assert "changed since the reference run" in text["claim-N2"]
    assert "changed since the reference run" not in text["claim-N1"]


def test_another_workflows_chapter_claims_and_rules_come_beside(tmp_path):
    contents = report_pages.write_run(tmp_path)
    other = report_pages.write_run(tmp_path / "other")
    both = report_pages.gather(
        tmp_path / "results",
        contents.judged[0].files,
        judged=(*contents.judged, *other.judged),
        experiments=(*contents.experiments, report_pages.Experiment("valley", "A valley")),
    )
    text = page.build(both, tmp_path)
    assert "A valley" in text
    assert f"{2 * len(report_pages.ROWS)} claims" in text


def test_what_fails_leaves_no_page(tmp_path, monkeypatch):
    contents = report_pages.write_run(tmp_path)
    monkeypatch.setattr(page.images, "embed", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        page.write(contents, report_pages.page_of(tmp_path))
    assert list(report_pages.page_of(tmp_path).parent.iterdir()) == []
