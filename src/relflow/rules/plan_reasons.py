"""Why a contact is planned for its day, in words."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from relflow.text import Text
from relflow.values import Duration

__all__ = ["because_of", "missing_facts", "moved", "no_rhythm"]


def because_of(target: Duration, since: date | None, further: tuple[Text, ...]) -> Text:
    """The rhythm, the last contact, and what the row and the key node say."""
    reason = _rhythm(target, since)
    for extra in further:
        en, zh, tw = ((reason.text(lang), extra.text(lang)) for lang in ("en", "zh", "zh_TW"))
        reason = _said(f"{en[0]}; {en[1]}", f"{zh[0]}；{zh[1]}", f"{tw[0]}；{tw[1]}")
    return reason


@lru_cache(maxsize=256)
def moved(reason: Text, count: int, per: Duration) -> Text:
    """The reason of a contact that a cap has moved to a later day."""
    en, zh, tw = (reason.text(lang) for lang in ("en", "zh", "zh_TW"))
    return _said(
        f"{en}; moved: at most {count} per {_span(per, 'en')}",
        f"{zh}；顺延：每{_span(per, 'zh')}最多 {count} 次",
        f"{tw}；順延：每{_span(per, 'zh_TW')}最多 {count} 次",
    )


def no_rhythm(names: str) -> Text:
    """Nobody has fixed how often."""
    return _said(f"how often is not set: {names}", f"频率未设定：{names}", f"頻率未設定：{names}")


def missing_facts(names: str) -> Text:
    """How often hangs on facts that are missing."""
    return _said(f"missing: {names}", f"缺失：{names}", f"缺失：{names}")


@lru_cache(maxsize=1024)  # a plan says the same few things about every account
def _rhythm(target: Duration, since: date | None) -> Text:
    en, zh, tw = (_span(target, lang) for lang in ("en", "zh", "zh_TW"))
    if since is None:
        return _said(f"every {en}, no contact so far", f"每{zh}一次，尚无联系记录", f"每{tw}一次，尚無聯絡記錄")
    return _said(
        f"every {en}, last contact on {since}", f"每{zh}一次，上次联系 {since}", f"每{tw}一次，上次聯絡 {since}"
    )


def _span(length: Duration, lang: str) -> str:
    """A length of time after "every": `month` and `3 months`, `月` and ` 3 个月`."""
    words = length.text(lang)
    alone = words.removeprefix("1 ")
    single = alone != words and not any(character.isdigit() for character in alone)
    if lang == "en":
        return alone if single else words
    if not single:
        return f" {words}"
    return alone[1:] if alone in {"个月", "個月"} else alone


def _said(en: str, zh: str, tw: str) -> Text:
    return Text((("en", en), ("zh", zh), ("zh_TW", tw)))
