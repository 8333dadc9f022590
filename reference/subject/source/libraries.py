"""Which modules are libraries: found before any file of the learner's, and imported for real."""

from __future__ import annotations

import sys

REAL_PACKAGES = frozenset({"numpy", "scipy", "torch"})
"""Imported for real, as the standard library is. Everything else is either a neighbour of the
learner's file or a placeholder: defining layers takes no plotting library."""


def is_library(module: str) -> bool:
    """Whether an import of it is carried out for real, before any file of the learner's."""
    top = module.partition(".")[0]
    return top in REAL_PACKAGES or is_standard(module)


def is_standard(module: str) -> bool:
    """Whether it belongs to the standard library."""
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
        *("theano", "torchsummary", "torchvision", "tqdm", "transformers"),
        *("typing_extensions", "wandb", "yaml"),
    )
)


def is_third_party(module: str) -> bool:
    """Whether its name is that of a well-known package, for which nobody's file is mistaken.

    A file of that name beside the importing one is found all the same, as Python would.
    """
    return module.partition(".")[0] in _THIRD_PARTY
