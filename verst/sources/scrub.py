"""What is replaced in words before they are kept: each kind of personal thing by a short neutral mark.

``[phone] [mail] [handle] [link] [card] [account] [passport] [plate] [place] [name]``. Figures of a border stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from verst.sources import numbers_of_people as numbers
from verst.sources.links import cut_links
from verst.sources.people import People, cut_names

# Most posts pass these and are done. Each begins with one set of letters, which is what makes it quick.
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"\d(?:[^\w\n]{0,3}\d){5}|\d{2} ?№")  # phones, cards, papers, accounts
_LONG_WORD = re.compile(r"[A-Za-z0-9]{26}")
_BY_LETTERS = re.compile(r"\d{3}(?:[^\W\d_]|[ -][A-ZА-ЯІ])")  # plates; after a space they go on in capitals
_AFTER_DASH = re.compile(r"-\d{3}")
_ANNOUNCES_PLATE = re.compile(r"ном[ес]|plate|знак|kennz|rekist", re.IGNORECASE)
_PRECISE = re.compile(r"\d\.\d{3}|\d ?°|\d\+[2-9C-X]|[2-9C-X]\+\d")
_LATIN_AND_DIGIT = re.compile(r"[A-Za-z]\d")
_SPELT_MAIL = re.compile(r"собака|[(\[]at[)\]]", re.IGNORECASE)

_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?(?:@|＠|\(at\)|\[at\]|\(собака\)|(?<= )собака(?= )) ?[\w-]{1,63}"
    r"(?: ?(?:\.|\(dot\)|\[dot\]|(?<= )точка(?= )) ?[\w-]{2,24}){1,4}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w/])[@＠]\w[\w.-]{1,60}(?:@[\w.-]{3,60})?|(?<![\w/.])/?u/[A-Za-z0-9_-]{3,30}(?!\w)")
_NAMED_ACCOUNT = re.compile(
    r"(?<!\w)(тг|тлг|tg|телег\w{1,3}|телеграмм?|telegram|инст\w{1,6}|insta|instagram|ig|скайп|skype|вк|vk|wechat|微信"
    r"|снап|snapchat|дискорд|discord|ник|нік|nick|лс|директ)(\s{0,2}[:=—–-]\s{0,2}|\s)"
    r"((?=[A-Za-z0-9.]{0,31}[_\d])[A-Za-z][A-Za-z0-9_.]{3,31}|(?<=[:=]\s)[a-z][a-z0-9_.]{4,31}|(?<=[:=])[a-z][a-z0-9_.]{4,31})"
    r"(?![\w/])",
    re.IGNORECASE,
)


def scrub(text: str, *, people: People | None = None, named: bool = True) -> str:
    """``text`` with personal things replaced. ``named``: private names too (off for the press, which names officials).

    >>> scrub("Место до Ларса 15 000 р, звоните 8 (928) 123-45-67 или @lars_taxi")
    'Место до Ларса 15 000 р, звоните [phone] или [handle]'
    >>> scrub("10 804 человека, 22.09.2022, с 6 до 22, 8 999 000")
    '10 804 человека, 22.09.2022, с 6 до 22, 8 999 000'
    """
    if "@" in text or "/" in text or "＠" in text or ".t.me" in text or _announces(text):
        text = _cut_signs(text)
    digits = len(_DIGIT.findall(text))
    if digits > 2:
        text = _cut_numbers(text, digits)
    if "_" in text or ":" in text or "=" in text or (digits and _LATIN_AND_DIGIT.search(text) is not None):
        text = _NAMED_ACCOUNT.sub(r"\1\2[handle]", text)
    return cut_names(text, people) if named else text


def _announces(text: str) -> bool:
    """Whether a link or address without a slash or @ may follow."""
    if ":" in text and ("tel:" in text or "mailto:" in text or "sms:" in text or "skype:" in text):
        return True
    return ("соб" in text or "Соб" in text or "at)" in text or "at]" in text) and _SPELT_MAIL.search(text) is not None


def _cut_signs(text: str) -> str:
    if _PRECISE.search(text) is not None:  # before links: a map's address holds a position
        text = numbers.PLACE.sub("[place]", text)
    text = cut_links(text)
    if "@" in text or "＠" in text or _SPELT_MAIL.search(text) is not None:
        text = _MAIL.sub("[mail]", text)
    return _HANDLE.sub("[handle]", text)


def _cut_numbers(text: str, digits: int) -> str:
    if _PRECISE.search(text) is not None:
        text = numbers.PLACE.sub("[place]", text)
    if digits > 5 and _RUN.search(text) is not None:
        text = _cut_runs(text)
    if _LONG_WORD.search(text) is not None:
        text = numbers.ACCOUNT.sub("[account]", text)
    if _ANNOUNCES_PLATE.search(text) is not None:
        text = numbers.ANNOUNCED_PLATE.sub(_group_by("[plate]"), text)
    if _BY_LETTERS.search(text) is not None or ("-" in text and _AFTER_DASH.search(text) is not None):
        text = numbers.PLATE.sub("[plate]", text)
    return text


def _cut_runs(text: str) -> str:
    text = numbers.ACCOUNT.sub("[account]", text)
    text = numbers.FOURS.sub("[card]", text)
    text = numbers.CARD.sub(_card, text)
    text = numbers.PHONE.sub("[phone]", text)
    text = numbers.PAPER.sub(_group_by("[passport]"), text)
    text = numbers.ANNOUNCED_PHONE.sub(_group_by("[phone]"), text)
    return numbers.ID_CARD.sub("[passport]", text)


def _card(match: re.Match[str]) -> str:
    return "[card]" if numbers.passes_luhn(match.group()) else match.group()


def _group_by(mark: str) -> Callable[[re.Match[str]], str]:
    """Replace the one group that matched and keep the words that announced it."""

    def put(match: re.Match[str]) -> str:
        whole, start = match.group(), match.start()
        for number in range(1, (match.lastindex or 0) + 1):
            if match.group(number) is not None:
                return whole[: match.start(number) - start] + mark + whole[match.end(number) - start :]
        return mark

    return put
