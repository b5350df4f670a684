"""The one command line. Commands load late, so `check` and `play` need neither Flask nor a database."""

from __future__ import annotations

import importlib

import click

from webapp.usage import ChineseUsage

COMMANDS = {
    "init": "创建数据库结构，写入流程与表单",
    "demo": "准备演示学校，可随后启动服务",
    "serve": "启动网站（默认只监听本机），并在内部处理到期事项",
    "worker": "只处理到期事项、文书与通知",
    "import": "从 xlsx 或 csv 导入毕业生或用人单位",
    "check": "检查一份流程图，逐条列出问题",
    "play": "按场景走一遍流程图，不需要数据库",
    "cover": "场景走过流程图的多少连线，写成带图的网页",
    "explore": "把流程图里能发生的事全部走一遍，指出不该发生的",
    "paths": "列出走遍每条连线的路径，可写成场景",
    "import-diagram": "导入其他软件画的流程图，列出识别、改写、缺少和不能导入的内容",
    "foreign": "把一个文件夹里的外来流程图逐个导入、检查、试走，给出结论",
    "export-diagrams": "把使用中的流程写成文件夹，便于放进 git",
    "publish": "从文件夹或文件发布流程：检查、试走、比较",
    "simulate": "按假设把许多事项走过流程图：等多久，积压多少，卡在哪里",
    "layout": "整理流程图的画面，或检查画面是否清楚",
    "bench": "并排测量：一步的开销与对照",
    "doctor": "检查本机环境与数据库",
}
MODULES = {
    "import": "import_",
    "import-diagram": "import_diagram",
    "export-diagrams": "export_diagrams",
}


class LateGroup(ChineseUsage):
    """A group whose commands live in `webapp.commands.<name>` as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"webapp.commands.{MODULES.get(name, name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="qianyue", prog_name="qianyue")
def main() -> None:
    """签约：由流程图驱动的就业协议签约与毕业去向登记。退出码：0 正常，1 有问题，2 输入不可用。"""


if __name__ == "__main__":
    main()
