"""The shape of every configuration file."""

from ivr.directory.schema.oncall import OnCallFile
from ivr.directory.schema.operator import OperatorFile
from ivr.directory.schema.practice import PracticeFile
from ivr.directory.schema.protocol import ProtocolFile

__all__ = ["OnCallFile", "OperatorFile", "PracticeFile", "ProtocolFile"]
