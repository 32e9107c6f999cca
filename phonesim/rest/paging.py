"""Lists: ``{<plural>: [...], page, page_size, start, end, uri, ...}`` (Twilio: REST paging)."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.wrappers import Request

from phonesim.rest.forms import number

T = TypeVar("T")
MOST = 1000


def paged(request: Request, plural: str, items: Sequence[T], show: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """One page: 50 items unless PageSize says otherwise, at most 1000."""
    size = min(number(request.args, "PageSize", 50, least=1, most=10**9), MOST)
    page = number(request.args, "Page", 0, most=10**9)
    first = page * size
    chosen = items[first : first + size]
    more = first + size < len(items)
    return {
        plural: [show(item) for item in chosen], "page": page, "page_size": size, "start": first,
        "end": first + max(0, len(chosen) - 1), "uri": _uri(request, page, size),
        "first_page_uri": _uri(request, 0, size),
        "next_page_uri": _uri(request, page + 1, size) if more else None,
        "previous_page_uri": _uri(request, page - 1, size) if page else None,
    }  # fmt: skip


def _uri(request: Request, page: int, size: int) -> str:
    kept = {key: value for key, value in request.args.items() if key not in {"Page", "PageSize", "PageToken"}}
    token = {"PageToken": f"PT{page}"} if page else {}
    return f"{request.path}?{urlencode({**kept, 'PageSize': size, 'Page': page, **token})}"
