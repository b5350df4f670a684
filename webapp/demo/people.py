"""Made-up graduates and employers, the same ones every time.

Nobody real can be meant: identity numbers begin with 000000, which no region has; mobiles lie in
199 0000 xxxx; credit codes name the region 000000.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from webapp.services.imports.values import id_check_digit, uscc_check_digit

from .cast import (
    HENGXIN_MOBILE,
    LIN_NUMBER,
    OTHER_SCHOOL_CODE,
    SCHOOL_CODE,
    SCHOOLS,
    THIRD_SCHOOL_CODE,
)

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马方俞任袁柳唐罗薛贺倪汤殷毕郝安常乐于傅齐康伍余顾孟黄萧尹姚邵汪毛戴宋庞熊纪舒屈项祝董梁杜阮季贾江童颜郭梅林钟徐邱骆高夏蔡田胡凌霍万柯卢莫房解应宗丁宣邓洪包左石崔吉龚程邢裴陆荣翁荀惠甄曲封储靳段焦侯全班秋仲宫宁栾厉祖武符刘景詹龙叶幸司黎溥印怀蒲索赖卓池乔阴能苍双闻翟谭贡姬申冉雍桑边燕尚温庄晏柴阎慕连习容向古易廖"
GIVEN_ONE = "宁然悦朗清远舟禾沐岚澄野川星月晴岩松柏溪渔帆哲安乔言曦霖樾棠槿"
GIVEN_TWO_TEXT = (
    "知远 思齐 雨桐 子墨 一鸣 若水 景行 予安 书瑶 明轩 佳宁 浩然 沐阳 清越 嘉禾 星野 乐之 "
    "言蹊 望舒 怀瑾 如是 青禾 南乔 北辰 昭阳 念慈 允执 修远 承志 泽宇 可欣 诗涵 梓萱 文博 "
    "静姝 云舒 凌云 志远 长风 晓岚 初晴 以沫 采薇 子衿 既明 攸宁 令仪 元亨 天佑 慕白"
)
GIVEN_TWO = GIVEN_TWO_TEXT.split()
# Places of origin by code and name: counties inside the province, cities outside (P18).
CITIES = (("320100", "江苏省南京市"), ("330100", "浙江省杭州市"), ("410100", "河南省郑州市"),
          ("370200", "山东省青岛市"), ("430100", "湖南省长沙市"))  # fmt: skip


@dataclass(frozen=True)
class World:
    """What the register of one demo school is made of.

    `first` is the graduate everybody meets, with the code of the gender; `mobiles` the number
    after which the school's mobiles begin; `near` the places of origin inside the province.
    """

    first: tuple[str, str]
    mobiles: int
    colleges: dict[str, tuple[str, tuple[tuple[str, str], ...]]]
    near: tuple[tuple[str, str], ...]

    @property
    def far(self) -> tuple[tuple[str, str], ...]:
        """Cities of other provinces."""
        return tuple(city for city in CITIES if city[0][:2] != self.near[0][0][:2])


WORLDS = {
    SCHOOL_CODE: World(
        ("林知夏", "2"), 0,
        {
            "计算机学院": ("01", (("软件工程", "080902"), ("人工智能", "080717T"), ("网络工程", "080903"))),
            "经济管理学院": ("02", (("会计学", "120203K"), ("金融学", "020301K"), ("市场营销", "120202"))),
            "机械工程学院": ("03", (("机械设计制造及其自动化", "080202"), ("车辆工程", "080207"))),
            "人文学院": ("04", (("汉语言文学", "050101"), ("新闻学", "050301"))),
            "师范学院": ("05", (("小学教育", "040107"), ("数学与应用数学", "070101"))),
        },
        (
            ("340104", "安徽省合肥市蜀山区"), ("340202", "安徽省芜湖市镜湖区"),
            ("340881", "安徽省安庆市桐城市"), ("341225", "安徽省阜阳市阜南县"),
            ("341322", "安徽省宿州市萧县"),
        ),
    ),
    OTHER_SCHOOL_CODE: World(
        ("叶清和", "1"), 1500,
        {
            "信息学院": ("01", (("信息管理与信息系统", "120102"),)),
            "艺术学院": ("02", (("视觉传达设计", "130502"),)),
        },
        (("330106", "浙江省杭州市西湖区"), ("330282", "浙江省宁波市慈溪市")),
    ),
    THIRD_SCHOOL_CODE: World(
        ("苏云岫", "2"), 1600,
        {
            "土木工程学院": ("01", (("土木工程", "081001"), ("工程管理", "120103"))),
            "外国语学院": ("02", (("英语", "050201"), ("日语", "050207"))),
        },
        (("320115", "江苏省南京市江宁区"), ("320582", "江苏省苏州市张家港市")),
    ),
}  # fmt: skip
NATIONS = (("01", "汉族"),) * 12 + (("03", "回族"), ("11", "满族"), ("15", "土家族"))
PARTIES = (("03", "共青团员"),) * 7 + (("02", "中共预备党员"), ("01", "中共党员"), ("13", "群众"))
LEVELS = (("31", "本科生毕业", "4"),) * 8 + (("11", "硕士生毕业", "3"),)
UNITS = (
    ("恒信软件有限公司", "39", "34", "340104"), ("青川电力设备有限公司", "31", "22", "340104"),
    ("明湖第一小学", "22", "42", "340202"), ("云帆物流有限公司", "39", "32", "340104"),
    ("南屿商业银行股份有限公司", "31", "35", "340104"), ("禾田农业科技有限公司", "39", "11", "341322"),
    ("长岭汽车制造有限公司", "32", "22", "340202"), ("知行会计师事务所", "39", "37", "340104"),
    ("江淮设计研究院", "20", "38", "340104"), ("东篱文化传媒有限公司", "39", "44", "340104"),
    ("望江镇人民政府", "10", "45", "340881"), ("仁和医院", "23", "43", "341225"),
    ("启明信息技术有限公司", "39", "34", "330106"), ("远洋船舶工程有限公司", "31", "22", "330282"),
    ("桐城中学", "22", "42", "340881"), ("晨曦新能源有限公司", "39", "23", "341225"),
    ("松间旅行社", "39", "37", "340202"), ("安康人寿保险有限公司", "31", "35", "340104"),
    ("石桥建筑工程有限公司", "39", "24", "341322"), ("清泉水务有限公司", "31", "23", "340202"),
)  # fmt: skip


def make_graduates(code: str, count: int, seed: int) -> list[dict[str, str]]:
    """Rows of a register by usual headers. The first of 青禾大学 is Lin."""
    chance = random.Random(seed)
    world = WORLDS[code]
    school = next(name for known, name, *_ in SCHOOLS if known == code)
    rows = []
    for serial in range(1, count + 1):
        college, (number, majors) = list(world.colleges.items())[(serial - 1) % len(world.colleges)]
        major, major_code = majors[serial % len(majors)]
        gender = chance.choice("12")
        born = f"{chance.randint(2003, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
        level, level_name, years = chance.choice(LEVELS)
        origin, origin_name = chance.choice(world.near if chance.random() < 0.7 else world.far)
        nation, party = chance.choice(NATIONS), chance.choice(PARTIES)
        directed = serial % 41 == 40
        name = chance.choice(SURNAMES) + (
            chance.choice(GIVEN_ONE) if chance.random() < 0.25 else chance.choice(GIVEN_TWO)
        )
        if serial == 1:
            (name, gender), (level, level_name, years) = world.first, LEVELS[0]
            major, major_code = majors[0]
        first17 = (
            f"000000{born}{serial % 100:02}{chance.choice('13579' if gender == '1' else '02468')}"
        )
        student_no = f"2023{number}{serial:04}" if serial > 1 else LIN_NUMBER
        mobile = f"1990000{world.mobiles + serial:04}"
        rows.append({
            "学号": student_no, "姓名": name, "身份证号": first17 + id_check_digit(first17),
            "考生号": f"23{code}{serial:07}", "性别代码": gender,
            "性别": "男" if gender == "1" else "女", "民族代码": nation[0], "民族": nation[1],
            "政治面貌代码": party[0], "政治面貌": party[1], "院校代码": code,
            "院校名称": school, "学历代码": level, "学历": level_name,
            "专业代码": major_code, "专业": major, "培养方式代码": "2" if directed else "1",
            "培养方式": "定向" if directed else "非定向", "生源所在地代码": origin,
            "生源所在地": origin_name, "城乡生源": chance.choice(("城镇", "农村")), "学制": years,
            "入学时间": "20230901", "毕业时间": "20270630", "师范生类别代码": "2",
            "师范生类别": "非师范生", "困难生类别代码": "0", "困难生类别": "非困难生",
            "所在院系": college, "院系代码": number, "所在班级": f"{major}{1 + serial % 3}班",
            "出生日期": born, "手机号码": mobile, "电子邮箱": f"s{student_no}@example.edu.cn",
            "QQ号码": f"100{serial:06}", "家庭住址": f"{origin_name}和平路 {serial} 号",
        })  # fmt: skip
    return rows


def make_employers() -> list[dict[str, str]]:
    """Rows of a list of employers. The first is Hengxin."""
    chance = random.Random(7)
    rows = []
    for serial, (name, nature, industry, region) in enumerate(UNITS, start=1):
        first17 = f"91000000MA0QH{serial:04}"
        contact = "周老师" if serial == 1 else f"{chance.choice(SURNAMES)}老师"
        rows.append({
            "单位名称": name, "统一社会信用代码": first17 + uscc_check_digit(first17),
            "单位性质代码": nature, "单位行业代码": industry, "单位所在地代码": region,
            "单位地址": f"示范路 {serial} 号", "单位邮编": "230000", "单位联系人": contact,
            "联系人手机": HENGXIN_MOBILE if serial == 1 else f"1990000{1000 + serial}",
            "联系人电话": "0551-00000000", "联系人电子邮箱": f"hr{serial}@example.com",
        })  # fmt: skip
    return rows
