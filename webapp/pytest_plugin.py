"""Plays the scenarios beside diagrams as tests of pytest.

    pytest --diagram FILE.bpmn …     # these diagrams alone: their rules, then each scenario
    pytest FOLDER                    # also every .toml in it that lies beside a .bpmn

Nothing but pytest is imported until such a file is met, so that other runs are not disturbed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from processes.diagram import Diagram
    from processes.engine import Executable
    from processes.sandbox import FormFacts
    from processes.scenario import Scenario


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("qianyue", "流程图").addoption(
        "--diagram",
        action="extend",
        nargs="+",
        default=[],
        metavar="FILE.bpmn",
        help="检查这些流程图，并逐个走旁边 .toml 里的场景",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The diagrams named by --diagram take the place of the tests that nobody named."""
    named = [_named(config.invocation_params.dir / file) for file in config.getoption("diagram")]
    if not named:
        return
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = []
    config.args += [file for file in named if file not in config.args]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".bpmn" and parent.session.isinitpath(file_path):
        return DiagramFile.from_parent(parent, path=file_path)
    if file_path.suffix == ".toml" and file_path.with_suffix(".bpmn").is_file():
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


def _named(file: Path) -> str:
    if file.suffix != ".bpmn":
        raise pytest.UsageError(f"--diagram 只认识 .bpmn 文件，不认识 {file}")
    if not file.is_file():
        raise pytest.UsageError(f"找不到流程图：{file}")
    return str(file.resolve())


class ScenarioFile(pytest.File):
    """A file of scenarios beside its diagram; one item for each scenario."""

    def collect(self) -> Iterator[pytest.Item]:
        for scenario in self.scenarios():
            yield ScenarioItem.from_parent(self, name=scenario.title, scenario=scenario)

    def scenarios(self) -> tuple[Scenario, ...]:
        from processes.scenario import ScenarioError, read_scenarios

        beside = self.path.with_suffix(".toml")
        try:
            return read_scenarios(beside.read_text("utf-8"), str(beside))
        except ScenarioError as error:
            raise self.CollectError(error.story) from None
        except UnicodeDecodeError:
            raise self.CollectError(f"{beside.name} 不是 UTF-8 编码。") from None

    @cached_property
    def drawn(self) -> tuple[Diagram, dict[str, Diagram]]:
        """The diagram and what it calls. Raises Unfit when it cannot be read."""
        from processes.diagram import UnreadableDiagram
        from processes.library import load_file

        try:
            return load_file(self.path.with_suffix(".bpmn"))
        except UnreadableDiagram as refusal:
            raise Unfit("\n".join(map(str, refusal.findings))) from None

    @cached_property
    def forms(self) -> FormFacts | None:
        from webapp.commands.play import forms_for

        return forms_for(self.path.with_suffix(".bpmn"), *self.drawn)

    @cached_property
    def executable(self) -> Executable:
        """What is played. Raises Unfit when the engine refuses the diagram."""
        from processes.engine import DiagramRefused, compile_release

        try:
            return compile_release(*self.drawn)
        except DiagramRefused as refusal:
            raise Unfit(refusal.message) from None


class DiagramFile(ScenarioFile):
    """A diagram that was named: its rules first, then the scenarios beside it."""

    def collect(self) -> Iterator[pytest.Item]:
        yield RulesItem.from_parent(self, name="rules")
        if self.path.with_suffix(".toml").is_file():
            yield from super().collect()


class Unfit(Exception):
    """A diagram that cannot be played; its text is Chinese."""


class StoryItem(pytest.Item):
    """A test whose failure is a story, not a traceback."""

    parent: ScenarioFile

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, Unfit):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class RulesItem(StoryItem):
    """The rules that a diagram must keep to run."""

    def runtest(self) -> None:
        from processes.checks import check

        diagram, called = self.parent.drawn
        found = check(diagram, called=called, forms=self.parent.forms)
        if forbidding := [str(finding) for finding in found if finding.forbids_running]:
            raise Unfit("\n".join(forbidding))


class ScenarioItem(StoryItem):
    """One scenario, played by the engine, and again with the case stored at every step."""

    def __init__(self, *, scenario: Scenario, **rest: Any) -> None:
        super().__init__(**rest)
        self.scenario = scenario

    def runtest(self) -> None:
        from processes.scenario import ScenarioError, ScenarioFailed, play_thoroughly
        from processes.scenario_forms import require_offered_answers

        file = self.parent
        executable = file.executable
        try:
            if file.forms is not None:
                require_offered_answers(self.scenario, *file.drawn, file.forms)
            play_thoroughly(executable, self.scenario)
        except ScenarioError as error:
            raise Unfit(error.story) from None
        except ScenarioFailed as failure:
            raise Unfit("\n".join(_told(failure))) from None


def _told(failure: Any) -> Iterator[str]:
    """What was expected, where the tokens wait and who holds them, a line each."""
    yield f"场景：{failure.scenario.title}（{failure.scenario.source}）"
    step = failure.step
    yield f"步骤：第 {step.number} 步，{step.title}" if step else "步骤：开始或结束"
    yield f"不符：{failure.fault}"
    if failure.standing:
        yield failure.standing
