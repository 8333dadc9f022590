"""The names of NumPy's functions by what they do, and the methods of arrays."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


MOVING = _words("""
reshape ravel transpose swapaxes moveaxis rollaxis squeeze expand_dims broadcast_to flip fliplr
flipud rot90 roll tile repeat diagonal diag diagflat tril triu take take_along_axis delete resize
extract split array_split hsplit vsplit dsplit atleast_1d atleast_2d atleast_3d
permute_dims matrix_transpose unstack
""")
"""They move the values of one array, their first argument."""
JOINING = _words("""
concatenate concat stack vstack hstack dstack column_stack row_stack block
""")
"""They put the arrays of a list together."""
WRITING = _words("""
copyto put putmask place put_along_axis fill_diagonal
""")
"""They write into their first argument."""
VALUES = _words("""
shape ndim size allclose array_equal array_equiv isclose argwhere flatnonzero isscalar result_type
can_cast iscomplexobj isrealobj isreal iscomplex may_share_memory shares_memory array2string
array_repr array_str min_scalar_type common_type
""")
"""They ask about values, shapes and dtypes."""
METHODS = _words("""
sum prod mean var std max min argmax argmin cumsum cumprod ptp reshape ravel transpose swapaxes
squeeze diagonal trace repeat take put dot round clip any all nonzero argsort copy
searchsorted
""")
"""Methods of arrays that are functions of NumPy's too."""
UNARY = _words("""
negative exp exp2 expm1 log log2 log10 log1p sqrt square reciprocal sin cos tan arcsin arccos
arctan sinh cosh tanh arcsinh arccosh arctanh erf erfc erfinv
""")
"""Functions of one number that PyTorch has by the same name."""

ANALYTIC = _words("""
add subtract multiply divide negative positive exp exp2 expm1 square reciprocal sin cos tan arctan
sinh cosh tanh arcsinh matmul
""")
"""Functions of numbers that NumPy has for complex ones too, with the same formula everywhere."""

NATURAL = _words("""
sum prod mean average cumsum cumprod dot inner outer kron tensordot einsum trace cross convolve
diff where select choose append insert meshgrid broadcast_arrays pad sliding_window_view
as_strided compress zeros_like ones_like empty_like full full_like array asarray asanyarray
ascontiguousarray asfortranarray copy nan_to_num nansum linalg.inv linalg.det linalg.solve
linalg.multi_dot linalg.matrix_power linalg.outer linalg.trace linalg.cross linalg.tensordot
linalg.diagonal linalg.matrix_transpose random.shuffle random.permutation random.choice
""")
"""Functions of arrays that are on complex arrays what they are on real ones."""

SHARED_WITH_MATH = _words("""
exp expm1 log1p log2 log10 sqrt cbrt exp2 fmod sin cos tan sinh cosh tanh degrees radians copysign
fabs
""")
"""Functions that NumPy has under the names of Python's `math`."""
