"""Requests of the page, and of whoever tells the page about the world."""

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from phonesim.bodies import Body, body_of
from phonesim.page.desk import Desk
from phonesim.page.stream import events
from phonesim.page.world import notes_of, phone_of, phones_of, world_of


class PageApi:
    """Handlers for the routes of the control API that concern the desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.net = desk, desk.net

    def rules(self) -> list[Rule]:
        """What leads where."""
        return [
            Rule("/sim/stream", methods=["GET"], endpoint=self.stream),
            Rule("/sim/world", methods=["PUT"], endpoint=self.world),
            Rule("/sim/notes", methods=["POST"], endpoint=self.notes),
            Rule("/sim/desk", methods=["PUT"], endpoint=self.arrange),
            Rule("/sim/desk", methods=["POST"], endpoint=self.add),
            Rule("/sim/desk/<path:address>", methods=["DELETE"], endpoint=self.remove),
        ]

    def stream(self, request: Request) -> Response:
        """Server-sent events from where the reader was (Last-Event-ID)."""
        mark = request.headers.get("Last-Event-ID", "")
        with self.net.entered():
            self.desk.show_time()
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(events(self.desk.board, mark), mimetype="text/event-stream", headers=headers)

    def world(self, request: Request) -> Body:
        """Replace the world that is shown."""
        world = world_of(body_of(request))
        with self.net.entered():
            self.desk.tell_world(world)
        return {name: len(shown) for name, shown in world.items()}

    def notes(self, request: Request) -> Body:
        """Add to what was decided."""
        notes = notes_of(body_of(request))
        with self.net.entered():
            self.desk.note(notes)
        return {"notes": len(notes)}

    def arrange(self, request: Request) -> Body:
        """Put these phones on the desk and no others."""
        phones = phones_of(body_of(request))
        with self.net.entered():
            self.desk.arrange(phones)
        return {"phones": len(phones)}

    def add(self, request: Request) -> Body:
        """Put one more phone on the desk."""
        phone = phone_of(body_of(request))
        with self.net.entered():
            self.desk.add(phone)
        return {"phone": phone["address"]}

    def remove(self, _request: Request, address: str) -> Body:
        """Take a phone off the desk."""
        with self.net.entered():
            self.desk.remove(address)
        return {"phone": address}
