"""What people write: each text with what the gate has to find in it. All of it is made up."""

ORDINARY = """
您好，请问我的订单什么时候发货？
订单号 6921387730112934567 已经三天没有物流了
我的订单 20231105001234 一直没有更新
拼多多订单 231105-123456789012345 需要退款
单号 SF1385551234567 显示已签收，但我没收到
快递单号：YT1381234567890，麻烦查一下
圆通 YT8867123456789 停在郑州两天了
中通 75812345678901 什么时候能到
韵达 433212345678901 说是放驿站了
EMS 单号 EA123456789CN
JD0138123456789 这个包裹坏了
邮政挂号 XA13812345678
付款 399.00 元，优惠券 -50，实付 349.00
2026-11-02 14:30 下的单，11-05 还没到
2026年11月11日晚上8点付的款
身高175体重138，穿什么码合适
买了3件，一共 1,399.00 元
尺码 38 39 40 41 42 43 都有货吗
规格：15*13*50cm，重 12.30kg
型号是x100。vip会员有优惠吗
已下载app。live直播间打不开
联系hi @tom。thanks
2026—11—02 到 2026–11–15 之间——大概12.30kg
型号是 XPS13-9310 对吗
这个手机是13800元还是12800元
保质期到20271231
商品编号 100012043978
优惠码 8888 6666 用不了
发票税号 91310115MA1K3YJ12X 开错了
可以用微信支付吗？
支持支付宝和微信付款吗
为什么微信支付失败了
退款已原路退回您的微信零钱，请注意查收
退款已退回您的银行卡，一般3-5个工作日到账
我已经转账成功了，为什么订单还是未支付
感谢您的支持，祝您生活愉快
谢谢您的好评，我们会继续努力
商品评价里说会掉色，是真的吗
我要投诉这个商家
我要去12315投诉你们
请问怎么联系人工客服
客服电话是多少
快递员一直不接电话
我在直播间买的，主播说送赠品，没有收到
主播口播承诺买一送一，只发了一件
衣服起球了，可以退货吗
七天无理由退货怎么操作
退货地址是哪里
您的退货地址：请在退货详情里查看
亲，您的包裹已于今天上午发出
亲，我们会在48小时内发货
不好意思让您久等了，马上为您处理
已经为您申请了补发，预计三天内送达
麻烦您提供一下破损照片
请您在订单页面提交售后申请
商品一二三四号仓库都缺货
第一批货三月初到，第二批五月
一共三百六十五块八毛
零零七号快递柜打不开
取件码 8-3-2051
取件码：1-2-3045，柜子打不开
楼号 15-3-1802
微波炉多少钱
维修信息在哪里看
微笑服务，为您效劳
加急处理一下，谢谢
能不能加个急
加价购的赠品没有
加微量元素的那款还有吗
请问有加绒加厚的吗
我要取消订单
我想取消退款，东西已经收到了
撤回的消息看不到了
后果自己承担？我没有拆封
质量太差了，我很生气
你们这是欺骗消费者
三天之内不解决我就投诉
五星级酒店同款浴巾
五星红旗多少钱
好评率98%也不能保证质量吧
等着收货呢
小心轻放
你好，在吗
q弹的年糕
V领毛衣有货吗
VIP会员有什么权益
vivo X100 手机壳
QQ糖什么口味的
wifi连不上
这款LINE FRIENDS联名的
群里说的活动还有吗
直播间的链接失效了
https://oncedesk.example/orders/123
请打开 https://help.oncedesk.example/a?b=1 查看
Hello, when will my order arrive?
My order 112-7394857-2039485 has not arrived yet
Tracking number 1Z999AA10123456784 has not moved
DHL 1234567890 says delivered but I got nothing
DPD parcel 05212345678901 is lost
I paid 1,399.00 EUR on 2026-11-02
The invoice INV-2026-004512 is wrong
I was charged EUR 49.99 twice on 03.11.2026
My size is 38, I ordered 3 x 40
I would like to return the shoes within 14 days
The review said that it runs small
I read good things about this shop
Is the five-year warranty included?
Can I pay by card or by invoice?
The refund goes back to your original payment method
We have sent the refund to your bank account
We are sorry for the delay and will look into it
Your parcel left our warehouse this morning
Please open a return request in your order
I want to complain about this seller
Who do I contact about a broken item?
The package says e.g. model v2.0 but I got v1.0
It stopped working after 2.5 hours
Is this compatible with Node.js 22?
I will dispute this with my bank
We will contact you within 24 hours
The red one, size M. Thanks
call me back tomorrow please
IBAN ends with 1234, no refund so far
EAN 4006381333931 is not what I ordered
UPC 0036000291452 has another label
DHL 00340434292135100124 has not moved
UPC 036000291452 has another label
ISBN 0671027034 came instead
order 4200123456 is late
快递 430012345678 停了两天
12:0106 2345 6789
order 0012345678 is late
They charged 100 001 234 567 890 by mistake
From 09:00 10 items, 11.00 49.99 199.99 in all
ISBN 978-3-16-148410-0
version 10.15.7 does not start
see section 3.4.5.6 of the manual
USt-IdNr. DE123456789
Bestellung 302-1234567-1234567 ist nicht angekommen
Wann kommt mein Paket?
"""

