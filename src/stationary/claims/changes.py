"""Rules that are no longer what a verdict was given by: seen from the hash of the rule that every verdict carries."""

from __future__ import annotations

import pyarrow as pa

from stationary.claims.ledger import Ledger

AFTER_THE_RUN = "The rule has changed since this verdict was given; run the workflow again to judge by the present one."
SINCE_THE_REFERENCE = "The rule has changed since the reference run (results/reference/); docs/claims.md says why."


def of_rules(claims: pa.Table, *, ledger: Ledger | None = None, reference: pa.Table | None = None) -> dict[str, str]:
    """Claim to what has changed, for the claims whose rule is not the one that they were judged by.

    Args:
        claims: of the schema ``CLAIMS``.
        ledger: the rules as they are now.
        reference: verdicts that were kept from an earlier run; claims that are not among them are new, not changed.
    """
    judged = _hashes(claims)
    kept = {} if reference is None else _hashes(reference)
    since = {name: SINCE_THE_REFERENCE for name, rule in judged.items() if kept.get(name, rule) != rule}
    known = () if ledger is None else ledger.entries
    after = {
        name: AFTER_THE_RUN for name, rule in judged.items() if ledger and name in known and ledger.rule_hash(name) != rule
    }
    return since | after


def _hashes(claims: pa.Table) -> dict[str, str]:
    return dict(zip(claims["id"].to_pylist(), claims["rule_hash"].to_pylist(), strict=True))
