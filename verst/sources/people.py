"""Names of private people in words: after "меня зовут", in a signature, addressed, or known as an author's name."""

# ruff: noqa: E501 (a pattern stays on its line)

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

_NAME = r"[^\W\d_a-zа-яёіїєґ][\w'’-]{1,30}"  # a capital (or a letter of a script without them), then letters
_MORE = rf"(?:[ \u00a0]{_NAME}){{0,2}}"
_SMALL = r"[^\W\d_][\w'’-]{1,30}"

_TOLD = re.compile(
    r"(?<!\w)((?i:меня(?: тут| здесь)? зовут|мене зв(?:ати|уть)|м[оі][её] имя|моє ім['’]я|my name(?: is|'s)|je m['’]appelle"
    r"|ich hei(?:ß|ss)e|mam na imię|nazywam się|nimeni on|minu nimi on|bana|benim adım|adım|менің атым|اسمي|მე მქვია|我叫)"
    rf"[ \u00a0:—–-]{{1,3}})({_NAME}{_MORE}|{_SMALL})"
)
_CALLED = re.compile(
    r"(?<!\w)((?i:зовут|звать|звати|имя|ім['’]я|is called|named|name|heißt|s['’]appelle|прізвище|фамилия)"
    rf"[ \u00a0:—–-]{{1,3}})({_NAME}{_MORE})"
)
_ASKED_FOR = re.compile(
    r"(?<!\w)((?i:(?:на)?пиш\w{1,4}|(?:по)?звон\w{1,5}|набер\w{0,4}|обращ\w{2,7}|(?:с)?прос\w{1,5}|спрашив\w{1,5}|связ\w{2,7}"
    r"|контакт\w{0,3}|водител\w{1,3}|водій|перевозчик\w{0,2}|(?:по)?дзвон\w{1,5}|телефонуйте|питайте|пишіть|зверта\w{2,6}"
    r"|ask(?: for)?|call|contact|write(?: to)?|message|driver|спасибо|дякую|thanks|thank you|благодар\w{1,4})"
    rf",?[ \u00a0:—–-]{{1,3}}(?i:к |с |до |to |for |лично |сразу |у )?)({_NAME}(?:[ \u00a0]{_NAME})?)"
)
_PATRONYMIC = re.compile(
    r"(?<!\w)(?:[А-ЯЁІЇЄҐ][\w'’-]{1,20}[ \u00a0])?[А-ЯЁІЇЄҐ][\w'’-]{1,20}[ \u00a0][А-ЯЁІЇЄҐ][\w'’-]{1,16}"
    r"(?:ович|евич|йович|ьич|овна|евна|ївна|івна|инична|ична)(?:а|у|ем|е|ы|ой|і)?(?!\w)(?:[ \u00a0][А-ЯЁІЇЄҐ][\w'’-]{2,24})?"
)
_SIGNED = re.compile(
    rf"((?i:с уважением|ваш[аи]?|з повагою|(?:best|kind) regards|regards|cheers|cordialement|mit freundlichen grüßen)"
    rf",?\s{{1,3}})({_NAME}{_MORE})(?=\W{{0,5}}\Z)|"
    rf"((?:^|\n|[.!?…])\s{{0,2}}[—–/-]{{1,2}}\s{{0,2}})({_NAME}{_MORE})(?=\W{{0,5}}\Z)"
)
_PAIR = re.compile(rf"(?<!\w)({_NAME})[ \u00a0]({_NAME})(?!\w)")
_TWO_CAPITALS = re.compile(r"[A-ZА-ЯЁІЇЄҐÀ-Þ][\w'’-]{1,30}[ \u00a0][A-ZА-ЯЁІЇЄҐÀ-Þ]")
_CASELESS = re.compile(r"[\u0530-\u06ff\u10a0-\u10ff]")
_ANY_PAIR = re.compile(r"(?<!\w)([^\W\d_][\w'’-]{1,30})[ \u00a0]([^\W\d_][\w'’-]{1,30})(?!\w)")
_FIRST_TWO = re.compile(r"\W{0,3}([^\W\d_][\w'’-]{1,30})[ \u00a0]([^\W\d_][\w'’-]{1,30})(?!\w)")
_ADDRESSED = re.compile(
    rf"(?:(?<=^)|(?<=\n)|(?<=[.!?…:] ))({_NAME})(?:[ \u00a0]{_NAME})?(?=\s?[,!])|(?<=, )({_NAME})(?=\s?[!,.?)]|$)"
)

