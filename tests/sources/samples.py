"""For each source one good input, one with something broken in it, and where the breakage is."""

# ruff: noqa: E501 (a sample stays on its line)

from __future__ import annotations

import json

from tests.sources.planted import ALL_PERSONAL, MAPPING, PERSONAL, Sample, lines
from tests.sources.samples_networks import NETWORKS


def _post(number: int, text: str) -> dict[str, object]:
    return {
        "id": f"p{number}",
        "chat": {"title": "Верхний Ларс", "kind": "group", "about": "verkhny-lars"},
        "lang": "ru",
        "posted_at": f"2022-09-24T14:{number % 60:02}+03:00",
        "reply_to": {"id": "p1", "text": ALL_PERSONAL} if number == 3 else None,
        "text": text,
        "author": "Дормидонт Безыменский",
        "claims": [],
    }


POSTS = [_post(number, f"стоим {number} часов. {ALL_PERSONAL}") for number in range(1, 8)]
_posts_good = lines(POSTS)
_posts_broken = lines(POSTS[:4]) + b'{"id": "x", "text": ' + b"\n" + lines(POSTS[4:])


def message(number: int, text: object, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "type": "message",
        "date": f"2022-09-24T14:{number % 60:02}:00",
        "date_unixtime": str(1664017200 + 60 * (number % 60)),
        "from": "Дормидонт Безыменский",
        "from_id": "user777",
        "text": text,
        "text_entities": [],
        **more,
    }


def export(messages: list[dict[str, object]], indent: int | None = 1, **more: object) -> bytes:
    told = {"name": "Верхний Ларс", "type": "public_supergroup", "id": 12345, **more, "messages": messages}
    return json.dumps(told, ensure_ascii=False, indent=indent).encode()


MESSAGES = [
    message(1, "стоим с 6 утра"),
    message(
        2, ["пишите ", {"type": "mention", "text": "@lars_marina"}, " или ", {"type": "link", "text": PERSONAL["link"]}]
    ),
    message(3, f"хвост 12 км. {ALL_PERSONAL}", reply_to_message_id=1),
    message(4, "Дормидонт Безыменский, спасибо!", forwarded_from="Дормидонт Безыменский"),
    message(5, "закрыто", edited="2022-09-24T15:00:00", edited_unixtime="1664020800"),
]
_tg_good = export(MESSAGES)
_tg_broken = _tg_good.replace(b'"id": 3,', b'"id": 3,,', 1)

_page_good = f"""<html lang="ru"><head><meta property="og:site_name" content="Новости">
<meta property="article:published_time" content="2022-09-24T10:00:00+03:00">
<link rel="canonical" href="https://example.org/lars"></head><body><article>
<p>Перед пунктом пропуска скопилось около 3600 машин, сообщили в министерстве в субботу утром.</p>
<p>Водители просят писать на {PERSONAL["mail"]} и звонить {PERSONAL["phone"]}, рассказали они изданию.</p>
<blockquote class="twitter-tweet"><p>14 km of cars {PERSONAL["handle"]}</p>&mdash; Дормидонт Безыменский (@lars_marina)
<a href="https://twitter.com/lars_marina/status/1">September 23, 2022</a></blockquote>
</article></body></html>""".encode()
_page_broken = b"x" * (6 << 20)  # one thing broken is the whole page: it is no article of that size

_table_good = b"date,lars,ozinki\n2022-09-24,8572,1000\n2022-09-25,9 600,\n2022-09-26,10804,1200\n"
_table_broken = _table_good.replace(b"9 600", b"+7 928 123-45-67")

_feed_good = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Новости границы</title><language>ru-RU</language>
<item><title>Перед Ларсом 3600 машин</title><guid>n1</guid><link>https://example.org/1</link>
<pubDate>Sat, 24 Sep 2022 10:00:00 +0300</pubDate><description>Ждут &lt;b&gt;20 часов&lt;/b&gt;. {PERSONAL["mail"]}, {PERSONAL["phone"]}</description></item>
<item><title>Озинки: очередь 5 км</title><guid>n2</guid><pubDate>Sat, 24 Sep 2022 11:00:00 +0300</pubDate></item>
<item><title>Ларс закрыт, пишите {PERSONAL["handle"]} {PERSONAL["link"]} {PERSONAL["card"]}</title><guid>n3</guid>
<pubDate>Sat, 24 Sep 2022 12:00:00 +0300</pubDate></item></channel></rss>""".encode()
_feed_broken = _feed_good.replace(b"<pubDate>Sat, 24 Sep 2022 11:00:00 +0300</pubDate>", b"")

_whatsapp_good = f"""\ufeff24.09.22, 14:00 - Messages and calls are end-to-end encrypted.
24.09.22, 14:01 - Дормидонт Безыменский: стоим с 6 утра
24.09.22, 14:01 - +7 928 123-45-67: хвост 12 км
вода кончилась. {ALL_PERSONAL}
24.09.22, 14:02 - Дормидонт Безыменский: <Media omitted>
24.09.22, 14:03 - tg:user777: Дормидонт Безыменский, спасибо! закрыто?
""".encode()
_whatsapp_broken = _whatsapp_good.replace(b"24.09.22, 14:02", b"34.09.22, 14:02")
_CHAT = '[chat]\nzone = "Europe/Moscow"\ntitle = "Верхний Ларс"\nabout = "verkhny-lars"\n'

SAMPLES = {
    **NETWORKS,
    "feed": Sample("feed.xml", _feed_good, _feed_broken, None, 1),
    "whatsapp": Sample("chat.txt", _whatsapp_good, _whatsapp_broken, 5, 1, _CHAT),
    "posts": Sample("posts.jsonl", _posts_good, _posts_broken, 5, 0),
    "telegram_export": Sample(
        "result.json", _tg_good, _tg_broken, _tg_good[: _tg_good.index(b'"id": 3,')].count(b"\n"), 1
    ),
    "page": Sample("page.html", _page_good, _page_broken, None, 3),
    "table": Sample("counts.csv", _table_good, _table_broken, 3, 1, MAPPING),
}
