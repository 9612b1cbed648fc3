"""How a place name bends: every Slavic form written out up front, and the endings other languages hang on."""

from __future__ import annotations

import re

LEAST_RESPELT = 5  # letters of a name that other languages spell their own way
_ADJECTIVE = ("ий ый ой ій его ого ему ому им ым ім ем ом их ых іх ими ыми ими ая яя а ої ей ой ою ую у ее ое е і є "
              "аго ага аму ьому ього ьої ьою").split()  # fmt: skip
_HARD = ["", *"а у е ы и і".split(), "ом", "ем", "ою", "ові", "ів", "ов", "ам", "ах", "ами"]
_SOFT = "ь я ю е і и ем ем ью єм ею еві ям ях ів ей".split()
_FEMININE = "а я ы и і е є у ю ой ою ей ею єю ам ям ах ях ами ями".split()
_PLURAL = ["", *"и ы і ах ях ам ям ами ями ів ов ей ь".split()]
_NEUTER = "о а у ом е і ому".split()
_SOFTENED = {"к": "ц", "г": "з", "х": "с"}

# Endings that Finnish, Estonian, Turkish, Polish, Latin-letter Russian, Romanian and German hang on a name.
_LATIN = frozenset(
    "a e i u y o n s m t iem em en es om am ie ach ami ow ego emu im ej ą a ssa sta lla lta lle lle n an in on aan iin "
    "oon issa ista ille illa ilta issä istä illä iltä "
    "een ssä stä llä ltä lta han hin hon seen ist is il ilt ile st sse l lt le ni ga "
    "da de ta te dan den tan ten i u yi yu ya ye un in nin nun nın ta daki deki taki teki sta ndan nda e "
    "a ul ului ului s ina ah akh ov oj oy om ska skom ske skoi skaya".split()
)
_KAZAKH = frozenset(
    "да де та те дан ден тан тен нан нен ға ге қа ке ны ні ды ді ты ті ның нің дың дің тың тің нда нде мен бен пен "
    "дағы дегі тағы тегі".split()
)
_GEORGIAN = frozenset(
    "ი ს მა ზე თან ში იდან დან ის ით სა სთან ისკენ იც ზეა ზეც ამდე იმდე მდე ისთვის სკენ სკენ ე ა ო".split()
)
_ARABIC = re.compile(r"^(?:[وف]?(?:ب|ل|ك)?(?:ال)?)")


def slavic_forms(word: str) -> set[str]:
    """Every form of a folded Cyrillic word that declension can make; too many does no harm, too few does.

    >>> {"ларсе", "ларса", "ларсом"} <= slavic_forms("ларс")
    True
    >>> {"краківці", "краківця"} <= slavic_forms("краківець")
    True
    """
    made = {word}
    last = word[-1]
    if len(word) < 3:
        return made
    if re.search(r"(?:[иыоі]й|[ое]е|ая|[нк]е|нє)$", word):
        stem = re.sub(r"(?:[иыоі]й|[ое]е|ая|е|є)$", "", word)
        made |= {stem + ending for ending in _ADJECTIVE}
    elif last in "ая":
        made |= _with_softened(word[:-1], _FEMININE)
    elif last in "иыі":
        stem = word[:-1]
        made |= {stem + ending for ending in _PLURAL}
        if stem[-1] == "к":
            made |= {stem[:-1] + "ок", stem[:-1] + "ек"}
    elif last in "оеє":
        made |= {word[:-1] + ending for ending in _NEUTER}
    elif last == "ь":
        made |= {word[:-1] + ending for ending in _SOFT}
    elif last not in "йуюэ":
        made |= _with_softened(word, _HARD)
    return made | _fleeting(word)


# How Belarusian spells what Russian and Ukrainian write otherwise, in this order.
_BELARUSIAN = (
    ("щ", "шч"), ("ї", "і"), ("и", "і"), ("є", "е"),
    *((hard + "і", hard + "ы") for hard in "жшчцр"), *((hard + "е", hard + "э") for hard in "жшчцр"), ("ря", "ра"),
    *(("т" + vowel, "ц" + vowel) for vowel in "еіяюь"), *(("д" + vowel, "дз" + vowel) for vowel in "еіяю"),
)  # fmt: skip
_SHORT_U = re.compile(r"(?<=[аеёіоуыэюя])в(?=[^аеёіоуыэюяь]|$)")


def belarusian_forms(word: str) -> set[str]:
    """A folded Russian or Ukrainian form as Belarusian spells it: its o is a, but for one that may bear the stress.

    >>> {"шумілкіна", "цярэспаль"} & (belarusian_forms("шумилкино") | belarusian_forms("терехово"))
    {'шумілкіна'}
    >>> "івангарад" in belarusian_forms("ивангород")
    True
    """
    for theirs, ours in _BELARUSIAN:
        word = word.replace(theirs, ours)
    word = _SHORT_U.sub("ў", word)
    stressed = [at for at, letter in enumerate(word) if letter == "о"]
    made = {word.replace("о", "а")}
    return made | {word[:at].replace("о", "а") + "о" + word[at + 1 :].replace("о", "а") for at in stressed}


