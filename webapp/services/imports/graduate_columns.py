"""The columns and layouts of graduates' registers: national 2014 (74), national 2024 (35), school (32)."""

from __future__ import annotations

from .layouts import Column, Layout, Vocabulary


def _coded(
    name: str,
    code: str,
    field: str,
    scheme: str,
    names: tuple[str, ...] = (),
    codes: tuple[str, ...] = (),
) -> tuple[Column, Column]:
    """A pair of columns: the code and the name of one thing."""
    return (
        Column(code, field, scheme=scheme, part="code", aliases=codes),
        Column(name, field, scheme=scheme, part="name", aliases=names),
    )


COLUMNS = (
    Column("学号", "student_no", "student_no"),
    Column("姓名", "name", aliases=("学生姓名", "毕业生姓名")),
    Column("考生号", "exam_no", "exam_no"),
    Column("身份证号", "id_no", "id_card", aliases=("身份证号码", "证件号码", "证件号")),
    *_coded("性别", "性别代码", "gender", "gender"),
    *_coded("民族", "民族代码", "nation", "nation", ("民族名称",)),
    *_coded("政治面貌", "政治面貌代码", "political_status", "political_status"),
    *_coded("学历", "学历代码", "education", "education_level", ("学历层次", "学历名称"),
            ("学历层次代码",)),
    *_coded("培养方式", "培养方式代码", "training_mode", "training_mode"),
    *_coded("师范生类别", "师范生类别代码", "normal_student", "normal_student_type"),
    *_coded("困难生类别", "困难生类别代码", "hardship", "hardship_type"),
    *_coded("生源所在地", "生源所在地代码", "origin_region", "region",
            ("生源地名称", "生源地", "生源所在地参考", "生源所在地名称"), ("生源地代码",)),
    Column("所在院系", "college", aliases=("院系名称", "学院", "院系", "所在学院")),
    Column("院系代码", "college_code", aliases=("学院代码",)),
    Column("专业", "major", aliases=("专业名称",)),
    Column("所在班级", "class_name", aliases=("班级", "班级名称")),
    Column("学制", "years", "years"),
    Column("毕业时间", "graduated", "day", aliases=("毕业日期", "预计毕业日期")),
    Column("毕业年份", "cohort", aliases=("届别", "毕业年度", "年度")),
    *_coded("方案", "方案代码", "plan", "graduation_plan", ("毕业方案", "就业方案", "毕业批次")),
    Column("手机号码", "mobile", "mobile", aliases=("手机号", "手机", "联系手机")),
    Column("电子邮箱", "email", "email", aliases=("邮箱", "电子邮件")),
    Column("QQ号码", "qq", aliases=("QQ", "QQ号")),
    Column("家庭住址", "home_address", aliases=("家庭地址", "家庭详细地址")),
    Column("院校代码", "school_code", aliases=("学校代码",)),
    Column("院校名称", "school_name", aliases=("学校名称",)),
    Column("入学时间", rule="day", aliases=("入学年月", "入学日期")),
    Column("出生日期", rule="day"),
    Column("家庭电话", rule="landline"),
    Column("家庭邮编", rule="postcode"),
    Column("定向或委培单位", aliases=("委培单位", "定向委培单位")),
    *(Column(header) for header in (
        "分校名称", "专业代码", "专业方向", "城乡生源", "入学前档案所在单位",
        "入学前户口所在地派出所", "户口是否转入学校", "档案是否转入学校", "毕业去向代码",
        "毕业去向", "单位组织机构代码", "统一社会信用代码", "单位名称", "单位性质代码",
        "单位性质", "单位行业代码", "单位行业", "单位所在地代码", "单位所在地",
        "工作职位类别代码", "工作职位类别", "单位联系人", "联系人电话", "联系人手机",
        "联系人电子邮箱", "联系人传真", "单位地址", "单位邮编", "报到证签发类别代码",
        "报到证签发类别", "报到证签往单位名称", "签往单位所在地代码", "签往单位所在地",
        "报到证编号", "报到起始时间", "档案转寄单位名称", "档案转寄单位地址",
        "档案转寄单位邮编", "户口迁转地址", "学习形式", "签约日期", "留学国家地区",
        "留学院校中文名称", "留学院校外文名称", "协议编号", "拟毕业去向", "备注",
    )),
    Column("毕业去向类别代码"),
)  # fmt: skip

