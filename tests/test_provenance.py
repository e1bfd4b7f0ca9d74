import re
import subprocess

from stationary import provenance


def test_the_order_of_settings_does_not_matter():
    one = provenance.here({"a": 1, "b": [2]}, seed=0, scale="smoke")
    two = provenance.here({"b": [2], "a": 1}, seed=0, scale="smoke")
    assert one.to_json() == two.to_json()
    assert one.settings_sha256 != provenance.here({"a": 1, "b": [3]}, seed=0, scale="smoke").settings_sha256


def test_the_commit_is_a_commit_or_unknown():
    assert re.fullmatch(r"unknown|[0-9a-f]{40}(-dirty)?", provenance.here({}, seed=0, scale="smoke").commit)


def test_without_git_the_commit_is_unknown(monkeypatch):
    def absent(*_, **__):
        raise FileNotFoundError("git")

    monkeypatch.setattr(subprocess, "run", absent)
    provenance._commit.cache_clear()
    try:
        assert provenance.here({}, seed=0, scale="smoke").commit == "unknown"
    finally:
        provenance._commit.cache_clear()
