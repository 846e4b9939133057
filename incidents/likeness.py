"""How like one incident is to another: by the words they share, rare ones most. Pure.

Words are cut as search cuts them (`common.search`): Latin words whole, Chinese in overlapping pairs of characters.
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Final

from common.search import cut

#: Fewer words are compared than a long report has: the rarest of them.
MOST_TERMS = 40
#: An ending is taken off as long as so much of the word is left.
SHORTEST_STEM = 4
ENDINGS = ("ingly", "ings", "ing", "edly", "ies", "ed", "es", "ly", "s", "y", "e")
_TERM = re.compile(r"\w+")
_NUMBER = re.compile(r"[0-9]{1,2}|[a-z]")
#: Words that say nothing about what is wrong.
_EMPTY = """
    a about after again all also am an and any are as at be because been before being but by can cannot could did
    do does doing don for from get gets got had has have he hello help her here hi his how i if in into is it its
    just me more my no not now of off on one only or other our out please she since so some somebody someone
    something still such than thank thanks that the their them then there these they thing this those to today too
    up us very was we were what when where which while who why will with would yesterday you your team since
    always never every problem issue error wrong work works working doesn didn isn won try tried morning anymore
    nobody nothing
    我们 我的 他们 你们 大家 这个 那个 一个 什么 怎么 可以 没有 今天 昨天 现在 请帮 帮忙 帮我
    一直 已经 还是 不是 就是 但是 因为 所以 如果 时候 问题 老师 您好 你好 谢谢 麻烦 早上 上午
    下午 之后 以后 之前 以前 然后 都不 也不 的时 了一 是不 不能 无法 不了 不到 有人 同事 出现
    显示 提示 报错 错误
"""
EMPTY: Final = frozenset(_EMPTY.split())


def terms_of(text: str) -> list[str]:
    """What a text is compared by, each once."""
    return stems(cut(text))


def stems(words: Iterable[str]) -> list[str]:
    """Words without their endings, without those that say nothing, each once in their order."""
    kept = (stem(word) for word in words if word not in EMPTY and not _NUMBER.fullmatch(word) and _TERM.fullmatch(word))
    return list(dict.fromkeys(kept))


def stem(word: str) -> str:
    """The part of a Latin word that stays: "invoices" and "invoiced" are one word. All else is as it is."""
    if not word.isascii() or not word.isalpha():
        return word
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def goes_on(term: str) -> bool:
    """Whether the term is the beginning of words, for the database's index."""
    return term.isascii() and term.isalpha() and len(term) >= SHORTEST_STEM


def weights(counts: Mapping[str, float], total: float) -> dict[str, float]:
    """How much each term tells: the rarer, the more. A code with digits tells most. counts: rows that hold it."""
    told = {term: math.log(1 + max(total, 1) / (count + 0.5)) for term, count in counts.items()}
    return {term: weight * (1.5 if any(sign.isdigit() for sign in term) else 1.0) for term, weight in told.items()}


def rarest(weight: Mapping[str, float]) -> list[str]:
    """The terms that tell most, the first of them the most."""
    return sorted(weight, key=lambda term: -weight[term])[:MOST_TERMS]


def likeness(wanted: Mapping[str, float], found: Iterable[str]) -> float:
    """From 0 to 1: the weight of what both hold, against the weight of what is wanted; long texts count for less."""
    held = set(found)
    shared = sum(weight for term, weight in wanted.items() if term in held)
    whole = sum(wanted.values()) or 1.0
    return shared / whole / (1 + math.log1p(len(held)) / 10)
