"""Sounds that calls play: nothing in them is about anybody, so they need no signature and may be kept."""

from __future__ import annotations

from flask import Blueprint, Response

from ivr.webhooks.twiml.music import waiting_music

audio = Blueprint("audio", __name__)

A_DAY = 86_400


@audio.get("/audio/waiting.wav")
def waiting() -> Response:
    """Music for whoever waits."""
    answer = Response(waiting_music(), mimetype="audio/wav")
    answer.cache_control.public = True
    answer.cache_control.max_age = A_DAY
    return answer
