"""Which modules are libraries: these are really imported, before files of the learner's."""

from __future__ import annotations

import sys

REAL_PACKAGES = frozenset({"numpy", "scipy", "torch"})
"""Really imported, like the standard library. Any other module is either a file of the learner's or
replaced by a placeholder, since no plotting library is needed to define a layer."""


def is_library(module: str) -> bool:
    """Whether a module is really imported, before any file of the learner's is looked for."""
    top = module.partition(".")[0]
    return top in REAL_PACKAGES or is_standard(module)


def is_standard(module: str) -> bool:
    """Whether a module belongs to the standard library."""
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names or top == "__future__"


_THIRD_PARTY = frozenset(
    (
        *("IPython", "PIL", "autograd", "bokeh", "chainer", "cupy", "cv2", "dezero", "ddt"),
        *("future", "google", "graphviz", "h5py", "imageio", "ipywidgets", "jax", "joblib"),
        *("keras", "librosa", "matplotlib", "mlxtend", "mnist", "mxnet", "nltk", "numba"),
        *("pandas", "past", "plotly", "psutil", "pydot", "pytest", "requests", "seaborn"),
        *(
            "six",
            "skimage",
            "sklearn",
            "sympy",
            "tensorboardX",
            "tensorflow",
            "tensorflow_datasets",
        ),
        *("flax", "lasagne", "numexpr", "optax", "paddle", "statsmodels", "tinygrad"),
        *("theano", "torchsummary", "torchvision", "tqdm", "transformers"),
        *("typing_extensions", "wandb", "yaml"),
    )
)


def is_third_party(module: str) -> bool:
    """Whether a module is a well-known package, so that no file of that name is searched for.

    A file of that name beside the importing one is still used, as in Python.
    """
    return module.partition(".")[0] in _THIRD_PARTY
