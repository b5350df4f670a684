"""What is said about requests for another print (F24)."""

from __future__ import annotations

NAMES = {
    "print_asked": "打印申请",
    "print_granted": "同意打印申请",
    "print_refused": "不同意打印申请",
}
TEXTS = {
    ("print_asked", "office"): "{graduate}与{employer}的协议书有一件打印申请，请在登记表里处理。",
    ("print_granted", "graduate"): "学校同意了您的打印申请，可以在打印页打印一份。",
    ("print_granted", "employer"): "学校同意了与{graduate}的协议书的打印申请，可以打印一份。",
    ("print_refused", "graduate"): "学校没有同意您的打印申请，原因见打印页。",
    ("print_refused", "employer"): "学校没有同意与{graduate}的协议书的打印申请，原因见打印页。",
}
