"""What a policy saves: its sources, looked at and set together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError

from backups.choices import Engine
from backups.errors import WrongPolicy
from backups.models import BackupPolicy, PolicySource, Repository
from backups.sources import wrong_in_folder, wrong_in_source
from common.secrets import seal

LONGEST_PASSWORD = 1000
MOST_SOURCES = 20
#: What a source is called where nobody names it.
USUAL_NAMES = {Engine.POSTGRESQL.value: "database", Engine.FOLDER.value: "files"}


@dataclass(frozen=True)
class Wanted:
    """One source as it was asked for. password: None keeps the one that is there."""

    name: str
    engine: str
    settings: Any
    password: str | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Wanted":
        """From its words; what is not named has its usual name."""
        engine = str(told.get("engine") or Engine.POSTGRESQL)
        name = told.get("name") or USUAL_NAMES.get(engine, "source")
        return cls(str(name), engine, told.get("settings"), told.get("password"))


def there(policy: BackupPolicy) -> list[Wanted]:
    """The sources that a policy has by now."""
    rows = [] if policy._state.adding else policy.sources.order_by("position")
    return [Wanted(row.name, row.engine, row.settings) for row in rows]


def only_one(policy: BackupPolicy, told: Mapping[str, Any]) -> list[Wanted]:
    """The same where one source is told by `engine`, `source` and `password` alone. What is not told stays.

    Raises WrongPolicy where the policy has several.
    """
    now = there(policy)
    if len(now) > 1:
        raise WrongPolicy(fields={next(iter(told)): [str(WrongPolicy.several_sources)]})
    engine = told.get("engine") or (now[0].engine if now else None)
    one = now[0] if now else Wanted.of({"engine": engine})
    settings = told.get("source", one.settings)
    return [replace(one, engine=str(engine or one.engine), settings=settings, password=told.get("password"))]


def wrong_in(policy: BackupPolicy, sources: Sequence[Wanted]) -> list[str]:
    """What is wrong with these sources, one sentence each; empty when they are right."""
    if not 0 < len(sources) <= MOST_SOURCES:
        return [str(WrongPolicy.number_of_sources)]
    names = [source.name for source in sources]
    if len(set(names)) != len(names):
        return [str(WrongPolicy.same_name)]
    wrong = []
    for source in sources:
        prefix = f"{source.name}: " if len(sources) > 1 else ""
        wrong += [prefix + sentence for sentence in _wrong_in_one(policy, source)]
    return wrong


def set_sources(policy: BackupPolicy, sources: Sequence[Wanted]) -> None:
    """Let a policy that is locked have exactly these, which were looked at."""
    policy.sources.exclude(name__in=[source.name for source in sources]).delete()
    rows = {row.name: row for row in policy.sources.all()}
    for position, source in enumerate(sources, start=1):
        row = rows.get(source.name) or PolicySource(policy=policy, name=source.name)
        row.position, row.engine, row.settings = position, source.engine, source.settings
        if source.password is not None:
            row.secret = sealed(source.password)
        row.save()


def sealed(password: str) -> str:
    """A password as it is stored. Raises WrongPolicy."""
    if "\x00" in password or len(password) > LONGEST_PASSWORD:
        raise WrongPolicy(fields={"password": [str(WrongPolicy.wrong_password)]})
    return seal(password) if password else ""


def facts_of(sources: Iterable[Wanted]) -> list[dict[str, Any]]:
    """What the ledger keeps of sources; secrets are no part of it."""
    return [{"name": source.name, "engine": source.engine, "settings": source.settings} for source in sources]


def _wrong_in_one(policy: BackupPolicy, source: Wanted) -> list[str]:
    row = PolicySource(name=source.name, engine=source.engine, settings=source.settings, position=0)
    try:
        row.clean_fields(exclude=["policy", "settings"])
    except ValidationError as error:
        return [sentence for sentences in error.message_dict.values() for sentence in sentences]
    if policy.is_own:
        return []
    if source.engine == Engine.FOLDER:
        return wrong_in_folder(source.settings, Repository.objects.values_list("location", flat=True))
    return wrong_in_source(source.settings)
