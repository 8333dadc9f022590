"""What the tests of the witnesses share."""

from __future__ import annotations

import pytest

from trigrad.trial import layer_trial


@pytest.fixture(autouse=True)
def evidence_alone(no_repair: None) -> None:
    """What is refuted is tested here; how it is repaired, by the tests of repair."""


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look only briefly for small evidence: that is for the tests of drawing and of the trial."""
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 10)
