"""Which package may import which: the direction drawn in docs/architecture.md, read from the code.

steering.accounts <- steering.jobs <- districts <- steering.committee <- commitments <- reports
<- collection <- steering.promises <- steering
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = (
    "steering.accounts",
    "steering.jobs",
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
