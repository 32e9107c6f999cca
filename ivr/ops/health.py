"""What monitoring asks: alive, ready, and the figures."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from redis import RedisError
from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.services import Services
from ivr.core.web_app import services

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """This process answers."""
    return jsonify(alive=True)


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """This process can serve calls. Redis is reported, but calls go on without it."""
    database = _database_answers(services())
    return jsonify(ready=database, database=database, redis=_redis_answers(services())), 200 if database else 503


@health.get("/metrics")
def metrics() -> Response:
    """Counts by state, without a label that could name anybody, for whoever shows the token of monitoring."""
    if not _shows_token(services().settings.metrics_token):
        abort(404)
    registry = CollectorRegistry()
    with services().database.read() as connection:
        for metric in services().features.metrics:
            gauge = Gauge(f"sunline_{metric.name}", f"{metric.name} by state", ["state"], registry=registry)
            for state, count in _count_by_state(connection, metric.table):
                gauge.labels(state).set(count)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _shows_token(token: str | None) -> bool:
    """Whether the request is monitoring's (RFC 6750, 2.1). Being asked from this machine tells nothing: a proxy is."""
    given = request.authorization
    if token is None or given is None or given.type != "bearer" or given.token is None:
        return False
    return hmac.compare_digest(given.token.encode(), token.encode())


def _count_by_state(connection: Connection, table: Table) -> list[tuple[str, int]]:
    counted = select(table.c.state, func.count()).group_by(table.c.state)
    return [(state, count) for state, count in connection.execute(counted)]


def _database_answers(known: Services) -> bool:
    try:
        with known.database.read() as connection:
            connection.execute(select(1))
        return True
    except (SQLAlchemyError, OSError):
        return False


def _redis_answers(known: Services) -> bool:
    try:
        return known.redis is not None and bool(known.redis.ping())
    except RedisError:
        return False
