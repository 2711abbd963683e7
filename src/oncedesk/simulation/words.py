"""What people write in the generated marketplace, in Chinese and in English."""

from oncedesk.engine.entry import Entry, Sealed

CONSUMER: dict[str, dict[str, tuple[str, ...]]] = {
    "zh": {
        "refund": ("直播间买的外套不合适，想退款，什么时候能到账？", "退款申请三天了还没处理。"),
        "return": ("鞋子码数偏小，想退货，运费谁出？",),
        "exchange": ("收到的颜色不对，能换一个吗？",),
        "quality": ("杯子收到就裂了，有照片。", "充电宝用了一次就充不进电。"),
        "missing_part": ("少了一个赠品，主播说下单就送的。",),
        "wrong_item": ("我买的是洗发水，收到的是沐浴露。",),
        "late_delivery": ("说好昨天到的，现在还没到，请帮我看一下物流。",),
        "courier": ("快递放在门口没通知我，东西不见了。",),
        "price": ("刚买完就降价了，可以补差价吗？",),
        "offer": ("主播说买一送一，我只收到一件。",),
        "content": ("这个视频里的成分说法好像不真实。",),
        "order_question": ("请问什么时候发货？",),
        "account": ("我的账号登录不上，优惠券也没了。",),
        "advice": ("请问敏感肌可以用吗？", "这款有加大码吗？"),
        "safety": ("宝宝用了起疹子，请马上下架！",),
        "other": ("在吗？有个问题想问一下。",),
    },
    "en": {
        "refund": ("I asked for a refund three days ago, what is happening?",),
        "return": ("The shoes are too small, who pays for sending them back?",),
        "exchange": ("Wrong colour, could I get the blue one instead?",),
        "quality": ("The cup arrived cracked, I have a picture.",),
        "missing_part": ("The gift that the host promised was not in the box.",),
        "wrong_item": ("I ordered shampoo and got shower gel.",),
        "late_delivery": ("It should have been here yesterday.",),
        "courier": ("The courier left it at the door and now it is gone.",),
        "price": ("It got cheaper the day after, can you match it?",),
        "offer": ("The host said buy one get one, I only received one.",),
        "content": ("I do not think what this video says is true.",),
        "order_question": ("When will this be shipped?",),
        "account": ("I cannot log in any more.",),
        "advice": ("Is this fine for sensitive skin?",),
        "safety": ("My child got a rash from this, take it down!",),
        "other": ("Hello, is anybody there?",),
    },
}
MORE = {
    "zh": ("好的，谢谢，我补充一下照片。", "还没有消息吗？", "订单号就是这个，麻烦快一点。"),
    "en": ("Thank you, here is a picture.", "Any news?", "Yes, that is the one."),
}
AGAIN = {
    "zh": ("问题还是没有解决。", "又出现同样的情况了。"),
    "en": ("It is still not solved.", "The same thing happened again."),
}
AGENT = {
    "zh": (
        "您好，我来帮您处理，请稍等。",
        "已经为您登记，预计24小时内处理完毕。",
        "给您添麻烦了，已经联系仓库核实。",
    ),
    "en": (
        "Hello, I will look into this for you.",
        "I have asked the warehouse to check.",
        "Sorry about that; it is being handled.",
    ),
}
QUESTION = {
    "zh": ("请问可以发一张商品的照片吗？", "请问您希望退款还是换货？"),
    "en": ("Could you send a picture of it?", "Would you rather have a refund or a new one?"),
}
BETWEEN_DESKS = (
    "请核实该订单的发货记录。",
    "Please confirm what the host promised.",
    "已核实，情况属实。",
)
NOTES = ("已电话联系买家。", "Checked with the warehouse.")


class Sayings:
    """Each text's seal, worked out once."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._seals: dict[str, Sealed] = {}

    def seal(self, text: str) -> Sealed:
        found = self._seals.get(text)
        if found is None:
            found = self._seals[text] = self._entry.seal(text)
        return found


def first_words(*, issue: str, language: str) -> tuple[str, ...]:
    """What a consumer writes about this."""
    known = CONSUMER[language]
    return known.get(issue) or known["other"]
