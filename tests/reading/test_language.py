"""Which language a text is in, where its source does not say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.house import ROOT
from verst.reading.language import Languages
from verst.shelves import data_shelf

LANGUAGES = Languages(data_shelf("languages"))
OWN = {
    "Скажіть, будь ласка, як там на кордоні": "uk",
    "Підкажіть, скільки стояти": "uk",
    "Скажите, как там на границе": "ru",
    "Колькі гадзін стаяць на мяжы, хто ведае": "be",
    "Шекарада кезек қанша сағат": "kk",
    "Wie lange wartet man in Vaalimaa?": "de",
    "Kuinka kauan Vaalimaalla joutuu odottamaan?": "fi",
    "Combien de temps attend-on à Vaalimaa ?": "fr",
    "Ile godzin się czeka w Medyce?": "pl",
    "How long is the wait at Vaalimaa?": "en",
    "Sınırda ne kadar bekleniyor?": "tr",
    "საზღვარზე რიგია?": "ka",
    "كم مدة الانتظار": "ar",
    "口岸要等多久": "zh",
}


@pytest.mark.parametrize("text", OWN)
def test_a_text_is_told_by_its_words_not_by_the_names_in_it(text: str) -> None:
    assert LANGUAGES.of_text(text, None) == OWN[text]


def test_what_the_source_says_is_believed() -> None:
    assert LANGUAGES.of_text("Vaalimaa", "fi") == "fi" and LANGUAGES.of_text("Ларс", "uk-UA") == "uk"


def test_the_labelled_posts_are_told_without_their_labels(shared: Path) -> None:
    files = [*sorted((shared / "eval").glob("dev*.jsonl")), *sorted((ROOT / "tests" / "corpus").glob("round*.jsonl"))]
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    told = [(row["lang"], LANGUAGES.of_text(row["text"], None)) for row in rows if not row["lang"].endswith("Latn")]
    right = sum(said == found for said, found in told)
    assert right / len(told) >= 0.99
