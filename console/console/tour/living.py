"""The tour, second part: a meeting is convened, moved, held and minuted; a practice is shared."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from .guide import Guide
from .mailbox import Mail
from .narrator import NotSeen

ZONE = "Africa/Casablanca"


def schedule_meeting(guide: Guide) -> None:
    guide.narrator.step("The coordinator schedules a meeting, two weeks ahead.")
    plan = {
        "subject": "Accueillir les nouveaux directeurs",
        "activity": "workshop",
        "modality": "in_person",
        "duration_minutes": 120,
        "zone": ZONE,
        "agenda": [{"title": "Premières semaines", "minutes": 60}],
    }
    community = guide.cast.community["id"]
    meeting = guide.coordinator.post("meetings", f"/v1/communities/{community}/meetings", plan)
    wish = {"starts_at": _in(days=14), "place": "Salle de réunion, Lycée Al Massira"}
    guide.cast.meeting = guide.coordinator.change("meetings", f"/v1/meetings/{meeting['id']}/schedule", wish)
    mails = guide.receives("meeting_scheduled", guide.cast.members, "the convocation")
    _check_invitations(guide, mails, method="REQUEST", sequence=0)


def answer_meeting(guide: Guide) -> None:
    here = f"/v1/meetings/{guide.cast.meeting['id']}"
    guide.narrator.step("The members answer.")
    given: Counter[str] = Counter()
    for number, person in enumerate(guide.cast.members):
        answer = ("yes", "yes", "yes", "maybe", "no")[number % 5]
        guide.principal(person).post("meetings", f"{here}/answer", {"answer": answer})
        given[answer] += 1
    told = Counter(row["answer"] for row in guide.coordinator.all("meetings", f"{here}/answers"))
    guide.narrator.demand(told == given, f"{told['yes']} yes, {told['maybe']} maybe, {told['no']} no")


def move_meeting(guide: Guide) -> None:
    guide.narrator.step("The meeting is moved by a day: the calendar entry updates, it is not a second one.")
    here = f"/v1/meetings/{guide.cast.meeting['id']}/reschedule"
    guide.cast.meeting = guide.coordinator.change("meetings", here, {"starts_at": _in(days=15)})
    mails = guide.receives("meeting_rescheduled", guide.cast.members, "the new date")
    _check_invitations(guide, mails, method="REQUEST", sequence=1)
    earlier = {str(mail.calendar_event["UID"]) for mail in guide.mailbox.of("meeting_scheduled")}
    now = {str(mail.calendar_event["UID"]) for mail in mails}
    guide.narrator.demand(earlier == now and len(now) == 1, "the UID stayed, the SEQUENCE rose")


def _check_invitations(guide: Guide, mails: list[Mail], *, method: str, sequence: int) -> None:
    """Each calendar part parses, asks its reader, and says when the meeting is."""
    for mail in mails:
        entry = mail.calendar_event
        asks = str(entry["ATTENDEE"]).lower() == f"mailto:{mail.to}".lower()
        if not asks or str(mail.invitation["METHOD"]) != method or int(entry["SEQUENCE"]) != sequence:
            raise NotSeen(f"the calendar part of {mail.mail_id} is not as it should be")
        if entry.start.astimezone(UTC) != datetime.fromisoformat(guide.cast.meeting["starts_at"]):
            raise NotSeen(f"the calendar part of {mail.mail_id} names another time")
    guide.narrator.demand(bool(mails), f"{len(mails)} calendar parts parsed: METHOD {method}, SEQUENCE {sequence}")


def hold_meeting(guide: Guide) -> None:
    guide.narrator.step("The meeting is held; presence is recorded, minutes are written and published.")
    here = f"/v1/meetings/{guide.cast.meeting['id']}"
    present = [person["id"] for person in guide.cast.members[:16]]
    guide.coordinator.change("meetings", f"{here}/hold", {"present_ids": present})
    rows = guide.coordinator.all("meetings", f"{here}/answers")
    guide.narrator.demand(sum(row["present"] for row in rows) == 16, "16 present")
    guide.coordinator.change("meetings", f"{here}/minutes", _minutes(guide))
    guide.coordinator.change("meetings", f"{here}/minutes/publish")
    mails = guide.receives("minutes_published", guide.cast.members, "the minutes")
    leaked = [mail for mail in mails if "entre nous" in mail.text]
    guide.narrator.demand(not leaked, "what was said in confidence is in no mail")


def _minutes(guide: Guide) -> dict[str, Any]:
    action = {"what": "Rédiger un guide d'accueil", "by": guide.cast.coordinator["id"]}
    return {
        "summary": "Nous avons comparé nos premières semaines et retenu trois gestes d'accueil.",
        "discussion": "Ce qui reste entre nous.",
        "decisions": ["Un parrain pour chaque nouveau directeur"],
        "actions": [action | {"due_on": (datetime.now(UTC) + timedelta(days=60)).date().isoformat()}],
    }


def share_practice(guide: Guide) -> None:
    author, reader = guide.cast.members[4], guide.cast.members[5]
    word = f"parrainage{uuid4().hex[:8]}"
    guide.narrator.step(f"{author['name_fr']} publishes a practice; others find it and hear of it.")
    practice = guide.principal(author).post(
        "practices", f"/v1/communities/{guide.cast.community['id']}/practices", _practice(word)
    )
    guide.cast.practice = guide.principal(author).change("practices", f"/v1/practices/{practice['id']}/publish")
    _find(guide, reader, f"ECOLES rurales {word}", "without accents")
    _find(guide, reader, f"الأطر {word}", "in Arabic")
    others = [person for person in guide.cast.members if person["id"] != author["id"]]
    guide.receives("practice_published", others, "word of the practice")


def _find(guide: Guide, reader: dict[str, Any], words: str, how: str) -> None:
    found = guide.principal(reader).get("practices", "/v1/practices", q=words)["items"]
    guide.narrator.demand([item["id"] for item in found] == [guide.cast.practice["id"]], f"found by «{words}», {how}")


def _practice(word: str) -> dict[str, Any]:
    return {
        "title": "Un parrain pour chaque nouveau directeur",
        "language": "fr",
        "cycle": "primary",
        "setting": "rural",
        "problem": "Les nouveaux directeurs des écoles rurales restent seuls les premiers mois.",
        "what_was_done": "Un collègue expérimenté les appelle chaque semaine. مواكبة الأُطُر الجديدة.",
        "result": "Aucun abandon cette année.",
        "tags": ["accueil", word],
    }


def settle_accounts(guide: Guide) -> None:
    guide.narrator.step("The account: every mail once.")
    mails = guide.mailbox.look()
    repeated = guide.mailbox.repeated()
    recognised = [what for what in repeated if len(guide.mailbox.distinct_ids(*what)) == 1]
    guide.narrator.demand(
        len(recognised) == len(repeated), f"{len(mails) - sum(repeated.values()) + len(repeated)} mails"
    )
    if repeated:
        guide.narrator.did(f"   {len(repeated)} came again with an equal Message-ID: a crash after the server's yes")


def _in(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0).isoformat()
