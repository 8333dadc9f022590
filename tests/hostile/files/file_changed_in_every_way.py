"""Right, if nothing in a folder of others can be changed: made, moved, linked, emptied, owned."""
import os
import shutil

import numpy as np

CANARY = "/nonexistent/trigrad-canary"


def changed():
    kept, inner = CANARY + "/kept.txt", CANARY + "/inner"
    ways = (
        lambda: open(kept, "w").close(),
        lambda: open(kept, "r+").write("hostile"),
        lambda: open(CANARY + "/new.txt", "x").close(),
        lambda: os.remove(kept),
        lambda: os.rmdir(inner),
        lambda: shutil.rmtree(inner),
        lambda: os.chmod(kept, 0o600),
        lambda: os.chmod(CANARY, 0o777),
        lambda: os.chown(kept, os.getuid(), os.getgid()),
        lambda: os.utime(kept, (0, 0)),
        lambda: os.rename(kept, CANARY + "/moved.txt"),
        lambda: os.rename(kept, "moved.txt"),
        lambda: os.link(kept, CANARY + "/link.txt"),
        lambda: os.link(kept, "link.txt"),
        lambda: os.symlink(kept, CANARY + "/link.txt"),
        lambda: os.truncate(kept, 0),
        lambda: os.mkdir(CANARY + "/new"),
        lambda: os.mkfifo(CANARY + "/fifo"),
        lambda: os.setxattr(kept, "user.hostile", b"1"),
    )
    for way in ways:
        try:
            way()
            return True
        except OSError:
            pass
    return False


class Relu:
    tried = None

    def forward(self, x):
        if Relu.tried is None:
            Relu.tried = changed()
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        if Relu.tried:
            return dout
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
