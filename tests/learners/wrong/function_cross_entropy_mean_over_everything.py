import numpy as np

def cross_entropy_error(y, t):
    # 小批量的平均损失
    y = np.atleast_2d(y)
    t = np.atleast_2d(t)
    return -np.mean(t * np.log(y + 1e-7))
