"""A fresh run against the kept one: same bytes, rounding, other rows, other verdicts."""

import pytest

import kept_runs
from kept_runs import points, statistics
from stationary.report import keep, machine, verify


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch):
    """A fresh run on another machine than the kept one's, unless the test says otherwise."""
    facts = {"cpu": "kept"}
    monkeypatch.setattr(machine, "describe", lambda: dict(facts))
    monkeypatch.setattr(verify, "same_place", lambda *_: False)
    return facts


@pytest.fixture
def kept(tmp_path):
    keep.write(kept_runs.write(tmp_path / "first"), tmp_path / "kept")
    return tmp_path / "kept"


def compared(tmp_path, kept, capsys, **fresh):
    """Exit code and printed lines for a fresh run."""
    code = verify.main([str(kept_runs.write(tmp_path / "fresh", **fresh)), str(kept)])
    said = capsys.readouterr()
    return code, (said.out + said.err).splitlines()


def test_the_same_rows_are_the_same_bytes(tmp_path, kept, capsys):
    code, lines = compared(tmp_path, kept, capsys)
    assert code == 0
    assert lines[-2] == "2 tables: 2 same bytes, 0 within tolerance, 0 beyond tolerance; all verdicts the same"


def test_rounding_is_within_tolerance(tmp_path, kept, capsys):
    changed = {"spin_glass/critical_points": points(energy=(-1.5 + 1e-12, -1.0, 0.5))}
    code, lines = compared(tmp_path, kept, capsys, changed=changed)
    assert code == 0
    assert lines[0].endswith("within tolerance: 1 of 8 columns differ, none by more than rounding")


@pytest.mark.parametrize(("name", "code"), [("spin_glass/critical_points", 1), ("minima/runs", 0)])
def test_other_numbers_are_told_and_forgiven_where_rounding_grows(tmp_path, capsys, name, code):
    beside = {name.replace("runs", "summary").replace("critical_points", "summary"): statistics(0.5)}
    keep.write(kept_runs.write(tmp_path / "first", changed={name: points(), **beside}), tmp_path / "kept")
    changed = {name: points(energy=(-1.6, -1.0, 0.5)), **beside}
    found, lines = compared(tmp_path, tmp_path / "kept", capsys, changed=changed)
    assert found == code
    assert any(line.startswith(name) and "energy in 33.3% of rows" in line for line in lines)
    assert (f"1 beyond tolerance ({name})" in lines[-2]) == bool(code)


@pytest.mark.parametrize(("estimate", "code"), [(0.55, 0), (0.7, 1)])
def test_a_statistic_agrees_inside_the_interval(tmp_path, kept, capsys, estimate, code):
    found, lines = compared(tmp_path, kept, capsys, changed={"spin_glass/summary": statistics(estimate)})
    assert found == code
    assert lines[1].endswith(f"{50 * code:.1f}% of statistics outside the other's interval")


def test_a_changed_verdict_fails_and_is_named(tmp_path, kept, capsys):
    code, lines = compared(tmp_path, kept, capsys, S2="inconclusive")
    assert code == 1
    assert "verdict changed: S2 refuted -> inconclusive" in lines
    assert lines[-2].endswith("verdicts changed: S2")


def test_on_the_same_machine_only_the_same_bytes_agree(tmp_path, kept, capsys, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(machine, "describe", lambda: {"cpu": "kept"})
    changed = {"spin_glass/critical_points": points(energy=(-1.5 + 1e-12, -1.0, 0.5))}
    code, lines = compared(tmp_path, kept, capsys, changed=changed)
    assert (code, lines[-1].startswith("This is the kept run's machine")) == (1, True)
    monkeypatch.setattr(machine, "describe", lambda: {"cpu": "another"})
    code, lines = compared(tmp_path, kept, capsys, changed=changed)
    assert (code, lines[-1].startswith("Another machine")) == (0, True)


def test_rows_that_are_gone_are_beyond_tolerance_wherever_rounding_grows(tmp_path, capsys):
    beside = {"minima/summary": statistics(0.5)}
    keep.write(kept_runs.write(tmp_path / "first", changed={"minima/runs": points(), **beside}), tmp_path / "kept")
    changed = {"minima/runs": points().slice(0, 0), **beside}
    code, lines = compared(tmp_path, tmp_path / "kept", capsys, changed=changed)
    assert (code, any("beyond tolerance (minima/runs)" in line for line in lines)) == (1, True)


def test_a_missing_table_is_one_line(tmp_path, kept, capsys):
    (kept_runs.write(tmp_path / "fresh") / "spin_glass/critical_points.parquet").unlink()
    assert verify.main([str(tmp_path / "fresh"), str(kept)]) == 1
    said = capsys.readouterr()
    path = tmp_path / "fresh/spin_glass/critical_points.parquet"
    assert (said.out, said.err) == ("", f"{path} is missing: the run is not finished. Run `make results` first.\n")


def test_another_scale_is_not_compared(tmp_path, kept, capsys):
    code, lines = compared(tmp_path, kept, capsys, scale="laptop")
    assert (code, len(lines)) == (1, 1)
    assert "has scale laptop" in lines[0]
