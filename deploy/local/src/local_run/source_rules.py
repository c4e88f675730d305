"""House rules that no linter knows: sizes, names of files, what the rules of a service may import.

`python -m local_run.source_rules` prints each breach and gives 1 if there is one.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from local_run.checkout import ROOT

LONGEST_FUNCTION = 40
LONGEST_FILE = 300
LONGEST_CHASSIS_MODULE = 200
# Names that say nothing about what is inside, and so gather everything.
DRAWERS = {"utils", "util", "helpers", "helper", "manager", "service", "misc", "common"}


def breaches(name: str, source: str) -> Iterator[str]:
    """What is wrong with one file; `name` is its path in the repository."""
    path = Path(name)
    tree = ast.parse(source)
    if path.stem in DRAWERS:
        yield f"{name}: name it after the one thing that it holds"
    longest = LONGEST_CHASSIS_MODULE if name.startswith("chassis/src/") else LONGEST_FILE
    if "tests" not in path.parts and "migrations" not in path.parts and source.count("\n") > longest:
        yield f"{name}: longer than {longest} lines"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _function_breaches(name, node)
    if "domain" in path.parts and "tests" not in path.parts:
        yield from _foreign_imports(name, tree)


def _function_breaches(name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    if (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION:
        yield f"{name}:{node.lineno}: {node.name} is longer than {LONGEST_FUNCTION} lines"


def _foreign_imports(name: str, tree: ast.AST) -> Iterator[str]:
    package = Path(name).parts[Path(name).parts.index("src") + 1]
    for node in ast.walk(tree):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in modules:
            own = module.startswith(f"{package}.domain")
            if not own and module.partition(".")[0] not in sys.stdlib_module_names:
                yield f"{name}:{getattr(node, 'lineno', 0)}: the domain imports {module}, not the standard library"


def main() -> int:
    """Judges every Python file that git knows or that is new."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    files = [(name, ROOT / name) for name in sorted(set(names))]
    found = [each for name, file in files if file.exists() for each in breaches(name, file.read_text(encoding="utf-8"))]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
