"""Tables and pages made from the records of a class."""

from trigrad.grade.views.writing import write

__all__ = ["write"]
