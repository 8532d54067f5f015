"""Calendar entries (RFC 5545) that update and cancel themselves: one UID per meeting, a rising SEQUENCE (RFC 5546)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress

from notifications.model import one_line
from notifications.projections import Community, Recipient
from shared.events import MeetingCancelled, MeetingRescheduled, MeetingScheduled

PRODUCT = "-//Halqa//Notifications//FR"
ZONE_KNOWN_FOR = timedelta(days=400)  # around the meeting: what a calendar needs to place it, and no century more

AnyMeeting = MeetingScheduled | MeetingRescheduled | MeetingCancelled


@dataclass(frozen=True)
class Entry:
    """A calendar with one meeting in it, and what the receiving program is to do with it."""

    text: str
    method: str


def request(meeting: AnyMeeting, community: Community, convener: Recipient | None, reader: Recipient, **more) -> Entry:
    """Put it into the calendar, or move what is there."""
    return _entry("REQUEST", "CONFIRMED", _event(meeting, community, convener, reader, **more), meeting)


def cancellation(
    meeting: AnyMeeting, community: Community, convener: Recipient | None, reader: Recipient, **more
) -> Entry:
    """Take it out of the calendar."""
    return _entry("CANCEL", "CANCELLED", _event(meeting, community, convener, reader, **more), meeting)


def _entry(method: str, status: str, event: Event, meeting: AnyMeeting) -> Entry:
    event.add("status", status)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_zone(meeting))
    calendar.add_component(event)
    return Entry(calendar.to_ical().decode(), method)


def _zone(meeting: AnyMeeting) -> Timezone:
    first, last = meeting.starts_at - ZONE_KNOWN_FOR, meeting.ends_at + ZONE_KNOWN_FOR
    return Timezone.from_tzid(meeting.zone, first_date=first.date(), last_date=last.date())


def _event(
    meeting: AnyMeeting,
    community: Community,
    convener: Recipient | None,
    reader: Recipient,
    *,
    link: str,
    sender: str,
    stamped_at: datetime,
) -> Event:
    zone = ZoneInfo(meeting.zone)
    event = Event()
    event.add("uid", f"{meeting.meeting_id}@halqa")
    event.add("sequence", meeting.calendar_sequence)
    event.add("dtstamp", stamped_at)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", one_line(meeting.subject))
    event.add("location", one_line(meeting.place))
    event.add("description", f"{_name(community, reader)}\n{link}")
    event.add("url", link)
    event.add("organizer", _organizer(convener, sender), encode=False)
    event.add("attendee", _attendee(reader), encode=False)
    return event


def _name(community: Community, reader: Recipient) -> str:
    return one_line(community.name_ar if reader.reads == "ar" else community.name_fr)


def _organizer(convener: Recipient | None, sender: str) -> vCalAddress:
    name, address = (convener.name, convener.email) if convener else parseaddr(sender)
    return _person(name, address)


def _attendee(reader: Recipient) -> vCalAddress:
    attendee = _person(reader.name, reader.email)
    asked = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    attendee.params.update(asked)
    return attendee


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{one_line(address)}")
    person.params["CN"] = one_line(name).replace('"', "'")
    return person
