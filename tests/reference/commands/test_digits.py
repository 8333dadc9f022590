"""`trigrad digits check` and `trigrad digits train` as they are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from trigrad.commands.app import app
from trigrad.digits import pictures

LEARNERS = Path(__file__).parents[2] / "learners"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TRIGRAD_MNIST", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def digits(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["digits", *map(str, arguments)])


class TestCheck:
    def test_own_network(self) -> None:
        result = digits("check", "--sample", "--hidden", "2")
        assert result.exit_code == 0, result.output
        assert "TwoLayerNet 784-2-10" in result.stdout
        assert "4,000 digits to train on" in result.stdout
        assert "✓ back-propagation, PyTorch and gradcheck agree" in result.stdout
        assert "The loss is exact" in result.stdout

    def test_book_loss(self) -> None:
        result = digits("check", "--sample", "--hidden", "2", "--book-loss")
        assert result.exit_code == 0, result.output
        assert "predicted from" in result.stdout
        assert "It is no sign of a mistake in b2." in " ".join(result.stdout.split())

    def test_somebodys_network_in_the_sandbox(self) -> None:
        path = LEARNERS / "right" / "net_in_folders"
        result = digits("check", "--sample", "--hidden", "2", "--impl", path)
        assert result.exit_code == 0, result.output
        assert "✓ back-propagation, PyTorch and gradcheck agree" in result.stdout

    def test_wrong_network(self, tmp_path: Path) -> None:
        text = (LEARNERS / "right" / "book_style.py").read_text("utf-8")
        right = "grads['b1'] = self.layers['Affine1'].db"
        assert text.count(right) == 1
        (tmp_path / "net.py").write_text(text.replace(right, right + " * 2"), "utf-8")
        result = digits("check", "--sample", "--hidden", "5", "--impl", tmp_path / "net.py")
        assert result.exit_code == 1
        assert "✗ the gradient of b1 differs from PyTorch's" in result.stdout
        assert "gradcheck: 1 of 4 gradients wrong" in result.stdout
        assert result.stdout.endswith(f"trigrad check {tmp_path / 'net.py'}\n")

    def test_network_that_raises(self, tmp_path: Path) -> None:
        text = (LEARNERS / "right" / "book_style.py").read_text("utf-8")
        right = "        y = self.predict(x)\n        return self.lastLayer.forward(y, t)\n"
        assert text.count(right) == 1
        wrong = text.replace(right, right.replace("(y, t)", "(z, t)"))
        (tmp_path / "net.py").write_text(wrong, "utf-8")
        result = digits("check", "--sample", "--hidden", "2", "--impl", tmp_path / "net.py")
        assert result.exit_code == 1
        assert "✗ TwoLayerNet: loss raises NameError: undefined name z" in result.stdout

    def test_network_that_hangs(self, tmp_path: Path) -> None:
        text = (LEARNERS / "right" / "book_style.py").read_text("utf-8")
        right = "    def loss(self, x, t):\n"
        assert text.count(right) == 1
        (tmp_path / "net.py").write_text(text.replace(right, f"{right}        while 1: x\n"))
        path = tmp_path / "net.py"
        result = digits("check", "--sample", "--hidden", "2", "--impl", path, "--timeout", "1")
        assert result.exit_code == 1
        assert "loss did not return within 1 s" in result.stdout

    @pytest.mark.parametrize(
        ("was", "now", "words"),
        [
            (
                "class Relu:",
                "from common import Relu\n\n\nclass Another:",
                "it needs what is not here: common",
            ),
            (
                "        self.layers = ",
                "        self.params['W3'] = 1\n        self.layers = ",
                "W3",
            ),
        ],
    )
    def test_network_that_cannot_be_judged(
        self, tmp_path: Path, was: str, now: str, words: str
    ) -> None:
        text = (LEARNERS / "right" / "book_style.py").read_text("utf-8")
        assert text.count(was) == 1
        (tmp_path / "net.py").write_text(text.replace(was, now), "utf-8")
        result = digits("check", "--sample", "--hidden", "2", "--impl", tmp_path / "net.py")
        assert result.exit_code == 2, result.output
        assert "? TwoLayerNet: " in result.stdout
        assert words in result.stdout

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--impl", LEARNERS / "wrong" / "mul_backward_adds.ipynb"], "no TwoLayerNet in it"),
            (["--impl", "nowhere.py"], "nowhere.py"),
            (["--impl", LEARNERS / "spellings" / "network_with_tanh.py"], "Affine → tanh"),
            (["--data", "nowhere"], "nowhere: no such folder"),
            (["--data", __file__], "test_digits.py: a file, no folder"),
            (["--data", "nowhere", "--sample"], "give --sample or --data, not both"),
            (["--impl", "x.py", "--book-loss"], "--book-loss is for trigrad's own network"),
        ],
    )
    def test_nothing_to_compare(self, arguments: list[str | Path], words: str) -> None:
        result = digits("check", *arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        assert line.startswith("trigrad: ")
        assert words in line


class TestTrain:
    def test_writes_a_log_and_pictures(self, tmp_path: Path) -> None:
        out = tmp_path / "new" / "folder"
        result = digits("train", "--sample", "--steps", "80", "--hidden", "5", "--out", out)
        assert result.exit_code == 0, result.output
        lines = result.stdout.splitlines()
        assert "epoch   1.0  step     40" in result.stdout
        assert "gradients confirmed once" in lines
        assert lines[-1].startswith("test accuracy 0.")
        assert len((out / "log.csv").read_text("utf-8").splitlines()) == 81
        for name in ("curves.png", "mistakes.png"):
            assert (out / name).read_bytes().startswith(PNG)

    def test_a_cnn(self, tmp_path: Path) -> None:
        size = ("--steps", "2", "--batch", "10", "--hidden", "5")
        result = digits("train", "--network", "cnn", "--sample", *size, "--out", tmp_path)
        assert result.exit_code == 0, result.output
        assert "gradients confirmed once" in result.stdout
        assert {path.name for path in tmp_path.iterdir()} == {
            *("log.csv", "curves.png", "mistakes.png")
        }

    def test_help_says_what_impl_does_without_options(self) -> None:
        from trigrad.commands.digits_train import Which
        from trigrad.impl.train import NETWORKS

        words = " ".join(digits("train", "--help").stdout.replace("│", " ").split())
        assert {str(each) for each in Which} == set(NETWORKS)
        usual, cnn = NETWORKS["two-layer"], NETWORKS["cnn"]
        for name in vars(usual):
            assert f": {getattr(usual, name)}, for the cnn {getattr(cnn, name)}." in words

    def test_without_matplotlib_it_says_how_to_get_pictures(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "there_is_matplotlib", lambda: False)
        result = digits(
            "train", "--sample", "--steps", "2", "--hidden", "5", "--out", tmp_path / "out"
        )
        assert result.exit_code == 0, result.output
        assert "pip install matplotlib" in result.stdout
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["log.csv"]

    def test_no_page_of_mistakes_where_there_are_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from trigrad.impl.mnist import SAMPLE, load_mnist

        right = load_mnist(normalize=False, folder=SAMPLE)[1][1]
        monkeypatch.setattr(pictures, "read", lambda *_: right)
        result = digits("train", "--sample", "--steps", "1", "--hidden", "5", "--out", tmp_path)
        assert result.exit_code == 0, result.output
        assert {path.name for path in tmp_path.iterdir()} == {"log.csv", "curves.png"}

    def test_wrong_gradients_stop_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from trigrad.impl.layers import Affine

        right = Affine.backward

        def wrong(self: Affine, dout: object) -> object:
            dx = right(self, dout)  # type: ignore[arg-type]
            self.dW = self.dW * 2
            return dx

        monkeypatch.setattr(Affine, "backward", wrong)
        monkeypatch.setattr(pictures, "there_is_matplotlib", lambda: False)
        result = digits(
            "train", "--sample", "--steps", "50", "--hidden", "5", "--out", tmp_path / "out"
        )
        assert result.exit_code == 1
        assert "✗ stopped after step 1: the gradients are wrong" in result.stdout
        assert "✗ W1" in result.stdout
        assert len((tmp_path / "out" / "log.csv").read_text("utf-8").splitlines()) == 2

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        result = digits(
            "train", "--sample", "--steps", "2", "--hidden", "5", "--out", tmp_path / "file"
        )
        assert result.exit_code == 2
        assert "cannot be written to" in result.stderr

    @pytest.mark.parametrize("name", ["log.csv", "curves.png"])
    def test_what_cannot_be_written_is_known_before_the_first_step(
        self, tmp_path: Path, name: str
    ) -> None:
        (tmp_path / name).mkdir()
        result = digits("train", "--sample", "--steps", "10000", "--out", tmp_path)
        assert result.exit_code == 2
        assert f"{name}: cannot be written to" in result.stderr
        assert result.stdout == ""

    def test_pictures_of_an_earlier_run_do_not_stay(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "there_is_matplotlib", lambda: False)
        for name in ("curves.png", "mistakes.png", "mine.png"):
            (tmp_path / name).write_text("earlier")
        digits("train", "--sample", "--steps", "1", "--hidden", "5", "--out", tmp_path)
        assert {path.name for path in tmp_path.iterdir()} >= {"log.csv", "mine.png"}
        assert not (tmp_path / "curves.png").exists()
        assert not (tmp_path / "mistakes.png").exists()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--lr", "inf"], "not a number above 0"),
            (["--lr", "-1"], "not a number above 0"),
            (["--batch", "10000000"], "there are 4000 images"),
        ],
    )
    def test_what_no_training_can_have(
        self, tmp_path: Path, arguments: list[str], words: str
    ) -> None:
        result = digits("train", "--sample", "--out", tmp_path, *arguments)
        assert result.exit_code == 2
        assert words in " ".join(result.stderr.replace("│", " ").split())

    def test_a_rate_that_is_too_large_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "there_is_matplotlib", lambda: False)
        result = digits("train", "--sample", "--steps", "30", "--lr", "300", "--out", tmp_path)
        assert result.exit_code == 0, result.output
        assert "the loss has grown: --lr is too large" in result.stdout

    def test_weights_beyond_all_numbers(self, tmp_path: Path) -> None:
        result = digits("train", "--sample", "--steps", "9", "--lr", "1e300", "--out", tmp_path)
        assert result.exit_code == 2
        assert "a smaller --lr may help" in " ".join(result.stdout.split())
