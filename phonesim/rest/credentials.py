"""Keys: API keys, public keys for recordings, verified caller IDs, the account (Twilio: Keys, Credentials)."""

from dataclasses import replace

from werkzeug.wrappers import Request

from phonesim.account import Credential
from phonesim.encryption import readable
from phonesim.platform import Platform
from phonesim.rest import documents
from phonesim.rest.paging import paged, paged_with_meta
from phonesim.rest.problems import Reply, bad_parameter, existing, not_found

ACCOUNTS = "https://accounts.twilio.com"
Keys = dict[str, Credential]


def _one(keys: Keys, request: Request, sid: str) -> Credential:
    return existing(keys.get(sid), request.path)


def _renamed(net: Platform, keys: Keys, request: Request, sid: str) -> Credential:
    one = _one(keys, request, sid)
    keys[sid] = replace(one, friendly_name=request.form.get("FriendlyName", one.friendly_name), updated=net.now)
    return keys[sid]


# API keys


def create_key(net: Platform, request: Request) -> Reply:
    """A new key; only this answer tells its secret."""
    sid = net.sids.new("SK")
    one = net.account.credential(sid, net.sids.new("")[:32], request.form.get("FriendlyName", ""))
    net.account.api_keys[sid] = one
    return 201, {**documents.api_key(one), "secret": one.secret}


def keys(net: Platform, request: Request) -> Reply:
    """All keys, newest first, without their secrets."""
    return 200, paged(request, "keys", reversed(net.account.api_keys.values()), documents.api_key)


def key(net: Platform, request: Request, sid: str) -> Reply:
    """One key."""
    return 200, documents.api_key(_one(net.account.api_keys, request, sid))


def rename_key(net: Platform, request: Request, sid: str) -> Reply:
    """Change its FriendlyName."""
    return 200, documents.api_key(_renamed(net, net.account.api_keys, request, sid))


def delete_key(net: Platform, request: Request, sid: str) -> Reply:
    """Revoke a key at once."""
    del net.account.api_keys[_one(net.account.api_keys, request, sid).sid]
    return 204, None


# Public keys


def create_public_key(net: Platform, request: Request) -> Reply:
    """Store the PEM of an RSA public key; it is used once it is selected."""
    pem = request.form.get("PublicKey", "")
    if not readable(pem.encode()):
        raise bad_parameter(20001, "PublicKey must be a PEM SubjectPublicKeyInfo with its header lines")
    one = net.account.credential(net.sids.new("CR"), pem, request.form.get("FriendlyName", ""))
    net.account.public_keys[one.sid] = one
    return 201, documents.public_key(net, one)


def public_keys(net: Platform, request: Request) -> Reply:
    """All public keys, newest first."""
    found = reversed(net.account.public_keys.values())
    return 200, paged_with_meta(request, ACCOUNTS, "credentials", found, lambda one: documents.public_key(net, one))


def public_key(net: Platform, request: Request, sid: str) -> Reply:
    """One public key."""
    return 200, documents.public_key(net, _one(net.account.public_keys, request, sid))


def rename_public_key(net: Platform, request: Request, sid: str) -> Reply:
    """Change its FriendlyName."""
    return 200, documents.public_key(net, _renamed(net, net.account.public_keys, request, sid))


def delete_public_key(net: Platform, request: Request, sid: str) -> Reply:
    """Remove it; recordings then take the most recent usable key."""
    del net.account.public_keys[_one(net.account.public_keys, request, sid).sid]
    return 204, None


# The account and its verified numbers


def account(net: Platform, request: Request, sid: str) -> Reply:
    """The account itself."""
    if sid != net.account_sid:
        raise not_found(request.path)
    return 200, documents.account(net)


def caller_ids(net: Platform, request: Request) -> Reply:
    """Numbers of others that calls may show; filter PhoneNumber."""
    wanted = request.args.get("PhoneNumber")
    found = [number for number in sorted(net.verified) if wanted in {None, number}]
    return 200, paged(request, "outgoing_caller_ids", found, lambda number: documents.caller_id(net, number))
