"""Which links lead to a person, and which may stand under a post."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_HOST = r"(?<![\w@-])(?:https?://)?(?:(?:www|m|mobile|web|old|ru-ru|en-gb)\.)?"
_TAIL = r"[^\s<>\"'«»,;)\]]{0,300}"

# Links that name a person, or may: a Telegram name without a message number, profiles, any post under a person's name.
_PERSON = re.compile(
    r"(?:tg|viber|whatsapp|skype|signal|sgnl|weixin|tel|mailto|callto|sms):(?://)?[^\s<>\"'«»]{2,300}|" + _HOST + r"(?:"
    r"(?:t\.me|telegram\.me|telegram\.dog|tlgg\.ru)/(?!(?:s/)?[A-Za-z]\w{3,40}/\d)" + _TAIL + r"|"
    r"[A-Za-z]\w{3,40}\.t\.me\b" + _TAIL + r"|"
    r"(?:vk\.com|vk\.ru|vkontakte\.ru)/(?!(?:wall|public|club|event|video|photo|feed|away|@?-\d))" + _TAIL + r"|"
    r"(?:vk\.com|vk\.ru|vkontakte\.ru)/(?:wall|video|photo)\d" + _TAIL + r"|"
    r"vk\.me/" + _TAIL + r"|"
    r"(?:instagram\.com|instagr\.am)/(?!(?:p|reel|explore|tv)/)" + _TAIL + r"|"
    r"(?:facebook\.com|fb\.com|fb\.me|messenger\.com)/(?!(?:groups|events|watch|hashtag)\b)" + _TAIL + r"|"
    r"(?:twitter\.com|x\.com|threads\.net)/(?!(?:hashtag|search|i/)\b)[@\w]" + _TAIL + r"|"
    r"(?:ok\.ru|odnoklassniki\.ru)/(?:profile/)?\w" + _TAIL + r"|"
    r"(?:tiktok\.com|youtube\.com|medium\.com)/@" + _TAIL + r"|"
    r"(?:bsky\.app/profile|mastodon\.[a-z]{2,10}/@)" + _TAIL + r"|"
    r"linkedin\.com/in/" + _TAIL + r"|"
    r"reddit\.com/u(?:ser)?/" + _TAIL + r"|"
    r"(?:wa\.me|wa\.link|api\.whatsapp\.com|chat\.whatsapp\.com|viber\.click|signal\.me|signal\.group|line\.me"
    r"|msng\.link|taplink\.cc|linktr\.ee)/" + _TAIL + r")",
    re.IGNORECASE,
)
_MENTIONS_A_HOST = re.compile(r"\.[a-z]{2,9}/|\.t\.me|:/|mailto:|tel:|sms:|skype:", re.IGNORECASE)
_PRIVATE = re.compile(r"(?:^|\.)(?:t\.me|telegram\.me)$")


def cut_links(text: str) -> str:
    """Put ``[link]`` in place of every link that leads to a person or a closed chat; other links stay.

    >>> cut_links("пишите t.me/marina_taxi, новость https://t.me/s_ossetia/4512")
    'пишите [link], новость https://t.me/s_ossetia/4512'
    """
    return _PERSON.sub("[link]", text) if _MENTIONS_A_HOST.search(text) else text


def public_url(url: str) -> str | None:
    """``url`` where it is a public page or channel post, without user names or trackers in it; else None.

    >>> public_url("https://user:pw@yle.fi/a/74-1?utm_source=x#part")
    'https://yle.fi/a/74-1#part'
    >>> public_url("https://twitter.com/somebody/status/1") is None
    True
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "." not in host or len(url) > 2_000:
        return None
    if _PRIVATE.search(host) and parts.path.startswith("/c/"):
        return None
    if _PERSON.search(f"{host}{parts.path}?{parts.query}"):
        return None
    query = "&".join(
        item for item in parts.query.split("&") if item and not item.startswith(("utm_", "fbclid", "gclid", "yclid"))
    )
    return urlunsplit((parts.scheme, host + port, parts.path, query, parts.fragment))
