"""The solver HiGHS, silent; imported where a problem is solved, since loading it takes a moment."""

from highspy import Highs


class Solver(Highs):
    """A solver that prints nothing; without this each process says a banner at its first one."""

    def enableCallbacks(self) -> None:  # noqa: N802 -- the name is the library's
        """Be silent before callbacks are set up, which is what prints the banner."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # not annotated
