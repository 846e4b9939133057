"""The cache, while its server is not well."""

from django.core.cache import cache


def test_a_server_that_hangs_is_asked_once_and_not_by_every_question(broker_hangs, caplog):
    assert [cache.get(f"question {number}", "nothing") for number in range(20)] == ["nothing"] * 20
    assert [record.name for record in caplog.records].count("common.cache") == 1
