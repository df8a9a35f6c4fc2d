"""What people call chat programs when a filter must not notice: 薇❤, V芯, 扣 扣, 交流裙, 纸✈, zfb.

Theory. A slang name is made of a few pieces that change more slowly than the names: a first character that looks or
sounds like 微 (薇, 徽, 卫, V), something put between (a space, a dot, a heart), a second that stands for 信 (芯, 心, a
heart, X, xin). The pieces are listed once, so that combinations nobody has written yet are read too. A name is a label
only: what follows must have the form of a handle. Single characters (微, 薇, V) need 加 or 我 before them, or the
handle itself right behind.
"""

from collections.abc import Mapping

_SYMBOL = r"\u2600-\u27ff\u2b00-\u2bff\U0001f000-\U0001f445\U0001f44a-\U0001faff√×✚"
_BETWEEN = rf"[ /.\-*·丶丨、|_\u200b~{_SYMBOL}]{{0,3}}"
_APART = _BETWEEN.replace("{0,3}", "{1,3}")
_HEART = "❤♥♡❥❣💚💗💕💖💓💛💙💜🧡🖤🤍♧"
# Sounds like 微, and only with 信 behind it.
_SOUND_OF_WECHAT = "胃畏尾未位慰谓伪渭纬偎"
_FIRST_OF_WECHAT = "微薇威徽维唯溦嶶卫围魏蔚葳巍炜韦苇喂崴伟维惟味嵬徴"
_SECOND_OF_WECHAT = (
    rf"(?:亻言|信|伈|忻|芯|心|新|星|讯|杏|欣|鑫|辛|昕|馨|薪|兴|訫|囟|(?<! )(?:xin|Xin|XIN)|"
    rf"(?<= )(?:xin|Xin|XIN)(?![a-z])|[xX](?![A-Za-z])|[{_HEART}])"
)
_HEARD = "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖"
_SAID = "幺洞拐勾两參叄貳" + _HEARD
# What joins a name to its number or handle: signs, 是, 呢是, a new line.
_JOIN = r"[^\w\n。；;！？!?+]{0,3}(?:呢?是|就是|即|为|叫|呢)?[^\w\n。；;！？!?+]{0,2}\n?"
_NUMBER = (
    rf"(?:[0-9{_SAID}]|[lI](?=\d))(?:(?:[^\w\n。；;！？!?，,、+=%]{{0,3}}|_)\n?[0-9{_SAID}OolI]){{6,}}"
    r"(?![A-Za-z0-9]| ?[元块万%人名个])"
)
_HEARD_NUMBER = rf"[{_SAID}](?:[^\w\n]{{0,2}}(?:然后)?\n?[{_SAID}]){{6,}}"
_A_NUMBER = rf"(?={_JOIN}(?:{_NUMBER}|{_HEARD_NUMBER}))"
_A_HANDLE = rf"(?={_JOIN}@?[A-Za-z](?=[A-Za-z0-9_-]*[\d_])[A-Za-z0-9_-]{{5}})"
_ADD = r"(?:(?:添加|加我的?|加|➕|\+|我的?) ?)"
_NUMBER_WORD = r"(?:[、·.]?(?:号码|号|ID|Id|id|账号|帐号))?"
_GROUP = r"[\d、一二三]?(?:群|裙|君羊|峮|帬)"
_GROUPS_NAMED = "交流|粉丝|福利|内部|任务|学习|炒股|股票|会员|客户|老师|家长|工作|微信|资料|接单|派单"

