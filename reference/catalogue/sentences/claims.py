"""The sentences in English: the names of claims, as a reader reads them.

A key is `claim.` and the name by which the program knows it, which is never translated.
"""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

CLAIMS: dict[str, Template] = {
    # About each gradient
    "claim.quantity": "{quantity}",
    "claim.present": "{quantity} present",
    "claim.shape": "{quantity} shape",
    "claim.at_kink": "{quantity} at the kink",
    "claim.at_kink_is_0": "{quantity} at the kink is 0",
    # What must hold
    "claim.builds": "builds",
    "claim.output shape": "output shape",
    "claim.backward runs": "backward runs",
    "claim.value": "value",
    "claim.plain numbers": "plain numbers",
    "claim.linear in dout": "linear in dout",
    "claim.rows are independent": "rows are independent",
    "claim.rows permute": "rows permute",
    "claim.same when called twice": "same when called twice",
    "claim.backward belongs to the last forward": "backward belongs to the last forward",
    "claim.objects share nothing": "objects share nothing",
    "claim.near the kink": "near the kink",
    "claim.db sums dout over axis 0": "db sums dout over axis 0",
    "claim.weight gradients add up over rows": "weight gradients add up over rows",
    "claim.uses its weights as they are now": "uses its weights as they are now",
    "claim.divides by the batch": "divides by the batch",
    "claim.dx sums to 0 in every row": "dx sums to 0 in every row",
    "claim.unchanged by a shift of the row": "unchanged by a shift of the row",
    "claim.rows sum to 1": "rows sum to 1",
    "claim.gradient leaves params as they were": "gradient leaves params as they were",
    "claim.test mode": "test mode",
    # What should hold
    "claim.NumPy only": "NumPy only",
    "claim.forward keeps its arguments": "forward keeps its arguments",
    "claim.backward keeps its arguments": "backward keeps its arguments",
    "claim.arguments are restored": "arguments are restored",
    "claim.dout is used": "dout is used",
    "claim.float32 stays float32": "float32 stays float32",
    "claim.float64 stays float64": "float64 stays float64",
    "claim.large inputs stay finite": "large inputs stay finite",
    "claim.certain predictions stay finite": "certain predictions stay finite",
    "claim.read-only arrays work": "read-only arrays work",
    "claim.non-contiguous arrays work": "non-contiguous arrays work",
    "claim.integer inputs give the same": "integer inputs give the same",
    "claim.weights start different": "weights start different",
    "claim.gradients are separate arrays": "gradients are separate arrays",
    "claim.ties": "ties",
    # Further kinds of input
    "claim.broadcast operands": "broadcast operands",
    "claim.4-D x": "4-D x",
    "claim.1-D samples": "1-D samples",
    "claim.2-D x": "2-D x",
    "claim.labels": "labels",
    "claim.labels where N = C": "labels where N = C",
    # Of engines
    "claim.values": "values",
    "claim.gradients": "gradients",
    "claim.a value that is used twice": "a value that is used twice",
    "claim.the same on a fresh graph": "the same on a fresh graph",
    "claim.the same after clearing the gradients": "the same after clearing the gradients",
    "claim.gradients of what is broadcast": "gradients of what is broadcast",
    "claim.long chains": "long chains",
    # Of optimisers
    "claim.each step": "each step",
    "claim.each weight for itself": "each weight for itself",
    "claim.each optimiser for itself": "each optimiser for itself",
    "claim.the order of the weights": "the order of the weights",
    "claim.gradients are left as they are": "gradients are left as they are",
    "claim.the usual formula": "the usual formula",
}
