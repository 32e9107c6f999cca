"""What a database says that was never migrated, is behind, or cannot be reached: in one line, with the mend."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

MIGRATE = "bring it up to date with: sunline migrate"
_MISSING = ("42P01", "42703")
"""SQLSTATE of a table and of a column that is not there (PostgreSQL: appendix A)."""
_MISSING_IN_SQLITE = ("no such table", "no such column", "has no column named")


def explain_trouble(error: SQLAlchemyError) -> str:
    """The error as whoever runs a command is told of it. Nothing of a row or a statement is repeated."""
    if isinstance(error, DBAPIError) and _lacks_shape(error):
        return f"the database does not have the tables of this version; {MIGRATE}"
    kind = type(error).__name__
    return (
        f"the database cannot be used ({kind}); check SUNLINE_DATABASE_URL; a new installation needs: sunline migrate"
    )


def _lacks_shape(error: DBAPIError) -> bool:
    said = str(error.orig)
    return getattr(error.orig, "sqlstate", None) in _MISSING or any(words in said for words in _MISSING_IN_SQLITE)
