"""The tables. What must always hold is a constraint here, not a habit of the code."""

from .base import Base, new_id
from .bindings import Binding
from .cases import Case, History, Incident, Release, Task
from .certifying import Certification, Manager, MobileProof
from .designing import Draft
from .filing import Filing
from .graduates import Graduate, RegisterChange
from .guests import GuestLink, GuestProof
from .moving import Move, MovedCase, Publication
from .outbox import Contact, Delivery, OneTimeCode
from .people import ROLES, College, Employer, Membership, Person, School
from .recruiting import Application, Post, Resume
from .registry import (
    Agreement,
    AgreementCounter,
    Blob,
    Claim,
    Destination,
    DestinationVoid,
    Document,
    Invitation,
    Print,
    Rescission,
)
from .support import Audit, Job, Notification, Setting, Throttle, Upload
from .versions import Amendment, PrintRequest, Signature

__all__ = [
    "ROLES",
    "Agreement",
    "AgreementCounter",
    "Amendment",
    "Application",
    "Audit",
    "Base",
    "Binding",
    "Blob",
    "Case",
    "Certification",
    "Claim",
    "College",
    "Contact",
    "Delivery",
    "Destination",
    "DestinationVoid",
    "Document",
    "Draft",
    "Employer",
    "Filing",
    "Graduate",
    "GuestLink",
    "GuestProof",
    "History",
    "Incident",
    "Invitation",
    "Job",
    "Manager",
    "Membership",
    "MobileProof",
    "Move",
    "MovedCase",
    "Notification",
    "OneTimeCode",
    "Person",
    "Post",
    "Print",
    "PrintRequest",
    "Publication",
    "RegisterChange",
    "Release",
    "Rescission",
    "Resume",
    "School",
    "Setting",
    "Signature",
    "Task",
    "Throttle",
    "Upload",
    "new_id",
]
