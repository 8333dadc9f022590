"""Single mistakes in the right optimisers: a text, and what stands in its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One mistake in a right file."""

    file: str
    text: str
    instead: str
    layer: str
    """The definition that is wrong with it."""
    named: str = ""
    """The known mistake that is named, without `optimiser.slip.`; "" where none is."""

    @property
    def id(self) -> str:
        """For the names of tests."""
        return f"{self.file}: {self.text.strip()[:40]} -> {self.instead.strip()[:40]}"


BOOK, LISTS, CONFIG = "chapter_dicts", "second_volume_lists", "functions_with_config"
PARAMETERS, LAYERS, STEPS = "parameters_dictionary", "layers_with_caches", "step_over_parameters"
ALONE, ATTRIBUTES, GIVEN = "one_array_in_one_out", "layer_attributes", "step_with_gradients"
NAMED = "named_weights"

MISTAKES = (
    Mistake(BOOK, "params[key] -= self.lr * grads[key]\n", "params[key] -= grads[key]\n", "SGD",
            "lr_missing"),
    Mistake(BOOK, "self.momentum * self.v[key] - self.lr * grads[key]",
            "self.v[key] - self.lr * grads[key]", "Momentum", "no_momentum"),
    Mistake(BOOK, "self.momentum * self.v[key] - self.lr * grads[key]",
            "self.lr * self.v[key] - self.lr * grads[key]", "Momentum", "lr_as_momentum"),
    Mistake(BOOK, "params[key] += self.v[key]", "params[key] += self.momentum * self.v[key]",
            "Momentum"),
    Mistake(BOOK, "(1 + self.momentum) * self.lr", "(1 - self.momentum) * self.lr", "Nesterov"),
    Mistake(BOOK, "params[key] += self.momentum * self.momentum * self.v[key]",
            "params[key] += self.momentum * self.v[key]", "Nesterov", "look_ahead"),
    Mistake(BOOK, "self.h[key] += grads[key] * grads[key]", "self.h[key] = grads[key] * grads[key]",
            "AdaGrad", "reset"),
    Mistake(BOOK, "self.h[key] += grads[key] * grads[key]", "self.h[key] += grads[key]",
            "AdaGrad", "no_square"),
    Mistake(BOOK, "self.h[key] *= self.decay_rate\n", "pass\n", "RMSprop"),
    Mistake(BOOK, "(1 - self.decay_rate) * grads[key] * grads[key]", "grads[key] * grads[key]",
            "RMSprop", "no_gain"),
    Mistake(BOOK, "self.iter += 1\n", "pass\n", "Adam", "t_late"),
    Mistake(BOOK, "/ (1.0 - self.beta1**self.iter)", "", "Adam", "no_m_bias"),
    Mistake(BOOK, "(1.0 - self.beta1**self.iter)", "(1.0 - self.beta1 * self.iter)", "Adam"),
    Mistake(BOOK, "(grads[key] ** 2 - self.v[key])", "(grads[key] - self.v[key])", "Adam",
            "no_square"),
    Mistake(LISTS, "self.v[i] = self.momentum * self.v[i] - self.lr * grads[i]",
            "self.v[0] = self.momentum * self.v[0] - self.lr * grads[i]", "Momentum",
            "shared"),
    Mistake(LISTS, "params[i] += self.v[i]", "params[i] = params[i] + self.v", "Momentum"),
    Mistake(LISTS, "v = self.v[i] / (1 - self.beta2**self.iter)", "v = self.v[i]", "Adam",
            "no_v_bias"),
    Mistake(LISTS, "m = self.m[i] / (1 - self.beta1**self.iter)",
            "m = self.m[i] = self.m[i] / (1 - self.beta1**self.iter)", "Adam"),
    Mistake(LISTS, "params[i] -= self.lr * m / np.sqrt(v + 1e-8)",
            "params[i] -= self.lr * m / (v + 1e-8)", "Adam", "no_root"),
    Mistake(CONFIG, "next_w = w + v", "next_w = w - v", "sgd_momentum", "sign"),
    Mistake(CONFIG, "return w, config", "return np.sum(w), config", "sgd"),
    Mistake(CONFIG, 'config["cache"] = cache', 'config["cache"] = dw**2', "rmsprop"),
    Mistake(CONFIG, 'config["t"] += 1', 'config["t"] = 1', "adam", "t_stuck"),
    Mistake(CONFIG, 'vt = config["v"] / (1 - config["beta2"] ** config["t"])',
            'vt = config["v"] / (1 - config["beta1"] ** config["t"])', "adam"),
    Mistake(CONFIG, 'next_w = w - config["learning_rate"] * mt / (np.sqrt(vt) + config["epsilon"])',
            'next_w = w - config["learning_rate"] * mt / np.sqrt(vt) + config["epsilon"]', "adam"),
    Mistake(PARAMETERS, 'W1 = W1 - learning_rate * grads["dW1"]',
            'W1 = W1 + learning_rate * grads["dW1"]', "update_parameters", "sign"),
    Mistake(PARAMETERS, 'v["db" + str(l)] = beta * v["db" + str(l)] + (1 - beta)',
            'v["db" + str(l)] = (1 - beta) * v["db" + str(l)] + beta',
            "update_parameters_with_momentum"),
    Mistake(PARAMETERS, "v_corrected[d] = v[d] / (1 - np.power(beta1, t))",
            "v_corrected[d] = v[d] / (1 - np.power(beta2, t))", "update_parameters_with_adam"),
    Mistake(PARAMETERS, "np.power(grads[d], 2)", "grads[d]", "update_parameters_with_adam",
            "no_square"),
    Mistake(LAYERS, "layer.bias_momentums = bias_updates", "layer.bias_momentums = weight_updates",
            "Optimizer_SGD"),
    Mistake(LAYERS, "layer.weight_momentums = weight_updates\n", "pass\n", "Optimizer_SGD",
            "reset"),
    Mistake(LAYERS, "layer.bias_cache += layer.dbiases**2", "layer.bias_cache = layer.dbiases**2",
            "Optimizer_Adagrad", "reset"),
    Mistake(LAYERS, "(1 - self.rho) * layer.dweights**2", "(1 - self.rho) * layer.dweights",
            "Optimizer_RMSprop", "no_square"),
    Mistake(LAYERS, "layer.weight_cache / (1 - self.beta_2 ** (self.iterations + 1))",
            "layer.weight_cache / (1 - self.beta_2**self.iterations)", "Optimizer_Adam"),
    Mistake(STEPS, "g = g + self.weight_decay * p.data", "g = g + self.weight_decay * g", "SGD"),
    Mistake(STEPS, "g = g + self.momentum * self.buffers[i]", "g = self.momentum * self.buffers[i]",
            "SGD", "look_ahead"),
    Mistake(STEPS, "p.data = p.data - self.lr * self.weight_decay * p.data\n", "pass\n", "AdamW"),
    Mistake(ALONE, "self.velocity = self.momentum * self.velocity - self.learning_rate * grad",
            "self.velocity = self.momentum * self.velocity + self.learning_rate * grad",
            "NesterovAcceleratedGradient", "sign"),
    Mistake(ALONE, "return w - self.momentum * old", "return w + self.momentum * old",
            "NesterovAcceleratedGradient", "look_ahead"),
    Mistake(ALONE, "self.Eg = self.rho * self.Eg + (1 - self.rho)",
            "self.Eg = (1 - self.rho) * self.Eg + self.rho", "RMSprop", "swapped_rho"),
    Mistake(ALONE, "return w - self.w_updt", "return w", "Adam", "nothing"),
    Mistake(ATTRIBUTES, "layer.B = layer.B - self.lr * layer.dB",
            "layer.B = layer.B - self.lr * layer.B", "GradientDescent"),
    Mistake(ATTRIBUTES, "self.speed[id(layer)] = vw, vb", "", "Momentum", "reset"),
    Mistake(ATTRIBUTES, "self.t += 1\n", "pass\n", "Adam", "t_late"),
    Mistake(GIVEN, "s[...] = self.alpha * s + (1 - self.alpha) * g * g",
            "s = self.alpha * s + (1 - self.alpha) * g * g", "RMSProp", "reset"),
    Mistake(NAMED, "self.state[name] = (m, v, t)", "self.state[name] = (m, v, 0)", "AdamOptimizer",
            "t_stuck"),
    Mistake(NAMED, "v = mu * v - lr * dw", "v = mu * v - lr * w", "momentum"),
)  # fmt: skip