_LETTERS = "абвгдезиклмнопрстуфхцчшэыі"
_GEORGIAN_LETTERS = dict(zip(_LETTERS, "აბვგდეზიკლმნოპრსტუფხცჩშეიი", strict=True)) | {
    "ж": "ჟ", "й": "ი", "щ": "შჩ", "ю": "იუ", "я": "ია", "ь": "", "ъ": "",
    "ё": "იო", "ї": "ი", "є": "ე", "'": ""}  # fmt: skip
_TURKISH_LETTERS = dict(zip(_LETTERS, "abvgdeziklmnoprstufh", strict=False)) | {
    "ц": "ts", "ч": "c", "ш": "s", "э": "e", "ы": "i", "і": "i", "ж": "j", "й": "y", "щ": "sc", "ю": "yu", "я": "ya",
    "ь": "", "ъ": "", "ё": "yo", "ї": "yi", "є": "ye", "'": ""}  # fmt: skip


def transcribed_forms(word: str) -> set[str]:
    """A folded Cyrillic name in Georgian letters and as Turkish writes it (folded: without its signs below letters).

    >>> sorted(transcribed_forms("сирет"))
    ['siret', 'სირეტ']
    """
    return {"".join(letters.get(sign, sign) for sign in word) for letters in (_GEORGIAN_LETTERS, _TURKISH_LETTERS)}


def latin_forms(word: str) -> set[str]:
    """A folded name in Latin letters, and the forms in which Polish drops its vowel: Krakowiec, w Krakowcu.

    >>> sorted(latin_forms("krakowiec"))
    ['krakowca', 'krakowcem', 'krakowcu', 'krakowiec']
    """
    if re.search(r"(pp|kk|tt)i$", word):
        return {word, word[:-2] + "i"}  # Raja-Jooseppi, Raja-Joosepista
    if word.endswith("us") and len(word) > 5:
        return {word, word[:-1] + "kse"}  # Vartius, Vartiuksen
    if not word.endswith("iec") or len(word) < 5:
        return {word}
    return {word, *(word[:-3] + "c" + ending for ending in ("a", "u", "em"))}


def _with_softened(stem: str, endings: list[str]) -> set[str]:
    made = {stem + ending for ending in endings}
    if stem and stem[-1] in _SOFTENED:
        made |= {stem[:-1] + _SOFTENED[stem[-1]] + ending for ending in ("е", "і", "ы", "и")}
    return made


def _fleeting(word: str) -> set[str]:
    """Forms in which a vowel goes or turns: Краковец, Краковца; Угринів, Угринова."""
    endings = "а я у ю ом ем е і ы и еві ові".split()
    if re.search(r"ець?$", word):
        stem = re.sub(r"ець?$", "ц", word)
        stems = [stem, re.sub(r"і(.)ц$", r"о\1ц", stem)]
        return {stem + ending for stem in stems for ending in endings}
    if word[-2:] in ("ок", "ек", "ёк"):
        return {word[:-2] + "к" + ending for ending in endings}
    if word.endswith("ів"):
        return {word[:-2] + middle + ending for middle in ("ов", "ев", "єв") for ending in endings}
    return set()


def forms_of(word: str) -> set[str]:
    """Every form of a word of a name that bends."""
    return slavic_forms(word) if "а" <= word[0] <= "ӿ" else latin_forms(word)


def transcribed(word: str) -> set[str]:
    """A Cyrillic name in letters of other languages; short ones would be too like other words."""
    long = len(word) >= LEAST_RESPELT and "а" <= word[0] <= "ӿ"
    return transcribed_forms(word.removesuffix("а").removesuffix("о")) if long else set()


def respelt(bent: set[str]) -> set[str]:
    """Cyrillic forms as Belarusian spells them; none of others."""
    return {form for word in bent if "а" <= word[0] <= "ӿ" for form in belarusian_forms(word)}


def stems_of(word: str) -> list[str]:
    """What a written word may be once a foreign ending or an Arabic prefix is taken off, longest first."""
    first = word[0]
    if "'" in word[1:3]:  # French: d'Ozinki, l'Imatra
        bare = word.split("'", 1)[1]
        return [bare, *stems_of(bare)]
    if "'" in word[3:] and "a" <= first <= "z":  # Turkish: Lars'tan
        return [word[: word.index("'", 3)], *_cut(word, _LATIN, 4)]
    if "a" <= first <= "z":
        return _cut(word, _LATIN, 4)
    if "\u10a0" <= first <= "\u10ff":
        return _cut(word, _GEORGIAN, 4)
    if "а" <= first <= "ӿ":
        return _cut(word, _KAZAKH, 4)
    if "\u0600" <= first <= "\u06ff":
        prefix = _ARABIC.match(word)
        return [word[n:] for n in range(1, (prefix.end() if prefix else 0) + 1) if len(word) - n >= 4]
    return []


def _cut(word: str, endings: frozenset[str], least: int) -> list[str]:
    return [word[:-n] for n in range(1, 6) if len(word) - n >= least and word[-n:] in endings]
