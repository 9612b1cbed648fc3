"""E-mail through a mail server of the operator's; a repeat has the same Message-ID, a retraction answers its alert."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from verst.errors import BadSetting
from verst.notices import Notice
from verst.outputs import DELIVERED, Channel, Outcome, Target

SECONDS = 30.0
SECURITY = ("tls", "starttls", "none")


def send(notice: Notice, target: Target, now: datetime) -> Outcome:
    """One attempt. What the server refuses for good (5xx) is refused, everything else is tried again."""
    try:
        with _connect(target) as server:
            server.send_message(make_message(notice, target, now))
    except smtplib.SMTPRecipientsRefused as error:
        return _by_code(next((code for code, _ in error.recipients.values()), 400))
    except smtplib.SMTPAuthenticationError:
        return Outcome(state="waiting", fault="the mail server refuses the login; see user and password")
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code)
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(state="waiting", fault=f"no answer ({type(error).__name__})")
    return DELIVERED


def _connect(target: Target) -> smtplib.SMTP:
    """A connection to the mail server, logged in where a user is set."""
    host, port = split_server(target.shared["server"])
    security = target.shared.get("security", "tls")
    context = ssl.create_default_context()
    if security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if security == "starttls":
            server.starttls(context=context)
        if target.shared.get("user"):
            server.login(target.shared["user"], target.shared.get("password", ""))
    except BaseException:
        server.close()
        raise
    return server


def _by_code(code: int) -> Outcome:
    """Codes from 500 are for good, those from 400 pass."""
    return Outcome(state="refused" if code >= 500 else "waiting", fault=f"SMTP {code}")


def make_message(notice: Notice, target: Target, now: datetime) -> EmailMessage:
    """The message. Its id is made of the key alone, so that mail servers and programs know a repeat."""
    sender = target.shared["from"]
    host = parseaddr(sender)[1].rpartition("@")[2]
    message = EmailMessage()
    message["From"], message["To"] = sender, target.address
    message["Subject"] = " ".join(notice.title.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{notice.key}@{host}>"
    if notice.alert.takes_back is not None:
        first = f"<{notice.key.replace(notice.alert.id, notice.alert.takes_back)}@{host}>"
        message["In-Reply-To"] = message["References"] = first
    message["Auto-Submitted"], message["Content-Language"] = "auto-generated", notice.lang
    message["List-Unsubscribe"] = f"<mailto:{parseaddr(sender)[1]}?subject=unsubscribe>"
    message.set_content("\n".join(part for part in (notice.title, "", notice.body, notice.link) if part is not None))
    return message


def split_server(text: str) -> tuple[str, int]:
    """Host and port of ``smtp.example.org:465``. Raises BadSetting.

    >>> split_server("[::1]:25")
    ('::1', 25)
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host.strip("[]") or not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise BadSetting('the mail server has no host and port; write server = "smtp.example.org:465"')
    return host.strip("[]"), int(port)


def check(target: Target) -> None:
    """Raises BadSetting for addresses or a server that cannot be used."""
    for address in (target.address, target.shared["from"]):
        local, at, host = parseaddr(address)[1].rpartition("@")
        if not (at and local and host) or any(mark in address for mark in "\r\n,;"):
            raise BadSetting("an e-mail address is none; write one: name@example.org")
    split_server(target.shared["server"])
    if target.shared.get("security", "tls") not in SECURITY:
        raise BadSetting(f"security of the mail server is one of {', '.join(SECURITY)}")


CHANNEL = Channel(
    address="name@example.org", send=send, check=check, shared=("server", "from", "security?", "user?", "password?")
)
