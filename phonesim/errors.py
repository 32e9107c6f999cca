"""What can go wrong when a script or a server uses the stand-in wrongly."""


class PhonesimError(Exception):
    """Base of every error the stand-in raises by itself."""


class BadAddress(PhonesimError):
    """An address that is neither an E.164 number nor ``client:``/``sip:``."""


class UnknownNumber(PhonesimError):
    """A dialled number nobody added with ``Network.add_number``."""


class NotRinging(PhonesimError):
    """A phone was told to answer or decline while it does not ring."""


class LineEnded(PhonesimError):
    """A party acted on a line that is already over."""


class ReentrantAdvance(PhonesimError):
    """Virtual time was advanced from inside an event, for example by a webhook handler."""


class PortInUse(PhonesimError):
    """The address to serve on is taken."""


class FileError(PhonesimError):
    """A file that cannot be followed; every problem names file, line and mend."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class FaultError(PhonesimError):
    """A fault that does not exist, or cannot be had with this value."""


class RestTimedOut(PhonesimError, TimeoutError):
    """Injected: the request took effect, its answer never came."""


class Interruption(Exception):
    """Thrown into a running document; not an error."""


class HungUp(Interruption):
    """The leg is over."""