_ENDING = re.compile(r"(?:ами|ями|ий|ый|ая|яя|ую|ого|ому|ой|ою|ою|ом|ем|ём|ым|им|ей|ею|єю|ові|еві|[аеёиоуыэюяьйіїє])\Z")
_SURNAME = re.compile(
    r"(?:[оеё]в|[иы]н|ск(?:ий|ая|ого|ой|ому|им)|цк(?:ий|ая)|(?:[оеё]в|[иы]н)(?:а|у|ым|ой|е)|енко|чук|юк|дзе|швили|ян|янц"
    r"|ko|ov|ova|ev|eva|in|ina|dze|shvili|ян|yan|sky|ski|skaya|улы|кызы|оглы|ых)\Z"
)
# Heads of states and ministries are not private people; posts about them stay readable.
_PUBLIC = frozenset(
    "путин зеленск шойг лукашенк токаев байден пашинян саакашвил зурабишвил гарибашвил назарбаев песков лавров медведев"
    " кадыров навальн мишустин эрдоган макрон меркел шольц дуд putin zelensk shoig lukashenk tokaev tokayev biden peskov".split()
)
# A chat or account may be called after a place; such words never count as somebody's name.
_PLACES = frozenset(
    "верхн нижн ларс границ грузи росси казахстан финлянди торфяновк озинк владикавказ тбилис чат очеред такси трансфер"
    " канал верхнелар кпп пункт новост украин польш армени lars georgia border taxi russia news channel chat".split()
)


def stem(word: str) -> str:
    """A name without its case ending, lower case.

    >>> stem("Марине"), stem("Марина"), stem("Ивану"), stem("Иван")
    ('марин', 'марин', 'иван', 'иван')
    """
    low = word.lower().replace("ё", "е").strip("'’-")
    return _ENDING.sub("", low) if len(low) > 3 else low


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Common given names, lower case, of the file beside this one."""
    text = resources.files("verst.sources").joinpath("given_names.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word.lower().replace("ё", "е") for line in lines for word in line.split())


@lru_cache(maxsize=1)
def _given_stems() -> frozenset[str]:
    return frozenset(stem(name) for name in given_names())


class People:
    """Display names of those who write in an export, to find them again in what others say. In memory only."""

    def __init__(self) -> None:
        self._pairs: set[int] = set()  # hashes: a hundred thousand names then fit in a few megabytes
        self._seen: set[int] = set()
        self._new: list[str] = []

    def meet(self, display_name: str | None) -> None:
        """Remember a display name of two words or more; a single word is known only by the list of given names."""
        if not display_name or hash(display_name) in self._seen or len(self._seen) > 150_000:
            return
        self._seen.add(hash(display_name))
        self._new.append(display_name)
        words = [stem(word) for word in re.findall(r"[^\W\d_][\w'’-]+", display_name)[:2]]
        if len(words) == 2 and not any(word in _PLACES or word in _PUBLIC for word in words):
            self._pairs.add(hash((words[0], words[1])))

    def take_new(self) -> list[str]:
        """Names met since this was asked last: for whoever reads in one process and cuts names out in another."""
        new, self._new = self._new, []
        return new

    def known(self, first: str, second: str) -> bool:
        """Whether somebody is called so, in either order and any case ending."""
        pair = (stem(first), stem(second))
        return hash(pair) in self._pairs or hash((pair[1], pair[0])) in self._pairs

    def cut(self, text: str) -> str:
        """``[name]`` where two words that follow each other are somebody's name; in small letters only at the start."""
        if _TWO_CAPITALS.search(text) is not None:
            text = _PAIR.sub(self._cut_pair, text)
        if _CASELESS.search(text) is not None:
            text = _ANY_PAIR.sub(self._cut_pair, text)
        start = _FIRST_TWO.match(text)
        return "[name]" + text[start.end() :] if start and self.known(start.group(1), start.group(2)) else text

    def _cut_pair(self, match: re.Match[str]) -> str:
        return "[name]" if self.known(match.group(1), match.group(2)) else match.group()

    def __bool__(self) -> bool:
        return bool(self._pairs)


