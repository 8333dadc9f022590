"""Funktionen aus Kapitel 3, hier noch einmal gesammelt."""
import numpy as np

def step_function(x):
    return np.array(x > 0, dtype=int)

def sigmoid(x):
    nenner = 1 + np.exp(x)
    return 1 / nenner

def identity_function(x):
    return x