CAUGHT = """
phone | 我的电话是13812345678
phone | 打 138 1234 5678 找我
phone | 138-1234-5678
phone | 1 3 8 1 2 3 4 5 6 7 8
phone | 1-3-8-1-2-3-4-5-6-7-8
phone | １３８１２３４５６７８
phone | 一三八一二三四五六七八
phone | 幺三八 一二三四 五六七八
phone | 壹叁捌壹贰叁肆伍陆柒捌
phone | ①③⑧①②③④⑤⑥⑦⑧
phone | 138\u200b1234\u200b5678
phone | 138oo138ooo
phone | +86 138 1234 5678
phone | 8613812345678
phone | 手机：138.1234.5678
phone | 座机 0571-87654321
phone | (010) 62345678
phone | 热线400-820-8820
phone | call +49 171 2345678
phone | +44 7911 123456
phone | +49 (0)171 2345678
phone | +44(0)20 7946 0958
phone | call 0049 171 2345678
phone | 0044-7911-123456
phone | Tel. 0033 (0)6 12 34 56 78
phone | 00491712345678
phone | 电话 0049 1712345678
phone | ring 020 7946 0958
phone | 06 12 34 56 78
phone | (415) 555-2671
phone | 415-555-2671
phone | 1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣
phone | 𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖
phone | 电话13812345678转8001
phone | 139*1234*5678
phone | 座机01062345678
phone | 座机：057186234567
phone | 打075586541234找我
phone | 客服热线4008001234
phone | 电话：8008201234
phone | ruf an unter 017612345678
phone | Handy: 01712345678
phone | Büro 03023456789
phone | 138–1234–5678
phone | 138—1234—5678
phone | 138‑1234‑5678
phone | 138−1234−5678
phone | 138\u20091234\u20095678
phone | 138\u31641234\u31645678
phone | 138\u28001234\u28005678
phone | ١٣٨١٢٣٤٥٦٧٨
phone | १३८१२३४५६७८
phone | 一38一2三4五6七8
email | john.doe@example.com
email | 邮箱 abc123@qq.com 发我
email | ａｂｃ＠ｑｑ．ｃｏｍ
email | john (at) example (dot) com
email | john[at]example[dot]com
email | abc艾特qq点com
email | write to shop at mail dot com please
email | abc@qq。com
email | abc＠qq｡com
email | 邮箱abc@mail。163。com，谢谢
messenger | 加我微信 abc12345
messenger | 加微信聊
messenger | 加一下微信
messenger | 加V
messenger | 加v信
messenger | 加我V：abcd888
messenger | 薇信 good_shop
messenger | 威信号 good_shop
messenger | 微❤号多少
messenger | V❤加我 abc
messenger | 微 信 号 kefu001
messenger | 微.信: kefu001
messenger | 微\u200b信号 kefu001
messenger | vx: kefu001
messenger | ＶＸ：ｋｅｆｕ００１
messenger | wx kefu001
messenger | νх kefu001
messenger | 加QQ 123456789
messenger | 扣扣 1234567
messenger | 企鹅号 12345678
messenger | 加—微—信
messenger | 微\u3164信号多少
messenger | 加群领优惠
messenger | 进群有福利
messenger | 加微领红包
messenger | 加个微，我发你视频
messenger | 私聊我
messenger | 微信上聊吧
messenger | add me on whatsapp
messenger | message me on Telegram
messenger | my WeChat is good_shop1
messenger | w.h.a.t.s.a.p.p me
messenger | what is your LINE ID
link | https://evil.example.com/pay
link | www.cheap-shop.top
link | 打开 cheap-shop.cn 下单更便宜
link | 点这里 http://1.2.3.4/x
link | t.me/goodshop
link | https://oncedesk.example.evil.com/a
link | https://oncedesk.example@evil.com/
link | https://оncedesk.example/orders
link | 淘宝店铺 goodshop点com
link | 打开 cheap-shop。cn 下单更便宜
link | www.cheap-shop。com
link | 去 cheap-shop.wang 看
link | 打开 goodshop.icu 下单
link | go to cheapshop.biz instead
link | see goodshop.hk/sale
link | goodshop.co
link | kauf bei goodshop.ch
link | goodshop.tech has it cheaper
payment | 您直接转账给我，便宜20
payment | 私下转，我给您优惠
payment | 支付宝转我就行
payment | 我发您收款码
messenger payment | 加钱的话微信转一下
payment | 咱们线下交易吧
payment | 给我发红包，我给您补发
payment | 扫码付差价
payment | 不走平台可以便宜三十
payment | 把银行卡号发我，我给您退
payment | 收到的验证码发我一下
payment | you can pay me directly, it is cheaper
payment | please make a bank transfer to our account
payment | send it via PayPal
payment | let us do this outside the platform
payment | pay with a gift card
payment | tell me the code you received
rating | 亲，给个好评吧
rating | 麻烦给个五星好评
rating | 好评返现5元
rating | 晒图返2元
rating | 能不能改一下评价
rating | 删除评价我就给您退款
rating | 把差评删了，删一下差评
rating | 撤一下差评
rating | 打五星哦
rating | 别给差评，有问题联系我们
rating | please leave us a 5 star review
rating | give us five stars
rating | could you change your review?
rating | remove your review and we refund
rating | we hope for a positive review
rating | a good rating would help us
threat | 你等着，我找人收拾你
threat | 我知道你家在哪
threat | 不撤就后果自负
threat | 信不信我上门找你
threat | 让你小心点你家人，走着瞧
threat | 公开你的信息
threat | I know where you live
threat | you will regret this
threat | you’ll regret it
threat | watch your back
threat | I will come to your house
withdrawal | 您先撤销投诉，我马上退款
withdrawal | 撤诉吧，给您补偿
withdrawal | 先取消退款，我再给您发
withdrawal | 麻烦把投诉撤一下，取消投诉
withdrawal | 撤 销 投 诉
withdrawal | 不要再投诉了
withdrawal | 别找平台，我们私下解决
withdrawal | 撤销平台介入
withdrawal | please withdraw your complaint first
withdrawal | close the dispute and we will refund
withdrawal | drop the complaint please
withdrawal | cancel your claim first
messenger payment | 加微信 shop_888，转账给我
phone rating | 给个好评，打13812345678领红包
threat withdrawal | 不撤诉你等着
"""
