"""The short cut of screening against whole maps: the arithmetic by hand, and the thirty maps at full size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bailiwick import casefile
from bailiwick.choices_screened import Agreement, _whole, agreement, agreement_table, random_maps
from bailiwick.choices_ways import force_codes

MAPS = ((("E09000021", "E09000024"),), (("E09000027", "E09000032"),), (("E09000021", "E09000027"),),
        (("E09000024", "E09000032"),))


@pytest.fixture(scope="module")
def case():
    return casefile.load("south-west-london-2018")


def test_rank_and_error_by_hand():
    screened = np.array([[1.0, -1.0], [2.0, -1.0], [3.0, -4.0], [9.0, np.nan]])
    whole = np.array([[2.0, -1.0], [4.0, -3.0], [3.0, -9.0], [9.0, -1.0]])
    found = Agreement(MAPS, screened, whole)
    # ranks 1 2 3 4 against 1 3 2 4: 1 - 6 * 2 / (4 * 15)
    assert found.rank(0) == pytest.approx(1 - 12 / 60)
    # ties shared: 2.5 2.5 1 against 3 2 1
    assert found.rank(1) == pytest.approx(np.corrcoef([1.5, 1.5, 0], [2, 1, 0])[0, 1])
    assert found.error(0) == (-2.0, pytest.approx(-0.75)) and found.error(1)[0] == 5.0
    unknown = Agreement(MAPS[:2], np.full((2, 2), np.nan), whole[:2])
    assert np.isnan(unknown.rank(0)) and np.isnan(unknown.error(1)).all()


def test_a_saturated_map_is_empty_in_the_table_and_no_nan_is_printed(case):
    found = Agreement(MAPS[:3], np.array([[1.0, np.nan], [2.0, -1.0], [3.0, -2.0]]),
                      np.array([[1.5, -1.0], [2.5, -3.0], [3.5, -4.0]]))
    table = agreement_table(case, found)
    assert table.rows[0] == ("Kingston+Merton", 1.0, 1.5, -0.5, None, -1.0, None)
    assert "rank correlation 1.00, largest error -0.5 points" in table.note
    assert "nan" not in repr(table).lower()


def test_random_maps_are_whole_joined_up_and_the_same_for_the_same_seed(case):
    maps = random_maps(case, 12, 5)
    assert maps == random_maps(case, 12, 5) != random_maps(replace(case, seed=1), 12, 5)
    for sets in maps:
        assert len(sets) == 12 and sorted(c for g in sets for c in g) == list(force_codes(case))
        assert all(case.system.is_contiguous(g) for g in sets)


def test_a_map_without_a_merger_changes_nothing(case):
    """Today's map through the same code as any other: no area gains or loses a single call."""
    (change,) = _whole(case, [tuple((code,) for code in force_codes(case))])
    assert change == pytest.approx([0.0, 0.0])


@pytest.mark.long
def test_thirty_maps_of_twelve_commands_screened_and_simulated_whole(case):
    """Screening judges each command beside neighbours as they are today; where all merge at once it is too kind."""
    found = agreement(case, random_maps(case, 12))
    assert found.screened.shape == found.whole.shape == (30, 2)
    assert np.isfinite(found.whole).all()
    assert found.error(1)[1] > 3.0
    assert abs(found.error(0)[1]) < 2.0
    assert len(agreement_table(case, found).rows) == 30
