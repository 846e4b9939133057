"""A house in which very many incidents happened: states, severities, owners and words as they are spread in real ones.

One that the product made is the sample; the database writes the others itself, so that a million takes minutes.
"""

from typing import Any

SERVICES, SYSTEMS, TEAMS, PEOPLE = 40, 60, 8, 50
#: Shares of a thousand: most are long closed, a few are live.
STATE = """
    CASE WHEN at %% 1000 < 1 THEN 'triage' WHEN at %% 1000 < 2 THEN 'active' WHEN at %% 2000 < 3 THEN 'on_hold'
         WHEN at %% 2000 < 4 THEN 'mitigated' WHEN at %% 1000 < 14 THEN 'resolved' WHEN at %% 1000 < 19 THEN 'in_review'
         WHEN at %% 1000 < 40 THEN 'cancelled' ELSE 'closed' END"""
NEW = {
    "id": "gen_random_uuid()",
    "number": "nextval('incidents_incident_number')",
    "tracking_token": "md5(random()::text || at)",
    "title": """
        CASE WHEN at %% 2 = 0
             THEN (ARRAY['供应商发票丢失', '打印机没有反应', '工资系统很慢', '网络中断'])[1 + at / 2 %% 4] || ' ' || at
             ELSE (ARRAY['Mail', 'Printer', 'Payroll', 'Network'])[1 + at / 2 %% 4] || ' is slow today ' || at END""",
    "description": """
        CASE WHEN at %% 2 = 0 THEN '三楼的人从早上开始无法工作，错误代码 E-' || at %% 9000
             ELSE 'People in hall ' || at %% 40 || ' cannot work; error E-' || at %% 9000 END""",
    "state": STATE,
    "severity": "(ARRAY[1,2,2,2,3,3,3,3,3,3,3,3,4,4,4,4,4,4,4,4])[1 + at %% 20]",
    "source": "(ARRAY['page','page','page','alert','alert','alert','email','email','chat','phone'])[1 + at %% 10]",
    "category": """CASE WHEN at %% 1000 < 40 THEN '' ELSE
        (ARRAY['technical','technical','technical','operator','operator','design','interface','delay','incompatible',
               'attack'])[1 + at / 7 %% 10] END""",
    "is_major": "at %% 1000 = 500",
    "is_restricted": "at %% 100 = 33",
    "owner_id": f"CASE WHEN at %% 1000 < 1 THEN NULL ELSE (%s::uuid[])[1 + at %% {PEOPLE}] END",
    "team_id": f"(%s::uuid[])[1 + at / 3 %% {TEAMS}]",
    "reporter_id": f"(%s::uuid[])[1 + at / 11 %% {PEOPLE}]",
    "reported_at": "now() - at * interval '5 minutes'",
    "acknowledged_at": "CASE WHEN at %% 1000 < 1 THEN NULL ELSE now() - at * interval '5 minutes' END",
    "resolved_at": "now() - at * interval '5 minutes' + interval '3 hours'",
    "resume_at": "now() + interval '1 day'",
}
FILL = """
INSERT INTO incidents_incident ({columns}) SELECT {values}
FROM incidents_incident sample, generate_series(1, %s) at WHERE sample.id = %s
"""
#: What each touches: one service, every third a second; a system each.
LINK = """
INSERT INTO incidents_incident_{things} (incident_id, {thing}_id)
SELECT id, (%s::uuid[])[1 + (number * {step} %% {count})::int] FROM incidents_incident WHERE number %% {every} = 0
ON CONFLICT DO NOTHING
"""


def fill(count: int, reader: Any) -> None:
    """So many incidents, and what and whom they are about.  reader: belongs to one of the teams."""
    from django.db import connection

    from catalog.services import add_service, add_system
    from incidents.models import Incident
    from incidents.services import report
    from people.choices import Role
    from people.models import User
    from people.services import add_team, create_person

    by = "system:bench"
    people: list[User] = [reader]
    for number in range(PEOPLE - 1):
        roles = [Role.RESPONDER]
        people.append(create_person(username=f"bench-{number}", name=f"Bench {number}", roles=roles, by=by))
    teams = [add_team(name=f"Team {number}", members=people[number::TEAMS], by=by).pk for number in range(TEAMS)]
    services = [add_service(name=f"Service {number}", by=by).pk for number in range(SERVICES)]
    systems = [add_system(name=f"System {number}", by=by).pk for number in range(SYSTEMS)]
    sample = report(by=reader, description="The first")
    keys = [person.pk for person in people]
    columns = [field.column for field in Incident._meta.concrete_fields]
    values = ", ".join(NEW.get(column, f"sample.{column}") for column in columns)
    arrays = {"owner_id": keys, "team_id": teams, "reporter_id": keys}
    given: list[Any] = [list(map(str, arrays[column])) for column in columns if column in arrays]
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(columns=", ".join(columns), values=values), [*given, count, sample.pk])
        for things, thing, step, every, rows in (
            ("services", "service", 1, 1, services),
            ("services", "service", 7, 3, services),
            ("systems", "system", 3, 1, systems),
        ):
            link = LINK.format(things=things, thing=thing, step=step, count=len(rows), every=every)
            cursor.execute(link, [list(map(str, rows))])
        cursor.execute("VACUUM ANALYZE")
