"""Samples of what networks answer, as `samples` has those of files."""

# ruff: noqa: E501 (a sample stays on its line)

from __future__ import annotations

import json

from tests.sources.planted import ALL_PERSONAL, MAPPING, Sample, lines


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


_fourcat_good = lines(
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
    MAPPING.replace('time_column = "date"', 'records = "data.items"\ntime_column = "at"')
    .replace('name = "lars"', 'name = "counted.lars"')
    .replace('name = "ozinki"', 'name = "counted.ozinki"')
)


def _update(number: int, text: str, **more: object) -> dict[str, object]:
    chat = {"id": -1001, "type": "supergroup", "title": "Верхний Ларс", "username": "lars_border"}
    user = {
        "id": 777,
        "is_bot": False,
        "first_name": "Дормидонт",
        "last_name": "Безыменский",
        "username": "lars_marina",
    }
    message = {"message_id": number, "date": 1664017200 + 60 * number, "chat": chat, "from": user, "text": text, **more}
    return {"update_id": 900 + number, "message": message}


_ANSWERED = {"message_id": 1, "date": 1664017200, "chat": {"id": -1001, "type": "supergroup"}, "text": ALL_PERSONAL}
_bot_good = lines(
    [
        _update(1, "стоим с 6 утра", photo=[{"file_id": "a", "width": 90, "height": 60}], video=None),
        _update(2, f"хвост 12 км. {ALL_PERSONAL}", reply_to_message=_ANSWERED),
        _update(
            3,
            "Дормидонт Безыменский, спасибо!",
            forward_origin={"type": "hidden_user", "date": 1664010000, "sender_user_name": "Дормидонт Безыменский"},
        ),
        {
            "update_id": 904,
            "message": {
                "message_id": 4,
                "date": 1664017200,
                "chat": {"id": 42, "type": "private", "first_name": "Дормидонт"},
                "text": "это личное",
            },
        },
    ]
)
_bot_broken = _bot_good.replace(b'"message_id": 2, "date": 1664017320', b'"message_id": 2, "date": "noon"')


def _told(number: int, text: object, names: tuple[str, ...] = (), **more: object) -> dict[str, object]:
    chat = {"id": 4004, "title": "Верхний Ларс", "kind": "group", "username": "lars_border"}
    message = {"_": "Message", "id": number, "peer_id": {"_": "PeerChannel", "channel_id": 4004}, "out": False,
               "date": f"2022-09-24T11:{number:02}:00+00:00", "message": text, "entities": [], "views": None,
               "from_id": {"_": "PeerUser", "user_id": 777}, **more}  # fmt: skip
    return {"chat": chat, "message": message, "names": list(names)}


_account_good = lines(
    [
        _told(1, "стоим с 6 утра", ("Дормидонт Безыменский",)),
        _told(2, f"хвост 12 км. {ALL_PERSONAL}", media={"_": "MessageMediaPhoto", "photo": {"_": "Photo", "id": 1}},
              reply_to={"_": "MessageReplyHeader", "reply_to_msg_id": 1}),
        _told(3, "Дормидонт Безыменский, спасибо!", edit_date="2022-09-24T11:09:00+00:00",
              fwd_from={"_": "MessageFwdHeader", "date": "2022-09-24T09:00:00+00:00", "from_name": "Дормидонт Безыменский"}),
        _told(4, ""),
    ]
)  # fmt: skip
_account_broken = _account_good.replace(b'"date": "2022-09-24T11:02:00+00:00"', b'"date": "yesterday"')

NETWORKS = {
    "telegram_account": Sample("messages.jsonl", _account_good, _account_broken, 2, 1),
    "telegram_bot": Sample("updates.jsonl", _bot_good, _bot_broken, 2, 1),
    "telegram_web": Sample("preview.html", _preview_good, _preview_broken, None, 1),
    "mastodon": Sample("statuses.json", _mastodon_good, _mastodon_broken, None, 1),
    "bluesky": Sample("feed.json", _bluesky_good, _bluesky_broken, None, 1),
    "fourcat": Sample("dataset.ndjson", _fourcat_good, _fourcat_broken, 2, 1),
    "json_table": Sample("counts.json", _json_table_good, _json_table_broken, 2, 1, _JSON_MAPPING),
}
