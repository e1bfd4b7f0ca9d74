"""Broken settings files through the command that make runs: one line, before anything is planned."""

import pytest
import yaml

from small_runs import SETTINGS

BROKEN = {
    "cut off": (b"newton: [\n", "settings.yaml is not YAML: "),
    "a tab": (b"newton:\n\tstarts: 30\n", "settings.yaml is not YAML: "),
    "another encoding": (b"scale: \xff\xfe\n", "settings.yaml is not YAML: "),
    "no such date": (b"seed: 2026-13-45\n", "settings.yaml is not YAML: month must be in 1..12."),
    "a number of 5000 digits": (b"seed: " + b"9" * 5000, "settings.yaml is not YAML: "),
    "a list": (b"- 1\n", "settings.yaml holds no keys."),
    "keys that are no words": (b"1: 2\n", "1 is not a key. Use one of: conditioning, "),
    "a group that is a number": (b"newton: 3\n", "newton = 3 is not allowed. Use a group with the keys "),
    "jobs without end": (b"newton: {starts: 100000, block: 1}\n", "newton: these settings make 12"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_settings_file_is_one_line(small_run, broken):
    content, line = BROKEN[broken]
    (small_run.folder / "settings.yaml").write_bytes(content)
    status, printed = small_run.run()
    assert (status, len(printed.splitlines())) == (1, 1), printed
    assert printed.startswith("config: ")
    assert line in printed
    assert not (small_run.folder / "results").exists()


def test_numbers_as_texts_and_repeated_keys_run(small_run):
    """YAML reads 1e-9 as a text, and keeps the last of equal keys."""
    text = yaml.safe_dump({**SETTINGS, "newton": {"gradient_tolerance": "1e-9"}}) + "seed: 2\nseed: 3\n"
    (small_run.folder / "settings.yaml").write_text(text)
    status, printed = small_run.run("results/spin_glass/complexity.parquet")
    assert status == 0, printed
