import pytest

from stationary.claims.evaluate import Context, evaluate
from stationary.claims.rules import All, Any, Bound, Count, Difference, Each, Otherwise, Verdicts
from summary_rows import NOTHING, row

YES, NO, MAYBE = row(0.95, 0.92, 0.98), row(0.3, 0.2, 0.4), row(0.7, 0.5, 0.95)
HIGH = Bound(bound="> 0.9")


def outcome(rule, rows, *, observed=False, verdicts=None, supported=HIGH):
    return evaluate(rule, rows, Context(observed, lambda *_: None, verdicts or {}, supported))


@pytest.mark.parametrize(
    ("over", "rows", "truth"),
    [
        ("every", [YES, YES], True),
        ("every", [YES, MAYBE], None),
        ("every", [MAYBE, NO], False),
        ("some", [YES, NO], True),
        ("some", [MAYBE, NO], None),
        ("some", [NO, NO], False),
        ("most", [YES, YES, NO], True),
        ("most", [YES, NO], False),
        ("most", [YES, MAYBE], None),
        ("one", [YES, NO], True),
        ("one", [YES, YES], False),
        (Count(at_least=5, of=6), [YES] * 5 + [NO], True),
        (Count(at_least=5, of=6), [YES] * 4 + [NO] * 2, False),
        (Count(at_least=5, of=6), [YES] * 4 + [MAYBE, NO], None),
        (Count(at_least=3), [YES] * 3 + [NO] * 9, True),
    ],
)
def test_units_are_counted_by_their_own_intervals(over, rows, truth):
    found = outcome(Bound(bound="> 0.9", over=over), rows)
    assert found.holds is truth
    assert (found.units, found.holding, found.missing) == (len(rows), sum(one is YES for one in rows), "")


def test_five_of_six_needs_six():
    assert "3 of at least 6" in outcome(Bound(bound="> 0.9", over=Count(at_least=5, of=6)), [YES] * 3).missing


def test_a_share_of_fewer_than_twenty_says_nothing():
    rule = Bound(bound="> 0.9", share="exact")
    assert outcome(rule, [row(1.0, 0.95, 1.0, n=20)]).holds is True
    short = outcome(rule, [row(1.0, 0.95, 1.0, n=19)])
    assert (short.holds, short.p, short.missing) == (None, 1.0, "")
    assert "20 units" in short.why


def test_no_judged_row_is_missing_and_a_row_without_a_number_is_not():
    beside = row(1.0, judged=False)
    assert outcome(HIGH, [beside]).missing
    assert outcome(Bound(bound="> 0.9", beside=True), [beside]).holds is True
    nothing = outcome(HIGH, [NOTHING])
    assert (nothing.holds, nothing.missing) == (None, "")


def test_equality_and_observed_rules_ignore_the_interval():
    wide = row(0.0, -1.0, 1.0)
    assert outcome(Bound(bound="= 0"), [wide]).holds is True
    assert outcome(Bound(bound="< 0.5"), [wide]).holds is None
    assert outcome(Bound(bound="< 0.5"), [wide], observed=True).holds is True


def test_joined_rules_follow_kleene():
    low = Bound(bound="< 0.5")
    assert outcome(All(all=(HIGH, low)), [MAYBE]).holds is False
    assert outcome(Any(any=(HIGH, low)), [NO]).holds is True
    assert outcome(All(all=(HIGH, low)), [YES]).holds is False
    assert outcome(Any(any=(HIGH, low)), [MAYBE]).holds is None


def test_a_missing_part_is_missing_only_where_it_would_decide():
    absent = Bound(bound="> 0.9", rows={"case": "none"})
    assert outcome(All(all=(HIGH, absent)), [YES]).missing
    assert outcome(All(all=(HIGH, absent)), [NO]).holds is False
    assert not outcome(All(all=(HIGH, absent)), [NO]).missing


def test_cells_hold_their_rows_and_too_few_cells_are_missing():
    rows = [{**one, "case": case} for case, one in (("a", YES), ("a", YES), ("b", NO))]
    found = outcome(Each(each=("case",), rule=HIGH), rows)
    assert (found.holds, found.units, found.holding) == (False, 2, 1)
    assert "2 of at least 4 case" in outcome(Each(each=("case",), rule=HIGH, least=4), rows).missing


def test_a_difference_takes_the_outer_ends():
    rows = [{**YES, "width": 2}, {**NO, "width": 9}]
    ends = {"first": {"width": "narrowest"}, "second": {"width": "widest"}}
    found = outcome(Difference(bound="> zero", **ends), rows)
    assert found.holds is True
    assert found.row["ci_low"] == pytest.approx(0.92 - 0.4)
    assert outcome(Difference(bound="> zero", **ends), rows[:1]).missing


def test_verdicts_of_others_and_of_none():
    both = Verdicts(verdicts=("W2", "W3"), are="supported")
    assert outcome(both, [], verdicts={"W2": "supported", "W3": "supported"}).holds is True
    assert outcome(both, [], verdicts={"W2": "supported", "W3": "refuted"}).holds is False
    assert outcome(both, [], verdicts={"W2": "supported", "W3": "inconclusive"}).holds is None
    assert outcome(both, [], verdicts={"W2": "supported", "W3": "not tested at this scale"}).missing


def test_otherwise_is_the_opposite():
    rule = Otherwise(otherwise="supported")
    assert [outcome(rule, [one]).holds for one in (YES, NO, MAYBE)] == [False, True, None]


def test_adjusted_z_values_pass_where_plain_ones_do_not():
    rows = [row(3.1), *[row(0.1)] * 42]
    assert outcome(Bound(bound="|.| < 3"), rows).holds is False
    assert outcome(Bound(bound="|.| < 3", adjusted=True), rows).holds is True


def test_p_of_every_is_the_largest_of_some_bonferronis_and_of_k_the_kth():
    rows = [row(1.0, 0.95, 1.05), row(1.0, 0.92, 1.08), row(1.0, 0.91, 1.09)]
    first, second, third = (outcome(HIGH, [one]).p for one in rows)
    assert outcome(HIGH, rows).p == third
    assert outcome(Bound(bound="> 0.9", over="some"), rows).p == pytest.approx(3 * first)
    assert outcome(Bound(bound="> 0.9", over="most"), rows).p == pytest.approx(2 * second)
