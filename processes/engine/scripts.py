"""The script engine that SpiffWorkflow asks for: it reads compiled expressions and nothing else.

The library's own engine gives any text to eval and exec (trap 4), and its error paths for service
calls and syntax errors fail themselves (trap 12).
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from processes.engine.context import path_of
from processes.engine.errors import EngineError
from processes.expressions import Expression, ExpressionError


class ExpressionEngine(PythonScriptEngine):
    """Evaluates compiled expressions over the variables of the token's scope."""

    def evaluate(self, task: Any, expression: Any, external_context: Any = None) -> Any:
        """The value, in the task's scope or another; raises EngineError that names the element."""
        element = path_of(task.workflow.scope, task.task_spec.element.id)
        if not isinstance(expression, Expression):
            raise EngineError(f"{element} 含有未编译的表达式", element)
        try:
            scope = task.workflow.scope if external_context is None else external_context
            return expression(task.workflow.context.lookup(scope))
        except ExpressionError as error:
            message = f"{element} 的表达式 {expression.text} 无法计算：{error.message}"
            raise EngineError(message, element) from error

    def execute(self, task: Any, script: Any, external_context: Any = None) -> bool:
        raise EngineError("流程图不能执行脚本")

    def call_service(self, *args: Any, **kwargs: Any) -> Any:
        raise EngineError("流程图不能直接调用服务")


EXPRESSIONS_ONLY = ExpressionEngine()
