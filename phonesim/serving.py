"""From a configuration to a network with its phones, and to a server."""

from collections.abc import Mapping
from datetime import datetime

from phonesim.configuration import Configuration
from phonesim.errors import PhonesimError
from phonesim.live import Server
from phonesim.network import Network
from phonesim.options import Options
from phonesim.web.applications import Application


def build(wanted: Configuration, environment: Mapping[str, str], application: Application, now: datetime) -> Network:
    """The network of a configuration, which starts ``now`` unless it says when."""
    options = Options(**wanted.options, recording_key=wanted.recording_key)
    token = secret(environment, wanted.token, "the auth token that webhooks are signed with")
    net = Network(wanted.account, token, application, wanted.start or now, wanted.seed, options, wanted.faults)
    net.debugger.url = wanted.debugger
    for number, settings in wanted.numbers.items():
        net.add_number(number, **settings)
    for sid, variable in wanted.api_keys.items():
        net.add_api_key(sid, secret(environment, variable, f"the secret of {sid}"))
    for number in wanted.caller_ids:
        net.verify_caller_id(number)
    for sid in wanted.verify_services:
        net.add_verify_service(sid)
    for address, manner in wanted.phones.items():
        phone = net.phone(address)
        phone.behaviour = manner.get("behaviour", phone.behaviour)
        phone.answer_delay = manner.get("answer_delay", phone.answer_delay)
    return net


def served(net: Network, wanted: Configuration) -> Server:
    """A server for the network, with the phones of the configuration on its desk. Raises PortInUse."""
    server = Server(net, wanted.host, wanted.port, wanted.rate, wanted.names)
    named = [(address, manner) for address, manner in wanted.phones.items() if "name" in manner]
    if named:
        server.desk.arrange([
            {"address": address, "name": manner["name"], "role": manner.get("role", "")} for address, manner in named
        ])  # fmt: skip
    return server


def secret(environment: Mapping[str, str], variable: str, what: str) -> str:
    """The value of an environment variable. Raises PhonesimError."""
    if not environment.get(variable):
        raise PhonesimError(f"set the environment variable {variable} to {what}")
    return environment[variable]
