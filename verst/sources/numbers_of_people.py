"""Phones, cards, accounts, papers, plates and positions: how each is written, and how figures of a border differ.

Every pattern starts at a letter or digit that no letter or digit precedes and repeats a bounded number of times, so it
runs in time proportional to the text.
"""

# ruff: noqa: E501 (a pattern stays on its line)

from __future__ import annotations

import re

_GAP = r"[ \t\u00a0\u2007\u2009\u202f().\-‐‑–—/]{0,3}"
_THIN = r"[ \u00a0\u2007\u2009\u202f\-‐‑–.]?"
_NOT_BEFORE = r"(?<![\w.,+])"
_NOT_AFTER = r"(?![\d]|[.,]\d)"


def _digits(count: int, gap: str = _GAP) -> str:
    return rf"(?:{gap}\d){{{count}}}"


# Country calling codes of the regions around, with the digits that follow: a number that ends there ends there,
# so that "+7 928 123 45 67 2 места" keeps its two seats.
_CODES = {
    "7": 10, "380": 9, "995": 9, "375": 9, "374": 8, "373": 8, "994": 9, "996": 9, "998": 9, "992": 9, "993": 8,
    "976": 8, "48": 9, "40": 9, "90": 10, "86": 11, "1": 10, "44": 10, "33": 9, "421": 9, "420": 9, "36": 9,
    "370": 8, "371": 8, "47": 8, "972": 9, "971": 9, "98": 10, "20": 10, "963": 9, "964": 10, "962": 9, "381": 9,
}  # fmt: skip
_INTERNATIONAL = "|".join(
    "".join(rf"{_GAP}{digit}" if place else digit for place, digit in enumerate(code)) + _digits(count)
    for code, count in sorted(_CODES.items(), key=lambda item: -len(item[0]))
)
_WORD = (
    r"(?:тел(?:ефон\w{0,3}|\b\.?)|моб\w{0,8}|пишите на|what'?s\s?app|вотс\s?ап\w?|ват\s?сап\w?|вац?ап\w?|вайбер\w?|viber"
    r"|звон\w{1,5}|набер\w{0,4}|дзвон\w{1,5}|телефонуй\w{0,3}|номер\b|phone|tel\b\.?|mobile|call\b|text\b|сигнал|signal"
    r"|puh\b\.?|anruf\w{0,3}|ტელ\w{0,8}|اتصل|هاتف|واتساب|ара\w{0,4}|қоңырау|微信|电话)"
)
PHONE = re.compile(
    rf"(?<![\w+])(?:\+{_GAP}|00)(?:{_INTERNATIONAL})(?!\d)|"
    rf"(?<![\w+])\+{_GAP}\d(?:{_THIN}[()]?{_THIN}\d){{7,13}}(?!\d)|"
    rf"{_NOT_BEFORE}\(?[78]{_GAP}[3-9]{_digits(9)}{_NOT_AFTER}|"  # 8 928 123-45-67
    rf"{_NOT_BEFORE}380{_digits(9)}{_NOT_AFTER}|{_NOT_BEFORE}(?:995|375|374|373|994|996|998)\d{{8,9}}{_NOT_AFTER}|"
    rf"{_NOT_BEFORE}\(?[79]\d\d\)?{_THIN}\d{{3}}{_THIN}\d\d{_THIN}\d\d{_NOT_AFTER}|"  # 928 123 45 67
    rf"{_NOT_BEFORE}\(?0[3-9]\d\)?{_THIN}\d{{3}}{_THIN}\d\d{_THIN}\d\d{_NOT_AFTER}|"  # (067) 123 45 67
    rf"{_NOT_BEFORE}05\d\d{_THIN}\d{{3}}{_THIN}\d\d{_THIN}\d\d{_NOT_AFTER}|"  # 0532 123 45 67
    rf"{_NOT_BEFORE}0(?:4\d|50)[ \u00a0\-]?\d{{3}}[ \u00a0\-]?\d{{2}}[ \u00a0\-]?\d{{2}}{_NOT_AFTER}|"  # 040-1234567
    rf"{_NOT_BEFORE}01[5-7]\d[ /\-]?\d{{7,8}}{_NOT_AFTER}|{_NOT_BEFORE}0[67](?:[ .\-]?\d\d){{4}}{_NOT_AFTER}|"
    rf"{_NOT_BEFORE}5\d\d[ \-]\d\d[ \-]\d\d[ \-]\d\d{_NOT_AFTER}|{_NOT_BEFORE}5[5-9]\d{{7}}{_NOT_AFTER}",  # 599 12 34 56
)
# After a word that announces a phone, seven digits are enough.
ANNOUNCED_PHONE = re.compile(rf"(?<!\w){_WORD}[^\w\n]{{0,4}}(\+?\(?\d(?:{_GAP}\d){{6,13}})(?!\d)", re.IGNORECASE)

