"""Pure decisions on names, codes, spellings and points."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edition:
    """A codebook and the year of its edition: without them a code means nothing."""

    codebook: str
    year: int


#: The edition that addresses, stations and villages are written in.
PRESENT = Edition("stats", 2023)
#: The newest yearly list of the civil-affairs codebook.
NEWEST_HISTORY = 2024

STAND_INS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇"
    "|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京"
    "|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
# 巴音郭楞蒙古自治州 leaves out 族, and only those peoples' names can be told from a place's.
_BARE = "蒙古|维吾尔|哈萨克|柯尔克孜|锡伯|塔吉克"
_AUTONOMOUS = re.compile(rf"(?:(?:{_PEOPLES})族)*(?:{_BARE})?自治(州|县|旗|区)$")
_OF_A_PEOPLE = re.compile(rf"(?:(?:{_PEOPLES})族)+(乡|镇|苏木|区)$|民族(乡|镇)$")
_BY_NAME = {"内蒙古自治区": ("内蒙古", ""), "神农架林区": ("神农架", "林区")}

_ENDINGS: dict[int, tuple[str, ...]] = {
    1: ("特别行政区", "省", "市"),
    2: ("地区", "市", "盟", "州"),
    3: ("特区", "矿区", "县", "市", "区", "旗"),
    4: ("街道办事处", "街道", "苏木", "镇", "乡"),
}
# Endings of committees, longest first, and the word that people use instead.
_COMMITTEES = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("村民委员会", "村"),
    ("居民委员会", "社区"),
    ("嘎查委员会", "嘎查"),
    ("嘎查村委会", "嘎查"),
    ("村委会", "村"),
    ("居委会", "社区"),
    ("牧委会", "牧委会"),
    ("社区", "社区"),
    ("嘎查", "嘎查"),
    ("村", "村"),
)
_SPOKEN = {
    "特别行政区": "te bie xing zheng qu",
    "省": "sheng",
    "地区": "di qu",
    "盟": "meng",
    "州": "zhou",
    "特区": "te qu",
    "林区": "lin qu",
    "矿区": "kuang qu",
    "县": "xian",
    "市": "shi",
    "区": "qu",
    "旗": "qi",
    "街道": "jie dao",
    "苏木": "su mu",
    "镇": "zhen",
    "乡": "xiang",
    "社区": "she qu",
    "嘎查": "ga cha",
    "牧委会": "mu wei hui",
    "村": "cun",
}
#: How a keyboard writes ü: lv, nv.
_UMLAUT = re.compile(r"^([ln])v")


@dataclass(frozen=True, slots=True)
class Naming:
    """A name, the part that tells it from others, and the everyday form."""

    short: str
    word: str

    @property
    def common(self) -> str:
        return self.short + self.word


def naming(name: str, level: int) -> Naming:
    """融水苗族自治县 → 融水, 县; 同练瑶族乡 → 同练, 乡; 东街居委会 → 东街, 社区.

    A stem of one character keeps its ending: 徽县 is never called 徽.
    """
    stem, word = _divided(name, level)
    return Naming(stem, word) if len(stem) >= 2 else Naming(name, "")


def _divided(name: str, level: int) -> tuple[str, str]:
    if level == 5:
        cut = ((name.removesuffix(end), word) for end, word in _COMMITTEES if name.endswith(end))
        stem, word = next(cut, (name, ""))
        return (stem.removesuffix("村") if word == "村" and len(stem) > 2 else stem), word
    if name in _BY_NAME:
        return _BY_NAME[name]
    if match := _AUTONOMOUS.search(name):
        return _people_kept(name, match.start(), match[1], f"自治{match[1]}")
    if level in (3, 4) and (match := _OF_A_PEOPLE.search(name)):
        word = match[1] or match[2]
        return _people_kept(name, match.start(), word, word)
    for ending in _ENDINGS[level]:
        if name.endswith(ending):
            return name.removesuffix(ending), "街道" if ending == "街道办事处" else ending
    return name, ""


def _people_kept(name: str, start: int, word: str, ending: str) -> tuple[str, str]:
    """A place called after its people alone (东乡族自治县) keeps the people's name."""
    stem = name[:start] or name.removesuffix(ending).removesuffix("族")
    return stem, "" if ending == "自治区" else word


