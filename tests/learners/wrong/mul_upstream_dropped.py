# -*- coding: utf-8 -*-
'''ch.5: layers for the shopping example'''

class AddLayer:
    def forward(self, x, y):
        return x + y
    def backward(self, dout):
        return dout, dout

class MulLayer:
    def __init__(self):
        self.x=None
        self.y=None

    def forward(self, x, y):
        self.x=x
        self.y=y
        out=x*y
        return out

    def backward(self, dout):
        dx=self.y
        dy=dout*self.x
        return dx,dy

apple=100; apple_num=2; orange=150; orange_num=3; tax=1.1
