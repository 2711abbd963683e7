"""What each error means to whoever asked."""

import re

import structlog
from litestar.exceptions import HTTPException

from oncedesk.engine.entry import BadInput
from oncedesk.engine.ports import ConnectionLost, DataRejected, TryAgain
from oncedesk.engine.submitting import EngineStopped, Overloaded
from oncedesk.engine.translating import NotTranslated
from oncedesk.http.limits.bodies import ClientGone
from oncedesk.http.problems import Problem, Refused, problem
from oncedesk.storage.attachments.files import FileMissing, FilesUnreachable
from oncedesk.storage.attachments.serving import AttachmentUnknown
from oncedesk.storage.attachments.showing import EvidenceUnknown
from oncedesk.storage.attachments.uploading import AttachmentRefused
from oncedesk.storage.views.inbox import NotYourDesk
from oncedesk.storage.views.readers import NotSeen
from oncedesk.storage.views.wall import NotOpened

log = structlog.get_logger(__name__)
_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")
"""How the framework says it; of other errors it names the parameter apart."""


def problem_of(error: Exception) -> Problem:
    """The problem to answer with. What nobody thought of is logged, and is our failure."""
    match error:
        case Refused():
            return error.problem
        case NotSeen() | NotYourDesk():
            # What is another's looks like what is not there.
            return problem("not_found")
        case NotOpened():
            return problem("desk_unknown")
        case BadInput():
            return problem(error.code, error.detail)
        case AttachmentRefused():
            return problem(error.code, error.detail)
        case AttachmentUnknown():
            return problem("not_found")
        case EvidenceUnknown():
            said = "files of one's own, attached to messages about this order"
            return problem("evidence_unknown", said, field="evidence")
        case FileMissing():
            log.error("file_missing", file=str(error))
            return problem("not_found")
        case FilesUnreachable():
            log.warning("files_away", error=str(error))
            return problem("files_away", "ask again in a moment")
        case NotTranslated():
            log.warning("translator_away", error=str(error))
            return problem("translator_away", "ask again in a moment")
        case ClientGone():
            return problem("body_incomplete", "the whole body")
        case EngineStopped():
            return problem("stopping", "ask again with the same key; it counts once")
        case Overloaded():
            return problem("overloaded", "fewer commands at once")
        case ConnectionLost() | TryAgain():
            log.warning("database_away", error=str(error))
            return problem("database_away", "ask again in a moment")
        case DataRejected():
            log.warning("data_rejected", error=str(error))
            return problem("parameter_invalid", "a value that can be kept")
        case HTTPException(status_code=404):
            return problem("not_found")
        case HTTPException(status_code=405):
            return problem("method_not_allowed")
        case HTTPException() if error.status_code < 500:
            return _parameter(error)
        case _:
            log.error("request_failed", exc_info=error)
            return problem("internal_error", "nothing that you could change")


def _parameter(error: HTTPException) -> Problem:
    """The framework found a parameter that is not as the description says."""
    first = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
    said = str(first.get("message", "")) if isinstance(first, dict) else ""
    name = str(first.get("key", "")) if isinstance(first, dict) else ""
    if missing := _MISSING.match(error.detail):
        return problem("parameter_invalid", "it is required", field=missing[1])
    if name == "data":
        return problem("body_invalid", "a body, in JSON")
    return problem("parameter_invalid", said or "as the description of the API says", field=name)
