"""One way for every log line to leave the process, whoever wrote it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.types import Processor

from ivr.core.clock import Clock, SystemClock
from ivr.privacy.redact import redact


def configure(
    json: bool = True, *, clock: Clock | None = None, stream: TextIO | None = None, level: int = logging.INFO
) -> None:
    """Send structlog's and the standard library's lines through the redactor to ``stream`` (standard error).

    Handlers that libraries brought with them are taken away, because their formatters print what they like.
    Of a library's line only level, logger and the kind of its exception remain.
    """
    ours = [structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, _stamp(clock or SystemClock())]
    structlog.configure(
        processors=[*ours, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(json, [*ours[1:], _foreign]))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    _silence_own_handlers()
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _formatter(json: bool, foreign: list[Processor]) -> logging.Formatter:
    show: Processor = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=foreign,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, show],
    )


def _stamp(clock: Clock) -> Processor:
    def stamp(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["timestamp"] = clock.now()
        return event

    return stamp


def _foreign(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record = event.get("_record")
    event["event"] = "library_line"
    event["logger"] = record.name.lower() if record is not None else "unknown"
    return event


def _silence_own_handlers() -> None:
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger("uncaught").critical("uncaught", exc_info=(kind, error or kind(), trace))
