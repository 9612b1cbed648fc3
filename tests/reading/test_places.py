"""Names of crossings in every form people write them."""

from __future__ import annotations

import pytest

from verst.geography import load_regions
from verst.reading.places import Gazetteer, PlaceHit
from verst.reading.text import fold, tokens
from verst.shelves import data_shelf

GAZETTEER = Gazetteer.from_regions(load_regions(), data_shelf("languages"))

MENTIONS = """
verkhny-lars | стоим на Верхнем Ларсе вторые сутки
verkhny-lars | проехали верхний ларс за ночь
verkhny-lars | до Ларса 8 км
verkhny-lars | ВЕРХНИЙ ЛАРС ЗАКРЫТ?
verkhny-lars | #ВерхнийЛарс пробка
verkhny-lars | за ларсом уже свободно
verkhny-lars | у Верхнего Ларса драка
verkhny-lars | на Врехнем Ларсе
verkhny-lars | через ВЛ прошли за 10 часов
verkhny-lars | na Larse 300 mashin
verkhny-lars | через Верхній Ларс
verkhny-lars | Wierchni Lars? w Larsie stoimy
verkhny-lars | Larsissa jono 10 km
verkhny-lars | Larsta bekliyoruz
verkhny-lars | في معبر لارس زحمة
verkhny-lars | وصلنا إلى لارس بلارس
verkhny-lars | 上拉尔斯口岸关闭
verkhny-lars | ლარსზე რიგია
verkhny-lars | დარიალში ვდგავართ
verkhny-lars | у Дариали с грузинской стороны
ozinki-taskala | в Озинках очередь
ozinki-taskala | до озинок 3 км
ozinki-taskala | через Таскалу пустили
ozinki-taskala | Тасқалада кезек жоқ
ozinki-taskala | в Озинкх машин сто
mashtakovo-syrym | под Маштаково стоим
mashtakovo-syrym | за Маштаковом свободно
mashtakovo-syrym | на Сырыме обед
mashtakovo-syrym | Сырымда тұрмыз
mashtakovo-syrym | Mashtakovo is quiet
bugristoye-kairak | Бугристое–Кайрак стоит
bugristoye-kairak | на Бугристом обед
bugristoye-kairak | через Кайрак/Бугристое
petukhovo-zhana-zhol | в Петухово пусто
petukhovo-zhana-zhol | на Жана Жоле пусто
sagarchin-zhaisan | за Сагарчином нейтралка
sagarchin-zhaisan | в Жайсане накормили
karauzek-kotyaevka | в Караузеке очередь
karauzek-kotyaevka | через Котяевку пустили
vishnevka-zhanibek | на Вишневке пусто
vishnevka-zhanibek | Жәнібектен өттік
vaalimaa-torfyanovka | Vaalimaalta kotiin
vaalimaa-torfyanovka | в Торфяновке тихо
vaalimaa-torfyanovka | на Ваалимаа никого
vaalimaa-torfyanovka | на Торфянке тихо
nuijamaa-brusnichnoye | на Брусничном фуры
nuijamaa-brusnichnoye | Nuijamaalla hiljaista
imatra-svetogorsk | через Светогорск быстрее
imatra-svetogorsk | Imatralla ei jonoa
narva-ivangorod | в Ивангороде мост
narva-ivangorod | Narvas on järjekord
narva-ivangorod | пешком через Нарву
luhamaa-shumilkino | в Шумилкино тысяча человек
koidula-kunichina-gora | на Куничиной Горе
kyakhta-altanbulag | в Кяхте очередь
kyakhta-altanbulag | 恰克图口岸
shehyni-medyka | у Шегинях черга
shehyni-medyka | з Шегинів пішки
shehyni-medyka | w Medyce kolejka
shehyni-medyka | на Медиці 20 годин
shehyni-medyka | через медику
krakovets-korczowa | на Краківці стоїмо
krakovets-korczowa | під Краковцем
krakovets-korczowa | w Korczowej pusto
krakovets-korczowa | на Корчовій тихо
yahodyn-dorohusk | з Ягодина їдемо
yahodyn-dorohusk | w Dorohusku blokada
ustyluh-zosin | на Устилузі швидко
ustyluh-zosin | w Zosinie
rava-ruska-hrebenne | в Раві-Руській черга
rava-ruska-hrebenne | w Hrebennem
uhryniv-dolhobyczow | на Угринові тихо
uhryniv-dolhobyczow | w Dołhobyczowie
hrushiv-budomierz | на Грушеві 10 авто
smilnytsia-kroscienko | через Смільницю
smilnytsia-kroscienko | w Krościenku
uzhhorod-vysne-nemecke | в Ужгороді стоять
chop-zahony | на Чопі потяг
luzhanka-beregsurany | на Лужанці 2 години
porubne-siret | на Порубному тиша
porubne-siret | у Сіреті годують
palanca-mayaky-udobne | у Паланці молдовани
mohyliv-podilskyi-otaci | в Могилеві-Подільському
crimean-bridge | на Крымском мосту досмотр
crimean-bridge | через Керченский мост
pulkovo-airport | в Пулкове спрашивают
yarag-kazmalyar-samur | на Яраг-Казмаляре
nizhny-zaramag | в Зарамаге пункт
tashanta-tsagaannuur | на Ташанте снег
storskog-borisoglebsk | i Storskog er det stille
""".strip().splitlines()

