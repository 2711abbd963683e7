"""The figures: what each means, in both languages. Whoever shows or documents one takes it here.

`counted` of a figure's rows are its denominator; what it says of them adds up to the numerator.
The sums themselves are in `storage/outcomes/figures.py`; a test compares them with a second
calculation.
"""

from enum import StrEnum

from oncedesk.domain.shared.records import Record


class FigureName(StrEnum):
    """Names are stable: they are in addresses and exported files."""

    CONTACT_ONCE = "contact_once"
    FIRST_RESPONSE = "first_response"
    ANSWERED_IN_TIME = "answered_in_time"
    RESOLUTION = "resolution"
    REFUND_TIME = "refund_time"
    PROMISE_KEPT = "promise_kept"
    TAKE_OVERS = "take_overs"
    COST_PER_CASE = "cost_per_case"
    SATISFACTION = "satisfaction"
    PAUSED_SHARE = "paused_share"


class Unit(StrEnum):
    """What numerator by denominator is: a share of one, seconds each, or minor units each."""

    SHARE = "share"
    SECONDS = "seconds"
    MONEY = "money"


class Side(StrEnum):
    """Which direction is better."""

    MORE = "more"
    LESS = "less"


class Words(Record, frozen=True):
    """The same in Chinese and in English."""

    zh: str
    en: str


class Figure(Record, frozen=True, kw_only=True):
    """One figure and all that has to be known to read it."""

    name: FigureName
    unit: Unit
    better: Side
    title: Words
    definition: Words
    numerator: Words
    denominator: Words
    excluded: Words


