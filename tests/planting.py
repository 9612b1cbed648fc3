"""Personal data of ten kinds, made up at random, in posts of three formats; and the search for what is left of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LETTERS = "abcdefghkmnprstuvwxyz"
PLATE_LETTERS = "АВЕКМНОРСТУХ"
FIRST = ["Марина", "Дмитрий", "Оксана", "Тарас", "Арсен", "Giorgi", "Ольга", "Ruslan"]
SYLLABLES = ["ба", "вел", "гор", "да", "жем", "зур", "ко", "лим", "мар", "ня", "пет", "рож", "сад", "тул", "фом", "чер"]


@dataclass
class Planted:
    """What was hidden in the posts: for each kind the strings of which none may be found again."""

    secrets: dict[str, set[str]] = field(default_factory=dict)

    def hide(self, kind: str, *secrets: str) -> None:
        self.secrets.setdefault(kind, set()).update(secrets)


def digits(chance: random.Random, count: int) -> str:
    """Digits, the first of them no zero, no four of them alike in a row."""
    return str(chance.randint(1, 9)) + "".join(chance.choice("0123456789") for _ in range(count - 1))


def word(chance: random.Random, length: int) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(length))


def phone(chance: random.Random, planted: Planted) -> str:
    tail = digits(chance, 7)
    planted.hide("phone", tail, f"{tail[:3]}-{tail[3:5]}-{tail[5:]}", f"{tail[:3]} {tail[3:5]} {tail[5:]}")
    a, b, c = tail[:3], tail[3:5], tail[5:]
    return chance.choice(
        [
            f"+7 928 {a}-{b}-{c}",
            f"8(928){a}{b}{c}",
            f"8 928 {a} {b} {c}",
            f"+7928{tail}",
            f"+38 067 {a} {b} {c}",
            f"+995 59{tail}",
        ]
    )


def handle(chance: random.Random, planted: Planted) -> str:
    name = f"{word(chance, 6)}_{word(chance, 4)}"
    planted.hide("handle", name)
    return f"@{name}"


def mail(chance: random.Random, planted: Planted) -> str:
    name = f"{word(chance, 5)}.{word(chance, 6)}"
    planted.hide("e-mail", name)
    return f"{name}@{chance.choice(['example.org', 'mail.example', 'post.example.com'])}"


def card(chance: random.Random, planted: Planted) -> str:
    body = "4" + digits(chance, 14)
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(body))
    number = body + str(-total % 10)
    fours = [number[i : i + 4] for i in range(0, 16, 4)]
    planted.hide("card", number, " ".join(fours), "".join(fours[1:]), " ".join(fours[1:3]))
    return chance.choice([number, " ".join(fours), "-".join(fours)])


def plate(chance: random.Random, planted: Planted) -> str:
    a, b, c = (chance.choice(PLATE_LETTERS) for _ in range(3))
    number, region = digits(chance, 3), chance.choice(["77", "15", "161", "750"])
    close = f"{a}{number}{b}{c}{region}"
    planted.hide("plate", f"{a}{number}{b}{c}", f"{a} {number} {b}{c}")
    if b + c in ("КМ", "РУ"):  # "К 120 КМ 50" apart may as well be kilometres
        return close
    return chance.choice([close, f"{a} {number} {b}{c} {region}"])


def link(chance: random.Random, planted: Planted) -> str:
    name = word(chance, 9)
    planted.hide("link", name)
    return chance.choice(
        [f"https://t.me/{name}", f"t.me/{name}", f"vk.com/{name}", f"https://www.instagram.com/{name}/", f"https://facebook.com/{name}"]
    )  # fmt: skip


def passport(chance: random.Random, planted: Planted) -> str:
    number = digits(chance, 6)
    planted.hide("passport", number)
    return chance.choice(
        [f"паспорт 45 {chance.randint(10, 22)} {number}", f"паспорт 4512 {number}", f"загран 75 0{number}"]
    )


def position(chance: random.Random, planted: Planted) -> str:
    north, east = digits(chance, 5), digits(chance, 5)
    planted.hide("position", f"42.{north}", f"44.{east}")
    return chance.choice([f"42.{north}, 44.{east}", f"42.{north} 44.{east}"])


def name(chance: random.Random, planted: Planted) -> str:
    """A full name; the surname is the secret, since the first name alone is anybody's."""
    surname = "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize() + chance.choice(
        ["енко", "ский", "швили"]
    )
    planted.hide("name", surname)
    return f"{chance.choice(FIRST)} {surname}"


def account_id(chance: random.Random, planted: Planted) -> str:
    number = digits(chance, 10)
    planted.hide("account id", number)
    return f"user{number}"


