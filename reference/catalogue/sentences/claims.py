"""The sentences in English: the names of claims, as a reader reads them.

A key is `claim.` and the name by which the program knows it, which is never translated.
"""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

CLAIMS: dict[str, Template] = {
    # About each gradient
    "claim.quantity": "the {quantity}",
    "claim.present": "there is a {quantity}",
    "claim.shape": "the shape of the {quantity}",
    "claim.at_kink": "the {quantity} at the threshold",
    "claim.at_kink_is_0": "the {quantity} at the threshold is 0",
    # What must hold
    "claim.builds": "an object can be made",
    "claim.output shape": "the shape of the output",
    "claim.backward runs": "backward runs",
    "claim.value": "the output",
    "claim.plain numbers": "plain Python numbers work",
    "claim.linear in dout": "twice the dout gives twice the gradients",
    "claim.rows are independent": "each row of a batch gives what it gives alone",
    "claim.rows permute": "samples in another order give the same results in that order",
    "claim.same when called twice": "a second call gives the same result",
    "claim.backward belongs to the last forward": (
        "after two calls of forward, backward belongs to the second"
    ),
    "claim.objects share nothing": "two objects of the class share nothing",
    "claim.near the kink": "close to the threshold, output and gradients are right",
    "claim.db sums dout over axis 0": "db is dout summed over axis 0",
    "claim.weight gradients add up over rows": (
        "weight gradients are the sum of those of the samples"
    ),
    "claim.uses its weights as they are now": "the layer uses its weights after they are changed",
    "claim.divides by the batch": "with every sample twice, the loss stays the same and dx halves",
    "claim.dx sums to 0 in every row": "every row of dx sums to 0",
    "claim.unchanged by a shift of the row": "a constant added to a row does not change the output",
    "claim.rows sum to 1": "every row of the output sums to 1",
    "claim.gradient leaves params as they were": "gradient does not change the weights",
    "claim.test mode": "test mode",
    # What should hold
    "claim.NumPy only": "only NumPy is used",
    "claim.forward keeps its arguments": "forward does not change its arguments",
    "claim.backward keeps its arguments": "backward does not change its arguments",
    "claim.arguments are restored": "the arguments get their old values back",
    "claim.dout is used": "backward multiplies by dout",
    "claim.float32 stays float32": "float32 inputs give float32 results",
    "claim.float64 stays float64": "float64 inputs give float64 results",
    "claim.large inputs stay finite": "inputs of ±1000 give finite numbers",
    "claim.certain predictions stay finite": "probabilities of exactly 0 and 1 give finite numbers",
    "claim.read-only arrays work": "read-only arrays work",
    "claim.non-contiguous arrays work": "slices of larger arrays work",
    "claim.integer inputs give the same": "integers give the same as floats",
    "claim.weights start different": "the weights start with different numbers",
    "claim.gradients are separate arrays": "each gradient is an array of its own",
    "claim.ties": "ties (several largest entries) are handled",
    # Further kinds of input
    "claim.broadcast operands": "a y with fewer axes than x",
    "claim.4-D x": "x with 4 axes",
    "claim.1-D samples": "a single sample",
    "claim.2-D x": "x with 2 axes",
    "claim.labels": "class labels",
    "claim.labels where N = C": "class labels if there are as many samples as classes",
    # Of engines
    "claim.values": "values",
    "claim.gradients": "gradients",
    "claim.a value that is used twice": "a value that is used twice",
    "claim.the same on a fresh graph": "a second calculation with new values",
    "claim.the same after clearing the gradients": (
        "a second calculation after the gradients are set to zero"
    ),
    "claim.gradients of what is broadcast": "gradients for inputs of different shapes",
    "claim.long chains": "long chains of operations",
    # Of optimisers
    "claim.each step": "each step",
    "claim.each weight for itself": "each weight for itself",
    "claim.each optimiser for itself": "each optimiser for itself",
    "claim.the order of the weights": "the order of the weights",
    "claim.gradients are left as they are": "gradients are left as they are",
    "claim.the usual formula": "the usual formula",
}