def cut_names(text: str, people: People | None = None) -> str:
    """Put ``[name]`` in place of private people's names.

    >>> cut_names("Меня зовут Марина, стоим с 6 утра. Пишите Ашоту")
    'Меня зовут [name], стоим с 6 утра. Пишите [name]'
    """
    low = text.lower()
    for cue in _TELLS:
        if cue in low:
            text = _TOLD.sub(r"\1[name]", text)
            break
    if people:
        text = people.cut(text)
    signs = 0
    for word in _CAPITAL.findall(text):
        signs |= _signs(word)
    if signs & _HAS_PATRONYMIC:
        text = _PATRONYMIC.sub("[name]", text)
    if signs & _HAS_NAME:
        text = _CALLED.sub(_if_given, text)
        text = _ASKED_FOR.sub(_if_given, text)
        text = _PAIR.sub(_pair, text)
        text = _ADDRESSED.sub(_addressed, text)
    if signs and (
        "\n" in text or "—" in text or "–" in text or "-" in text or "/" in text or _CLOSES.search(low[-90:])
    ):
        text = _SIGNED.sub(_signed, text)
    return text


_CAPITAL = re.compile(r"[A-ZА-ЯЁІЇЄҐÀ-Þ][\w'’-]+")
_TELLS = (
    "зовут", "звати", "зват", "звуть", "имя", "ім'я", "ім’я", "name", "appelle", "heiß", "heiss", "imię", "nazywam",
    "nimeni", "nimi on", "adım", "bana", "атым", "اسمي", "მქვია", "我叫",
)  # fmt: skip
_CLOSES = re.compile(r"уважени|ваш|повагою|regards|cheers|cordial|freundl")
_HAS_NAME, _HAS_PATRONYMIC, _CAPITALISED = 1, 2, 4
_MIDDLE = re.compile(r"(?:вич|вна|чна)(?:а|у|ем|е|ы|ой|і)?\Z|(?:вн|чн)(?:ы|е|у|ой|і)\Z")


@lru_cache(maxsize=65_536)
def _signs(word: str) -> int:
    """What a capitalised word may be: a given name, a patronymic."""
    return _CAPITALISED | (_HAS_NAME if _is_given(word) else 0) | (_HAS_PATRONYMIC if _MIDDLE.search(word) else 0)


def _is_given(word: str) -> bool:
    return word[:1].isupper() and stem(word) in _given_stems()


def _if_given(match: re.Match[str]) -> str:
    words = match.group(2).split()
    if not any(_is_given(word) for word in words[:2]):
        return match.group()
    named = [word for place, word in enumerate(words) if _is_given(word) or (place and _SURNAME.search(word.lower()))]
    last = max(words.index(word) for word in named)
    rest = " ".join(words[last + 1 :])
    return f"{match.group(1)}[name]{' ' + rest if rest else ''}"


def _signed(match: re.Match[str]) -> str:
    if match.group(1):
        return f"{match.group(1)}[name]"
    return f"{match.group(3)}[name]" if _is_given(match.group(4).split()[0]) else match.group()


def _pair(match: re.Match[str]) -> str:
    first, second = match.group(1), match.group(2)
    if stem(first) in _PUBLIC or stem(second) in _PUBLIC:
        return match.group()
    if (_is_given(first) and _SURNAME.search(second.lower())) or (_is_given(second) and _SURNAME.search(first.lower())):
        return "[name]"
    return match.group()


def _addressed(match: re.Match[str]) -> str:
    word = match.group(1) or match.group(2)
    # Here only the name as it is listed counts: "Свет, вода есть" begins with light, not with Sveta.
    known = word.lower().replace("ё", "е") in given_names()
    return "[name]" + match.group()[len(word) :] if known else match.group()
