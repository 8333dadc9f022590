import numpy as np


class OptimizerBase:

    def __init__(self, lr, scheduler=None):
        self.cache = {}
        self.cur_step = 0
        self.hyperparameters = {}
        self.lr_scheduler = lambda step, loss: lr

    def __call__(self, param, param_grad, param_name, cur_loss=None):
        return self.update(param, param_grad, param_name, cur_loss)

    def step(self):
        self.cur_step += 1


class SGD(OptimizerBase):

    def __init__(self, lr=0.01, momentum=0.0, clip_norm=None, lr_scheduler=None, **kwargs):
        super().__init__(lr, lr_scheduler)
        self.hyperparameters = {"id": "SGD", "lr": lr, "momentum": momentum, "clip_norm": clip_norm}

    def update(self, param, param_grad, param_name, cur_loss=None):
        C = self.cache
        H = self.hyperparameters
        momentum, clip_norm = H["momentum"], H["clip_norm"]
        lr = self.lr_scheduler(self.cur_step, cur_loss)
        if param_name not in C:
            C[param_name] = np.zeros_like(param_grad)
        t = np.inf if clip_norm is None else clip_norm
        if np.linalg.norm(param_grad) > t:
            param_grad = param_grad * t / np.linalg.norm(param_grad)
        update = momentum * C[param_name] + lr * param_grad
        self.cache[param_name] = update
        return param - update


class Adam(OptimizerBase):

    def __init__(self, lr=0.001, decay1=0.9, decay2=0.999, eps=1e-7, clip_norm=None, lr_scheduler=None, **kwargs):
        super().__init__(lr, lr_scheduler)
        self.hyperparameters = {"lr": lr, "eps": eps, "decay1": decay1, "decay2": decay2, "clip_norm": clip_norm}

    def update(self, param, param_grad, param_name, cur_loss=None):
        C, H = self.cache, self.hyperparameters
        d1, d2, eps = H["decay1"], H["decay2"], H["eps"]
        lr = self.lr_scheduler(self.cur_step, cur_loss)
        if param_name not in C:
            C[param_name] = {"t": 0, "mean": np.zeros_like(param_grad), "var": np.zeros_like(param_grad)}
        t = C[param_name]["t"] + 1
        mean, var = C[param_name]["mean"], C[param_name]["var"]
        C[param_name]["t"] = t
        C[param_name]["mean"] = d1 * mean + (1 - d1) * param_grad
        C[param_name]["var"] = d2 * var + (1 - d2) * param_grad ** 2
        v_hat = C[param_name]["var"] / (1 - d2 ** t)
        m_hat = C[param_name]["mean"] / (1 - d1 ** t)
        return param - lr * m_hat / (np.sqrt(v_hat) + eps)
