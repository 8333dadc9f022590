"""自動微分の小さなエンジン"""

import numpy as np


class 変数:
    """計算グラフの節点。データは配列、勾配も配列。"""

    def __init__(self, data, 親=(), 逆伝播=None):
        self.data = np.array(data, dtype=float)
        self.grad = np.zeros_like(self.data)  # 勾配は 0 から始める
        self.親 = 親
        self.逆伝播 = 逆伝播

    def zero_grad(self):
        """勾配を 0 に戻す"""
        self.grad = np.zeros_like(self.data)

    def backward(self):
        # トポロジカル順序に並べる
        順序 = []
        訪問済み = set()

        def 深さ優先(節点):
            if id(節点) in 訪問済み:
                return
            訪問済み.add(id(節点))
            for 前 in 節点.親:
                深さ優先(前)
            順序.append(節点)

        深さ優先(self)
        self.grad = np.ones_like(self.data)
        for 節点 in reversed(順序):
            if 節点.逆伝播 is not None:
                節点.逆伝播(節点.grad)

    def __add__(self, other):
        # 加算ノード：上流の値をそのまま流す
        def 逆(g):
            self.grad += g
            other.grad += g

        return 変数(self.data + other.data, (self, other), 逆)

    def __sub__(self, other):
        def 逆(g):
            self.grad += g
            other.grad -= g

        return 変数(self.data - other.data, (self, other), 逆)

    def __mul__(self, other):
        # 乗算ノード：ひっくり返した値を掛ける
        def 逆(g):
            self.grad += g * other.data
            other.grad += g * self.data

        return 変数(self.data * other.data, (self, other), 逆)

    def __neg__(self):
        def 逆(g):
            self.grad -= g

        return 変数(-self.data, (self,), 逆)

    def relu(self):
        mask = self.data > 0

        def 逆(g):
            self.grad += g * mask

        return 変数(self.data * mask, (self,), 逆)

    def dot(self, other):
        # 行列の積
        def 逆(g):
            self.grad += np.dot(g, other.data.T)
            other.grad += np.dot(self.data.T, g)

        return 変数(np.dot(self.data, other.data), (self, other), 逆)

    def sum(self):
        def 逆(g):
            self.grad += g * np.ones_like(self.data)

        return 変数(self.data.sum(), (self,), 逆)
