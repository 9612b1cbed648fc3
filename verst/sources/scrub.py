"""What is replaced in words before they are kept: each kind of personal thing by a short neutral mark.

``[phone] [mail] [handle] [link] [card] [account] [passport] [plate] [place] [name]``. Figures of a border stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from verst.sources import numbers_of_people as numbers
from verst.sources.links import cut_links
from verst.sources.people import People, cut_names

# Most posts hold no digits in a row and no sign of a link: they pass these two and are done.
_SIGNS = re.compile(r"[@＠]|[/:.\]](?=[\w/])|(?<!\w)[uU]/\w")
_MANY_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){5}|\d{3}[ -]?[^\W\d_]|[^\W\d_][ -]?\d{3}|\d[°.]\d{0,2}")

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
_MAY_NAME_ACCOUNT = re.compile(r"[A-Za-z]{2}[\w.]{0,30}[_\d]|[:=]\s?[a-z]{2}")
_MARK_WORDS = ("собака", "(at)", "[at]")


def scrub(text: str, *, people: People | None = None, named: bool = True) -> str:
    """``text`` with personal things replaced. ``named``: private names too (off for the press, which names officials).

    >>> scrub("Место до Ларса 15 000 р, звоните 8 (928) 123-45-67 или @lars_taxi")
    'Место до Ларса 15 000 р, звоните [phone] или [handle]'
    >>> scrub("10 804 человека, 22.09.2022, с 6 до 22, 8 999 000")
    '10 804 человека, 22.09.2022, с 6 до 22, 8 999 000'
    """
    if _SIGNS.search(text) is not None:
        text = _cut_signs(text)
    if _MANY_DIGITS.search(text) is not None:
        text = _cut_numbers(text)
    if _MAY_NAME_ACCOUNT.search(text) is not None:
        text = _NAMED_ACCOUNT.sub(r"\1\2[handle]", text)
    return cut_names(text, people) if named else text


def _cut_signs(text: str) -> str:
    text = numbers.PLACE.sub("[place]", text)
    text = cut_links(text)
    low = text.lower()
    if "@" in text or "＠" in text or any(word in low for word in _MARK_WORDS):
        text = _MAIL.sub("[mail]", text)
    return _HANDLE.sub("[handle]", text)


def _cut_numbers(text: str) -> str:
    text = numbers.PLACE.sub("[place]", text)
    text = numbers.ACCOUNT.sub("[account]", text)
    text = numbers.FOURS.sub("[card]", text)
    text = numbers.CARD.sub(_card, text)
    text = numbers.PHONE.sub("[phone]", text)
    text = numbers.ANNOUNCED_PHONE.sub(_group_by("[phone]"), text)
    text = numbers.PAPER.sub(_group_by("[passport]"), text)
    text = numbers.ID_CARD.sub("[passport]", text)
    text = numbers.PLATE.sub("[plate]", text)
    return numbers.ANNOUNCED_PLATE.sub(_group_by("[plate]"), text)


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