def spelled(pinyin: str, given: Naming) -> tuple[str, str]:
    """The everyday form in pinyin without spaces, and its initials. `pinyin` has a syllable a character."""
    syllables = pinyin.split(" ")[: len(given.short)] + _SPOKEN.get(given.word, "").split()
    return "".join(syllables), "".join(syllable[:1] for syllable in syllables)


def romanised(pinyin: str, short: str) -> str:
    """A short name as maps and passports spell it: 融水 → Rongshui, 西安 → Xi'an, 吕梁 → Lüliang.

    `pinyin` has a syllable a character of the whole name; `short` is its beginning.
    """
    syllables = [_UMLAUT.sub(r"\1ü", one) for one in pinyin.split(" ")[: len(short)]]
    parted = (f"'{one}" if at and one[:1] in "aeo" else one for at, one in enumerate(syllables))
    return "".join(parted).capitalize()


def grams(name: str, common: str, level: int) -> list[str]:
    """Neighbouring pairs of characters; `^` marks the first character, above the village.

    Of a village the everyday form alone is cut up: 村民委员会 would be found in every second row.
    """
    texts = (common,) if level == 5 else (common, name)
    pairs = {text[at : at + 2] for text in texts for at in range(len(text) - 1)}
    if level < 5:
        pairs.add("^" + name[:1])
    return sorted(pairs)


def kind_of(code: str, name: str, level: int) -> str:
    """The kind that a code and its name tell; of a village, its suffix."""
    if level == 5:
        suffix = int(code[9:])
        return "residents" if suffix < 200 else "villagers" if suffix < 400 else "other"
    if (level == 2 and name in STAND_INS) or (level == 4 and "直辖村级区划" in name):
        return "stand_in"
    return ("province", "prefecture", "county", "township")[level - 1]


def level_of(code: str) -> int:
    """1 province to 5 village; 0 when the length is no level's."""
    return {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}.get(len(code), 0)


def parent_of(code: str) -> str:
    """The code above, "" above a province."""
    return code[: {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}[len(code)]]


# -- what a person types ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A search text, cleaned: Han characters, Latin letters, or both."""

    han: str
    latin: str
    mixed: bool


def asked(text: str) -> Asked:
    """`ＲＳＸ` → rsx; `Xi'an` → xian; 古都村委会 → 古都村."""
    clean = "".join(c for c in unicodedata.normalize("NFKC", text).lower().replace("ü", "v") if c.isalnum())
    latin = "".join(c for c in clean if c.isascii())
    han = "".join(c for c in clean if not c.isascii())
    if latin and han:
        return Asked(clean, latin, mixed=True)
    if han and (parts := _divided(clean, 5))[1] and len(parts[0]) >= 2 and clean.endswith("会"):
        return Asked(parts[0] + parts[1], "", mixed=False)
    return Asked(han, latin, mixed=False)


def stem_of(han: str) -> str:
    """A name without whatever class it ends in, for when the class was mistaken (香粉镇 for 香粉乡)."""
    for level in (5, 4, 3, 2, 1):
        given = naming(han, level)
        if given.word:
            return given.short
    return han


def steps(text: str) -> list[str]:
    """An address cut where it was spaced, else after each county, town and the like."""
    if " " in text.strip():
        return text.split()
    return re.findall(r".+?(?:特别行政区|自治[区州县旗]|[省市盟县旗区镇乡]|街道|苏木)|.+", text)


def loose_spelling(latin: str) -> str:
    """A regular expression for `pinyin`: each syllable is typed whole, in part or by its initial."""
    return "^" + "(?:[a-z]* )?".join(re.escape(letter) for letter in latin)


# -- distances -------------------------------------------------------------------------------

#: Mean radius of the earth in metres (IUGG).
EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, WGS84 (CGCS2000 parts from it by centimetres)."""

    lat: float
    lng: float


def distance_m(a: Point, b: Point) -> int:
    """Great-circle distance in metres, by the haversine formula (good to 0.5 %)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lng = (lat_b - lat_a) / 2, math.radians(b.lng - a.lng) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lng) ** 2
    return round(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h))))
