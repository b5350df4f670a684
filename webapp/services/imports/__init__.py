"""Gets real data in: registers of graduates and lists of employers, from xlsx and csv."""

from .employers import EMPLOYERS, import_employers
from .graduate_columns import GRADUATES
from .graduates import import_graduates
from .report import Change, ImportReport, Remark, Secret, UnusableFile
from .writing import write_secrets

__all__ = [
    "EMPLOYERS",
    "GRADUATES",
    "Change",
    "ImportReport",
    "Remark",
    "Secret",
    "UnusableFile",
    "import_employers",
    "import_graduates",
    "write_secrets",
]
