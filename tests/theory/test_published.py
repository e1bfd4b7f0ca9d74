import numpy as np

from stationary.theory import published


def test_tables_are_ascending_and_each_row_is_in_order():
    for rows, key in ((published.NETWORKS, "width"), (published.ENERGIES, "size"), (published.ANNEALING, "width")):
        sizes = [getattr(row, key) for row in rows]
        assert sizes == sorted(set(sizes))
    for row in published.NETWORKS:
        assert row.test_min < row.test_median < row.test_max
        assert row.test_min < row.test_mean < row.test_max
    for row in published.ENERGIES:
        ends = [row.minimum, row.low, row.median, row.high, row.maximum]
        assert ends == sorted(ends)


def test_sds_and_correlations_fall_with_width():
    for name in ("train_sd", "test_sd", "correlation"):
        assert np.all(np.diff([getattr(row, name) for row in published.NETWORKS]) < 0)
