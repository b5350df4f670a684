"""The demo school: made-up people and employers, brought in and moved on by the real services."""

from .cast import CAST, OTHER_SCHOOL_CODE, PASSWORD, SCHOOL_CODE, Member
from .setup import Prepared, RefusedDemo, prepare_demo

__all__ = [
    "CAST",
    "OTHER_SCHOOL_CODE",
    "PASSWORD",
    "SCHOOL_CODE",
    "Member",
    "Prepared",
    "RefusedDemo",
    "prepare_demo",
]
