"""Error messages in the languages of screens and pages: rich's markup, HTML, Markdown."""


class Relu:
    def forward(self, x):
        raise ValueError("[bold red]owned[/bold red] [/] <script>alert(1)</script> %s {} | `")

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
