"""Things by sid that are also found by what is written on them, without looking at all of them."""

from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Shelf(dict[str, T]):
    """A dictionary by sid, oldest first. What a key function reads must not change while the thing is here."""

    def __init__(self, **keys: Callable[[T], str | None]) -> None:
        super().__init__()
        self.unfinished: dict[str, T] = {}
        self._keys = keys
        self._places: dict[tuple[str, str | None], dict[str, T]] = {}

    def __setitem__(self, sid: str, item: T) -> None:
        super().__setitem__(sid, item)
        self.unfinished[sid] = item
        for name, key in self._keys.items():
            self._places.setdefault((name, key(item)), {})[sid] = item

    def __delitem__(self, sid: str) -> None:
        item = self[sid]
        super().__delitem__(sid)
        self.finish(sid)
        for name, key in self._keys.items():
            place = self._places[name, key(item)]
            del place[sid]
            if not place:
                del self._places[name, key(item)]

    def pop_item(self, sid: str) -> None:
        """Take it off the shelf, if it is still there."""
        if sid in self:
            del self[sid]

    def finish(self, sid: str) -> None:
        """Nothing more happens to this one; it stays on the shelf."""
        self.unfinished.pop(sid, None)

    def newest(self, unfinished: bool = False, **wanted: str | None) -> Iterator[T]:
        """Newest first, those with every wanted value (None: any); only unfinished ones if asked."""
        asked = {name: value for name, value in wanted.items() if value is not None}
        places = [self._places.get((name, value), {}) for name, value in asked.items()]
        fewest = min([*places, self.unfinished if unfinished else self], key=len)
        for sid, item in reversed(fewest.items()):
            if all(sid in place for place in places) and (not unfinished or sid in self.unfinished):
                yield item
