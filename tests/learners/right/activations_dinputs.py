# Activations in the style of the "from scratch" video series: nothing is returned.
import numpy as np


class Activation_Tanh:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.tanh(inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues * (1 - self.output ** 2)


class Activation_LeakyReLU:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.maximum(0.01 * inputs, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] *= 0.01


class Activation_Softplus:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.log1p(np.exp(-np.abs(inputs))) + np.maximum(inputs, 0)

    def backward(self, dvalues):
        self.dinputs = dvalues / (1 + np.exp(-self.inputs))


class Activation_GELU:
    def forward(self, inputs):
        self.inputs = inputs
        self.sig = 1 / (1 + np.exp(-1.702 * inputs))
        self.output = inputs * self.sig

    def backward(self, dvalues):
        self.dinputs = dvalues * self.sig * (1 + 1.702 * self.inputs * (1 - self.sig))
