"""Tables and pages made from the records of a class."""
