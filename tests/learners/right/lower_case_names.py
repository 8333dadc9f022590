import numpy as np

class mulLayer:
  def forward(self,x,y):
    self.x=x; self.y=y
    return x*y
  def backward(self,dout):
    return dout*self.y,dout*self.x

class addLayer:
  def forward(self,x,y): return x+y
  def backward(self,dout): return dout,dout

class relu:
  def forward(self,x):
    self.mask=x<=0
    out=x.copy(); out[self.mask]=0
    return out
  def backward(self,dout):
    dout[self.mask]=0
    return dout

class affine:
  def __init__(self,W,b): self.W=W; self.b=b
  def forward(self,x):
    self.x=x
    return np.dot(x,self.W)+self.b
  def backward(self,dout):
    self.dW=np.dot(self.x.T,dout); self.db=np.sum(dout,axis=0)
    return np.dot(dout,self.W.T)
