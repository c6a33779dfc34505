#!/usr/bin/env python3
"""Checks the labelled messages of this folder and counts them; `check.py --selftest` tries the rules themselves."""
import collections
import json
import pathlib
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).parent
CATEGORIES = "repair cleaning service security internal out_of_scope none".split()
DANGERS = ("trapped gas fire electric water_electric collapse jump violence break_in unconscious").split()
INTENTS = ("report progress answer correction thanks greeting question withdraw urge not_fixed praise suggestion "
           "human other").split()
REQUIRED = {"text": str, "category": str, "urgent": bool, "intent": str}
MAY_LACK = {"scenes": ("intent",)}  # where nobody has looked it over; such a row teaches all but that
OPTIONAL = {"phone": str, "name": str, "address": str, "subcategory": str, "danger": str, "idle": bool}
ALIKE = 0.45  # two messages that share more of their pairs() than this are one sentence twice

TRADITIONAL = str.maketrans("棟樓層單號門區閣苑戶東灣園廣莊", "栋楼层单号门区阁苑户东湾园广庄")
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)} | {"〇": 0, "洞": 0, "拐": 7, "勾": 9, "幺": 1, "两": 2, "俩": 2, "兩": 2}
WORDS = {word: str(i) for i, word in enumerate("zero one two three four five six seven eight nine".split())} | {"oh": "0"}
NUMERAL = "[零〇一二三四五六七八九十百幺两俩兩]"
SHOWN = r"(?:[A-Z]?[0-9]+|[A-Z])"


def number(numeral):
    """Chinese numerals as digits: 十二 and 一二 both give 12."""
    if not re.search("[十百]", numeral):
        return "".join(str(DIGITS[c]) for c in numeral)
    total, digit = 0, None
    for c in numeral:
        if c in "十百":
            total += (1 if digit is None else digit) * (10 if c == "十" else 100)
            digit = None
        else:
            digit = DIGITS[c]
    return str(total + (digit or 0))


def english(place):
    """Building 6, Unit 2, Room 1201 and Flat 12B, Tower 3 in the Chinese order; the rest stays."""
    found = {}
    for level, words in (("栋", "BUILDING|BLDG|BLOCK|TOWER"), ("单元", "UNIT"), ("楼", "FLOOR"), ("", "ROOM|RM|FLAT|APT")):
        match = re.search(rf"\b(?:{words})\.?\s*([0-9A-Z]+)\b", place)
        if match:
            found[level] = match[1]
            place = place.replace(match[0], " ", 1)
    match = re.search(r"\b([0-9]+)(?:/F|(?:ST|ND|RD|TH) FLOOR)\b", place)
    if match:
        found["楼"] = match[1]
        place = place.replace(match[0], " ", 1)
    if "单元" in found and "" not in found and re.search(r"[0-9]{3}", found["单元"]):
        found[""] = found.pop("单元")  # Unit 2203 is the flat
    return place + "".join(found[level] + level for level in ("栋", "单元", "楼", "") if level in found)


def canonical(place):
    """The written form of the README that two places are compared in, before the part in front is dropped."""
    place = unicodedata.normalize("NFKC", place).upper().translate(TRADITIONAL)
    place = english(place)
    place = re.sub(NUMERAL + r"+(?=期|区|号楼|栋|幢|座|单元|楼|层|室|号|弄)", lambda m: number(m[0]), place)
    place = re.sub(r"(?<=[栋幢座元楼层-])" + NUMERAL + "{3,4}", lambda m: number(m[0]), place)
    place = re.sub(r"[\s,.;:、，。；：的]+", "", place)
    place = re.sub(rf"(?<![0-9])([0-9]+)#?-([0-9]+)-([0-9]{{3,4}})", r"\1栋\2单元\3", place)
    place = re.sub(rf"({SHOWN})#([0-9]+)-([0-9]{{3,4}})", r"\1栋\2单元\3", place)
    place = re.sub(rf"(?<![0-9栋元])({SHOWN})-([0-9]{{3,4}})(?![0-9-])", r"\1栋\2", place)
    place = re.sub(rf"({SHOWN})(?:号楼|幢|座|#|楼(?=[0-9]+单元))", r"\1栋", place)
    place = re.sub(r"(?<![路街道巷段0-9])([0-9]+)号(?=[0-9])", r"\1栋", place)
    place = re.sub(r"([0-9])层", r"\1楼", place)
    return re.sub(r"([0-9A-Z])(?:室|房|号房?|户)$", r"\1", place).replace("-", "" if "栋" not in place else "-")


