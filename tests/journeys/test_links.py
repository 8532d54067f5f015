"""From a mail that has really arrived to an answer that has: its links followed over HTTP, then taken back.

And all that follows from a request belongs to its trace, to the mail that somebody reads.
"""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
import requests
import roles
from bells import on_postgresql
from linking import Page
from peers import new_community, new_principal

from console.tour.mailbox import Mail
from journeys.sink import Sink
from membership.app import service
from membership.communities.model.community import Community
from membership.organisation.model.organisation import Delegation
from shared.domain.actor import Actor, Role
from shared.domain.trace import trace_id
from shared.events import CoordinatorConfirmed
from shared.testing.harness import Driven
from shared.testing.issuer import token as token_of
from shared.testing.waiting import eventually

pytestmark = pytest.mark.long

TRACE = "0af7651916cd43dd8448eb211c80319c"
GIVEN = f"00-{TRACE}-b7ad6b7169203331-01"

PLAN = {
    "subject": "Evaluer autrement",
    "activity": "case_discussion",
    "modality": "hybrid",
    "duration_minutes": 90,
    "zone": "Africa/Casablanca",
}


@pytest.fixture
def system(drive, databases, smtp_server: Sink, tmp_path: Path):
    """Three services as processes, and the way into the first one's database."""
    members = drive(service)
    with roles.running("membership", "run", tmp_path, members.settings.database_url) as membership:
        told = {"HALQA_PEERS": f"membership={membership.url}"}
        with roles.running("meetings", "run", tmp_path, databases.new("meetings"), **told) as meetings:
            told["HALQA_PEERS"] += f",meetings={meetings.url}"
            told |= {"HALQA_MAIL_URL": smtp_server.url}
            with roles.running("notifications", "run", tmp_path, databases.new("notifications"), **told):
                yield members, membership, meetings


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def arrived(smtp_server: Sink, kind: str) -> Mail:
    """The one mail of this kind, as its bytes came."""

    def look() -> list[Mail]:
        parsed = (message_from_bytes(raw, EmailMessage, policy=policy.default) for raw in smtp_server.accepted)
        return [mail for mail in map(Mail, parsed) if mail.kind == kind]

    (mail,) = eventually(look, what=kind)
    return mail


def link_in(mail: Mail, base: str) -> str:
    """The first line of the text that is a link to this service; the HTML part leads to the same place."""
    link = next(line for line in mail.text.splitlines() if line.startswith(f"{base}/v1/links/"))
    assert f'href="{link}"' in mail.html
    return link


def call(method: str, url: str, actor: Actor, json: dict | None = None, **headers: str) -> requests.Response:
    headers |= {"Authorization": f"Bearer {token_of(actor)}"}
    answer = requests.request(method, url, json=json, headers=headers, timeout=20)
    assert answer.ok, answer.text
    return answer


def opened(link: str) -> list[str]:
    shown = requests.get(link, timeout=20)
    assert shown.status_code == 200, shown.text
    return Page(shown).choices


def invited(members: Driven, url: str) -> tuple[UUID, UUID]:
    delegation = Delegation.register(code="TAO", name_fr="Taounate", name_ar="تاونات")
    person, community = new_principal(delegation.id), new_community(delegation.id)
    person_id, community_id, unit_id = person.id, community.id, delegation.id
    with members.sessions.transaction() as session:
        session.add(delegation)
        session.flush()
        session.add_all([person, community])
    wish = {"principal_ids": [str(person_id)], "answer_by": in_days(30)}
    officer = Actor(id="o", role=Role.DELEGATION_OFFICER, unit_id=unit_id)
    call("POST", f"{url}/v1/communities/{community_id}/invitations", officer, wish, traceparent=GIVEN)
    return person_id, community_id


def confirmed(members: Driven, person_id: UUID, community_id: UUID) -> None:
    with members.sessions.transaction() as session:
        community = session.get_one(Community, community_id)
        community.is_coordinated_by(person_id, date(2030, 1, 1))
        told = {"community_id": community_id, "principal_id": person_id, "mandate_ends_on": date(2030, 1, 1)}
        community.record(CoordinatorConfirmed(**told, name_fr="Rachida Meknassi", name_ar="رشيدة المكناسي"))


def scheduled(url: str, person: Actor, community_id: UUID) -> str:
    def knows_the_coordinator() -> bool:
        headers = {"Authorization": f"Bearer {token_of(person)}"}
        found = requests.get(f"{url}/v1/communities/{community_id}", headers=headers, timeout=20)
        return found.ok and found.json()["coordinator_id"] == person.id

    eventually(knows_the_coordinator, what="the coordinator is known to meetings")
    plan = call("POST", f"{url}/v1/communities/{community_id}/meetings", person, PLAN)
    meeting = f"{url}/v1/meetings/{plan.json()['id']}"
    call("POST", f"{meeting}/schedule", person, {"starts_at": in_days(10), "place": "Salle 3"}, **{"If-Match": "*"})
    return meeting


@on_postgresql
def test_a_principal_joins_and_answers_by_nothing_but_the_links_in_their_mail(system, smtp_server):
    members, membership, meetings = system
    person_id, community_id = invited(members, membership.url)
    person = Actor(id=str(person_id), role=Role.PRINCIPAL)

    invitation = arrived(smtp_server, "member_invited")
    traced = invitation.message["Traceparent"]
    assert trace_id(traced) == TRACE and traced != GIVEN and traced.endswith("-01")
    joining = link_in(invitation, membership.url)
    (choice,) = opened(joining)
    assert requests.post(joining, data={"choice": choice}, timeout=20).ok
    arrived(smtp_server, "member_joined")

    confirmed(members, person_id, community_id)
    meeting = scheduled(meetings.url, person, community_id)
    convocation = arrived(smtp_server, "meeting_scheduled")
    answering = link_in(convocation, meetings.url)
    assert convocation.message["List-Unsubscribe"] is None
    assert "yes_remote" in opened(answering)
    assert requests.post(answering, data={"choice": "yes_remote"}, timeout=20).ok
    (said,) = call("GET", f"{meeting}/answers", person).json()["items"]
    assert (said["answer"], said["attendance"]) == ("yes", "remote")

    call("POST", f"{membership.url}/v1/me/links/revoke", person)
    eventually(lambda: requests.get(answering, timeout=20).status_code == 410, what="the link is void in meetings")
    for process in (membership, meetings):
        assert joining.rpartition("/")[2] not in process.log.read_text()
        assert answering.rpartition("/")[2] not in process.log.read_text()
