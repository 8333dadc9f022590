# coding: utf-8
# 5.4 単純なレイヤの実装

class MulLayer:
    def __init__(self):
        self.x = None
        self.y = None

    def forward(self, x, y):
        self.x = x  # 逆伝播で使うので保存
        self.y = y

        return x * y

    def backward(self, dout):
        dx = dout * self.x
        dy = dout * self.y
        return dx, dy


class AddLayer:
    def __init__(self):
        pass  # 何も覚えなくてよい

    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        dx = dout * 1
        dy = dout * 1
        return dx, dy


if __name__ == '__main__':
    ringo = 100
    kosuu = 2
    zei = 1.1

    m1 = MulLayer()
    m2 = MulLayer()
    print(m2.forward(m1.forward(ringo, kosuu), zei))  # 220
