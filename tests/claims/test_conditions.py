import pytest

from stationary.claims.conditions import parse


@pytest.mark.parametrize(
    ("bound", "interval", "truth"),
    [
        ("> 0.9", (0.91, 1.0), True),
        ("> 0.9", (0.9, 1.0), None),
        ("> 0.9", (0.5, 0.9), False),
        (">= 0", (0.0, 1.0), True),
        ("< -5 %", (-0.1, -0.06), True),
        ("< -5 %", (-0.1, -0.04), None),
        ("= 1", (1.0, 1.0), True),
        ("= 1", (0.5, 1.5), None),
        ("= 1", (2.0, 2.0), False),
        ("|.| < 2", (-1.9, 1.9), True),
        ("|.| < 2", (-2.5, 0.0), None),
        ("|.| > 4", (-6.0, -5.0), True),
        ("|.| > 4", (-6.0, 6.0), None),
        ("|.| > 4", (-1.0, 3.0), False),
        ("within 0.05 of 0", (-0.05, 0.05), True),
        ("within 1 % of one", (0.995, 1.02), None),
        ("> zero", (float("nan"), 1.0), None),
    ],
)
def test_a_bound_holds_for_the_whole_interval_for_none_or_is_unknown(bound, interval, truth):
    assert parse(bound).holds(*interval) is truth


@pytest.mark.parametrize("text", [">0.9", "about 3", "> three", "|.| within 3"])
def test_what_is_no_bound_is_refused(text):
    with pytest.raises(ValueError, match="is no bound"):
        parse(text)
