import numpy as np
import pytest

from stationary.experiments import spin_glass_complexity
from stationary.experiments.spin_glass_tables import COMPLEXITY


@pytest.fixture(scope="module")
def frame():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spin_glass_complexity, "RATIO_SIZES", (10,))
        table = spin_glass_complexity.run(spins=[3, 4], sizes=[3, 5])
    assert table.schema.equals(COMPLEXITY)
    return table.to_pandas()


def test_thresholds_are_where_the_curves_cross_zero(frame):
    for (p, k), curve in frame[frame["kind"] == "theta_k"].groupby(["p", "k"]):
        threshold = frame[(frame["kind"] == "e_k") & (frame["p"] == p) & (frame["k"] == k)]["u"].item()
        rising = curve[curve["theta"].diff().fillna(1.0) > 0]
        assert np.interp(0.0, rising["theta"], rising["u"]) == pytest.approx(threshold, abs=1e-5)


def test_counts_by_index_add_up_and_carry_their_energies(frame):
    counts = frame[(frame["kind"] == "count") & (frame["size"] < 10)]
    for _, part in counts.groupby(["p", "size"]):
        whole, parts = part[part["k"] == -1], part[part["k"] >= 0]
        assert parts["expected_count"].sum() == pytest.approx(whole["expected_count"].item())
        assert (np.diff(parts.sort_values("k")["u"]) > 0).all()
        assert whole["u"].item() == pytest.approx(0.0, abs=1e-10)
    assert (counts["standard_error"] == 0.0).all()
    for u in spin_glass_complexity.SHARP_ENERGIES:
        exact, sharp = (
            frame[(frame["kind"] == kind) & (frame["u"] == u)]["expected_count"].item() for kind in ("below", "sharp")
        )
        assert 0.4 < exact / sharp < 0.7
    assert frame[(frame["size"] == 10) & (frame["kind"] == "count")]["k"].tolist() == [0, 9, -1]
