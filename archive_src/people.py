"""Names that nobody has: the writers of the reconstructed groups."""

from __future__ import annotations

_GIVEN = "Вадим Лёха Марина Костя Денис Аня Руслан Тимур Оля Саня Гоша Катя Рома Зарина Игорь Надя Миша Стас Юля Артур"
_PLACES = "Тверской Невыдуманный Северный Попутный Дальний Полевой Сонный Дорожный"
_SINGLE = (
    "Едем_дальше|котик на руле|Lena K|Mr. Nobody|Бегущий по краю|тётя Люда|Шура с Волги|Nika|Dmitry Example|Пашок|"
    "Серый кардан|Аслан Б.|мама двоих|Гена без чебурашки|Ivan I.|Sveta|Рюкзак|Велосипедист 42|Олег Т|жена Олега|"
    "Deleted Account|Тихий|Максим М|Полина|Ваня Ваня|Ded Panas|Ербол|Айгуль|Нурлан К|Gio|Нино|Pekka|Anu|Батбаяр"
)
NAMES = [f"{given} {place}" for given in _GIVEN.split() for place in _PLACES.split()[:3]] + _SINGLE.split("|")
