"""What README and docs claim exists: files, commands, make targets, models, links."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OURS = ("steering", "districts", "commitments", "reports", "collection")

CODE = re.compile(r"`([^`\n]+)`")
INDENTED = re.compile(r"^ {4}(\S.*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)\)")
PATH = re.compile(r"\.?(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|txt|toml|py)")
MADE_BY_RUNNING = ("var/", ".venv/")

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def code_in(document: Path) -> list[str]:
    """Everything a document prints as code."""
    text = document.read_text()
    return CODE.findall(text) + INDENTED.findall(text)


def paths_in(document: Path) -> set[str]:
    return {
        code
        for code in CODE.findall(document.read_text())
        if PATH.fullmatch(code) and not code.startswith(MADE_BY_RUNNING)
    }


def exists(path: str) -> bool:
    """Whether a path is there: from the root, or inside one of the packages."""
    inside = path.rstrip("/")
    return (ROOT / path).exists() or any(
        next((ROOT / package).rglob(inside), None) for package in OURS
    )


def test_the_documents_are_there():
    assert {path.name for path in DOCUMENTS} >= {"README.md", "architecture.md", "glossary.md"}
    assert sum(bool(paths_in(document)) for document in DOCUMENTS) > 5


@documents
def test_files_that_a_document_names_exist(document):
    assert {path for path in paths_in(document) if not exists(path)} == set()


@documents
def test_links_lead_somewhere(document):
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@documents
def test_commands_that_a_document_names_exist(document):
    named = {
        command
        for code in code_in(document)
        for command in re.findall(r"manage\.py ([a-z_]+)", code)
    }
    assert named - set(get_commands()) == set()


def test_every_command_of_ours_is_in_the_readme():
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in OURS}
    named = {code.split()[0] for code in CODE.findall((ROOT / "README.md").read_text())}
    assert ours
    assert ours - named == set()


def test_the_table_of_commands_names_only_commands():
    rows = re.findall(r"^\| `(\w+)[^`]*` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(rows) > 5
    assert set(rows) - set(get_commands()) == set()


@documents
def test_make_targets_that_a_document_names_exist(document):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target for code in code_in(document) for target in re.findall(r"^make ([a-z-]+)", code)
    }
    assert named - targets == set()


def test_the_readme_and_the_makefile_name_the_same_targets():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) - {"help"}
    code = " ".join(code_in(ROOT / "README.md"))
    assert targets == set(re.findall(r"make ([a-z-]+)", code))
    assert targets == set(re.findall(r'@echo "make ([a-z-]+)', makefile))


@pytest.mark.parametrize(
    "model",
    sorted(model.__name__ for model in apps.get_models() if model.__module__.split(".")[0] in OURS),
)
def test_every_model_is_in_the_glossary(model):
    assert re.search(rf"`{model}[`.]", (ROOT / "docs/glossary.md").read_text())


def test_every_term_of_the_glossary_has_both_languages_and_its_place():
    rows = [
        line.strip("|").split("|")
        for line in (ROOT / "docs/glossary.md").read_text().splitlines()
        if line.startswith("| ") and not line.startswith("| English")
    ]
    assert len(rows) >= 60
    assert [row for row in rows if len(row) != 3 or not all(cell.strip() for cell in row)] == []
    terms = [row[0].strip() for row in rows]
    assert len(terms) == len(set(terms))


def test_names_in_the_code_column_of_the_glossary_are_names_in_the_code():
    text = (ROOT / "docs/glossary.md").read_text()
    names = {
        part
        for code in CODE.findall(text)
        if re.fullmatch(r"[A-Z]\w*(\.\w+)?", code)
        for part in code.split(".")
    }
    source = "\n".join(
        path.read_text()
        for top in OURS
        for path in (ROOT / top).rglob("*")
        if path.suffix in (".py", ".csv")
    )
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", source)] == []


def test_decisions_are_numbered_without_gaps_and_say_context_and_consequence():
    files = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]}. "), path.name
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text, path.name
