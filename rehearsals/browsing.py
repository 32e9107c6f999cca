"""People at their browsers: the real pages, with cookies, forms and signing in, in the same virtual time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

HOST = "https://sunline.example"
MOST_PAGES = 200


class Browser:
    """The browser of one person. ``text`` is what the page shows, ``status`` is the status of the answer."""

    def __init__(self, app: Flask, reader: str) -> None:
        self.reader = reader
        self.path, self.status = "", 0
        self._client = app.test_client()
        self._page = _parsed("")

    @property
    def text(self) -> str:
        """Return the text that a reader sees on the page: of a choice, what is chosen."""
        return " ".join("".join(self._page.xpath("//text()[not(ancestor::option[not(@selected)])]")).split())

    def open(self, path: str) -> None:
        """Go to a page."""
        self._shows(self._client.get(path, base_url=HOST, follow_redirects=True))

    def follow_first(self, prefix: str) -> bool:
        """Click the first link whose address begins so. Return False where there is none."""
        link = next((one for one in self._links() if one.startswith(prefix)), None)
        if link is not None:
            self.open(link)
        return link is not None

    def fill(self, **fields: str) -> None:
        """Fill in the form that has these fields and send it."""
        self._send(next(form for form in self._forms() if fields.keys() <= set(form.fields)), fields)

    def has_field(self, name: str) -> bool:
        """Whether a form on the page has this field."""
        return any(name in form.fields for form in self._forms())

    def click(self, button: str) -> bool:
        """Press the button with this text. Return False where there is none."""
        form = next((form for form in self._forms() if button in _buttons(form)), None)
        if form is not None:
            pressed = next(one for one in form.xpath(".//button") if _words(one) == button)
            self._send(form, {pressed.get("name"): pressed.get("value", "")} if pressed.get("name") else {})
        return form is not None

    def tick(self, words: str) -> bool:
        """Tick every box whose words hold these. Return False where there is none."""
        boxes = [
            box for box in self._page.xpath("//label//input[@type='checkbox']") if words in _words(box.getparent())
        ]
        for box in boxes:
            box.checked = True
        return bool(boxes)

    def choose(self, option: str) -> bool:
        """Choose an option by its words. Return False where no list has it."""
        found = [one for one in self._page.xpath("//option") if _words(one) == option]
        for one in found:
            one.getparent().value = one.get("value", option)
        return bool(found)

    def buttons(self) -> list[str]:
        """The buttons on the page."""
        return [button for form in self._forms() for button in _buttons(form)]

    def everything(self, first: str) -> Iterator[tuple[str, str]]:
        """Yield the address and the text of every page that links lead to from the first."""
        waiting, seen = [first], {first}
        while waiting and len(seen) < MOST_PAGES:
            self.open(waiting.pop(0))
            yield self.path, self.text
            new = [link for link in self._links() if link not in seen and not link.endswith("/audio")]
            waiting += new
            seen |= set(new)

    def _send(self, form: Any, fields: dict[str, str]) -> None:
        kept: dict[str, list[str]] = {}
        for name, value in form.form_values():
            kept.setdefault(name, []).append(str(value or ""))
        data = kept | fields
        where = urljoin(self.path, form.action or self.path)
        self._shows(self._client.post(where, base_url=HOST, data=data, follow_redirects=True))

    def _shows(self, answer: TestResponse) -> None:
        self.path, self.status = answer.request.path, answer.status_code
        self._page = _parsed(answer.get_data(as_text=True))
        for unseen in self._page.xpath("//head | //script | //style"):
            unseen.drop_tree()

    def _links(self) -> list[str]:
        found = [urljoin(self.path, str(one)) for one in self._page.xpath("//a/@href")]
        return [link for link in dict.fromkeys(found) if not urlsplit(link).netloc and "#" not in link]

    def _forms(self) -> list[Any]:
        return list(self._page.forms)


def _parsed(text: str) -> Any:
    return html.document_fromstring(text or "<html></html>")


def _buttons(form: Any) -> list[str]:
    return [_words(one) for one in form.xpath(".//button")]


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())