NOT_CROSSINGS = """
водичка и светлая ночь, теплое молоко
помыл руки и поехал
довезу до Кракова и Самары
Палатка, спальник, тёплые вещи
справка от врача, нужен медик
в доме маяк и телевизор
ложка и вилок капусты
J'ai mangé une larve
Larson wrote a lot about Brest in France
просто доброе утро всем
Навальный и Карьяла пишут
chop the onions and add salt
a lot of snow, narrow road
""".strip().splitlines()


def find(text: str) -> list[PlaceHit]:
    folded = fold(text)
    return GAZETTEER.find(tokens(folded), folded, text)


@pytest.mark.parametrize("line", MENTIONS)
def test_finds_the_crossing_in_any_form(line: str) -> None:
    id_, text = (part.strip() for part in line.split("|", 1))
    assert id_ in {hit.ids[0] for hit in find(text) if hit.what == "crossing"}


@pytest.mark.parametrize("text", NOT_CROSSINGS)
def test_leaves_ordinary_words_alone(text: str) -> None:
    assert [hit for hit in find(text) if hit.what == "crossing"] == []


def test_spans_are_of_the_original_text() -> None:
    text = "— ну что, на Верхнем Ларсе?"
    (hit,) = find(text)
    assert text[hit.start : hit.end] == "Верхнем Ларсе" and hit.side == "RU" and hit.sure


def test_says_which_side_was_named() -> None:
    assert [hit.side for hit in find("Бугристое–Кайрак")] == ["RU", "KZ"]


def test_a_town_beside_a_crossing_is_not_sure() -> None:
    (hit,) = find("выехали из Владикавказа")
    assert (hit.what, hit.ids, hit.sure) == ("town", ("verkhny-lars",), False)


@pytest.mark.parametrize(
    ("text", "country"),
    [("в сторону Грузии", "GE"), ("из РФ", "RU"), ("to Finland", "FI"), ("nach Polen", "PL"), ("Gürcistan'a", "GE"),
     ("إلى جورجيا", "GE"), ("去蒙古", "MN"), ("საქართველოში", "GE")],
)  # fmt: skip
def test_finds_countries(text: str, country: str) -> None:
    assert [hit.ids for hit in find(text) if hit.what == "country"] == [(country,)]


def test_finds_a_whole_border() -> None:
    assert ("border", ("RU-GE",)) in {(hit.what, hit.ids) for hit in find("на российско-грузинской границе")}


@pytest.mark.parametrize(
    ("title", "id_"),
    [("Верхний Ларс | очередь", "verkhny-lars"), ("Озинки граница", "ozinki-taskala"),
     ("Шегині–Медика черга", "shehyni-medyka"), ("Релокация из РФ", None), ("Ларс и Озинки", None)],
)  # fmt: skip
def test_what_a_chat_is_about(title: str, id_: str | None) -> None:
    assert GAZETTEER.about(title) == id_
