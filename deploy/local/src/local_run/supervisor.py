"""Keeps the parts of a run together: starts them in order, watches them, stops them in reverse order."""

import asyncio
from collections.abc import Callable, Sequence

from local_run.process_records import ProgramRecord
from local_run.program import Program
from local_run.supervised import Supervised


class Supervisor:
    """The running parts, in layers: what is in a layer starts and stops together."""

    def __init__(self, make: Callable[[Program], Supervised]) -> None:
        self._make = make
        self._layers: list[list[Supervised]] = []

    def records(self) -> list[ProgramRecord]:
        """What is written down about the parts, in the order of their start."""
        return [part.record() for layer in self._layers for part in layer]

    async def start(self, programs: Sequence[Program], *, wait: bool = True) -> None:
        """Starts a layer over those there are; waits until all of it is ready, unless told not to.

        Raises:
            StoppedWhileStarting: one of them is not.
        """
        layer = [self._make(program) for program in programs]
        self._layers.append(layer)
        for part in layer:
            await part.start()
        if wait:
            await asyncio.gather(*(part.until_ready() for part in layer))

    async def stop(self) -> None:
        """Stops all parts in order: those that were started last first."""
        for layer in reversed(self._layers):
            await asyncio.gather(*(part.stop() for part in layer))

    def kill(self) -> None:
        """Ends everything at once."""
        for layer in self._layers:
            for part in layer:
                part.kill()
