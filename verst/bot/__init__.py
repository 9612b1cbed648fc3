"""The Telegram bot: what it says in a group and to one person, and when it rather says nothing.

Read `talk` first: what becomes of one message, as a function of what is remembered and of what is known. `memory` is
what is kept of a chat, `wishes` what one person asked to be told, `outgoing` the queue that keeps the platform's
limits, `running` the loop.
"""
