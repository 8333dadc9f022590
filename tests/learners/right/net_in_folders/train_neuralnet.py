# coding: utf-8
import numpy as np
from dataset.mnist import load_mnist
from two_layer_net import TwoLayerNet

(x_train, t_train), (x_test, t_test) = load_mnist(normalize=True, one_hot_label=True)
network = TwoLayerNet(input_size=784, hidden_size=50, output_size=10)

i = 0
while True:
    mask = np.random.choice(x_train.shape[0], 100)
    grad = network.gradient(x_train[mask], t_train[mask])
    for key in ('W1', 'b1', 'W2', 'b2'):
        network.params[key] -= 0.1 * grad[key]
    i += 1
    if i % 600 == 0:
        print(i, network.accuracy(x_test, t_test))
