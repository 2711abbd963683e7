"""The one table of all questions. A kind of decision is backtested by having its place here."""

from collections.abc import Mapping

from oncedesk.engine.backtest.compensating import COMPENSATIONS
from oncedesk.engine.backtest.keeping import KEEPING
from oncedesk.engine.backtest.promising import PROMISING
from oncedesk.engine.backtest.questions import Question
from oncedesk.engine.backtest.remedying import REMEDIES
from oncedesk.engine.backtest.routed import ROUTING
from oncedesk.engine.backtest.waiting import WAITING

QUESTIONS: Mapping[str, Question] = {
    one.name: one for one in (ROUTING, WAITING, PROMISING, KEEPING, REMEDIES, COMPENSATIONS)
}