CARD = re.compile(
    r"(?<![\w+])(?:\d{13,19}|\d{4}(?:[ \u00a0\-]{1,2}\d{4}){3}(?:[ \u00a0\-]\d{3})?|\d{4}[ \-]\d{6}[ \-]\d{5})(?!\d)"
)
FOURS = re.compile(r"(?<!\w)\d{4}(?:[ \u00a0\-]\d{4}){3}(?!\d)")
ACCOUNT = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}[A-Z0-9]{11,30}(?!\w)|"
    r"(?<!\w)[A-Z]{2}\d{2}(?:[ \u00a0][A-Z0-9]{4}){3,7}(?:[ \u00a0][A-Z0-9]{1,3}(?! ?[^\W\d_]))?(?!\w)|"
    r"(?<!\w)(?:T[1-9A-HJ-NP-Za-km-z]{33}|0x[0-9a-fA-F]{40}|bc1[a-z0-9]{25,59}|40[78]\d{17})(?!\w)"
)
PAPER = re.compile(
    r"(?<!\w)(?:паспорт\w{0,3}|загран\w{0,8}|сери[яийю]|серії|passport|pasaport\w{0,3}|reisepass|паспорта)"
    r"[^\d\n]{0,20}?((?<!\w)[A-ZА-ЯЁІЇ]{0,2} ?\d{2} ?\d{2}\W{0,3}(?:номер|no?\.?|№)?\W{0,3}\d{5,6}"
    r"|(?<!\w)[A-ZА-ЯЁІЇ]{1,2} ?\d{6,8})(?!\d)|"
    r"(?<![\w.,+-])(\d{2} \d{2} (?:№ ?)?\d{6}|\d{4} (?:№ ?)?\d{6}|\d{2} ?№ ?\d{7})(?!\d|[.,]\d|\s\d{3}(?!\d))|"
    r"(?<![\w.,+-])(\d{3}-\d{3}-\d{3}[ -]\d{2})(?!\d)|"
    r"(?<!\w)(?:ИНН|СНИЛС|ИИН|ІПН|РНОКПП|инн|снилс|иин)\W{0,4}(\d[\d -]{8,14}\d)(?!\d)",
    re.IGNORECASE,
)
ID_CARD = re.compile(r"(?<![\w-])(?:[A-Z]{2}|[АВЕІКМНОРСТХ]{2}) ?(?:№ ?)?\d{6}(?!\w)")

_RU = "АВЕКМНОРСТУХABEKMHOPCTYX"
_UA = "АВЕІКМНОРСТХABEIKMHOPCTX"
_MONEY = r"(?:EUR|USD|RUB|RUR|GEL|KZT|UAH|PLN|TRY|GBP|CNY|KM|KMH|BYN|AMD|MAX|MIN|PCS)"
PLATE = re.compile(
    rf"(?<![\w-])[{_RU}]\d{{3}}(?!к?[кk][мm](?! ?\d\d))[{_RU}]{{2}}(?: ?\d{{2,3}}(?: ?RUS)?)?(?![\w])|"
    rf"(?<![\w-])(?-i:[{_RU}][ -]?\d{{3}}[ -]?(?!КМ|KM|РУ)[{_RU}]{{2}}[ -]?\d{{2,3}})(?: ?RUS)?(?!\w)|"
    rf"(?<![\w-])[{_UA}]{{2}}\d{{4}}(?!км|km)[{_UA}]{{2}}(?!\w)|"
    rf"(?<![\w-])(?-i:(?!НА|ОТ|НЕ|AT|TO)[{_UA}]{{2}}[ -]\d{{4}}[ -](?!КМ|KM)[{_UA}]{{2}})(?!\w)|"
    rf"(?<![\w-])\d{{3}}(?!{_MONEY})[A-Z]{{2,3}}(?:0[1-9]|1\d|20)(?!\w)|"
    rf"(?<![\w-])(?-i:\d{{3}} (?!{_MONEY})[A-Z]{{2,3}} (?:0[1-9]|1\d|20))(?!\w)|"
    r"(?<![\w-])(?-i:(?!BTR|BMP|BRD|БТР|БМП)[A-ZÅÄÖ]{3}-\d{3})(?![\w-])|"
    r"(?<![\w-])(?-i:[A-Z]{2}-\d{3}-[A-Z]{2}|[A-Z]{2}\d{3}[A-Z]{2}|[A-Z]{2} \d{3} [A-Z]{2})(?![\w-])",
    re.IGNORECASE,
)
ANNOUNCED_PLATE = re.compile(
    r"(?<!\w)(?:гос\.? ?номер\w{0,3}|госномер\w{0,3}|гос\.? ?знак\w{0,2}|(?:авто|машин\w|номер\w?) с? ?номер\w{0,3}"
    r"|номер (?:авто|машины)\w{0,3}|номерний знак|licen[cs]e plate|plates?|kennzeichen|rekisterinumero)"
    r"\W{0,3}((?=\w{0,3}[ -]?\d{3}|\d{3})(?=[^\n]{0,9}[^\W\d_])[A-Za-zА-Яа-яІі]{0,3}[ -]?\d{3,4}[ -]?[A-Za-zА-Яа-яІі]{0,3}"
    r"(?:[ -]?\d{2,3})?)(?!\w)",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"(?<![\w.])[-+]?\d{1,3}\.\d{3,15}°?[NSEWСЮВЗ]?\s{0,2}[,;/ |&]\s{0,2}(?:lon(?:gitude)?=|lng=)?[-+]?\d{1,3}\.\d{3,15}"
    r"°?[NSEWСЮВЗ]?(?![\w])|"
    r"(?<![\w.])\d{1,3} ?° ?\d{1,2} ?['′’](?: ?\d{1,2}(?:\.\d{1,6})? ?(?:[\"″”]|''))? ?[NSEWСЮВЗ]?|"
    r"(?<![\w.])(?:lat|lon|lng|latitude|longitude|широта|долгота)\W{1,3}\d{1,3}\.\d{3,15}|"
    r"(?<!\w)[23456789CFGHJMPQRVWX]{6,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)",
    re.IGNORECASE,
)


def passes_luhn(text: str) -> bool:
    """Whether the digits in ``text`` end with the check digit that bank cards carry.

    >>> passes_luhn("4276 3800 1234 5677"), passes_luhn("2200 1234 5678 9012")
    (False, False)
    >>> passes_luhn("4111 1111 1111 1111")
    True
    """
    total = 0
    for place, digit in enumerate(int(sign) for sign in reversed(text) if sign.isdigit()):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