IN_WORDS: dict[str, Callable[[random.Random, Planted], str]] = {
    "phone": phone,
    "handle": handle,
    "e-mail": mail,
    "card": card,
    "plate": plate,
    "link": link,
    "passport": passport,
    "position": position,
}
FRAMES = (
    "Стоим на Ларсе 5 часов, пишите {}",
    "очередь 12 км. {} свободны 2 места",
    "Пешком не пускают! {}",
    "кто едет? {}, {}",
    "{}\nпрошли Ларс за 9 часов",
)


def sentence(chance: random.Random, planted: Planted) -> str:
    frame = chance.choice(FRAMES)
    pieces = [IN_WORDS[chance.choice(sorted(IN_WORDS))](chance, planted) for _ in range(frame.count("{}"))]
    return frame.format(*pieces)


def plant(chance: random.Random, folder: Path, count: int = 24) -> tuple[list[Path], Planted]:
    """Files of three formats with something of every kind in them, and what was planted."""
    planted = Planted()
    authors = [(name(chance, planted), account_id(chance, planted)) for _ in range(4)]
    words = [sentence(chance, planted) for _ in range(count)]
    words += [f"стоим 3 часа, {make(chance, planted)}" for make in IN_WORDS.values()]  # each kind at least once
    words += [f"меня зовут {authors[0][0]}, стою на Ларсе 7 часов", f"Пишите {authors[1][0]}, прошли за 6 часов"]
    files = [
        write_export(folder / "result.json", words, authors),
        write_posts(folder / "posts.jsonl", [sentence(chance, planted) for _ in range(count)], authors),
        write_page(folder / "page.html", [sentence(chance, planted) for _ in range(4)]),
    ]
    return files, planted


def write_export(file: Path, words: list[str], authors: list[tuple[str, str]]) -> Path:
    messages: list[dict[str, object]] = []
    for number, text in enumerate(words, 1):
        author, account = authors[number % len(authors)]
        message: dict[str, object] = {
            "id": number,
            "type": "message",
            "date": f"2022-09-24T{8 + number // 60:02}:{number % 60:02}:00",
            "date_unixtime": str(1663999200 + 60 * number),
            "from": author,
            "from_id": account,
            "text": text if number % 3 else [text[:5], {"type": "bold", "text": text[5:]}],
        }
        if number % 5 == 0:
            message["reply_to_message_id"] = number - 1
        if number % 7 == 0:
            message["forwarded_from"] = authors[(number + 1) % len(authors)][0]
        messages.append(message)
    told = {"name": "Верхний Ларс", "type": "public_supergroup", "id": 1500001, "messages": messages}
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return file


def write_posts(file: Path, words: list[str], authors: list[tuple[str, str]]) -> Path:
    lines = [
        {
            "id": f"post-{number}",
            "chat": {"title": "Верхний Ларс", "kind": "group", "about": "verkhny-lars"},
            "posted_at": f"2022-09-24T14:{number % 60:02}:00+03:00",
            "lang": "ru",
            "author": authors[number % len(authors)][0],
            "text": text,
            "reply_to": {"text": words[number - 1]} if number % 4 == 1 else None,
            "url": f"https://t.me/{'x' if number % 2 else 's/lars_news'}/{number}" if number % 3 == 0 else None,
        }
        for number, text in enumerate(words)
    ]
    broken = ['{"id": "broken", "text": ' + json.dumps(words[0], ensure_ascii=False)]  # its error must not quote it
    file.write_text(
        "\n".join([json.dumps(line, ensure_ascii=False) for line in lines] + broken) + "\n", encoding="utf-8"
    )
    return file


def write_page(file: Path, words: list[str]) -> Path:
    body = "".join(
        f"<p>{text} На границе с Грузией люди ждут много часов, сообщает наш корреспондент.</p>" for text in words
    )
    file.write_text(
        '<html lang="ru"><head><title>Очередь на границе</title>'
        '<meta property="article:published_time" content="2022-09-24T12:00:00+03:00">'
        f"</head><body><article><h1>Очередь на Верхнем Ларсе</h1>{body}</article></body></html>",
        encoding="utf-8",
    )
    return file


def left_over(planted: Planted, haystack: bytes) -> list[str]:
    """What of it can still be found, in letters of any size, plain or escaped as JSON does."""
    seen = haystack.decode("utf-8", "replace").lower()
    return [
        f"{kind}: {secret}"
        for kind, secrets in sorted(planted.secrets.items())
        for secret in sorted(secrets)
        if secret.lower() in seen or json.dumps(secret)[1:-1].lower() in seen
    ]
