"""How text is cut for search: into words, and Chinese, Japanese and Korean into overlapping pairs of characters.

One function without any other of ours in it: a restored dump fills generated columns with an empty search path.
It is immutable: what comes out is stored. Each text is cut at a length that keeps the result below the
largest tsvector. `common.search.Wanted` cuts what is looked for in the same way.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

CJK = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
FUNCTION = rf"""
CREATE FUNCTION search_document(names text, words text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('pg_catalog.simple', coalesce(max(cut) FILTER (WHERE weight = 'A'), '')), 'A')
        || setweight(to_tsvector('pg_catalog.simple', coalesce(max(cut) FILTER (WHERE weight = 'B'), '')), 'B')
        || setweight(to_tsvector('pg_catalog.simple', coalesce(max(cut) FILTER (WHERE weight = 'C'), '')), 'C')
    FROM (
        SELECT weight, CASE WHEN plain !~ '{CJK}' THEN regexp_replace(plain, '[^[:alnum:]]+', ' ', 'g') ELSE (
            SELECT string_agg(
                CASE WHEN sign ~ '{CJK}' THEN ' ' || sign || CASE WHEN after ~ '{CJK}' THEN after ELSE '' END || ' '
                     WHEN sign ~ '[[:alnum:]]' THEN sign ELSE ' ' END,
                '' ORDER BY place)
            FROM (
                SELECT sign, place, lead(sign) OVER (ORDER BY place) AS after
                FROM string_to_table(plain, NULL) WITH ORDINALITY AS signs(sign, place)
            ) AS pairs
        ) END AS cut
        FROM (VALUES
            ('A', normalize(left(names, 500), NFKC)),
            ('B', normalize(left(words, 2000), NFKC)),
            ('C', normalize(left(body, 20000), NFKC))
        ) AS texts(weight, plain)
    ) AS cuts
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION search_document(text, text, text);"),
    ]