WECHAT = (
    rf"{_ADD}?[{_FIRST_OF_WECHAT}]{_BETWEEN}{_SECOND_OF_WECHAT}{_NUMBER_WORD}"
    rf"|{_ADD}?(?<![A-Za-z0-9_])[VvWw][{_SYMBOL}]\u200b?[Xx](?=[A-Za-z])"
    rf"|{_ADD}?(?<![A-Za-z0-9_])[VvWw]{_BETWEEN}[Xx](?![A-Za-z]){_NUMBER_WORD}"
    rf"|加(?:这个|我这个?)(?:[Vv](?![A-Za-z0-9])|微(?!信))|[丨|][Vv][丨|](?=[A-Za-z])"
    rf"|(?:(?<![\u4e00-\u9fff轻略稍细甚])[{_FIRST_OF_WECHAT}]|直接[{_FIRST_OF_WECHAT}]|(?<![A-Za-z0-9_])[VvWw][Xx]?)"
    r"(?=[: ]?[A-Za-z](?:[.·/|*~][A-Za-z0-9_]){4})"
    r"|(?:➕|\+|加) ?[Vv](?=[a-wyz][a-z]{1,12} ?[-_] ?[a-z0-9])"
    r"|(?:留|给|发|报|换|要)(?:个|一下|下)?(?:你的?|我的?)?[Vv](?![A-Za-z0-9]| ?[Xx])"
    r"|(?<![A-Za-z0-9_])[VvWw][Xx](?=[A-Za-z](?: [A-Za-z0-9_]){3})"
    r"|(?<![A-Za-z0-9.])[Vv](?=[: ]{1,2}[A-Za-z]{1,4}(?: [A-Za-z]{1,4})?(?: \d{2,4}){2}(?![\d元块万]))"
    r"|(?<=人事)[Vv](?=”?[:： ]{1,2}[A-Za-z])"
    r"|(?<=[务服师理术板介监人系询私聊我])[Vv](?=[: ]?[A-Za-z](?=[A-Za-z0-9_-]*[\d_])[A-Za-z0-9_-]{5})"
    rf"|{_ADD}?(?<![A-Za-z0-9_])[VvWw]{_BETWEEN}(?:亻言|信|芯|心|鑫|[{_HEART}]){_NUMBER_WORD}"
    rf"|{_ADD}?(?:[{_FIRST_OF_WECHAT}]|(?<![A-Za-z0-9_-])[VvWw])[{_SYMBOL}]\u200b?(?![A-Za-z0-9][{_SYMBOL}]){_NUMBER_WORD}"
    rf"(?=[: ]{{0,2}}[^，。\n：: ]{{0,4}}[A-Za-z0-9])"
    rf"|[{_SOUND_OF_WECHAT}](?:信|芯|訫)(?=[: ]{{0,2}}[A-Za-z])|[VvWw](?:那个|什么|某)信"
    rf"|(?<![A-Za-z0-9_])[VvWw] ?(?:👉|➡|→|➜)|\([VvWw]\) ?\([Xx]\)|[{_SYMBOL}]\u200b?信(?=[: ]{{0,2}}[A-Za-z])"
    rf"|[微薇威][xX](?=(?![iu])[a-z]{{3,12}}[0-9_])|[VvWw][{_HEART}]信"
    rf"|维他命心|某信[A-Da-d甲乙1-3]?(?=:)|[{_FIRST_OF_WECHAT}]同(?=[: ]?1[3-9])"
    rf"|[{_FIRST_OF_WECHAT}]号(?=[^，。\n]{{0,4}}[A-Za-z0-9])"
    rf"|(?<![A-Za-z0-9_])[VvWw](?:➕|\+)"
    rf"|{_ADD}(?:[微薇威卫徽溦嶶葳崴]|[VvWw](?![A-Za-z]))(?!信){_NUMBER_WORD}"
    rf"|{_ADD}?(?<![A-Za-z])(?:[Ww]ei[ -]?[Xx]in|WEIXIN|[Ww]e ?[Cc]hat|WECHAT|[Ww]ei[信心芯新欣])"
    rf"(?:(?<=[信心芯新欣])|(?![A-Za-z])){_NUMBER_WORD}"
    rf"|[微薇VvWw]我(?=[: ]{{0,2}}[A-Za-z])|"
    rf"(?<![A-Za-z0-9_-])[{_HEART}](?=[: ]{{0,2}}[A-Za-z](?=[A-Za-z0-9_-]*[\d_])[A-Za-z0-9_-]{{5}})"
    rf"|[家佳嘉伽咖茄嫁枷架驾迦珈] ?(?:[{_FIRST_OF_WECHAT}]|[VvWw](?=[a-z0-9]{{0,12}}[0-9_{_HEARD}]))"
    r"(?=聊?[^，。\u4e00-\u9fff]{0,5}[A-Za-z])"
    r"|[家佳嘉伽咖茄嫁枷架驾迦珈] ?[VvWw](?![A-Za-z信芯心鑫])(?=[^，。\n]{0,8}[A-Za-z])"
    rf"|(?:小号|大号|新号)(?=[: ]{{1,2}}[A-Za-z][A-Za-z0-9]{{0,12}}[_\d])"
    rf"|(?<![A-Za-z0-9._-])[Vv](?=[^\w\n。；;！？!?+.-]|呢?是){_A_HANDLE}|[十+➕][ ]?[Vv](?![A-Za-z]){_A_HANDLE}"
    r"|(?<![A-Za-z0-9._-])[Vv](?=(?:是|:)[: ]{0,2}[A-Za-z](?: [A-Za-z0-9_]){4})"
    rf"|(?<=[的旧新我他她])[微薇](?=[是:： ]{{1,2}}[0-9{_SAID}]{{7}}|被[封限禁]|没了|满了)"
    rf"|[{_HEART}][VvWw](?![A-Za-z0-9])"
    r"|(?<=\()[Vv](?=\))"
    rf"|溦(?={_JOIN}@?[A-Za-z])"  # what the face makes of a V in a circle
    rf"|(?<![\u4e00-\u9fff])[微薇](?=[^\w\n。；;！？!?+.-]|呢?是){_A_HANDLE}"
    rf"|[🌿🍀🟢🥬🌱☘🟩]\u200b?(?:泡泡?|信|软件|标)|小?绿(?:泡泡?|信|标|聊|色的?(?:那个|小)?(?:软件|图标|应用|聊天软件|[Aa][Pp][Pp]))(?:上|里)?{_NUMBER_WORD}"
    rf"|绿(?:[🫧💬]|色的?那个|软|色聊天(?:那个)?(?!软|[Aa]))(?:号)?|[🛰](?=[^，。\n]{{0,3}}[A-Za-z0-9])|"
    rf"💬(?=[: ]{{0,2}}[A-Za-z])"
    rf"|\((?:[{_FIRST_OF_WECHAT}]|[VvWw][Xx]?)\)(?=[^，。\n]{{0,4}}[A-Za-z0-9])"
    rf"|(?<![A-Za-z])[Ww]ei ?(?:[{_SYMBOL}]\u200b?(?: ?[Xx]in)?|(?=[a-z]+[0-9]))"
    rf"|(?<![\u4e00-\u9fff])[{_FIRST_OF_WECHAT}](?=:)|滴滴?[{_FIRST_OF_WECHAT}](?=[: ]?[A-Za-z])"
    rf"|(?<![A-Za-z0-9])[Vv](?=1[3-9]\d[ .-]?\d{{4}}[ .-]?\d{{4}}(?!\d))"
    rf"|[微薇溦嶶徽威崴葳](?=[ :]?[A-Za-z][A-Za-z0-9]{{0,10}}(?:下划线|横杠|减号|[{_HEARD}]{{2}}))"
    rf"|(?:\+|➕|加) ?[Vv](?=[a-z][a-z0-9]{{0,12}}[{_HEARD}]{{2}})"
    rf"|小绿(?=[ :：]{{0,2}}[A-Za-z])"
    rf"|加了?(?:她|他|我|对方|客服|老师)?的?(?:私人号|私号|小号|大号)"
    rf"|(?<![轻略稍细甚卑显入蔷紫])[微薇溦嶶徽威崴葳][12一二]?"
    r"(?=[ :]?[A-Za-z](?=[A-Za-z0-9_丨*~-]*[\d_-])[A-Za-z0-9_丨*~-]{4})"
)
QQ_GROUP = (
    rf"(?:(?<![A-Za-z])[Qq](?:[ .·]?[Qq][.·]?)?|扣扣?|企鹅|🐧|秋秋|球 ?球 ?|蔻蔻|丘丘){_GROUP}聊?{_NUMBER_WORD}"
    rf"|(?:{_GROUPS_NAMED})(?:群聊?|裙)(?=[:： ]?\d{{6}}|号)号?"
    rf"|[加进入][、\d]?(?:群|裙)(?=[:： ]?[\d{_HEARD}](?:[ \-/\u200b]{{0,2}}[\d{_HEARD}]){{5}}|号)号?"
    r"|(?:[一两二三]?个|小)群(?=[:： ]?\d{3}[.\-· ]\d{3})"
    rf"|(?:新|换|[一二三四])(?:群|裙)(?:(?=[:： ]?[\d{_SAID}]{{5}})|{_A_NUMBER})|"
    rf"群[1-9一二三四]?(?:满了)?{_A_NUMBER}|鹅群"
    r"|(?:进|[一二三新])?君羊(?:号)?(?=[^，。\n]{0,8}\d)|群聊(?:号码|号)|裙号|qun号"
    rf"|(?:{_GROUPS_NAMED}|[进加入搜])(?:群聊?|裙)号?{_A_NUMBER}|群(?=[1-9][\dOolI]{{7,10}}(?![\dA-Za-z]|"
    rf" ?[人个元万]))|(?<![A-Za-z])[Qq]un{_A_NUMBER}"
    r"|群(?:号)?[是为](?=[: ]?\d{6})|裙(?=[: ]?\d[\d.\-/·丶 ]{4})"
    r"|裙(?=[^，。\n\d]{1,4}:\d{3})"
    r"|(?:群|裙)(?=:[\d零〇一二三四五六七八九]{6})"
)
QQ = (
    rf"(?<![A-Za-z])[Qq][ .\-_·*/|~\u200b]{{0,2}}[Qq](?![A-HJ-NP-Za-km-np-z]|[lIOo](?![0-9OolI]{{4}})){_NUMBER_WORD}"
    rf"|(?<![A-Za-z])[Qq]{_BETWEEN}[扣叩抠蔻寇口]{_NUMBER_WORD}|[扣叩抠蔻寇]{_BETWEEN}[Qq](?![A-Za-z]){_NUMBER_WORD}"
    rf"|(?:扣{_BETWEEN}[扣口叩]|扌口{_BETWEEN}扌口|叩叩|球球|丘丘|秋秋|蔻蔻|口口(?!声)|抠抠|寇寇|小企鹅|企{_BETWEEN}鹅[.·]?|🐧)"
    r"(?:号码|号|[Qq](?![A-Za-z])|ID)?|[鹅球秋企扣]号|鹅厂号|鹅(?=[: ]?\d{3})|小[Qq](?=[: ])|扣抠|抠扣|扣叩"
    r"|(?:扣|(?<![A-Za-z])[Qq])(?:我|一下|联系)|(?:\+|➕|加) ?(?:[Qq](?![A-Za-z])|扣扣?|[抠叩蔻]{1,2})(?:号)?"
    r"|(?<![A-Za-z0-9])[Qq](?=[: →]{0,2}[1-9](?:[ .·_*/|-]?[\dOolI]){6,11}(?![\dA-Za-z]))"
    rf"|[家佳嘉伽嫁][Qq](?= ?[\d{_HEARD}])|(?<![A-Za-z0-9])[Qq] ?(?=[{_HEARD}]{{5}})"
    rf"|扣(?=[1-9]\d{{2,4}}(?:[ -]\d{{3,4}}){{1,2}}(?![\d元块]))"
    r"|求求(?=[1-9]\d{2})|小窗(?=[: ]?[1-9]\d{2})|扣(?= ?[壹贰叁肆伍陆柒捌玖零]{5})|"
    r"[扣抠](?=[: ]?[零〇一二三四五六七八九]{5})"
    rf"|扣[1-3](?=:)|(?<![A-Za-z])[Qq](?=号?是?多少)|"
    rf"(?<![A-Za-z0-9])(?<!微信)(?<!信号)[Qq](?![1-4][ 季]){_A_NUMBER}|扣{_A_NUMBER}|"
    rf"企(?=[:： →]){_A_NUMBER}"
    r"|抠(?=[1-9]\d{4})|扣(?=[1-9]\d{7,9}(?![\d元块万]))"
    r"|扣(?=[1-9]\d{0,5}(?:[-/.、零〇一二三四五六七八九]\d|[OoIl]\w))"
)
TELEGRAM = (
    rf"(?<![A-Za-z])(?:TG(?=[A-Za-z](?: [A-Za-z0-9]){{3}})|[Tt][ .-]?[Gg](?![A-Za-z0-9])|T\.G(?=[A-Za-z]))(?:号|群|"
    rf"频道|账号|ID)?"
    rf"|(?:纸|小)?(?:[飞灰]{_BETWEEN}[机鸡](?![票场餐])|飞?[✈🛩🛫🛬])(?:号|群|频道|账号|软件)?"
    rf"|(?<![A-Za-z])[Tt](?:[ .。]{{1,3}}|点| ?\[ ?\. ?\] ?| ?\( ?\. ?\) ?)[Mm][Ee] ?(?:/|斜杠) ?(?=@?[A-Za-z])"
    rf"|(?<![A-Za-z])[Tt]e[lI1]e{_BETWEEN}[Gg]ra?m|T哥(?= ?@)"
    rf"|(?<![\u4e00-\u9fff])飞(?=[: ]{{0,2}}@?[A-Za-z](?=[A-Za-z0-9_-]*[\d_-])[A-Za-z0-9_-]{{4}})"
    rf"|电(?=(?:👉|➡|[:：]? ?@))|电{_BETWEEN}(?:[报抱鸡箕]|🐔)(?:号|群|频道|账号)?"
)
ALIPAY = (
    rf"(?:支[A-Za-z]?|芝|吱|知|只|枝|汁|之|某|(?<![A-Za-z])(?:zhi|[Zz]))(?:{_BETWEEN}(?:付|富|附|某|护|夫|负|fu|Fu|FU|[fF]){_BETWEEN}|{_APART})(?:[宝寳保寶雹堡煲饱]|bao(?![A-Za-z])|"
    r"(?<=付)[bB](?![A-Za-z]))"
    r"(?:账号|账户|帐号|帐户|号|ID)?"
    r"|(?<![A-Za-z])(?:[Zz][ .\-*]?[Ff][ .\-*]?[Bb]|zhifubao|ZHIFUBAO|[Aa]li[Pp]ay|ALIPAY)(?![A-Za-z])(?:账号|号)?"
    r"|蓝色(?:的|那个|小)?(?:付款|支付)?(?:宝|软件|[Aa][Pp][Pp])"
    r"|(?<![A-Za-z])[Zz][Ff][Bb](?=[A-Za-z0-9._]{3,40}@)"
)
DINGTALK = r"(?:钉钉|丁丁|叮叮)(?:号|群|ID)"

