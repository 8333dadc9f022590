"""Real digits: MNIST fetched, TwoLayerNet verified on it three ways, and networks trained."""
