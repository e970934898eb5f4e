"""Every action says what it changed: it raises a version, or stands here with its reason.

Pages are kept under the versions of the data. An action that forgot to raise one would leave an
older figure on them, so the list of actions is read from the code.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from .test_layers import imports_of, modules

RAISES = {"districts.versions.raise_versions", "districts.versions.raise_common"}

SILENT = {
    "collection.actions.annexes.receive_annex": "a file that waits is nobody's figure",
    "collection.actions.working.allow": "it asks who may",
    "collection.actions.receipts": "a receipt repeats what was sent",
    "collection.actions.uploads": "a file that waits is nobody's figure",
    "commitments.actions.promises.chaining": "links and keys are on no page of figures",
    "commitments.actions.reporting.checking.check_counts": "it tries and writes nothing",
    "commitments.actions.targets.allocating": "a division at work is no target",
    "districts.actions.correcting.correct": "the gazetteer calls it, and raises",
    "districts.actions.derived": "whoever changes the map calls it, and raises",
    "districts.actions.naming.confirm_alias": "a spelling is for reading files",
    "districts.actions.renaming.draft_renaming": "a draft is no change of name",
    "districts.actions.reorganising.draft_reorganisation": "a draft is no change of the map",
    "commitments.actions.reference.reorganising.draft_change": "a draft is no change of the map",
    "steering.accounts.actions.write_journal": "the journal is on no page of figures",
    "steering.committee.actions.reset_second_factor": "it is on no page of figures",
    "steering.jobs.actions": "a job is on no page of figures",
}
"""Actions, or modules of them, that raise no version, and why none need be."""


@dataclass(frozen=True)
class Action:
    """A function of a module of actions: what it calls, and whether others call it to write."""

    calls: frozenset[str]
    is_public: bool


@cache
def functions() -> dict[str, Action]:
    """Every function of the modules of actions, by its full name."""
    found = {}
    for module, path in modules():
        if "actions" not in module.split(".") or "migrations" in module:
            continue
        tree = ast.parse(path.read_text())
        names = {one.module.rpartition(".")[2]: one.module for one in imports_of(module, path)}
        # What a package hands on is found under the package's name too.
        found |= {
            f"{module}.{name}": Action(frozenset({full}), False) for name, full in names.items()
        }
        own = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        names |= {node.name: f"{module}.{node.name}" for node in own}
        for node in own:
            called = frozenset(full_names(node, names))
            found[names[node.name]] = Action(called, not node.name.startswith("_") and writes(node))
    return found


def full_names(function: ast.FunctionDef, names: dict[str, str]) -> Iterator[str]:
    """The full names of what a function names; methods of objects are nobody's."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in names:
            yield names[node.id]
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", None) in names:
            yield f"{names[node.value.id]}.{node.attr}"


def writes(node: ast.FunctionDef) -> bool:
    """An action is what has an actor or a transaction."""
    named = {argument.arg for argument in node.args.kwonlyargs}
    atomic = any("atomic" in ast.dump(one) for one in node.decorator_list)
    return atomic or "actor" in named


def raises(name: str) -> bool:
    """Whether a function raises a version, by itself or through the actions it calls."""
    seen, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in RAISES:
            return True
        if one not in seen and one in functions():
            waiting += functions()[one].calls
        seen.add(one)
    return False


def is_silent(name: str) -> bool:
    return name in SILENT or name.rpartition(".")[0] in SILENT


ACTIONS = sorted(name for name, action in functions().items() if action.is_public)


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_raises_a_version_or_says_why_it_need_not(name):
    assert raises(name) != is_silent(name)


def test_no_reason_stands_for_what_is_gone():
    kept = {*ACTIONS, *(name.rpartition(".")[0] for name in ACTIONS)}
    assert set(SILENT) <= kept


def test_the_actions_that_change_a_figure_are_among_those_found():
    assert {
        "commitments.actions.reporting.counts.record_counts",
        "commitments.actions.reporting.submissions.approve",
        "commitments.actions.reporting.undoing.undo",
        "commitments.actions.targets.decisions.record_decision",
        "commitments.actions.promises.signing.write_signed",
        "districts.actions.reorganising.apply_units",
        "steering.committee.actions.seat_member",
    } <= set(ACTIONS)
