import copy
import re
from pathlib import Path

import pytest
import yaml

from stationary.claims import ledger
from stationary.claims.conditions import parse
from stationary.claims.rules import Bound, Count, Difference, parts, words
from stationary.config import settings
from stationary.errors import LedgerError
from stationary.experiments import claim_rows, minima_tables, newton_tables, saddle_tables, spin_glass_tables

CONFIG = Path(__file__).parents[2] / "config"
CLAIMS = yaml.safe_load((CONFIG / "claims.yaml").read_text())
ENTRIES = yaml.safe_load((CONFIG / "ledger.yaml").read_text())
LEDGER = ledger.of(CLAIMS, ENTRIES)
SIDES = [(claim, side) for claim in LEDGER.claims for side in ("supported", "refuted")]
NUMBER = r"(?<![\w.])[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?: %)?"


def value(text):
    number = text.replace(" %", "")
    return float(number) / 100 if "%" in text else float(number)


def numbers(text):
    """All numbers of a text; digits of names like W2 are none, and a sign pair is no sign."""
    return {value(found) for found in re.findall(NUMBER, text.replace("+-", " "))}


def comparisons(text):
    return {(operator, value(number)) for operator, number in re.findall(rf"(<=|>=|<|>|=) ({NUMBER})", text)}


def typed(claim, side):
    """Bounds and counts of a rule as one text, and its selectors as another."""
    bounds, selectors = "", ""
    for rule in parts(getattr(LEDGER.entries[claim.id], side)):
        over = getattr(rule, "over", None)
        bounds += f" {getattr(rule, 'bound', '')}" + (f" {over.at_least} {over.of or ''}" if isinstance(over, Count) else "")
        for chosen in ("rows", "first", "second", "needs"):
            for column, which in getattr(rule, chosen, {}).items():
                selectors += f" {which} ".replace(",", " ").replace("..", " ") if column != "statistic" else ""
    return bounds, selectors


def test_all_64_claims_have_an_entry():
    assert len(LEDGER.claims) == 64
    assert [claim.id for claim in LEDGER.claims] == list(LEDGER.entries)


@pytest.mark.parametrize(("claim", "side"), SIDES, ids=lambda part: getattr(part, "id", part))
def test_no_threshold_drifts_from_its_text(claim, side):
    text = getattr(claim, side)
    bounds, selectors = typed(claim, side)
    assert numbers(bounds) <= numbers(text)
    assert numbers(text) <= numbers(bounds) | numbers(selectors)
    assert numbers(selectors) <= numbers(text) | numbers(claim.statistic.replace("..", " "))
    assert comparisons(text) <= comparisons(bounds + selectors)


def test_what_is_judged_on_observed_values_is_what_the_head_lists():
    listed = re.search(r"counts of violations \((.*)\) are judged on the observed value", (CONFIG / "claims.yaml").read_text())
    expected = set()
    for span in listed[1].split(", "):
        first, last = (re.fullmatch(r"([A-Z])(\d+)", end) for end in (span.split(" - ")[0], span.split(" - ")[-1]))
        expected |= {f"{first[1]}{number}" for number in range(int(first[2]), int(last[2]) + 1)}
    assert {name for name, entry in LEDGER.entries.items() if entry.observed} == expected


# Of these two the shares only stand beside.
SHARES = [claim.id for claim in LEDGER.claims if "share" in claim.statistic and claim.id not in ("N3", "A1")]


@pytest.mark.parametrize("name", SHARES)
def test_shares_ask_for_twenty_units(name):
    entry = LEDGER.entries[name]
    leaves = [rule for side in (entry.supported, entry.refuted) for rule in parts(side) if isinstance(rule, Bound | Difference)]
    assert any(leaf.share for leaf in leaves)


def test_a_claim_of_paper_scale_says_so_in_both_files():
    assert {claim.id for claim in LEDGER.claims if claim.scale == "paper"} <= {
        name for name, entry in LEDGER.entries.items() if entry.needs == "paper"
    }


def test_key_columns_are_those_of_the_tables():
    schemas = {"newton": newton_tables, "minima": minima_tables, "spin_glass": spin_glass_tables, "saddles": saddle_tables}
    for table, keys in ledger.KEYS.items():
        names = schemas.get(table, claim_rows).SUMMARY.names
        assert set(names) - set(keys) == {"claim", "estimate", "ci_low", "ci_high", "n", "judged"}


def test_every_rule_says_itself_in_words():
    for entry in LEDGER.entries.values():
        assert all(len(words(rule)) > 5 for rule in (entry.supported, entry.refuted))


def test_bounds_have_numbers_in_words_only_where_the_text_has_none():
    for claim, side in SIDES:
        for rule in parts(getattr(LEDGER.entries[claim.id], side)):
            if re.search("zero|one", getattr(rule, "bound", "")):
                assert not {one.number for one in parse(rule.bound).sides} & numbers(getattr(claim, side)) or claim.id == "D9"


def changed(name, **changes):
    entries = copy.deepcopy(ENTRIES)
    entries["claims"][name] = {**entries["claims"][name], **changes}
    return entries


