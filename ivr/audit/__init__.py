"""Who did what to patient data: a hash-chained log that can only grow."""

from ivr.audit.append import AuditRefused, append, head
from ivr.audit.chain import Head
from ivr.audit.guards import install_guards
from ivr.audit.tables import audit_row
from ivr.audit.verify import Verification, verify

__all__ = ["AuditRefused", "Head", "Verification", "append", "audit_row", "head", "install_guards", "verify"]