FIGURES: tuple[Figure, ...] = (
    Figure(
        name=FigureName.CONTACT_ONCE,
        unit=Unit.SHARE,
        better=Side.MORE,
        title=Words("一次进线解决率", "Contact once"),
        definition=Words(
            "消费者只说一次、问题就解决的工单占比，按解决日计。",
            "Of the cases resolved on a day, those in which the consumer had to say it only once.",
        ),
        numerator=Words(
            "没有催单、重复进线和外部投诉的工单",
            "cases without a chaser, a recontact or an outside complaint",
        ),
        denominator=Words(
            "复联窗口已过、消费者至少进线一次的工单",
            "cases whose recontact window is over and in which the consumer contacted us",
        ),
        excluded=Words(
            "复联窗口尚未结束的工单、消费者从未进线的工单（系统因违约主动开的）、并入其他工单的",
            "cases whose recontact window still runs, those in which the consumer never contacted "
            "us (opened by a breach), and merged ones",
        ),
    ),
    Figure(
        name=FigureName.FIRST_RESPONSE,
        unit=Unit.SECONDS,
        better=Side.LESS,
        title=Words("首次响应时长", "First response"),
        definition=Words(
            "从开单到有人第一次对消费者说话，平均多久；夜间也照算。按解决日计。",
            "From the opening until a person first spoke to the consumer, nights included; of the "
            "cases resolved on a day.",
        ),
        numerator=Words("这些等待的总秒数", "the seconds of all these waits together"),
        denominator=Words("有人回复过的已解决工单", "resolved cases in which a person answered"),
        excluded=Words(
            "没有人回复就结束的（按规则判定、撤回、无回复）、并入其他工单的",
            "cases that ended without a person's word (by rule, withdrawn, no reply), merged ones",
        ),
    ),
    Figure(
        name=FigureName.ANSWERED_IN_TIME,
        unit=Unit.SHARE,
        better=Side.MORE,
        title=Words("首次响应及时率", "Answered in time"),
        definition=Words(
            "首次响应时钟（按工作日历）守住了的占比，按解决日计。",
            "Of the cases resolved on a day, those whose first response clock was kept, as it "
            "counts by its calendar.",
        ),
        numerator=Words("在时钟到期前有人回复的工单", "cases answered before the clock ran out"),
        denominator=Words(
            "首次响应时钟有过结果的已解决工单",
            "resolved cases whose first response clock was kept or ran out",
        ),
        excluded=Words(
            "时钟到期前未经人回复就结束的、并入其他工单的",
            "cases that ended before the clock without an answer, merged ones",
        ),
    ),
    Figure(
        name=FigureName.RESOLUTION,
        unit=Unit.SECONDS,
        better=Side.LESS,
        title=Words("解决时长", "Resolution"),
        definition=Words(
            "从开单到（最后一次）解决，平均多久；等消费者的时间也算在内。按解决日计。",
            "From the opening until the case was resolved for the last time, waits for the "
            "consumer included; of the cases resolved on a day.",
        ),
        numerator=Words("这些时长的总秒数", "the seconds of all of them together"),
        denominator=Words("已解决的工单", "resolved cases"),
        excluded=Words(
            "消费者撤回、未回复和重复而结束的、并入其他工单的",
            "cases that ended as withdrawn, no reply or duplicate, and merged ones",
        ),
    ),
    Figure(
        name=FigureName.REFUND_TIME,
        unit=Unit.SECONDS,
        better=Side.LESS,
        title=Words("退款时长", "Refund time"),
        definition=Words(
            "从申请售后到款项汇出，平均多久，按汇出日计；违约自动赔付不计。",
            "From when a remedy was asked for until its money was sent; of what was sent on a day. "
            "What is given for a broken promise by itself is left out.",
        ),
        numerator=Words("这些时长的总秒数", "the seconds of all of them together"),
        denominator=Words(
            "已汇出的退款（每笔支付分别计）", "refunds that were sent, each payment's"
        ),
        excluded=Words("尚未汇出或汇出失败的", "refunds that were not sent yet, or failed"),
    ),
    Figure(
        name=FigureName.PROMISE_KEPT,
        unit=Unit.SHARE,
        better=Side.MORE,
        title=Words("承诺兑现率", "Promises kept"),
        definition=Words(
            "下单时的承诺（发货、送达、交付方式等）守住了的占比，按判定日计。",
            "Of the promises on which there was a verdict on a day, those that were kept.",
        ),
        numerator=Words("守住的承诺", "promises that were kept"),
        denominator=Words("已判定守住或违约的承诺", "promises that were kept or broken"),
        excluded=Words(
            "尚未到期的、订单取消的；消费者没有选过的交付方式；事后更正的按更正后的算",
            "promises not due yet, or of cancelled orders; how it is handed over where nobody "
            "chose it; a corrected verdict counts as corrected",
        ),
    ),
    Figure(
        name=FigureName.TAKE_OVERS,
        unit=Unit.SHARE,
        better=Side.LESS,
        title=Words("平台接管率", "Take-overs"),
        definition=Words(
            "先到商家或达人服务台、后来被平台接管的工单占比，按解决日计。",
            "Of the cases that came to a merchant's or creator's desk first, those that the "
            "platform took over; of the cases resolved on a day.",
        ),
        numerator=Words("被平台接管过的工单", "cases that the platform took over"),
        denominator=Words(
            "先到商家或达人服务台的已解决工单",
            "resolved cases that came to a merchant's or creator's desk first",
        ),
        excluded=Words(
            "一开始就在平台服务台的、并入其他工单的",
            "cases that came to the platform's desk first, and merged ones",
        ),
    ),
    Figure(
        name=FigureName.COST_PER_CASE,
        unit=Unit.MONEY,
        better=Side.LESS,
        title=Words("单均成本", "Cost per case"),
        definition=Words(
            "客服投入的时间乘以设定的每小时成本，平均到每张已解决工单；赔付不算在内。"
            "时间从工单到手、消费者开口或上一次处理算起，每次最多十分钟。按解决日计。",
            "The time that people were at it, at the set cost of an hour, for each case resolved "
            "on a day; compensations are not part of it. Each act counts since the case came to "
            "hand, the consumer spoke or the last act, at most ten minutes.",
        ),
        numerator=Words("投入时间的成本", "the cost of that time"),
        denominator=Words("已解决的工单", "resolved cases"),
        excluded=Words(
            "并入其他工单的；没有人处理过的工单计为零成本",
            "merged cases; one that nobody worked on costs nothing and counts",
        ),
    ),
    Figure(
        name=FigureName.SATISFACTION,
        unit=Unit.SHARE,
        better=Side.MORE,
        title=Words("满意率", "Satisfaction"),
        definition=Words(
            "消费者评价过的工单中，打 4 分或 5 分（满分 5 分）的占比；"
            "改过的评价以最后一次为准。按解决日计。",
            "Of the cases resolved on a day whose service the consumer rated, those with 4 or 5 of "
            "5; of a rating that was changed, the last counts.",
        ),
        numerator=Words("评为 4 分或 5 分的工单", "cases rated 4 or 5"),
        denominator=Words("评价过的已解决工单", "resolved cases that were rated"),
        excluded=Words(
            "没有评价的（撤回、重复和已另行处理的不能评价）、并入其他工单的",
            "cases that were not rated (withdrawn ones, duplicates and those decided elsewhere "
            "cannot be), and merged ones",
        ),
    ),
    Figure(
        name=FigureName.PAUSED_SHARE,
        unit=Unit.SHARE,
        better=Side.LESS,
        title=Words("暂停占比", "Paused share"),
        definition=Words(
            "客服手里的工单，因自己向消费者提问而让服务台时钟停住的时间占比；可按客服分组。按解决日计。",
            "Of the time for which agents had cases in hand, that in which the desk's clock stood "
            "because they had asked the consumer; by agent, too. Of the cases resolved on a day.",
        ),
        numerator=Words("时钟停住的秒数", "the seconds for which it stood"),
        denominator=Words("工单在客服手里的秒数", "the seconds for which they had them"),
        excluded=Words(
            "没有人经手的工单、因他人提问而停住的时间、并入其他工单的",
            "cases that nobody had, what stood for somebody else's question, and merged ones",
        ),
    ),
)
BY_NAME = {one.name: one for one in FIGURES}
