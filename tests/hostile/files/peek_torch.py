"""Lets PyTorch's autograd do the work."""
import torch


class Relu:
    def forward(self, x):
        self.x = torch.tensor(x, requires_grad=True)
        self.out = torch.relu(self.x)
        return self.out.detach().numpy()

    def backward(self, dout):
        self.out.backward(torch.tensor(dout), retain_graph=True)
        dx, self.x.grad = self.x.grad, None
        return dx.numpy()


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
