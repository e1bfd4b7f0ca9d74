"""Invented tables of the saddle experiment, and a way to pick a row of its summary."""

from unittest import mock

import numpy as np

from stationary import intervals, tables
from stationary.experiments.saddle_summary import run
from stationary.experiments.saddle_tables import ANALYTIC, RUNS, SUMMARY

_BLANK = {"double": 0.0, "int64": 0, "string": "", "bool": False}


def table(schema, rows):
    """Rows in which only what is said differs from a blank."""
    blank = {field.name: _BLANK.get(str(field.type), []) for field in schema}
    whole = [{**blank, **row} for row in rows]
    return tables.from_columns({name: [row[name] for row in whole] for name in schema.names}, schema)


def network(number=1, **columns):
    """Random starts of one finder on a classifier that all end at critical points of their own; columns broadcast."""
    common = {"problem": "classifier", "kind": "classifier", "finder": "newton_mr", "source": "random", "filtered": True}
    values = {"start": np.arange(number), "trajectory": np.arange(number), "distinct": np.arange(number)} | columns
    stacked = {name: np.broadcast_to(np.asarray(value), number).tolist() for name, value in values.items()}
    return [{**common, **{name: value[i] for name, value in stacked.items()}} for i in range(number)]


def linear(number=1, **columns):
    """The same on the linear autoencoder."""
    return network(number, **{"problem": "linear_autoencoder", "kind": "linear_autoencoder", **columns})


def summary(runs=(), analytic=(), **options):
    """The summary of invented rows, as pandas; fewer resamples than in earnest."""
    given = zip((RUNS, ANALYTIC), (runs, analytic), strict=True)
    with mock.patch.object(intervals, "CLUSTERED_RESAMPLES", 300):
        found = run(*(table(schema, list(rows)) for schema, rows in given), seed=0, **options)
    assert found.schema.equals(SUMMARY)
    return found.to_pandas()


def pick(frame, claim, statistic, **where):
    """The one row that has these."""
    chosen = (frame["claim"] == claim) & (frame["statistic"] == statistic)
    for column, value in ({"finder": "all"} | where).items():
        chosen &= frame[column] == value
    assert chosen.sum() == 1, frame[["claim", "statistic", "problem", "finder"]].to_string()
    return frame[chosen].iloc[0]


def judged(frame, claim):
    """Problems on which a claim is judged."""
    return frame[(frame["claim"] == claim) & frame["judged"]]["problem"].tolist()
