"""A small story that the tests of notifications tell: one community, its members, all that happens to them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from notifications.app import service
from notifications.messages.model import Message
from notifications.people.projections import Community, Recipient
from notifications.settings import MailSettings
from shared import events
from shared.testing.harness import LINK_SECRET, Driven


class Story:
    """Four readers, a woman and a man in each language, in one community of one Delegation."""

    def __init__(self) -> None:
        self.delegation_id, self.community_id, self.meeting_id = uuid4(), uuid4(), uuid4()
        self.khadija = self._principal("Khadija Bennani", "خديجة بناني", "female", "fr")
        self.hassan = self._principal("Hassan El Amri", "حسن العمري", "male", "fr")
        self.zineb = self._principal("Zineb Tahiri", "زينب الطاهري", "female", "ar")
        self.omar = self._principal("Omar Naji", "عمر ناجي", "male", "ar")
        self.principals = [self.khadija, self.hassan, self.zineb, self.omar]
        self.ids = [principal.principal_id for principal in self.principals]
        self.community = events.CommunityPlanned(
            community_id=self.community_id,
            delegation_id=self.delegation_id,
            name_fr="Les cèdres d’Azrou",
            name_ar="أرز أزرو",
        )

    def _principal(self, name_fr: str, name_ar: str, gender: str, language: str) -> events.PrincipalRegistered:
        return events.PrincipalRegistered(
            principal_id=uuid4(),
            delegation_id=self.delegation_id,
            school_code="09001A",
            cycle="primary",
            name_fr=name_fr,
            name_ar=name_ar,
            gender=gender,
            language=language,
            email=f"{name_fr.split()[0].lower()}@ecole.example",
            appointed_on=date(2019, 9, 1),
        )

    @property
    def known_community(self) -> Community:
        """The community as the service keeps it."""
        told = self.community
        return Community(id=told.community_id, name_fr=told.name_fr, name_ar=told.name_ar)

    def known(self, principal: events.PrincipalRegistered) -> Recipient:
        """A principal as the service keeps them."""
        kept = ("principal_id", "delegation_id", "name_fr", "name_ar", "gender", "language", "email")
        return Recipient(**{name: getattr(principal, name) for name in kept})

    def joined(self, principal: events.PrincipalRegistered) -> events.MemberJoined:
        names = {"name_fr": principal.name_fr, "name_ar": principal.name_ar}
        about = {"community_id": self.community_id, "principal_id": principal.principal_id}
        return events.MemberJoined(**about, **names, joined_at=datetime(2026, 1, 12, 9, 0, tzinfo=UTC))

    def _meeting(self, **more: Any) -> dict[str, Any]:
        return {
            "meeting_id": self.meeting_id,
            "community_id": self.community_id,
            "convener_id": self.khadija.principal_id,
            "invitee_ids": self.ids,
            "subject": "Accueillir les élèves à la rentrée",
            "starts_at": datetime(2026, 3, 5, 14, 30, tzinfo=UTC),  # in Ramadan: Casablanca is at UTC+0 then
            "ends_at": datetime(2026, 3, 5, 16, 30, tzinfo=UTC),
            "zone": "Africa/Casablanca",
            "place": "Lycée Ibn Sina, salle 4",
            "calendar_sequence": 0,
        } | more

    def scheduled(self, **more: Any) -> events.MeetingScheduled:
        return events.MeetingScheduled(**self._meeting(**more))

    def rescheduled(self, **more: Any) -> events.MeetingRescheduled:
        moved = {
            "starts_at": datetime(2026, 4, 9, 13, 30, tzinfo=UTC),  # UTC+1 again
            "ends_at": datetime(2026, 4, 9, 15, 30, tzinfo=UTC),
            "previous_starts_at": datetime(2026, 3, 5, 14, 30, tzinfo=UTC),
            "calendar_sequence": 1,
        }
        return events.MeetingRescheduled(**self._meeting(**moved | more))

    def cancelled(self, **more: Any) -> events.MeetingCancelled:
        ended = {"reason": "La salle est prise par les examens.\nNous chercherons une autre date.", **more}
        return events.MeetingCancelled(**self._meeting(**{"calendar_sequence": 2, **ended}))

    def minutes(self, **more: Any) -> events.MinutesPublished:
        told = {name: self._meeting()[name] for name in ("meeting_id", "community_id", "subject", "starts_at", "zone")}
        said = {"summary": "Chaque école accueille les nouveaux un jour plus tôt.", "decisions": ["Un livret commun"]}
        return events.MinutesPublished(**told | said | {"reader_ids": self.ids} | more)

    def practice(self, **more: Any) -> events.PracticePublished:
        told = {
            "practice_id": uuid4(),
            "community_id": self.community_id,
            "author_id": self.hassan.principal_id,
            "author_name_fr": self.hassan.name_fr,
            "author_name_ar": self.hassan.name_ar,
            "reader_ids": self.ids,
            "audience": "community",
            "language": "fr",
            "title": "Un jardin pour lire",
            "problem": "Les élèves n’avaient pas d’endroit calme où lire.",
        }
        return events.PracticePublished(**told | more)

    def elected(self, **more: Any) -> events.CoordinatorElected:
        told = {"election_id": uuid4(), "community_id": self.community_id, "delegation_id": self.delegation_id}
        count = {"voted": 3, "entitled": 4, "decided_by": "lot"}
        return events.CoordinatorElected(**told | count | {"principal_id": self.zineb.principal_id} | more)

    def transferred(self, **more: Any) -> events.PrincipalTransferred:
        told = {"principal_id": self.zineb.principal_id, "from_delegation_id": self.delegation_id}
        told |= {"to_delegation_id": uuid4(), "community_follows": True, "absence": None}
        return events.PrincipalTransferred(**told | {"effective_on": date(2026, 9, 1)} | more)

    def ruled(self, **more: Any) -> events.RulesAdopted:
        agreed = {"quorum_percent": 60, "mandate_months": 24, "meeting_rhythm_weeks": 6}
        return events.RulesAdopted(
            community_id=self.community_id, **agreed | {"adopted_on": date(2026, 1, 12), "edition": 1} | more
        )

    def appointed(self, name_fr: str, name_ar: str, language: str) -> events.OfficerAppointed:
        """Somebody who acts for the Delegation."""
        return events.OfficerAppointed(
            officer_id=uuid4(),
            unit_id=self.delegation_id,
            level="delegation",
            function="delegue",
            name_fr=name_fr,
            name_ar=name_ar,
            language=language,
            email=f"{name_fr.split()[0].lower()}@men.example",
        )

    def every_letter(self) -> dict[type, Any]:
        """One event of each kind that people are written to about."""
        here, chosen = {"community_id": self.community_id}, {"principal_id": self.zineb.principal_id}
        lives = here | {"delegation_id": self.delegation_id}
        soon, names = datetime(2026, 2, 1, 18, 0, tzinfo=UTC), {"name_fr": "Zineb Tahiri", "name_ar": "زينب الطاهري"}
        told = [
            events.MemberInvited(**here, **chosen, answer_by=soon),
            self.joined(self.zineb),
            events.ElectionOpened(**here, election_id=uuid4(), voter_ids=self.ids, closes_at=soon),
            events.ElectionFailed(**here, election_id=uuid4(), voted=1, needed=3),
            self.elected(),
            events.CoordinatorConfirmed(**here, **chosen, **names, mandate_ends_on=date(2028, 9, 1)),
            events.CoordinatorRefused(**here, **chosen, reason="Elle quitte la province en juin."),
            self.scheduled(),
            self.rescheduled(),
            self.cancelled(),
            self.minutes(),
            self.practice(),
            events.CommunityActivated(**lives, activated_at=soon),
            events.CommunitySilent(**lives, reason="no_meeting", dormant_on=date(2026, 3, 5)),
            events.CommunityWentDormant(**lives, reason="no_coordinator"),
            events.CommunityDissolved(**lives, reason="Trop peu de membres.\nVoyez la communauté voisine."),
            events.JoinRequested(**here, **chosen, requested_at=soon),
            events.JoinRefused(**here, **chosen, reason="Votre école est plus près de l’autre."),
            events.JoinLapsed(**here, **chosen, requested_at=soon, reason="unanswered"),
            self.ruled(),
            events.ElectionAbandoned(**here, election_id=uuid4(), reason="nobody_stands"),
            self.transferred(),
            events.ArchiveCompleted(**chosen, archive_id=uuid4(), kept_until=soon),
        ]
        return {type(event): event for event in told}


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def notifications(drive: Callable[..., Driven], tmp_path: Path) -> Driven:
    """The service, spooling, knowing nobody yet."""
    return drive(service, mail_url=f"spool://{tmp_path}/spool")


@pytest.fixture
def informed(notifications: Driven, story: Story) -> Driven:
    """The service, told of the community and of its members, whose welcomes have been forgotten again."""
    notifications.hear(*story.principals, story.community, *map(story.joined, story.principals))
    with notifications.sessions.transaction() as session:
        for message in session.scalars(select(Message)):
            session.delete(message)
    return notifications


@pytest.fixture
def settings(tmp_path: Path) -> MailSettings:
    """Settings for what needs no database."""
    return MailSettings(database_url="", issuer="", link_secret=LINK_SECRET, mail_url=f"spool://{tmp_path}/spool")


@pytest.fixture
def written() -> Callable[[Driven], list[Message]]:
    """The messages of a service as its database has them, oldest first."""

    def read(where: Driven) -> list[Message]:
        with where.sessions.reader() as session:
            messages = session.scalars(select(Message).order_by(Message.id)).all()
            session.expunge_all()
        return list(messages)

    return read