def house(place):
    """What is compared: from the first number or lone letter of a phase, building, unit, floor or room on."""
    place = canonical(place)
    place = re.sub(r"^.*(?:[路街道巷段][0-9]+号|弄)(?=.*[0-9])", "", place)
    match = re.search(r"[A-Z]{0,1}[0-9].*|(?<![A-Z])[A-Z](?:栋|区|单元).*", place)
    return match[0] if match else place


def name_key(name):
    return re.sub(r"[\s.·]", "", unicodedata.normalize("NFKC", name)).upper()


def language(text):
    if not re.search(r"[\u4e00-\u9fff]", text):
        return "en" if re.search(r"[A-Za-z]{2}", text) else "signs"
    words = [w for w in re.findall(r"[A-Za-z]{2,}", re.sub(r"<\S+>", "", text))
             if w.lower() not in ("app", "wifi", "hy", "ok", "sf", "yt", "jd", "nfc", "aed", "err")]
    if words:
        return "mixed"
    return "zh-Hant" if re.search(f"[{HANT}]", text) else "zh-CN"


# Frequent characters that only the traditional script (or written Cantonese) has.
HANT = ("係樓廚電話請個戶氣滴機壞禮課麗這來說門開關們見員們馬對為號單時發棟層設話區廁陳謝媽頂體師處點樣問謂過錯沒報"
        "會蟲類聽間務費漲軌維掃圾該嘅冇喺哋嗰啲咗唔嘢嚟𨋢讓銷壓級隻從訊應燒煙險鄰邊樂長驗圖陽進車庫濕淨關蔡總遲夠幾垃嬲瓦"
        ).translate({ord(c): None for c in "圾垃瓦蔡滴"})


def phone_digits(phone):
    return re.sub(r"\D", "", phone.split(";ext=")[0])


