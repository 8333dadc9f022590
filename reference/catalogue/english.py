"""The catalogue in English: every sentence, from the modules in `sentences`."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Catalogue
from trigrad.catalogue.sentences.arguments import ARGUMENTS
from trigrad.catalogue.sentences.claims import CLAIMS
from trigrad.catalogue.sentences.commands import COMMANDS
from trigrad.catalogue.sentences.conventions import CONVENTIONS
from trigrad.catalogue.sentences.declared import DECLARED
from trigrad.catalogue.sentences.digits import DIGITS
from trigrad.catalogue.sentences.engines import ENGINES
from trigrad.catalogue.sentences.exercises import EXERCISES
from trigrad.catalogue.sentences.files import FILES
from trigrad.catalogue.sentences.findings import FINDINGS
from trigrad.catalogue.sentences.formulas import FORMULAS
from trigrad.catalogue.sentences.gradcheck import GRADCHECK
from trigrad.catalogue.sentences.grade_command import GRADE_COMMAND
from trigrad.catalogue.sentences.grading import GRADING
from trigrad.catalogue.sentences.loading import LOADING
from trigrad.catalogue.sentences.network import NETWORK
from trigrad.catalogue.sentences.optimisers import OPTIMISERS
from trigrad.catalogue.sentences.pages import PAGES
from trigrad.catalogue.sentences.parts import PARTS
from trigrad.catalogue.sentences.readings import READINGS
from trigrad.catalogue.sentences.relations import RELATIONS
from trigrad.catalogue.sentences.report import REPORT
from trigrad.catalogue.sentences.screen import SCREEN
from trigrad.catalogue.sentences.shelf import SHELF
from trigrad.catalogue.sentences.suggestions import SUGGESTIONS
from trigrad.catalogue.sentences.tracing import TRACING
from trigrad.catalogue.sentences.unjudged import UNJUDGED
from trigrad.catalogue.sentences.views import VIEWS

ENGLISH = Catalogue(
    language="en",
    templates={
        **ARGUMENTS,
        **CLAIMS,
        **COMMANDS,
        **CONVENTIONS,
        **DECLARED,
        **DIGITS,
        **ENGINES,
        **EXERCISES,
        **FILES,
        **FINDINGS,
        **FORMULAS,
        **GRADCHECK,
        **GRADE_COMMAND,
        **GRADING,
        **LOADING,
        **NETWORK,
        **OPTIMISERS,
        **PAGES,
        **PARTS,
        **READINGS,
        **RELATIONS,
        **REPORT,
        **SCREEN,
        **SHELF,
        **SUGGESTIONS,
        **TRACING,
        **UNJUDGED,
        **VIEWS,
    },
)
