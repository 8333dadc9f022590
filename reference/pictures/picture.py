"""The picture of a layer that was judged."""

from __future__ import annotations

from trigrad.contracts.schema import Kind
from trigrad.messages import Message
from trigrad.pictures.graph import Form, Graph, graph_of
from trigrad.pictures.svg import as_svg
from trigrad.verdict.drawing import Drawing
from trigrad.verdict.results import LayerReport


def picture(layer: LayerReport) -> str | None:
    """The computational graph of a layer as SVG; None where it was not drawn."""
    if not isinstance(layer.drawing, Drawing):
        return None
    graph = graph_of(layer.drawing, by_layers=layer.kind is Kind.NETWORK)
    title = str(Message("draw.title", name=layer.name))
    return as_svg(graph, title, described(graph))


def described(graph: Graph) -> str:
    """A graph in words: the operations in their order, and what is wrong."""
    steps = [n.text for n in graph.nodes if n.form in (Form.CIRCLE, Form.BOX)]
    operands = [n.text for n in graph.nodes if n.form is Form.INPUT]
    words = str(Message("draw.described", operands=", ".join(operands), steps=", ".join(steps)))
    for arrow in graph.arrows:
        if arrow.wrong:
            at = graph.nodes[arrow.source]
            about = (
                Message("quantity.gradient", name=at.text)
                if at.form is Form.INPUT
                else Message("quantity.output")
            )
            lines = arrow.gradient if at.form is Form.INPUT else arrow.value
            words += f" {Message('draw.wrong', about=about, what=' '.join(lines))}"
    return f"{words} {graph.note}".strip()