@pytest.mark.parametrize(
    ("entries", "line"),
    [
        (changed("N7", tables=["newtn"]), "N7: table 'newtn' does not exist. Use one of: conditioning,"),
        (changed("N7", refuted={"bound": "> 1", "rows": {"width": 3}}), "N7: column 'width' is not in its tables. Use one of"),
        (changed("W6", refuted={"bound": "> 1", "rows": {"width": "wide"}}), "W6: width: 'wide' selects nothing. Use one of"),
        (changed("B9", refuted={"verdicts": ["N99"], "are": "refuted"}), "B9: claim 'N99' does not exist. Use one of: A1,"),
        (changed("B9", refuted={"verdicts": ["A6"], "are": "refuted"}), "B9: claim 'A6' refers to others itself."),
        (changed("N7", refuted={"bound": "about 1"}), "'about 1' is no bound. Write one like"),
        (changed("N7", note="no full stop"), "claims.N7.note: a note is one or more sentences on one line and ends with a"),
        (changed("N7", note="Two\nlines."), "claims.N7.note: a note is one or more sentences on one line and ends with a"),
        (changed("N7", refuted={"bond": "> 1"}), "N7.refuted: no kind of rule: give one of first, bound,"),
    ],
)
def test_a_wrong_name_is_refused_in_one_line(entries, line):
    with pytest.raises(LedgerError) as refusal:
        ledger.of(CLAIMS, entries)
    assert line in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_unknown_claim_a_missing_entry_and_a_figure_that_is_not_drawn_are_refused():
    with pytest.raises(LedgerError, match="Q1"):
        ledger.of(CLAIMS, {"claims": {**ENTRIES["claims"], "Q1": ENTRIES["claims"]["N7"]}})
    with pytest.raises(LedgerError, match=r"N1 of config/claims\.yaml has no entry"):
        ledger.of(CLAIMS, {"claims": {name: entry for name, entry in ENTRIES["claims"].items() if name != "N1"}})
    with pytest.raises(LedgerError, match=r"N1: figure 'newton_final_losses' is not drawn\. Use one of: other"):
        ledger.check_figures(LEDGER, {"other"})


def test_the_hash_is_that_of_text_and_rule_alone():
    same = ledger.of(CLAIMS, changed("N7", figure="another", published="1", note="Mind this."))
    moved = ledger.of(CLAIMS, changed("N7", supported={"bound": "< 1e-8"}))
    assert same.rule_hash("N7") == LEDGER.rule_hash("N7") != moved.rule_hash("N7")
    assert moved.rule_hash("N8") == LEDGER.rule_hash("N8")


def test_notes_are_those_of_the_entries_that_have_one():
    assert set(LEDGER.notes()) == {name for name, entry in ENTRIES["claims"].items() if "note" in entry}
    assert "tanh(20 (x - 0.4))" in LEDGER.notes()["C5"]


@pytest.mark.parametrize(
    ("name", "needs", "overlay"),
    [
        ("W8", "70000 proposals", {"minima": {"annealing_steps": 70000}}),
        ("W9", "MNIST", None),
        ("D8", "50000 iterations", {"saddles": {"linear_gradient_norm_iterations": 50000}}),
    ],
)
def test_what_the_laptop_run_does_not_test_says_what_it_needs(name, needs, overlay):
    note = LEDGER.notes()[name]
    assert needs in note
    assert "Paper scale has" in note
    if overlay:
        assert yaml.safe_load(re.search(r'"(\w+: {.*})" in an overlay', note)[1]) == overlay
        settings.load(overlay)


ADDED_CLAIMS = {"families": {"V": "Valleys"}, "claims": [{**CLAIMS["claims"][0], "id": "V1"}]}
ADDED_ENTRIES = {
    "tables": {"valleys": ["statistic", "size"]},
    "claims": {"V1": {**ENTRIES["claims"]["N7"], "tables": ["valleys"]}},
}
FILES = ("mine/claims.yaml", "mine/ledger.yaml")


def test_a_ledger_of_another_workflow_declares_its_families_and_tables():
    added = ledger.of(ADDED_CLAIMS, ADDED_ENTRIES, files=FILES)
    assert added.families == {"V": "Valleys"}
    assert set(added.tables) == {*ledger.KEYS, "valleys"}
    assert LEDGER.families == ledger.FAMILIES
    assert LEDGER.tables == ledger.KEYS


@pytest.mark.parametrize(
    ("claims", "entries", "line"),
    [
        (
            {**ADDED_CLAIMS, "families": {"N": "Mine"}},
            ADDED_ENTRIES,
            "mine/claims.yaml: families: N is taken (N, W, S, D, A, B, C",
        ),
        (
            {**ADDED_CLAIMS, "families": {}},
            ADDED_ENTRIES,
            "mine/claims.yaml: V1: V is no family. Use one of: N, W, S, D, A, B, C.",
        ),
        (
            ADDED_CLAIMS,
            {**ADDED_ENTRIES, "tables": {"newton": ["size"]}},
            "mine/ledger.yaml: tables: newton is taken (newton, ",
        ),
        (ADDED_CLAIMS, {**ADDED_ENTRIES, "tables": {}}, "mine/ledger.yaml: V1: table 'valleys' does not exist. Use one of: "),
        (ADDED_CLAIMS, {**ADDED_ENTRIES, "claims": {}}, "mine/ledger.yaml: V1 of mine/claims.yaml has no entry. Add one."),
    ],
)
def test_what_it_must_not_declare_is_refused_by_the_name_of_its_file(claims, entries, line):
    with pytest.raises(LedgerError) as refusal:
        ledger.of(claims, entries, files=FILES)
    assert str(refusal.value).startswith(line)
    assert "\n" not in str(refusal.value)
