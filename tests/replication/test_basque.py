"""The Basque Country (Abadie & Gardeazabal 2003), outcomes only: 1955-69 before, 1970-97 after."""

from __future__ import annotations

import pytest

from bailiwick.evaluation import METHODS, estimate
from bailiwick.sources.panelfile import PanelRequest, panel_from_file

EXACT = 1e-6
EFFECTS = {"did": -0.430804, "sc": -0.894589, "dsc": -0.939352, "sdid": -0.793415}
RANKS = {"did": 7, "sc": 2, "sdid": 1}
MIXTURE = {"Madrid (Comunidad De)": 0.483128, "Baleares (Islas)": 0.311075, "Rioja (La)": 0.205797}


@pytest.fixture(scope="module")
def effects(shared_data):
    request = PanelRequest(
        "regionname", "year", "gdpcap", "Basque Country (Pais Vasco)", "1970", exclude="Spain (Espana)"
    )
    panel = panel_from_file(shared_data / "causal" / "basque.csv", request)
    return {m: estimate(panel, m) for m in METHODS}


@pytest.mark.parametrize("method", sorted(EFFECTS))
def test_effects(effects, method):
    assert effects[method].att == pytest.approx(EFFECTS[method], abs=EXACT)
    assert effects[method].placebo_n == 16


@pytest.mark.parametrize("method", sorted(RANKS))
def test_ranks(effects, method):
    assert effects[method].placebo_p == pytest.approx(RANKS[method] / 17)


def test_mixture_and_time_weights(effects):
    found = dict(effects["sc"].weights)
    for region, weight in MIXTURE.items():
        assert found[region] == pytest.approx(weight, abs=EXACT)
    assert effects["sdid"].time_weights == (("1969", pytest.approx(1.0)),)
