"""What only those may do who answer for others."""

from oncedesk.domain.shared.refs import Desk
from oncedesk.http.call import Call
from oncedesk.http.problems import Refused, problem


def needs_supervisor(request: Call, desk: Desk) -> None:
    """Raises `Refused` unless the asker supervises this desk, or is an admin."""
    if not request.reader.supervises(desk):
        raise Refused(problem("not_allowed", "a supervisor, or an admin"))
