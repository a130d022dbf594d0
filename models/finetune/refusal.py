"""Bad input ends a command with one sentence and exit code 3, as duomem does."""
from __future__ import annotations

import sys
from typing import Callable

BAD_INPUT = 3


class Refusal(Exception):
    """One plain sentence for a person."""


def run(main: Callable[[], None]) -> None:
    try:
        main()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(BAD_INPUT)
