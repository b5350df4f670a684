"""What may never change, guarded by triggers: no service, console or script can slip past them.

`statements(dialect)` gives the SQL that the first migration runs, `removals(dialect)` takes it back;
a later table's guards have statements of their own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """`act` on `table` is refused with `message`, where `when` holds (always, if empty)."""

    name: str
    table: str
    act: str
    message: str
    when: str = ""


GUARDS = (
    Guard(
        "ended_case_never_changes",
        "case",
        "UPDATE",
        "an ended case never changes",
        "OLD.ended_at IS NOT NULL",
    ),
    Guard("case_never_deleted", "case", "DELETE", "a case is never deleted"),
    Guard("history_never_changes", "history", "UPDATE", "history is append-only"),
    Guard("history_never_deleted", "history", "DELETE", "history is append-only"),
    Guard(
        "closed_task_never_changes",
        "task",
        "UPDATE",
        "a closed task never changes",
        "OLD.state <> 'open'",
    ),
    Guard("task_never_deleted", "task", "DELETE", "a task is never deleted"),
    Guard(
        "agreement_keeps_what_was_approved",
        "agreement",
        "UPDATE",
        "what was approved never changes",
        "OLD.number <> NEW.number OR OLD.version <> NEW.version OR OLD.snapshot <> NEW.snapshot"
        " OR OLD.graduate_id <> NEW.graduate_id OR OLD.case_id <> NEW.case_id"
        " OR OLD.issued_at <> NEW.issued_at",
    ),
    Guard("agreement_never_deleted", "agreement", "DELETE", "an agreement is never deleted"),
    Guard("blob_never_changes", "blob", "UPDATE", "stored bytes never change"),
    Guard("document_never_changes", "document", "UPDATE", "a document never changes"),
    Guard("document_never_deleted", "document", "DELETE", "a document is never deleted"),
    Guard("print_never_changes", "print", "UPDATE", "a print record never changes"),
    Guard("print_never_deleted", "print", "DELETE", "a print record is never deleted"),
    Guard(
        "release_never_changes",
        "release",
        "UPDATE",
        "a published release never changes",
        "OLD.content_hash <> NEW.content_hash OR OLD.diagram <> NEW.diagram"
        " OR OLD.called <> NEW.called OR OLD.forms <> NEW.forms OR OLD.number <> NEW.number",
    ),
)

AUDIT_GUARDS = (
    Guard("audit_never_changes", "audit", "UPDATE", "the audit is append-only"),
    Guard("audit_never_deleted", "audit", "DELETE", "the audit is append-only"),
)

SIGNATURE_GUARDS = (
    Guard("signature_never_changes", "signature", "UPDATE", "a signature is never changed"),
    Guard("signature_never_deleted", "signature", "DELETE", "a signature is never deleted"),
)


@dataclass(frozen=True)
class Exclusion:
    """`act` on `table` is refused where `when` holds and `among` has a row for it."""

    name: str
    table: str
    act: str
    message: str
    among: str
    when: str


# Rescission goes first: beside an open request nothing is edited and no new version comes out.
EXCLUSIONS = (
    Exclusion(
        "no_version_beside_a_rescission",
        "agreement",
        "UPDATE",
        "an agreement that is being rescinded gets no new version",
        "rescission r WHERE r.agreement_id = NEW.id AND r.closed_at IS NULL",
        "OLD.state = 'valid' AND NEW.state = 'superseded'",
    ),
    Exclusion(
        "no_amendment_beside_a_rescission",
        "amendment",
        "INSERT",
        "an agreement that is being rescinded is not edited",
        "rescission r WHERE r.agreement_id = NEW.agreement_id AND r.closed_at IS NULL",
        "NEW.closed_at IS NULL",
    ),
)

CHANGE_GUARDS = (
    Guard("register_change_never_changes", "register_change", "UPDATE", "a change is append-only"),
    Guard("register_change_never_deleted", "register_change", "DELETE", "a change is append-only"),
    Guard(
        "certification_never_changes",
        "certification",
        "UPDATE",
        "a certification never changes",
    ),
)

FILING_GUARDS = (
    Guard("filing_never_changes", "filing", "UPDATE", "a filing never changes"),
    Guard("filing_never_deleted", "filing", "DELETE", "a filing is never deleted"),
    Guard(
        "case_keeps_its_employer",
        "case",
        "UPDATE",
        "a case never passes to another employer",
        "OLD.employer_id IS NOT NULL"
        " AND (NEW.employer_id IS NULL OR OLD.employer_id <> NEW.employer_id)",
    ),
)

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def statements(dialect: str) -> list[str]:
    """The SQL that creates every guard on `dialect` ("sqlite" or "postgresql")."""
    if dialect == "sqlite":
        return [_sqlite(guard) for guard in GUARDS]
    return [FUNCTION, *[_postgresql(guard) for guard in GUARDS]]


def removals(dialect: str) -> list[str]:
    """The SQL that drops every guard of the first migration."""
    drops = _drops(dialect, GUARDS)
    return drops if dialect == "sqlite" else [*drops, "DROP FUNCTION refuse_change()"]


def audit_statements(dialect: str) -> list[str]:
    """The SQL that guards the audit, which came with a later revision."""
    write = _sqlite if dialect == "sqlite" else _postgresql
    return [write(guard) for guard in AUDIT_GUARDS]


def audit_removals(dialect: str) -> list[str]:
    """The SQL that drops them."""
    return _drops(dialect, AUDIT_GUARDS)


def version_statements(dialect: str) -> list[str]:
    """The SQL that guards versions and signatures, which came with a later revision."""
    if dialect == "sqlite":
        return [
            *[_sqlite(guard) for guard in SIGNATURE_GUARDS],
            *[
                f'CREATE TRIGGER {one.name} BEFORE {one.act} ON "{one.table}" WHEN {one.when} '
                f"AND EXISTS (SELECT 1 FROM {one.among}) "
                f"BEGIN SELECT RAISE(ABORT, '{one.message}'); END"
                for one in EXCLUSIONS
            ],
        ]
    return [
        *[_postgresql(guard) for guard in SIGNATURE_GUARDS],
        *[statement for one in EXCLUSIONS for statement in _postgresql_exclusion(one)],
    ]


def version_removals(dialect: str) -> list[str]:
    """The SQL that drops them."""
    drops = _drops(dialect, SIGNATURE_GUARDS)
    if dialect == "sqlite":
        return [*drops, *[f"DROP TRIGGER {one.name}" for one in EXCLUSIONS]]
    for one in EXCLUSIONS:
        drops.append(f'DROP TRIGGER {one.name} ON "{one.table}"')
        drops.append(f"DROP FUNCTION {one.name}()")
    return drops


def _postgresql_exclusion(one: Exclusion) -> list[str]:
    """A trigger's WHEN may not ask another table there, so each has a function of its own."""
    return [
        f"CREATE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {one.when} AND EXISTS (SELECT 1 FROM {one.among}) THEN"
        f" RAISE EXCEPTION '{one.message}' USING ERRCODE = 'integrity_constraint_violation';"
        " END IF; RETURN NEW; END $$",
        f'CREATE TRIGGER {one.name} BEFORE {one.act} ON "{one.table}" '
        f"FOR EACH ROW EXECUTE FUNCTION {one.name}()",
    ]


