"""The words and signs of which `bench/disguises.py` puts its texts together."""

from collections.abc import Mapping, Sequence

# fmt: off
MARKS: Mapping[str, str] = {
    "space": " ", "wide space": "\u3000", "two spaces": "  ", "dash": "-", "long dash": "—",
    "spaced dash": " - ", "point": ".", "middle dot": "·", "star": "*", "line": "\n", "stroke": "/",
    "bar": "|", "underscore": "_", "zero width": "\u200b", "emoji": "🌸", "heart": "❤", "tilde": "~",
    "dots": "…",
}
HEARD_MARKS: Mapping[str, str] = {
    "comma": "，", "half comma": ",", "list comma": "、", "space": " ", "stop": "。", "words": "，然后",
    "line": "\n",
}
JOINS: Sequence[str] = (
    ":", "：", " ", "", "是", "：\n", "就是", "是：", "→", "——", "【", "「", "（", "=", "， ", "，是", " 👉",
    "呢是", "为", "～", "…",
)
CLOSES: Mapping[str, str] = {
    "【": "】", "「": "」", "（": "）",
}
LABELS: Mapping[str, Sequence[str]] = {
    "card": (
        "卡号", "银行卡", "銀行卡號", "收款卡", "对方的卡", "他让我转到这张卡", "储蓄卡号", "卡 号", "账号",
        "建行卡", "他的卡号",
    ),
    "id_number": (
        "身份证", "身份证号", "身分證號", "证件号码", "身份證號碼", "我身份证号码", "公民身份号码",
        "他的身份证",
    ),
    "phone": (
        "电话", "手机", "手机号", "電話", "联系电话", "打我电话", "来电号码", "他的手机号", "聯絡電話", "☎",
        "回拨",
    ),
    "line": (
        "电话", "客服电话", "来电显示", "座机", "电话号码", "显示的是", "热线", "客服热线", "打过来的号码",
        "主叫号码", "来电",
    ),
    "qq": (
        "QQ", "qq", "QQ号", "扣扣", "扣", "企鹅", "Q Q", "Ｑ Ｑ", "🐧", "加Q", "扣扣号", "企鹅号", "秋秋", "Q",
        "球球", "他QQ", "QQ號", "加扣扣",
    ),
    "group": (
        "QQ群", "群号", "扣扣群", "进群", "企鹅群", "Q群", "交流群", "裙号", "QQ群号", "群號",
    ),
    "wechat": (
        "微信", "微信号", "薇信", "V信", "vx", "VX", "wx", "加V", "加微", "薇❤", "微❤", "威信", "徽信",
        "绿泡泡", "微信號", "V❤", "卫星", "➕V", "加薇", "微 信", "V X", "v:", "微芯", "WeChat", "维信",
        "＋Ｖ", "绿色软件", "W信", "Ⓥ",
    ),
    "telegram": (
        "飞机", "电报", "TG", "tg", "纸飞机", "Telegram", "飛機號", "電報", "✈️", "小飞机", "telegram",
        "飞机号", "T G", "Tele", "TG号", "纸✈",
    ),
    "order": (
        "订单号", "订单编号", "流水号", "交易单号", "快递单号", "訂單號", "单号", "交易流水号", "商户单号",
        "轉賬單號", "运单号", "转账单号",
    ),
    "url": (
        "网址", "链接", "网站", "點開", "复制到浏览器", "下载地址", "登录", "", "打开", "官网", "連結", "地址",
    ),
}
BEFORE: Sequence[str] = (
    "", "", "你好，", "他发来的", "对方说", "客服给我的", "我记得", "刚才那个人的", "骗子的", "截图上写着",
    "我这边查到", "麻烦记一下，", "[图片识别]", "聊天记录里是这样的：", "在群里发的，", "老师让加，", "1、",
    "他說", "备注了一下\n",
)
BEHIND: Sequence[str] = (
    "", "", "。", "，你们查一下", "，他说加了就发钱", " 谢谢", "，麻烦快一点", "\n就是这个", "，我还留着截图",
    "！", "，不知道对不对", " 联系我", "，能冻结吗", "（刚刚发的）", "，我念完了", "哈", "，已经拉黑我了",
    "～", "\n\n请尽快处理", "，就这些",
)
PINYIN: Sequence[str] = (
    "xiao", "mei", "jie", "yun", "hao", "long", "feng", "lin", "tian", "qing", "yang", "wen", "jia", "ning",
    "rui", "dai", "kuan", "fu", "cai", "shan", "hua", "chen", "bo", "ge", "lao", "zhou", "an", "xin", "le",
    "mu",
)
DOTS: Mapping[str, str] = {
    "plain": ".", "brackets": "[.]", "round": "(.)", "word": "(dot)", "[dot]": "[dot]", "点": "点", "。": "。",
    "wide": "．", "[点]": "[点]", "(点)": "（点）", "spaced": " . ", "before": " .", "behind": ". ", "· ": "·",
    "{.}": "{.}", "，": "[。]", "spaced dot": " dot ", "丶": "丶",
}
SCHEMES: Sequence[str] = (
    "", "http://", "https://", "hxxp://", "hxxps://", "h**p://", "http：//", "https:// ", "Hxxps://",
    "http[:]//", "http:\\\\",
)
TOPS: Sequence[str] = (
    "com", "cn", "top", "xyz", "vip", "cc", "net", "shop", "com.cn", "club", "icu", "app", "site",
)
TALK: Sequence[str] = (
    "，嗯，", "，后面是", "，然后呢", "，接着是", "，啊，", "，最后", "，再往后", "，您记好，", "”，又发“",
    "，后四位", "。。。",
)
ASKED: Sequence[str] = (
    "多少？", "是多少？", "是什么？", "报一下。", "念一下，", "有没有？", "呢？", "是几号？", "记得吗？",
)
ANSWERERS: Sequence[str] = (
    "", "", "学生：", "事主：", "报案人：", "”“", "\n", "答：", "他：", "大妈：嗯，", "受害人：好，", "”\n“",
)
# fmt: on