# A form's heading with spaces in it: 账  号, 卡 号.
_HEADING = "账 {1,4}号|帐 {1,4}号|账 {1,4}户"
_COMPANY_HEADING = (
    r"(?:对公|公司|企业|单位)的?(?:账户|账号|帐户|帐号|户头|账上|账|帐|户)(?!单|面|本|目)|一般户|基本存款账户|基本户"
)
_ACCOUNT_VERB = (
    r"户口(?=[: ]?\d{9,14}(?!\d))|"
    r"(?:至|到|往|向|给)(?=[1-9]\d{13,20}(?!\d))|钱包(?=[: ]?00\d{2} ?\d{4})|(?:公司|商行|经营部|工作室|合作社|"
    r"事务所)[，, ](?=[1-9]\d{11,20}(?!\d))|(?<=[元块万金款D卡\d])(?:至|到|往|向|给)(?=[:： ]?[1-9]\d{11,20}(?!\d))"
    r"|(?:[转汇打付](?:账|帐|款)?(?:至|入|到|往|进)|收款|收款方|收款人)(?=[:： ]?\d{12})"
)
_STATEMENT_NUMBER = (
    r"(?:交易|转账|银行|支付)?流水(?=[:： ]?\d{12})|单子(?:(?=[:： ]?\d)|"
    r"[^，。\n\d]{0,5}(?=[:：] ?[\d零一二三四五六七八九幺]{3}))"
)
_STATEMENT_NUMBER += r"|(?:京东|淘宝|拼多多|天猫|闲鱼|唯品会)(?:的?订?单)?(?= ?\d{4}[ -]\d{4}[ -]\d{4})"
_STATEMENT_NUMBER += r"|第[一二三四五六]单(?=[: ]?[A-Z]{1,4}-?\d{4}|[: ]?\d{8})"
_CARRIER = "(?:中通|韵达|圆通|申通|极兔|顺丰|百世|德邦)(?:快递|速递)?"
_STATEMENT_NUMBER += (
    rf"|{_CARRIER}(?:包裹|的?单)?(?= ?[\d零一二三四五六七八九幺][\d零一二三四五六七八九幺洞拐OolI -]{{9}})"
)
_STATEMENT_NUMBER += rf"|{_CARRIER}(?:那个|这个|的)?(?:面单|单子|号(?!码?是1[3-9])|快递单)"

