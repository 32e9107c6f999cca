"""Triggers that let the audit table grow and nothing else.

They stop mistakes and ordinary accounts. Whoever may drop triggers can still rewrite the table; that is
what the chain and a head kept elsewhere are for.
"""

from __future__ import annotations

from sqlalchemy import Connection

_REFUSAL = "audit_row is append-only"

_SQLITE = (
    f"""CREATE TRIGGER IF NOT EXISTS audit_row_no_update BEFORE UPDATE ON audit_row
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS audit_row_no_delete BEFORE DELETE ON audit_row
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    # INSERT OR REPLACE deletes without firing a delete trigger, so an insert must always be the next row.
    f"""CREATE TRIGGER IF NOT EXISTS audit_row_next_only BEFORE INSERT ON audit_row
        WHEN NEW.sequence IS NOT (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit_row)
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
)

_POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION audit_row_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
    """CREATE OR REPLACE TRIGGER audit_row_no_change BEFORE UPDATE OR DELETE ON audit_row
        FOR EACH ROW EXECUTE FUNCTION audit_row_refuse()""",
    """CREATE OR REPLACE TRIGGER audit_row_no_truncate BEFORE TRUNCATE ON audit_row
        FOR EACH STATEMENT EXECUTE FUNCTION audit_row_refuse()""",
)

_STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def install_guards(connection: Connection) -> None:
    """Make ``audit_row`` append-only; safe to repeat. For SQLite and PostgreSQL (14 or newer)."""
    for statement in _STATEMENTS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
