import numpy as np


# trigrad: scores: N C; y: labels<C N
def hinge_loss(scores, y):
    n = scores.shape[0]
    correct = scores[np.arange(n), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1.0)
    margins[np.arange(n), y] = 0
    loss = np.sum(margins) / n
    dscores = np.zeros_like(scores)
    dscores[margins > 0] = 1
    dscores[np.arange(n), y] -= np.sum(margins > 0, axis=1)
    dscores /= n
    return loss, dscores
