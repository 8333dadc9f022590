import numpy as np


def svm_loss_naive(W, X, y, reg):
    """
    Structured SVM loss function, naive implementation (with loops).

    - W: (D, C) weights
    - X: (N, D) minibatch
    - y: (N,) training labels
    - reg: regularization strength

    Returns loss as single float, gradient with respect to W
    """
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1  # delta = 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]

    loss /= num_train
    dW /= num_train

    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """same inputs and outputs as svm_loss_naive"""
    num_train = X.shape[0]
    rows = np.arange(num_train)

    scores = X.dot(W)
    correct = scores[rows, y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / num_train + reg * np.sum(W * W)

    counts = (margins > 0).astype(float)
    counts[rows, y] = -np.sum(counts, axis=1)
    dW = X.T.dot(counts) / num_train + 2 * reg * W
    return loss, dW
