"""A verdict knows by which rule it was given."""

from pathlib import Path

import yaml

from stationary import tables
from stationary.claims import changes, ledger, markdown, verdict

CONFIG = Path(__file__).parents[2] / "config"


def _ledger(**bounds):
    words, rules = (yaml.safe_load((CONFIG / file).read_text()) for file in ("claims.yaml", "ledger.yaml"))
    for name, bound in bounds.items():
        rules["claims"][name]["supported"] = {"bound": bound}
    return ledger.of(words, rules)


JUDGED = verdict.judge(_ledger(), {}, "laptop")


def test_the_claim_whose_bound_moved_after_the_run_is_named_and_no_other():
    assert changes.of_rules(JUDGED, ledger=_ledger()) == {}
    assert changes.of_rules(JUDGED, ledger=_ledger(N7="< 1e-8")) == {"N7": changes.AFTER_THE_RUN}


def test_a_rule_that_differs_from_the_reference_run_is_named_in_the_markdown():
    kept = verdict.judge(_ledger(N7="< 1e-8"), {}, "laptop")
    changed = changes.of_rules(JUDGED, reference=kept)
    assert changed == {"N7": changes.SINCE_THE_REFERENCE}
    lines = [line for line in markdown.page(JUDGED, changed).splitlines() if changes.SINCE_THE_REFERENCE in line]
    assert [line[:5] for line in lines] == ["- N7:"]
    assert changes.SINCE_THE_REFERENCE not in markdown.page(JUDGED)


def test_a_claim_that_the_reference_run_did_not_have_is_new_not_changed():
    few = tables.from_columns({name: JUDGED[name].to_pylist()[:3] for name in JUDGED.schema.names}, JUDGED.schema)
    assert changes.of_rules(JUDGED, reference=few) == {}
