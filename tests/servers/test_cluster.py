"""The servers that the tests themselves stand on."""

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_text_in_the_database_keeps_chinese_and_accents():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lower('ÀÉ'), datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        )
        assert cursor.fetchone() == ("àé", "b", "C.UTF-8")


def test_the_cache_is_a_real_server():
    cache.set("greeting", "hello", 5)
    assert cache.get("greeting") == "hello"