NATIONAL_2014 = Layout("national_2014", "全国就业系统 74 列", (
    "考生号", "身份证号", "姓名", "性别代码", "性别", "民族代码", "民族", "政治面貌代码",
    "政治面貌", "院校代码", "院校名称", "分校名称", "学历代码", "学历", "专业代码", "专业",
    "专业方向", "培养方式代码", "培养方式", "定向或委培单位", "生源所在地代码", "生源所在地",
    "城乡生源", "学制", "入学时间", "毕业时间", "师范生类别代码", "师范生类别",
    "困难生类别代码", "困难生类别", "所在院系", "所在班级", "学号", "出生日期",
    "入学前档案所在单位", "入学前户口所在地派出所", "户口是否转入学校", "档案是否转入学校",
    "手机号码", "电子邮箱", "QQ号码", "家庭住址", "家庭电话", "家庭邮编", "毕业去向代码",
    "毕业去向", "单位组织机构代码", "单位名称", "单位性质代码", "单位性质", "单位行业代码",
    "单位行业", "单位所在地代码", "单位所在地", "工作职位类别代码", "工作职位类别",
    "单位联系人", "联系人电话", "联系人手机", "联系人电子邮箱", "联系人传真", "单位地址",
    "单位邮编", "报到证签发类别代码", "报到证签发类别", "报到证签往单位名称",
    "签往单位所在地代码", "签往单位所在地", "报到证编号", "报到起始时间",
    "档案转寄单位名称", "档案转寄单位地址", "档案转寄单位邮编", "户口迁转地址",
))  # fmt: skip
NATIONAL_2024 = Layout("national_2024_export", "全国就业系统 2024 届导出 35 列", (
    "学号", "姓名", "性别", "生源地名称", "生源地代码", "民族名称", "政治面貌", "城乡生源",
    "学历层次", "专业名称", "专业方向", "专业代码", "毕业年份", "入学年月", "毕业日期",
    "培养方式", "委培单位", "学习形式", "毕业去向类别代码", "毕业去向", "签约日期",
    "单位名称", "统一社会信用代码", "留学国家地区", "留学院校中文名称", "留学院校外文名称",
    "单位性质代码", "单位性质", "单位行业代码", "单位行业", "单位所在地代码", "单位所在地",
    "单位地址", "工作职位类别代码", "工作职位类别",
))  # fmt: skip
SCHOOL_REGISTER = Layout("school_register_import", "学校学籍导入 32 列", (
    "协议编号", "所在院系", "院系代码", "姓名", "学号", "考生号", "性别", "民族", "院校名称",
    "院校代码", "学制", "学历", "学历代码", "政治面貌", "政治面貌代码", "身份证号",
    "入学日期", "预计毕业日期", "专业名称", "专业代码", "培养方式", "培养方式代码",
    "定向委培单位", "师范生类别", "师范生类别代码", "困难生类别", "困难生类别代码",
    "城乡生源", "生源所在地参考", "手机号", "拟毕业去向", "备注",
))  # fmt: skip

# The upload form of the 2014 layout: first row these codes, second row the Chinese names.
PINYIN = tuple(
    pair
    for line in """
    Ksh 考生号 Sfzh 身份证号 Xm 姓名 Xbdm 性别代码 Xb 性别 Mzdm 民族代码 Mz 民族
    Zzmmdm 政治面貌代码 Zzmm 政治面貌 Yxdm 院校代码 Yxmc 院校名称 Fxmc 分校名称
    Xldm 学历代码 Xl 学历 Zydm 专业代码 Zy 专业 Zyfx 专业方向 Pyfsdm 培养方式代码
    Pyfs 培养方式 Dxhwpdw 定向或委培单位 Syszddm 生源所在地代码 Syszd 生源所在地
    Cxsy 城乡生源 Xz 学制 Rxsj 入学时间 Bysj 毕业时间 Sfslbdm 师范生类别代码
    Sfslb 师范生类别 Knslbdm 困难生类别代码 Knslb 困难生类别 Szyx 所在院系 Szbj 所在班级
    Xh 学号 Csrq 出生日期 Rxqdaszdw 入学前档案所在单位 Rxqhkszdpcs 入学前户口所在地派出所
    Hksfzrxx 户口是否转入学校 Dasfzrxx 档案是否转入学校 Sjhm 手机号码 Dzyx 电子邮箱
    Qqhm QQ号码 Jtzz 家庭住址 Jtdh 家庭电话 Jtyb 家庭邮编 Byqxdm 毕业去向代码
    Byqx 毕业去向 Dwzzjgdm 单位组织机构代码 Dwmc 单位名称 Dwxzdm 单位性质代码
    Dwxz 单位性质 Dwhydm 单位行业代码 Dwhy 单位行业 Dwszddm 单位所在地代码
    Dwszd 单位所在地 Gzzwlbdm 工作职位类别代码 Gzzwlb 工作职位类别 Dwlxr 单位联系人
    Lxrdh 联系人电话 Lxrsj 联系人手机 Lxrdzyx 联系人电子邮箱 Lxrcz 联系人传真
    Dwdz 单位地址 Dwyb 单位邮编 Bdzqflbdm 报到证签发类别代码 Bdzqflb 报到证签发类别
    Bdzqwdwmc 报到证签往单位名称 Qwdwszddm 签往单位所在地代码 Qwdwszd 签往单位所在地
    Bdzbh 报到证编号 Bdqssj 报到起始时间 Dazjdwmc 档案转寄单位名称
    Dazjdwdz 档案转寄单位地址 Dazjdwyb 档案转寄单位邮编 Hkqzdz 户口迁转地址
    """.strip().splitlines()
    for pair in zip(line.split()[::2], line.split()[1::2], strict=True)
)

GRADUATES = Vocabulary(
    COLUMNS, (NATIONAL_2014, NATIONAL_2024, SCHOOL_REGISTER), ("学号", "姓名"), PINYIN
)
