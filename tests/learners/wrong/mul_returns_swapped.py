class MulLayer(object):
  """z = x * y"""

  def __init__(self):
    self.x, self.y = None, None

  def forward(self, x, y):
    self.x, self.y = x, y
    z = x * y
    return z

  def backward(self, dz):
    dx = dz * self.y
    dy = dz * self.x
    return dy, dx


# buy two apples
apple_layer, tax_layer = MulLayer(), MulLayer()
price = tax_layer.forward(apple_layer.forward(100, 2), 1.1)
dapple_price, dtax = tax_layer.backward(1)
dapple, dnum = apple_layer.backward(dapple_price)
print("price", price, "dapple", dapple, "dnum", dnum, "dtax", dtax)