def change_statements(dialect: str) -> list[str]:
    """The SQL that guards changes of the register and certifications."""
    write = _sqlite if dialect == "sqlite" else _postgresql
    return [write(guard) for guard in CHANGE_GUARDS]


def filing_statements(dialect: str) -> list[str]:
    """The SQL that guards filings, and the employer of a case that a graduate began."""
    write = _sqlite if dialect == "sqlite" else _postgresql
    return [write(guard) for guard in FILING_GUARDS]


def filing_removals(dialect: str) -> list[str]:
    """The SQL that drops them."""
    return _drops(dialect, FILING_GUARDS)


def _drops(dialect: str, wanted: tuple[Guard, ...]) -> list[str]:
    if dialect == "sqlite":
        return [f"DROP TRIGGER {guard.name}" for guard in wanted]
    return [f'DROP TRIGGER {guard.name} ON "{guard.table}"' for guard in wanted]


def _sqlite(guard: Guard) -> str:
    when = f" WHEN {guard.when}" if guard.when else ""
    return (
        f'CREATE TRIGGER {guard.name} BEFORE {guard.act} ON "{guard.table}"{when} '
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


def _postgresql(guard: Guard) -> str:
    when = f" WHEN ({guard.when})" if guard.when else ""
    return (
        f'CREATE TRIGGER {guard.name} BEFORE {guard.act} ON "{guard.table}" '
        f"FOR EACH ROW{when} EXECUTE FUNCTION refuse_change('{guard.message}')"
    )
