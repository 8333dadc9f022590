"""The tests that take long: they begin first, and without `--whole` only a part of them runs.

Half of the suite's time goes into files of the same kind, judged one after the other: networks with
one mistake each, files as learners write them, engines, spellings. A change that breaks one of a
kind breaks others of it. So the test command runs one in so many of them, always the same ones;
`tox -e whole` runs them all, and is due before a change of what judges, diagnoses or repairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

FEW_EXAMPLES = 8
"""How many cases `check` draws without `--whole`, where a test does not say how many."""

ONE_IN = {
    "test_digits": 1,
    "test_packaging": 1,
    "test_docs": 1,
    "reference/diagnosis/test_networks": 12,
    "reference/test_guessed_networks": 8,
    "reference/test_engines": 12,
    "reference/test_shelf_files": 6,
    "reference/test_learners": 8,
    "reference/verdict/test_judge": 1,
    "reference/subject/dialects/test_alike_gradients": 4,
    "reference/subject/dialects/test_several_outputs": 6,
    "reference/verdict/test_kept": 1,
    "reference/test_guess": 5,
    "reference/grade/test_dask_workers": 1,
    "reference/trial/test_identifying": 4,
    "reference/trial/test_known": 3,
    "reference/trial/test_known_gaps": 4,
    "reference/subject/dialects/test_spellings": 6,
    "reference/test_cases": 6,
    "reference/test_optimisers": 4,
    "reference/commands/test_check": 1,
    "reference/report/test_as_html": 1,
    "reference/catalogue/test_screens_in_another_language": 1,
    "reference/trial/test_loss_scales": 4,
    "reference/trial/test_opposite_signs": 4,
    "reference/trial/test_weight_decay": 4,
    "reference/witnesses/test_wrong_code": 6,
    "reference/witnesses/test_optimiser_steps": 6,
    "reference/repair/test_natural": 4,
    "reference/repair/test_slips": 3,
    "reference/repair/edits/test_reach": 6,
    "reference/test_beyond": 3,
    "reference/test_declared_layers": 4,
    "reference/test_hostile": 8,
    "reference/subject/test_declared": 3,
    "reference/test_seeds": 5,
    "reference/test_guesses_of_files": 3,
    "reference/report/test_hints": 4,
    "reference/subject/test_trained_numbers": 4,
    "reference/sandbox/test_worker_face": 3,
    "reference/subject/loading/test_computed_constants": 8,
    "reference/subject/dialects/test_weight_steps": 4,
    "reference/verdict/test_unnamed": 3,
    "reference/trial/test_symmetric_losses": 6,
    "reference/grade/views/test_told": 6,
    "reference/report/test_as_json": 3,
    "reference/contracts/test_registry": 6,
    "reference/subject/test_repositories": 4,
    "reference/test_opening": 3,
    "reference/verdict/test_mended_forward": 3,
    "reference/test_check_declared": 3,
    "reference/diagnosis/test_diagnose": 3,
    "reference/gradient_check/test_gradient_report": 4,
    "reference/gradient_check/test_kinks_and_noise": 4,
    "reference/cases/test_special": 4,
    "reference/cases/test_sampling": 6,
    "reference/test_declared_numbers": 3,
    "reference/trial/test_other_functions": 3,
    "reference/trial/test_readings": 3,
    "reference/verdict/test_settings": 3,
    "reference/trial/test_gradient_scales": 4,
    "reference/witnesses/test_state": 3,
    "reference/diagnosis/test_relations": 4,
    "reference/cases/test_drawing": 4,
    "reference/pictures/test_picture": 2,
    "reference/test_live_layer": 2,
}
"""Files that take long for the number of their tests: no core waits for one of them at the end.

Of the cases of each of their tests, one in so many runs without `--whole`."""


def first_ones_first(items: list[pytest.Item]) -> None:
    """Put the tests of the long files first, and leave the others in their order."""
    first = {TESTS / f"{name}.py" for name in ONE_IN}
    items.sort(key=lambda item: item.path not in first)


def left_out(items: Sequence[pytest.Item]) -> set[pytest.Item]:
    """What does not run without `--whole`: tests marked so, and most cases of the long files.

    Tests over the same cases keep the same of them, which may share what is computed.
    """
    one_in = {TESTS / f"{name}.py": share for name, share in ONE_IN.items()}
    seen: Counter[tuple[Path, str]] = Counter()
    found = set()
    for item in items:
        test = (item.path, item.nodeid.partition("[")[0])
        if item.get_closest_marker("whole") or seen[test] % one_in.get(item.path, 1):
            found.add(item)
        seen[test] += 1
    return found
