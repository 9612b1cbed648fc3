"""A question as people type it becomes an answer in its language: the rule, the practice, its age, who says so.

Nothing is answered without evidence. Where nobody has said, that is the answer, with what was heard last.
"""

from verst.ask.answering import answer
from verst.ask.answers import Answer, Line, Source, as_data

__all__ = ["Answer", "Line", "Source", "answer", "as_data"]
