"""Is a log replayed as it was written, compared with what was recorded, and refused where it cannot be read?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bailiwick.errors import CaseError
from bailiwick.response import Regime, kernel, simulate
from bailiwick.response.trace import replayed, trace_of


@pytest.fixture(scope="module")
def sure_work(make_work):
    """Work in which one unit does all and nothing is drawn but the job."""
    none = np.zeros((3, 2))
    return make_work(desk=0.0)._replace(
        need=np.tile([0.0, 1.0, 0.0, 0.0], (3, 1)), custody=none, guard=none, carried=none, oversight=none,
        answer=np.zeros(3), turnout=np.zeros(3), travel_cv=0.0)


@pytest.fixture(scope="module")
def run(town, sure_work, make_calls):
    return simulate(town, Regime(), make_calls(town, sure_work, weeks=1))


@pytest.fixture(scope="module")
def log(town, run):
    """A log written by the model itself: what it replays must come back."""
    origin = np.datetime64("2017-06-05T00:00:00.000000000")

    def stamp(minutes):
        return origin + np.round(minutes * 6e10).astype("timedelta64[ns]")
    return pd.DataFrame({
        "received": stamp(run.received), "grade": np.array(town.grades)[run.grade],
        "point": [f"p{k}" for k in run.point], "units": run.need, "assigned": stamp(run.assigned),
        "arrived": stamp(run.first), "cleared": stamp(run.stamps[:, kernel.CLEAR]),
    })


def read(frame, town, sure_work, **changes):
    columns = {**{name: frame[name] for name in frame.columns}, **changes}
    return trace_of(columns, town, sure_work, np.random.default_rng(1), points=[f"p{k}" for k in range(240)])


def test_a_log_is_replayed_at_its_times_and_places(town, sure_work, log, run):
    trace = read(log, town, sure_work)
    assert trace.calls.start == 0, "5 June 2017 was a Monday"
    assert len(trace.calls.time) == len(log)
    records = simulate(town, Regime(), trace.calls)
    assert np.abs(records.first - run.first).max() < 1e-3, "the same calls in the same town are met at the same minutes"
    replay = replayed(trace, records, town.target)
    assert replay.calls[-1].sum() == replay.calls[:4].sum()
    assert np.abs(replay.difference).max() < 1e-3
    busier = replayed(trace, simulate(town, Regime(job_load=1.6), trace.calls), town.target)
    assert busier.difference[-1, 0] < -0.02
    minutes = (log["arrived"] - log["received"]).dt.total_seconds() / 60
    mine = (log["grade"] == "I") & (trace.calls.time >= 1440)
    assert replay.recorded_share[-1, 0] == pytest.approx((minutes[mine] <= 15).mean())
    assert replay.recorded_median[-1, 0] == pytest.approx(minutes[mine].median())


def test_a_log_without_attendances_is_replayed_with_drawn_work(town, sure_work, log):
    trace = read(log[["received", "grade", "point"]], town, sure_work)
    assert np.isnan(trace.arrived).all()
    assert trace.calls.job[:, 0].std() > 10
    assert (trace.calls.need == 1).all()
    assert replayed(trace, simulate(town, Regime(), trace.calls), town.target).calls.sum() == 0


def spoiled(values, row, value):
    changed = list(values)
    changed[row] = value
    return changed


BAD_ROWS = [
    ("received", 3, pd.NaT, "received, row 4"), ("received", 3, pd.Timestamp("2017-06-04"), "not before"),
    ("grade", 2, "X", "grade, row 3"), ("point", 0, "p999", "point, row 1"), ("units", 5, 7, "units, row 6"),
    ("assigned", 1, pd.Timestamp("2017-06-01"), "assigned, row 2"),
    ("arrived", 1, pd.Timestamp("2017-06-01"), "arrived, row 2"),
    ("received", 0, "2017-06-05T00:00:00Z", "local time"),
]


@pytest.mark.parametrize("bad", BAD_ROWS)
def test_rows_that_cannot_be_read_are_named(town, sure_work, log, bad):
    column, row, value, text = bad
    with pytest.raises(CaseError) as error:
        read(log, town, sure_work, **{column: spoiled(log[column], row, value)})
    assert text in str(error.value)


def test_columns_and_times_that_cannot_be_read(town, sure_work, log):
    with pytest.raises(CaseError, match="received, row 1"):
        read(log, town, sure_work, received=spoiled(log["received"].astype(str), 0, "noon"))
    with pytest.raises(CaseError, match="grade"):
        trace_of({"received": log["received"]}, town, sure_work, np.random.default_rng(1), points=["p0"])
    with pytest.raises(CaseError, match="received"):
        empty = dict.fromkeys(("received", "grade", "point"), ())
        trace_of(empty, town, sure_work, np.random.default_rng(1), points=[])