# In the order of trying; the first that fits at a place wins. Each with the characters that it can begin with: looking
# at one character first spares most of the pieces.
_PATTERNS: Mapping[str, tuple[str, str]] = {
    "company": ("对公企单一基", _COMPANY_HEADING),
    "account": ("户公商经工合事钱账帐转汇打付收至到往向给", f"{_HEADING}|{_ACCOUNT_VERB}"),
    "card": ("卡", "卡 {1,4}号"),
    "order": ("中韵圆申极顺百德单交转银支流第京淘拼天闲唯", _STATEMENT_NUMBER),
    "group": ("个两小四换Qqq君鹅一二三新丘扣企🐧秋球蔻交粉福内任学炒股会客老家工微资接派加进入搜群裙", QQ_GROUP),
    "wechat": (
        f"{_FIRST_OF_WECHAT}{_SOUND_OF_WECHAT}{_HEART}小绿十家佳嘉伽咖茄嫁枷架驾迦珈VvWw添加➕+我🛰💬(滴大新某🍀🌿🟢🥬🌱☘🟩丨|直留给发报换要",
        WECHAT,
    ),
    "qq": ("求家佳嘉伽嫁Qq扣抠扌叩球丘口秋蔻抠寇小企🐧鹅加+➕", QQ),
    "telegram": ("Tt纸小飞灰✈🛩🛫🛬电", TELEGRAM),
    "alipay": ("支芝吱知只枝汁之某蓝ZzAa", ALIPAY),
    "dingtalk": ("钉丁叮", DINGTALK),
}
FIRST_CHARACTERS = "".join(first for first, _pattern in _PATTERNS.values())
PATTERN = "|".join(f"(?P<{name}>(?=[{first}])(?:{pattern}))" for name, (first, pattern) in _PATTERNS.items())
