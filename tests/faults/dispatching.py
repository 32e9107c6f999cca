"""A process of several dispatchers. What to do comes as JSON on its standard input, what was done goes out as JSON."""

from __future__ import annotations

import json
import sys

from tests.races.dispatcher import race
from tests.races.place import Place, let_go


def main() -> None:
    """Say that everything is loaded, wait for the word, work."""
    print(json.dumps("ready"), flush=True)
    told = json.loads(sys.stdin.readline())
    services = Place(**told["place"]).services()
    done = race(services, told["seeds"], told["acts"], told["seconds"])
    let_go(services)
    print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main()
