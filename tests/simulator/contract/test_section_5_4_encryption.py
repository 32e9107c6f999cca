"""Section 5.4, public-key encryption of recordings. Each test quotes the rule it pins."""

import json
from base64 import b64decode

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from phonesim import Options, RecordingKey
from tests.simulator.contract.rooms import refused
from tests.simulator.contract.tapes import ended, media, opened, started
from tests.simulator.stage import Stage, as_json

PRIVATE = rsa.generate_private_key(65537, 2048)
PEM = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
PADDING = OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None)


def upload(stage: Stage, pem: str = PEM.decode(), name: str = "recordings") -> str:
    return str(stage.twilio.accounts.v1.credentials.public_key.create(public_key=pem, friendly_name=name).sid)


def recorded(stage: Stage) -> str:
    line, recording = started(stage, recording_status_callback_event=["completed absent"])
    ended(stage, line, after=3)
    return str(recording.sid)


def test_a_key_is_uploaded_selected_and_used() -> None:
    """5.4: "POST https://accounts.twilio.com/v1/Credentials/PublicKeys -> CR...; select the key in Voice settings"."""
    stage = Stage()
    key = upload(stage)
    assert stage.twilio.recordings(recorded(stage)).fetch().encryption_details is None
    stage.net.account.public_keys.select(key)
    details = stage.twilio.recordings(recorded(stage)).fetch().encryption_details
    assert details["public_key_sid"] == key


def test_the_file_opens_with_the_private_key_and_its_tag_is_at_the_end() -> None:
    """5.4: "256-bit CEK; AES-256-GCM; RSAES-OAEP with SHA-256 and MGF1-SHA-256, no label"; "iv is 12 bytes"."""
    stage = Stage(Options(recording_key=RecordingKey("CR" + "1" * 32, PEM)))
    sid = recorded(stage)
    details = json.loads(stage.one("/rec")["EncryptionDetails"])
    assert details == stage.twilio.recordings(sid).fetch().encryption_details
    assert details.keys() == {"public_key_sid", "encrypted_cek", "iv"}
    cek, iv = PRIVATE.decrypt(b64decode(details["encrypted_cek"]), PADDING), b64decode(details["iv"])
    stored = media(stage, sid)
    assert (len(cek), len(iv)) == (32, 12)
    assert opened(AESGCM(cek).decrypt(iv, stored, None))[1] == 3
    with pytest.raises(InvalidTag):
        AESGCM(cek).decrypt(iv, stored[:-1] + bytes([stored[-1] ^ 1]), None)


def test_every_recording_has_a_key_of_its_own() -> None:
    """5.4: "Per recording: random 256-bit CEK"."""
    stage = Stage(Options(recording_key=RecordingKey("CR" + "1" * 32, PEM)))
    details = [stage.twilio.recordings(recorded(stage)).fetch().encryption_details for _ in range(2)]
    assert details[0]["iv"] != details[1]["iv"]
    assert details[0]["encrypted_cek"] != details[1]["encrypted_cek"]


def test_an_encrypted_recording_has_no_mp3() -> None:
    """5.3: "Encrypted recordings cannot be fetched as mp3 (16109)"."""
    stage = Stage(Options(recording_key=RecordingKey("CR" + "1" * 32, PEM)))
    reply = stage.rest("GET", f"/Recordings/{recorded(stage)}.mp3")
    assert (reply.status_code, as_json(reply)["code"]) == (400, 16109)


def test_a_selected_key_that_was_deleted_gives_way_to_the_most_recent_usable_one(stage: Stage) -> None:
    """5.4: "Selected key invalid/deleted -> most recent usable key used and 16107 raised"."""
    keys = [upload(stage) for _ in range(3)]
    stage.net.account.public_keys.select(keys[2])
    stage.twilio.accounts.v1.credentials.public_key(keys[2]).delete()
    details = stage.twilio.recordings(recorded(stage)).fetch().encryption_details
    assert details["public_key_sid"] == keys[1]
    assert stage.codes() == [16107]


@pytest.mark.parametrize("why", ["deleted", "invalid"])
def test_without_a_usable_key_nothing_is_stored(why: str) -> None:
    """5.4: "none usable -> recording not stored (16105)"."""
    pem = PEM if why == "deleted" else b"-----BEGIN PUBLIC KEY-----\nbroken\n-----END PUBLIC KEY-----\n"
    stage = Stage(Options(recording_key=RecordingKey("CR" + "1" * 32, pem)))
    if why == "deleted":
        stage.twilio.accounts.v1.credentials.public_key("CR" + "1" * 32).delete()
    sid = recorded(stage)
    told = stage.twilio.recordings(sid).fetch()
    assert (told.status, told.error_code) == ("absent", 16105)
    assert stage.one("/rec")["RecordingStatus"] == "absent"
    assert stage.codes() == [16105]
    assert stage.rest("GET", f"/Recordings/{sid}").status_code == 404


def test_only_the_pem_of_a_public_key_is_taken(stage: Stage) -> None:
    """5.4: "PEM SubjectPublicKeyInfo (-----BEGIN PUBLIC KEY-----, incl. header lines)"."""
    bare = "".join(PEM.decode().splitlines()[1:-1])
    assert refused(lambda: upload(stage, bare)) == (400, 20001)


def test_public_keys_are_listed_renamed_and_deleted(stage: Stage) -> None:
    """OAI accounts v1: Credentials/PublicKeys; v1 dates are ISO 8601."""
    sid = upload(stage)
    keys = stage.twilio.accounts.v1.credentials.public_key
    assert keys(sid).update(friendly_name="other").friendly_name == "other"
    assert [one.sid for one in keys.list()] == [sid]
    assert keys(sid).fetch().date_created == stage.net.now
    assert keys(sid).delete()
    assert refused(keys(sid).fetch) == (404, 20404)
