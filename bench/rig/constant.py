"""The ceiling: the same document for every request, whatever it asks. No signature, no database, no form."""

from __future__ import annotations

from flask import Flask, Response

URL = "https://sunline.example/voice/leg/0123456789abcdef01234567/0"
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><Response>'
    '<Say language="en-US">If this is an emergency, hang up and dial 911.</Say>'
    f'<Gather action="{URL}/answer" input="dtmf" method="POST" numDigits="1" timeout="5">'
    '<Say language="en-US">For English, press 1.</Say><Say language="es-US">Para español, oprima 2.</Say></Gather>'
    f'<Enqueue action="{URL}/queue" method="POST" waitUrl="{URL}/wait" waitUrlMethod="POST">waiting</Enqueue>'
    "</Response>"
)

app = Flask("constant")


@app.get("/healthz")
def healthz() -> str:
    """Up."""
    return "up"


@app.post("/<path:_anything>")
def document(_anything: str) -> Response:
    """The one document, with what a load client follows."""
    return Response(DOCUMENT, mimetype="text/xml")
