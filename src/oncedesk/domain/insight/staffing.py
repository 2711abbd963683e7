"""How many people a queue needs, by Erlang's formula for waiting without giving up (Erlang C).

Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in
automatic telephone exchanges" (1917); the recursion for the probability of loss that it is computed
by is in every textbook of queueing. `pyworkforce` has the same, with a solver and a data-frame
library that weigh a hundred times as much as these lines.
"""

from math import exp

STAFF_MAX = 2_000


def waiting_share(*, load: float, staff: int) -> float:
    """The share of arrivals that have to wait, with so much work offered (in Erlang).

    1.0 where there are not more people than work: then everybody waits, and ever longer.
    """
    if load <= 0:
        return 0.0
    if staff <= load:
        return 1.0
    lost = 1.0
    for count in range(1, staff + 1):
        lost = load * lost / (count + load * lost)
    return lost / (1 - (load / staff) * (1 - lost))


def service_level(
    *, arrivals_per_hour: float, handling_seconds: float, staff: int, within_seconds: float
) -> float:
    """The share of arrivals that somebody turns to within so many seconds."""
    load = arrivals_per_hour * handling_seconds / 3_600
    if load <= 0:
        return 1.0
    if staff <= load:
        return 0.0
    waits = waiting_share(load=load, staff=staff)
    return 1 - waits * exp(-(staff - load) * within_seconds / handling_seconds)


def staff_needed(
    *,
    arrivals_per_hour: float,
    handling_seconds: float,
    within_seconds: float,
    level: float,
) -> int:
    """The fewest people with whom this share is turned to in time; 0 where nothing comes.

    At most `STAFF_MAX`, which is to be read as: that many or more.
    """
    load = arrivals_per_hour * handling_seconds / 3_600
    if load <= 0:
        return 0
    staff = int(load) + 1
    while staff < STAFF_MAX:
        reached = service_level(
            arrivals_per_hour=arrivals_per_hour,
            handling_seconds=handling_seconds,
            staff=staff,
            within_seconds=within_seconds,
        )
        if reached >= level:
            return staff
        staff += 1
    return STAFF_MAX
