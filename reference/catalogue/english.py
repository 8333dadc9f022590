"""The catalogue in English: every sentence, from the modules in `sentences`."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Catalogue
from trigrad.catalogue.sentences.declared import DECLARED
from trigrad.catalogue.sentences.engines import ENGINES
from trigrad.catalogue.sentences.findings import FINDINGS
from trigrad.catalogue.sentences.grading import GRADING
from trigrad.catalogue.sentences.network import NETWORK
from trigrad.catalogue.sentences.optimisers import OPTIMISERS
from trigrad.catalogue.sentences.parts import PARTS
from trigrad.catalogue.sentences.readings import READINGS
from trigrad.catalogue.sentences.relations import RELATIONS
from trigrad.catalogue.sentences.report import REPORT
from trigrad.catalogue.sentences.shelf import SHELF
from trigrad.catalogue.sentences.suggestions import SUGGESTIONS
from trigrad.catalogue.sentences.tracing import TRACING
from trigrad.catalogue.sentences.unjudged import UNJUDGED
from trigrad.catalogue.sentences.views import VIEWS

ENGLISH = Catalogue(
    language="en",
    templates={
        **DECLARED,
        **ENGINES,
        **FINDINGS,
        **GRADING,
        **NETWORK,
        **OPTIMISERS,
        **PARTS,
        **READINGS,
        **RELATIONS,
        **REPORT,
        **SHELF,
        **SUGGESTIONS,
        **TRACING,
        **UNJUDGED,
        **VIEWS,
    },
)
