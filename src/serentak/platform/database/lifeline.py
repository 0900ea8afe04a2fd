"""Ties the life of a child process to that of its parent, so that nothing outlives a kill -9."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from functools import partial

PR_SET_PDEATHSIG = 1

# Loaded here, since a child between fork and exec must not load anything.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent(signal_number: signal.Signals) -> Callable[[], None]:
    """A ``preexec_fn`` that has Linux signal the child when the present process ends.

    Linux watches the thread that made the child, so children belong to the main thread. Elsewhere
    it does nothing, and a killed parent leaves its children to be stopped by hand.
    """
    return partial(_tie, os.getpid(), signal_number)


def follow(parent: int) -> None:
    """Have Linux kill this process when its parent, which did not tie it, ends or has ended."""
    _tie(parent, signal.SIGKILL)


def _tie(parent: int, signal_number: signal.Signals) -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signal_number))
        if os.getppid() != parent:  # it ended before the tie was made
            os.kill(os.getpid(), signal_number)