def folded_digits(text):
    """The digits of a text, the Chinese ones and English words too, with all else left out."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(rf"([二三四五])个({NUMERAL})", lambda m: m[2] * DIGITS[m[1]], text)
    text = re.sub(r"最后[一-四]位", "", text).replace("么", "幺").replace("腰", "幺")
    text = re.sub("(?<=[0-9Oo])[Olo]|l(?=[0-9])", lambda m: "0" if m[0] in "Oo" else "1", text)
    text = re.sub(r"\b(double|triple) ([a-z]+)", lambda m: f"{m[2]} " * (2 if m[1] == "double" else 3), text)
    text = re.sub(r"\b(zero|oh|one|two|three|four|five|six|seven|eight|nine)\b", lambda m: WORDS[m[0]], text)
    return "".join(str(DIGITS[c]) if c in DIGITS else c for c in text if c.isdigit() or c in DIGITS)


def complaints_of(row, may_lack=()):
    for key, kind in REQUIRED.items():
        if type(row.get(key)) is not kind and not (key in may_lack and key not in row):
            yield f"{key}: not a {kind.__name__}"
    for key in row.keys() - REQUIRED.keys():
        if key not in OPTIONAL or type(row[key]) is not OPTIONAL[key] or not row[key]:
            yield f"{key}: unknown, empty or of the wrong type"
    for key, known in (("category", CATEGORIES), ("intent", INTENTS), ("danger", DANGERS)):
        if key in row and row[key] not in known:
            yield f"{key}: {row[key]}"
    if "danger" in row and not (row["urgent"] and row.get("intent") == "report" and row["category"] != "none"):
        yield "danger: is urgent, and a report"
    if row.get("idle") and "danger" in row:
        yield "idle: with danger"
    if row.get("intent") == "report" and row["category"] == "none":
        yield "intent: a report has a category"
    if row["category"] not in ("none", "out_of_scope") and row.get("intent") in ("thanks", "greeting", "progress", "withdraw",
                                                                             "question", "human", "answer", "other"):
        yield "category: this intent has none"
    if "phone" in row:
        yield from phone_complaints(row["phone"], row["text"])
    if "address" in row and canonical(row["address"]) != row["address"].upper():
        yield f"address: {row['address']}, not {canonical(row['address'])}"
    if "address" in row and not re.search("[0-9A-Z]", row["address"].upper()):
        yield "address: names no building, unit, floor or room"
    if "name" in row and name_key(row["name"]) not in name_key(row["text"]):
        yield "name: not in the text"


def phone_complaints(phone, text):
    mainland = r"\+86(1[3-9]\d{9}|10\d{8}|2\d{9}|[3-9]\d{9,10})"
    abroad = r"\+(?!86|85[23]|886)[1-9]\d{7,14}"
    if not re.fullmatch(rf"({mainland}|{abroad}|\+852[2-9]\d{{7}}|\+853[268]\d{{7}}|\+886(9\d{{8}}|[2-8]\d{{7,8}}))(;ext=\d{{1,6}})?",
                        phone):
        yield f"phone: {phone}"
    national = re.sub(r"^(852|853|886|86)", "", phone_digits(phone))
    if national not in folded_digits(text) and not is_put_right(national, text):
        yield f"phone: {national} is not in the text"


def is_put_right(number, text):
    """「…8001，不对，是8000」: the number with its last digits said again; or 「85123390，区号0571」."""
    said = folded_digits(text)
    if "区号" in text:
        return any(number[:count] in said and number[count:] in said for count in (2, 3))
    return bool(re.search("不对|错|更正|改|唔係|last|wrong|sorry|no wait", text)) and any(
        number[:-count] in said and number[-count:] in said for count in (1, 2, 3, 4))


def pairs(text):
    """What is alike in two wordings: pairs of Chinese characters, Latin words; numbers and signs do not count."""
    text = unicodedata.normalize("NFKC", text).lower()
    found = set(re.findall(r"[a-z']+", text))
    for run in re.findall(r"[\u4e00-\u9fff]+", text):
        found |= {run[i:i + 2] for i in range(len(run) - 1)}
    return found


def alike(one, other):
    return 2 * len(one & other) / max(1, len(one) + len(other))


def read(half):
    lines = (HERE / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def counts(rows, key):
    return collections.Counter(key(row) for row in rows if key(row) is not None)


def table(halves):
    columns = {name: lambda row, name=name: row.get(name) for name in ("category", "intent", "danger")}
    columns = {"language": lambda row: language(row["text"]), **columns}
    columns["slot"] = None
    for title, key in columns.items():
        if key is None:
            each = [collections.Counter({slot: sum(slot in row for row in rows) for slot in
                                         ("phone", "name", "address", "idle")} |
                                        {"urgent": sum(row["urgent"] for row in rows)}) for rows in halves]
        else:
            each = [counts(rows, key) for rows in halves]
        total = each[0] + each[1]
        print(f"{title}: " + ", ".join(f"{k} {total[k]} ({each[0][k]}+{each[1][k]})" for k, _ in total.most_common()))


def selftest():
    for written, expected in (("3栋2单元1201室", "3栋2单元1201"), ("２-１-６０２", "2栋1单元602"), ("3#2-501", "3栋2单元501"),
                              ("八号楼一单元", "8栋1单元"), ("6座15樓B室", "6栋15楼B"), ("23幢2单元404室", "23栋2单元404"),
                              ("A座1502", "A栋1502"), ("Building 6, Unit 2, Room 1201", "6栋2单元1201"),
                              ("tower 8 unit 2203", "8栋2203"), ("Flat 12B, Tower 3", "3栋12B"), ("B-1502", "B栋1502"),
                              ("十二栋六零二", "12栋602"), ("12#1103", "12栋1103"), ("A棟12樓之3", "A栋12楼之3")):
        assert canonical(written) == expected, (written, canonical(written))
    for written, expected in (("杭州市文三路388号翠苑3幢2单元101室", "3栋2单元101"), ("锦绣路388弄12号602室", "12栋602"),
                              ("阳光花园二期9栋904", "2期9栋904"), ("紫薇阁2203", "2203"), ("东区A座", "A栋")):
        assert house(written) == expected, (written, house(written))
    row = {"text": "我姓王", "category": "none", "urgent": False, "intent": "answer", "name": "李"}
    assert list(complaints_of(row)) == ["name: not in the text"]


def main():
    selftest()
    if "--selftest" in sys.argv:
        return 0
    files = ("tuning", "further", "later", "kinds", "forms", "everyday", "wordings", "scenes", "unseen", "held-out")
    parts = [read(file) for file in files]
    halves = [sum(parts[:-1], []), parts[-1]]
    wrong = 0
    for half, rows in zip(files, parts):
        for line, row in enumerate(rows, 1):
            for complaint in complaints_of(row, MAY_LACK.get(half, ())):
                shown = "" if half == "held-out" else f": {complaint}: {row['text'][:40]}"
                print(f"{half}.jsonl:{line}{shown}")
                wrong += 1
    texts = [row["text"] for rows in halves for row in rows]
    for text, times in collections.Counter(texts).items():
        if times > 1:
            print(f"twice: {text}")
            wrong += 1
    of_held_out = [pairs(row["text"]) for row in halves[1]]
    for row in halves[0]:
        one = pairs(row["text"])
        for line, other in enumerate(of_held_out, 1):
            if min(len(one), len(other)) > 3 and alike(one, other) > ALIKE:
                print(f"alike across the halves: {row['text']} | held-out.jsonl:{line}")
                wrong += 1
    sizes = " + ".join(f"{len(rows)} {file}" for file, rows in zip(files, parts))
    print(f"{len(texts)} messages ({sizes}), {wrong} complaints")
    table(halves)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
