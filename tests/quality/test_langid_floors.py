"""The shipped models are as good as they ever were; floors are not lowered by accident."""

import langid_floors
import pytest


def test_every_measure_reaches_its_floor():
    measured, floors = langid_floors.measure(), langid_floors.read()
    assert measured.keys() == floors.keys()
    assert {name: value for name, value in measured.items() if value < floors[name]} == {}


def test_a_floor_is_lowered_only_when_asked():
    floors, measured = {"a": 0.9, "b": 0.8}, {"a": 0.95, "b": 0.7}
    with pytest.raises(SystemExit, match=r"floors only rise.* b: 0\.700, the floor is 0\.800$"):
        langid_floors.raised(floors, measured, lower=False)
    assert langid_floors.raised(floors, measured, lower=True) == measured
    assert langid_floors.raised(floors, {"a": 0.95, "b": 0.8}, lower=False) == {"a": 0.95, "b": 0.8}
