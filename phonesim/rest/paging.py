"""Lists, page by page (Twilio: REST paging). Items may be an iterator; only the pages asked for are looked at."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.wrappers import Request

from phonesim.rest.forms import number
from phonesim.rest.trouble import EMPTY

T = TypeVar("T")
Show = Callable[[T], dict[str, Any]]
MOST = 1000


def paged(request: Request, plural: str, items: Iterable[T], show: Show[T]) -> dict[str, Any]:
    """v2010: ``{<plural>: [...], page, page_size, start, end, uri, ...}``; 50 a page, at most 1000."""
    page, size, chosen, more = _cut(request, items)
    first = page * size
    return {
        plural: [show(item) for item in chosen], "page": page, "page_size": size, "start": first,
        "end": first + max(0, len(chosen) - 1), "uri": _uri(request, page, size),
        "first_page_uri": _uri(request, 0, size),
        "next_page_uri": _uri(request, page + 1, size) if more else None,
        "previous_page_uri": _uri(request, page - 1, size) if page else None,
    }  # fmt: skip


def paged_with_meta(request: Request, host: str, key: str, items: Iterable[T], show: Show[T]) -> dict[str, Any]:
    """v1 and v2: ``{<key>: [...], meta: {page, page_size, url, ...}}`` with absolute addresses."""
    page, size, chosen, more = _cut(request, items)
    meta = {
        "page": page, "page_size": size, "key": key, "url": host + _uri(request, page, size),
        "first_page_url": host + _uri(request, 0, size),
        "next_page_url": host + _uri(request, page + 1, size) if more else None,
        "previous_page_url": host + _uri(request, page - 1, size) if page else None,
    }  # fmt: skip
    return {key: [show(item) for item in chosen], "meta": meta}


def _cut(request: Request, items: Iterable[T]) -> tuple[int, int, list[T], bool]:
    size = min(number(request.args, "PageSize", 50, least=1, most=10**9), MOST)
    page = number(request.args, "Page", 0, most=10**9)
    there = () if request.environ.get(EMPTY) else items
    chosen = list(islice(there, page * size, (page + 1) * size + 1))
    return page, size, chosen[:size], len(chosen) > size


def _uri(request: Request, page: int, size: int) -> str:
    kept = {key: value for key, value in request.args.items() if key not in {"Page", "PageSize", "PageToken"}}
    token = {"PageToken": f"PT{page}"} if page else {}
    return f"{request.path}?{urlencode({**kept, 'PageSize': size, 'Page': page, **token})}"
