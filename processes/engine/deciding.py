"""A business rule task asks its decision table."""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from processes.decisions.table import DecisionError, Table
from processes.engine.context import path_of
from processes.engine.errors import EngineError
from processes.engine.nodes import Node
from processes.engine.tokens import Token


class DecisionTask(Node, BpmnSpecMixin):
    """What the table gives stands under the task's id, by output."""

    table: Table

    def _run_hook(self, my_task: Token) -> bool:
        evaluate = my_task.workflow.script_engine.evaluate
        values = [evaluate(my_task, expression) for expression in self.table.inputs]
        context, scope = my_task.workflow.context, my_task.workflow.scope
        try:
            decided = self.table.decide(values)
        except DecisionError as error:
            path = path_of(scope, self.element.id)
            raise EngineError(f"{path} 的决策表：{error.message}", path) from error
        context.keep(scope, self.element.id, decided)
        rules = [number + 1 for number in self.table.fitting(values)]
        context.note("decided", scope, self.element, {"rules": rules, **decided})
        self.tell_status(my_task)
        return True
