import numpy as np


# trigrad: z: N D
def leaky_relu_forward(z, slope=0.1):
    return np.maximum(slope * z, z), z


def leaky_relu_backward(da, cache, slope=0.1):
    dz = np.array(da, copy=True)
    dz[cache < 0] *= slope
    return dz
