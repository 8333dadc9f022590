# 덧셈 노드
class AddLayer:
    def __init__(self):
        pass

    def forward(self, x, y):
        out = x + y
        return out

    def backward(self, dout):
        # 그대로 흘려보낸다
        return dout
