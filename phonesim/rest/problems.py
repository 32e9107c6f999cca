"""Error answers of the REST API (Twilio: error and warning dictionary)."""

from typing import Any, TypeVar

Reply = tuple[int, dict[str, Any] | None]
"""The status and JSON body of an answer; None is no body."""
T = TypeVar("T")


class RestProblem(Exception):
    """Answered as ``{code, message, more_info, status}``."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self) -> dict[str, Any]:
        """The JSON object."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.message, "more_info": more, "status": self.status}


def unauthenticated() -> RestProblem:
    """401 with code 20003."""
    return RestProblem(401, 20003, "Authenticate")


def not_found(path: str) -> RestProblem:
    """404 with code 20404."""
    return RestProblem(404, 20404, f"The requested resource {path} was not found")


def existing(found: T | None, path: str) -> T:
    """The resource that was found at the path. Raises the problem of ``not_found`` where there is none."""
    if found is None:
        raise not_found(path)
    return found


def not_in_progress() -> RestProblem:
    """400 with code 21220."""
    return RestProblem(400, 21220, "Call is not in-progress. Cannot redirect.")


def bad_parameter(code: int, message: str) -> RestProblem:
    """400 with the code of the parameter."""
    return RestProblem(400, code, message)
