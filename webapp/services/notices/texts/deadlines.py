"""What is said a day before silence ends a step, whatever the family (C08, H06, G18)."""

from __future__ import annotations

from . import WITH_SMS

NAMES = {"last_day": "到期前一天提醒"}
CHANNELS = {"last_day": WITH_SMS}
TEXTS = {
    ("last_day", "graduate"): "“{title}”还没有办理，{by}到期。请在到期前登录办理。",
    ("last_day", "employer"): "“{title}”还没有办理，{by}到期。请在到期前登录办理。",
    ("last_day", "reviewer"): "“{title}”还没有办理，{by}到期。请在到期前办理。",
    ("last_day", "office"): "“{title}”还没有办理，{by}到期。请在到期前办理。",
}
