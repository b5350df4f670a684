"""Who did what about accounts, registers and exceptions, and from where: written, never changed.

Cases have a history of their own. Nothing secret is written: no password, no code, and of a try that
proved nobody not even the typed login, because people type passwords there.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..models import Audit, Membership, new_id
from .accounts.actors import Actor

ACTS = {
    "log_in": "登录",
    "log_in_refused": "登录未通过",
    "password_changed": "修改密码",
    "password_reset": "重置密码",
    "account_added": "新建账号",
    "account_blocked": "停用账号",
    "base_data_confirmed": "确认基本信息",
    "import": "导入",
    "list_exported": "导出表格",
    "print_override": "超份数打印",
    "print_decided": "处理打印申请",
    "signature_changed": "更换手写签名",
    "incident_retry": "重试异常",
    "setting_changed": "修改设置",
    "delivery_retry": "重发消息",
    "contact_changed": "修改联系方式",
    "manager_appointed": "登记帐号管理者",
    "mobile_proved": "核验手机号",
    "member_added": "添加单位成员",
    "member_ended": "移除单位成员",
    "record_bound": "绑定毕业生记录",
    "binding_released": "解除绑定",
    "password_recovered": "自助找回密码",
    "register_corrected": "更正登记册",
    "release_published": "发布流程",
    "release_returned": "恢复使用旧版本",
    "draft_renamed": "流程草稿改名",
    "draft_discarded": "删除流程草稿",
    "diagram_imported": "导入流程图",
    "cases_moved": "迁移办理中的事项",
    "move_undone": "撤销迁移",
    "publication_asked": "提请发布流程",
    "publication_refused": "不同意发布流程",
    "incident_skipped": "跳到指定步骤",
    "task_reassigned": "改派办理人",
    "private_forgotten": "删除到期证件照片",
}


def record(
    session: Session,
    act: str,
    now: datetime,
    *,
    by: Actor | None = None,
    person_id: uuid.UUID | None = None,
    school_id: uuid.UUID | None = None,
    about_id: uuid.UUID | None = None,
    about: str = "",
    address: str = "",
) -> None:
    """Write one act of ACTS, in the transaction of what it tells about. The caller commits."""
    if act not in ACTS:
        raise ValueError(f"the audit knows no act {act}")
    session.add(
        Audit(
            id=new_id(),
            school_id=by.school_id if by else school_id,
            at=now,
            act=act,
            person_id=by.person_id if by else person_id,
            about_id=about_id,
            about=about[:200],
            address=address[:64],
        )
    )
    session.flush()


def school_of(session: Session, person_id: uuid.UUID | None) -> uuid.UUID | None:
    """The school of somebody's roles; none for employers, whom every school knows."""
    return session.scalar(
        select(Membership.school_id)
        .where(Membership.person_id == person_id, Membership.school_id.is_not(None))
        .order_by(Membership.id)
        .limit(1)
    )
