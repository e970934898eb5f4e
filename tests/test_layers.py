"""Which package may import which: the direction drawn in docs/architecture.md, read from the code.

steering.accounts <- steering.jobs <- steering.kept <- districts <- steering.committee
<- commitments <- reports <- collection <- steering.promises <- steering
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = (
    "steering.accounts",
    "steering.jobs",
    "steering.kept",
    "districts",
    "steering.committee",
    "commitments",
    "reports",
    "collection",
    "steering.promises",
)
"""From the bottom up. Everything else under ``steering`` composes them and stands on top."""
TOP = "steering"
PACKAGES = ("steering", "districts", "commitments", "reports", "collection")


@dataclass(frozen=True)
class Import:
    module: str
    line: int
    function: str | None


def layer(module: str) -> int | None:
    """The height of a module of ours, from 0; None for a module of somebody else."""
    for height, name in enumerate(LAYERS):
        if module == name or module.startswith(name + "."):
            return height
    return len(LAYERS) if module.split(".")[0] == TOP else None


def imports(source: str, module: str, *, is_package: bool = False) -> Iterator[Import]:
    """Every import of a module with its full name, wherever in the source it stands."""
    package = module if is_package else module.rpartition(".")[0]

    def visit(node: ast.AST, function: str | None) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, function)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node.lineno, function)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = node.name
        for child in ast.iter_child_nodes(node):
            yield from visit(child, function)

    yield from visit(ast.parse(source), None)


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports_of(module: str, path: Path) -> Iterator[Import]:
    return imports(path.read_text(), module, is_package=path.name == "__init__.py")


def upward(module: str, found: Import) -> bool:
    """Whether an import runs against the direction."""
    target = layer(found.module)
    return target is not None and target > layer(module)


def test_no_import_runs_upward():
    wrong = [
        f"{path.relative_to(ROOT)}:{found.line} imports {found.module}"
        for module, path in modules()
        for found in imports_of(module, path)
        if upward(module, found)
    ]
    assert wrong == []


def test_no_import_of_ours_hides_in_a_function():
    """But for ``AppConfig.ready``, which Django calls when every app is loaded."""
    hidden = [
        f"{path.relative_to(ROOT)}:{found.line} imports {found.module} in {found.function}"
        for module, path in modules()
        for found in imports_of(module, path)
        if found.function not in (None, "ready") and layer(found.module) is not None
    ]
    assert hidden == []


def test_the_project_package_itself_is_empty():
    assert (ROOT / "steering" / "__init__.py").read_bytes() == b""


def test_every_package_of_the_repository_has_its_place():
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert found - {"tests", "benchmarks"} == set(PACKAGES)


def test_every_layer_holds_code():
    heights = {layer(module) for module, _ in modules()}
    assert heights == set(range(len(LAYERS) + 1))


def test_urls_compose_the_apps_by_name_and_import_none_of_them():
    found = {found.module for found in imports_of("steering.urls", ROOT / "steering/urls.py")}
    assert [module for module in found if layer(module) is not None] == []


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("districts.models", "import commitments.models", True),
        ("districts.models", "from commitments import models", True),
        ("districts.models", "from steering import committee", True),
        ("districts.models", "def f():\n    from reports.engine.figures import Figure", True),
        ("steering.accounts.models", "from districts.models import Unit", True),
        ("steering.committee.access", "from ..demo import actions", True),
        ("reports.engine.figures", "from steering.settings import DEBUG", True),
        ("commitments.actions", "from steering.committee.access import may", False),
        ("steering.committee.access", "from .models import Membership", False),
        ("steering.committee.access", "from districts.models import Unit", False),
        ("steering.demo.actions", "from reports.engine.figures import figures_for", False),
        ("districts.models", "from django.db import models", False),
    ],
)
def test_the_reader_knows_up_from_down(module, source, wrong):
    assert any(upward(module, found) for found in imports(source, module)) is wrong


def test_the_reader_sees_into_functions_and_packages():
    source = "class A:\n    def f(self):\n        from . import models\n"
    (found,) = imports(source, "steering.committee", is_package=True)
    assert found == Import("steering.committee.models", 3, "f")


# --- inside a package ----------------------------------------------------------------------------

MODULES_OF_A_FOLDER = 12
FULLER = {
    "reports/pages": "one module for each page, and the parts that several pages show",
    "steering/committee": "the names every package has, and the frame of the back office",
}
"""Folders that hold more modules, and why they may."""


EVERYWHERE = {"actions", "admin", "api", "management", "migrations", "models"}
"""Folders that every package may have: rooms read models and lead to actions, and so on."""


def known() -> dict[str, Path]:
    return dict(modules())


def edges() -> dict[str, set[str]]:
    """Each module of ours with those it imports."""
    paths = known()

    def ours(name: str) -> str:
        while name and name not in paths:
            name = name.rpartition(".")[0]
        return name

    return {
        module: {ours(found.module) for found in imports_of(module, path)} - {"", module}
        for module, path in paths.items()
    }


def circles(graph: dict[str, set[str]]) -> list[str]:
    """What stands on a circle of ``graph``: whatever is left when ends are taken off."""
    left = {node: set(targets) for node, targets in graph.items()}
    while True:
        ends = {node for node, targets in left.items() if not targets & left.keys()}
        if not ends:
            return sorted(left)
        left = {node: targets - ends for node, targets in left.items() if node not in ends}


def test_no_circle_runs_through_the_modules():
    assert circles(edges()) == []


@pytest.mark.parametrize("package", ["reports", "collection", "steering.promises"])
def test_no_circle_runs_through_the_rooms_of_a_package(package):
    """A room is a folder that answers one question; what every package has is no room."""
    depth = package.count(".") + 1

    def room(module: str) -> str:
        parts = module.split(".")
        is_inside = module.startswith(package + ".") and (
            len(parts) > depth + 1 or known()[module].name == "__init__.py"
        )
        return parts[depth] if is_inside and parts[depth] not in EVERYWHERE else ""

    graph: dict[str, set[str]] = {}
    for module, targets in edges().items():
        if room(module):
            graph.setdefault(room(module), set()).update(map(room, targets))
    graph = {name: targets - {"", name} for name, targets in graph.items()}
    assert graph
    assert circles(graph) == []


def test_no_folder_is_a_hall():
    counted = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for _, path in modules()
        if path.name != "__init__.py" and "migrations" not in path.parts
    )
    full = {folder for folder, count in counted.items() if count > MODULES_OF_A_FOLDER}
    assert full == FULLER.keys()


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["a", "b", "c"]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
