"""For each source one good input, one with something broken in it, and where the breakage is."""

# ruff: noqa: E501 (a sample stays on its line)

from __future__ import annotations

import json
from dataclasses import dataclass

PERSONAL = {
    "phone": "+7 928 123-45-67",
    "mail": "marina.taxi@example.org",
    "handle": "@lars_marina",
    "link": "https://t.me/lars_marina",
    "card": "4111 1111 1111 1111",
    "account": "GE29NB0000000101904917",
    "passport": "паспорт 4510 123456",
    "plate": "А123ВС77",
    "place": "43.12345, 44.56789",
    "name": "меня зовут Мелитриса",
}
SECRETS = [
    "928 123", "1234567", "marina", "4111", "101904917", "123456", "А123ВС", "43.123", "44.567", "Мелитриса", "Безыменск",
    "user777", "tg:user", "Дормидонт",
]  # fmt: skip
ALL_PERSONAL = "; ".join(PERSONAL.values())


@dataclass(frozen=True)
class Sample:
    file: str
    good: bytes
    broken: bytes  # the same with one thing broken: all else must still arrive
    line: int | None  # where it is broken
    lost: int  # posts of good that broken cannot have
    mapping: str | None = None


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


def _lines(posts: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(post, ensure_ascii=False) + "\n" for post in posts).encode()


POSTS = [_post(number, f"стоим {number} часов. {ALL_PERSONAL}") for number in range(1, 8)]
_posts_good = _lines(POSTS)
_posts_broken = _lines(POSTS[:4]) + b'{"id": "x", "text": ' + b"\n" + _lines(POSTS[4:])


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
_MAPPING = """
[table]
time_column = "date"
zone = "Asia/Tbilisi"
title = "Daily counts"
official = true
[[column]]
name = "lars"
kind = "flow"
crossing = "verkhny-lars"
toward = "GE"
[[column]]
name = "ozinki"
kind = "flow"
crossing = "ozinki-taskala"
toward = "KZ"
"""

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


def _message_html(number: int, words: str, inside: str = "") -> str:
    return f"""<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="lars_border/{number}">
<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author">
<a class="tgme_widget_message_owner_name" href="https://t.me/lars_border"><span dir="auto">Ларс: очередь</span></a></div>
{inside}<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>
<div class="tgme_widget_message_footer"><span class="tgme_widget_message_views">3.2K</span>
<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" href="https://t.me/lars_border/{number}">
<time datetime="2022-09-24T11:{number % 60:02}:00+00:00" class="time">11:00</time></a></span></div></div></div></div>"""


_QUOTED = f"""<a class="tgme_widget_message_reply" href="https://t.me/lars_border/101">
<div class="tgme_widget_message_author"><span>Дормидонт Безыменский</span></div>
<div class="tgme_widget_message_text js-message_reply_text">вопрос {ALL_PERSONAL}</div></a>"""
_FORWARDED = """<div class="tgme_widget_message_forwarded_from">Forwarded from
<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/lars_marina/7"><span>Дормидонт Безыменский</span></a></div>"""
_preview_good = (
    '<!DOCTYPE html><html><body><div class="tgme_channel_info_header_title"><span>Ларс: очередь</span></div>'
    + _message_html(101, "стоим с 6 утра")
    + _message_html(102, f"хвост 12 км<br/>{ALL_PERSONAL}", _QUOTED)
    + _message_html(103, "закрыто", _FORWARDED)
    + "</body></html>"
).encode()
_preview_broken = _preview_good.replace(b'datetime="2022-09-24T11:43:00+00:00"', b'datetime="yesterday"')


def _status(number: int, content: str, **more: object) -> dict[str, object]:
    return {
        "id": str(number),
        "uri": f"https://example.social/users/lars_marina/statuses/{number}",
        "url": f"https://example.social/@lars_marina/{number}",
        "created_at": f"2022-09-24T11:{number:02}:00.000Z",
        "edited_at": None,
        "visibility": "public",
        "language": "ru",
        "content": content,
        "spoiler_text": "",
        "in_reply_to_id": None,
        "reblog": None,
        "media_attachments": [{"type": "image"}],
        "account": {
            "id": "9",
            "acct": "lars_marina",
            "display_name": "Дормидонт Безыменский",
            "url": "https://example.social/@lars_marina",
        },
        **more,
    }


STATUSES = [
    _status(1, "<p>стоим с 6 утра</p>"),
    _status(2, f"<p>хвост 12 км<br>{ALL_PERSONAL}</p>", in_reply_to_id="1"),
    _status(
        3,
        "",
        reblog=_status(4, '<p>закрыто <a href="https://example.social/@lars_marina">@<span>lars_marina</span></a></p>'),
    ),
]
_mastodon_good = json.dumps(STATUSES, ensure_ascii=False).encode()
_mastodon_broken = _mastodon_good.replace(b'"created_at": "2022-09-24T11:02:00.000Z"', b'"created_at": 5')

