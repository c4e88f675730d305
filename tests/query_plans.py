"""How PostgreSQL finds the rows of a statement: the plans behind what a store does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Executable
from sqlalchemy.ext.compiler import compiles

from chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement as PostgreSQL runs it."""

    root: Mapping[str, Any]

    @property
    def indexes(self) -> frozenset[str]:
        """Names of the indexes by which it goes."""
        return frozenset(node["Index Name"] for node in self._nodes() if "Index Name" in node)

    @property
    def read_whole(self) -> frozenset[str]:
        """Names of the tables that it reads from end to end."""
        return frozenset(node["Relation Name"] for node in self._nodes() if node["Node Type"].endswith("Seq Scan"))

    @property
    def sorts(self) -> bool:
        """Whether it collects rows to put them in order, in place of reading them in order."""
        return any("Sort" in node["Node Type"] for node in self._nodes())

    @property
    def milliseconds(self) -> float:
        """How long it took; 0 where it was only planned."""
        return float(self.root.get("Actual Total Time", 0))

    @property
    def pages(self) -> int:
        """How many pages of 8 KiB it looked at."""
        return sum(int(self.root.get(name, 0)) for name in ("Shared Hit Blocks", "Shared Read Blocks"))

    def _nodes(self) -> Iterator[Mapping[str, Any]]:
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            waiting += node.get("Plans", ())
            yield node


class Explaining:
    """A transaction that keeps the plan of every statement before it runs it."""

    def __init__(self, tx: Transaction, *, analyse: bool = False) -> None:
        self._tx = tx
        self._analyse = analyse
        self.plans: list[Plan] = []

    async def execute(self, statement: Any, *values: Any) -> Any:
        """As the transaction's."""
        explained = await self._tx.execute(_Explained(statement, analyse=self._analyse), *values)
        self.plans.append(Plan(explained.scalar_one()[0]["Plan"]))
        return await self._tx.execute(statement, *values)

    async def scalars(self, statement: Any, *values: Any) -> Any:
        """As the transaction's."""
        return (await self.execute(statement, *values)).scalars()

    async def scalar(self, statement: Any, *values: Any) -> Any:
        """As the transaction's."""
        return (await self.execute(statement, *values)).scalar()


class _Explained(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, statement: Any, *, analyse: bool) -> None:
        self.statement = statement
        self.analyse = analyse


@compiles(_Explained)
def _compile(element: _Explained, compiler: Any, **options: Any) -> str:
    wanted = "ANALYZE, BUFFERS, " if element.analyse else ""
    return f"EXPLAIN ({wanted}FORMAT JSON) {compiler.process(element.statement, **options)}"
