"""How many spelling errors lie between two words."""

from __future__ import annotations


def spelling_distance(a: str, b: str) -> int:
    """The optimal string alignment distance of two words; 3 if their lengths differ by more than 2.

    It counts letters that are added, missing, wrong, or swapped with their neighbour.
    """
    if abs(len(a) - len(b)) > 2:
        return 3
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            substituted = rows[i - 1][j - 1] + (0 if x == y else 1)
            cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, substituted)
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