_DID = "did:plc:user777"


def skeet(number: int, text: str, **more: object) -> dict[str, object]:
    record = {
        "$type": "app.bsky.feed.post",
        "text": text,
        "langs": ["ru"],
        "createdAt": f"2022-09-24T11:{number:02}:00.000Z",
    }
    author = {"did": _DID, "handle": "lars-marina.bsky.social", "displayName": "Дормидонт Безыменский"}
    post = {
        "uri": f"at://{_DID}/app.bsky.feed.post/k{number}",
        "author": author,
        "record": record,
        "indexedAt": f"2022-09-24T11:{number:02}:01.000Z",
    }
    return {"post": post, **more}


_SKEETS = {"cursor": "x", "feed": [
    skeet(1, "стоим с 6 утра"),
    skeet(2, f"хвост 12 км {ALL_PERSONAL}", reply={"parent": {"record": {"text": ALL_PERSONAL}}}),
    skeet(3, "закрыто", reason={"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": _DID}, "indexedAt": "2022-09-24T12:00:00Z"}),
]}  # fmt: skip
_bluesky_good = json.dumps(_SKEETS, ensure_ascii=False).encode()
_bluesky_broken = _bluesky_good.replace(
    b'"text": "\xd1\x81\xd1\x82\xd0\xbe', b'"text": 5, "x": "\xd1\x81\xd1\x82\xd0\xbe', 1
)


def _collected(number: int, text: str, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "message": text,
        "date": 1664017200 + 60 * number,
        "edit_date": None,
        "_chat": {
            "id": 12345,
            "title": "Верхний Ларс",
            "username": "lars_border",
            "megagroup": True,
            "broadcast": False,
        },
        "_sender": {
            "id": "user777",
            "username": "lars_marina",
            "first_name": "Дормидонт",
            "last_name": "Безыменский",
            "phone": "79281234567",
        },
        **more,
    }


_fourcat_good = _lines(
    [
        _collected(1, "стоим с 6 утра"),
        _collected(2, f"хвост 12 км {ALL_PERSONAL}", reply_to={"reply_to_msg_id": 1}),
        _collected(3, "закрыто", fwd_from={"date": 1664017000, "from_name": "Дормидонт Безыменский", "from_id": None}),
        {"id": "4", "thread_id": "t1", "author": "user777", "body": "очередь 5 км", "timestamp": "2022-09-24 11:20:00"},
    ]
)
_fourcat_broken = _fourcat_good.replace(b'"date": 1664017320', b'"date": "noon"')

_json_table_good = json.dumps(
    {"data": {"items": [
        {"at": "2022-09-24", "counted": {"lars": 8572, "ozinki": 1000}},
        {"at": "2022-09-25", "counted": {"lars": "9 600", "ozinki": None}},
        {"at": "2022-09-26", "counted": {"lars": 10804, "ozinki": 1200}},
    ]}}
).encode()  # fmt: skip
_json_table_broken = _json_table_good.replace(b'"9 600"', b'"+7 928 123-45-67"')
_JSON_MAPPING = (
    _MAPPING.replace('time_column = "date"', 'records = "data.items"\ntime_column = "at"')
    .replace('name = "lars"', 'name = "counted.lars"')
    .replace('name = "ozinki"', 'name = "counted.ozinki"')
)

SAMPLES = {
    "telegram_web": Sample("preview.html", _preview_good, _preview_broken, None, 1),
    "mastodon": Sample("statuses.json", _mastodon_good, _mastodon_broken, None, 1),
    "bluesky": Sample("feed.json", _bluesky_good, _bluesky_broken, None, 1),
    "fourcat": Sample("dataset.ndjson", _fourcat_good, _fourcat_broken, 2, 1),
    "json_table": Sample("counts.json", _json_table_good, _json_table_broken, 2, 1, _JSON_MAPPING),
    "feed": Sample("feed.xml", _feed_good, _feed_broken, None, 1),
    "whatsapp": Sample("chat.txt", _whatsapp_good, _whatsapp_broken, 5, 1, _CHAT),
    "posts": Sample("posts.jsonl", _posts_good, _posts_broken, 5, 0),
    "telegram_export": Sample(
        "result.json", _tg_good, _tg_broken, _tg_good[: _tg_good.index(b'"id": 3,')].count(b"\n"), 1
    ),
    "page": Sample("page.html", _page_good, _page_broken, None, 3),
    "table": Sample("counts.csv", _table_good, _table_broken, 3, 1, _MAPPING),
}
