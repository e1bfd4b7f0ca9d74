"""Benchmark files, read."""

import numpy as np
import pytest

from stationary.report import jobs

HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def test_a_row_per_file_and_what_was_not_measured_is_nan(tmp_path):
    (tmp_path / "newton").mkdir()
    (tmp_path / "newton" / "main.0.tsv").write_text(HEADER + "2.5\t0:00:02\t279.0\t1\t1\t1\t0\t0\t58.2\t1.7\n")
    (tmp_path / "claims.tsv").write_text(HEADER + "0.2\t0:00:00\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA\n")
    table = jobs.read(tmp_path)
    assert table.select(["job", "part"]).to_pylist() == [
        {"job": "claims", "part": "claims"},
        {"job": "newton/main.0", "part": "newton"},
    ]
    np.testing.assert_array_equal(table["seconds"], [0.2, 2.5])
    np.testing.assert_array_equal(table["max_rss"], [np.nan, 279.0])


@pytest.mark.parametrize("content", [b"", HEADER.encode(), HEADER.encode() + b"2.", bytes(9), b"\x80\n\xff"], ids=range(5))
def test_a_file_that_a_kill_cut_short_is_not_measured(tmp_path, content):
    (tmp_path / "claims.tsv").write_bytes(content)
    table = jobs.read(tmp_path)
    assert table["job"].to_pylist() == ["claims"]
    assert np.isnan(table["max_rss"].to_numpy()).all()


def test_a_folder_that_is_missing_holds_no_jobs(tmp_path):
    assert jobs.read(tmp_path / "none").num_rows == 0
