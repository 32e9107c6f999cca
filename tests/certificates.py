"""Certificates for servers of tests, by an authority of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LASTS = timedelta(days=2)


@dataclass(frozen=True)
class Certificate:
    """The files of a server: its certificate, its key, and the authority by which clients know it."""

    chain: Path
    key: Path
    authority: Path


def certify(folder: Path, *names: str) -> Certificate:
    """A certificate for a server of these names and addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _named("An authority of a test")
    authority = _begun(root, root, root_key).add_extension(x509.BasicConstraints(True, None), True)
    server = _begun(_named(names[0]), root, key).add_extension(x509.SubjectAlternativeName(map(_general, names)), False)
    made = Certificate(folder / "server.pem", folder / "server.key", folder / "authority.pem")
    made.authority.write_bytes(authority.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    made.chain.write_bytes(server.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now - LASTS).not_valid_after(now + LASTS)
