"""Calendar entries put a meeting where it belongs, move it, and take it out again, in any calendar program."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from notifications.letters import contents as letters


def entry_of(event, story, settings, reader=None, convener="khadija"):
    known = convener and story.known(getattr(story, convener))
    makes = {
        "MeetingScheduled": letters.meeting_scheduled,
        "MeetingRescheduled": letters.meeting_rescheduled,
        "MeetingCancelled": letters.meeting_cancelled,
    }[type(event).__name__]
    content = makes(event, story.known_community, known).render(story.known(reader or story.hassan), settings)
    calendar = icalendar.Calendar.from_ical(content.calendar)
    (meeting,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == content.calendar_method
    return calendar, meeting


def test_one_meeting_keeps_its_uid_while_its_sequence_rises(story, settings):
    told = [story.scheduled(), story.rescheduled(), story.cancelled()]
    entries = [entry_of(event, story, settings) for event in told]
    assert {str(meeting["UID"]) for _, meeting in entries} == {f"{story.meeting_id}@halqa"}
    assert [meeting["SEQUENCE"] for _, meeting in entries] == [0, 1, 2]
    assert [calendar["METHOD"] for calendar, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [meeting["STATUS"] for _, meeting in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize("told", ["scheduled", "rescheduled"])
def test_it_stands_at_its_moment_in_ramadan_and_out_of_it(told, story, settings):
    event = getattr(story, told)()
    calendar, meeting = entry_of(event, story, settings)
    assert (meeting.start, meeting.end) == (event.starts_at, event.ends_at)
    assert meeting["DTSTART"].params["TZID"] == "Africa/Casablanca"
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Africa/Casablanca"
    # A program that knows no zones but those it is told reads the same moment.
    told_zone = zone.to_tz(lookup_tzid=False)
    assert meeting["DTSTART"].dt.replace(tzinfo=told_zone).utcoffset() == (
        event.starts_at.astimezone(ZoneInfo(event.zone)).utcoffset()
    )


def test_it_says_what_where_and_who(story, settings):
    _, meeting = entry_of(story.scheduled(), story, settings)
    assert (meeting["SUMMARY"], meeting["LOCATION"]) == (story.scheduled().subject, story.scheduled().place)
    assert meeting["DESCRIPTION"] == f"Les cèdres d’Azrou\n{settings.portal_url}/meetings/{story.meeting_id}"
    assert meeting["ORGANIZER"] == "mailto:khadija@ecole.example"
    assert meeting["ORGANIZER"].params["CN"] == "Khadija Bennani"
    assert meeting["ATTENDEE"] == "mailto:hassan@ecole.example"
    asked = {name: meeting["ATTENDEE"].params[name] for name in ("CN", "ROLE", "PARTSTAT", "RSVP")}
    assert asked == {"CN": "Hassan El Amri", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    assert datetime.now(UTC) - meeting["DTSTAMP"].dt < timedelta(minutes=1)


def test_an_arabic_entry_names_people_in_arabic(story, settings):
    _, meeting = entry_of(story.scheduled(), story, settings, reader=story.zineb)
    assert meeting["ATTENDEE"].params["CN"] == "زينب الطاهري"
    assert meeting["DESCRIPTION"].startswith("أرز أزرو\n")


def test_the_sender_stands_in_for_a_convener_not_known_here(story, settings):
    _, meeting = entry_of(story.scheduled(), story, settings, convener=None)
    assert meeting["ORGANIZER"] == "mailto:halqa@localhost"
    assert meeting["ORGANIZER"].params["CN"] == "Halqa"


def test_nothing_that_people_wrote_adds_a_line(story, settings):
    hostile = 'x\r\nATTENDEE:mailto:all@ecole.example\n";:,\\'
    reader = replace(story.hassan, name_fr=hostile)
    calendar, meeting = entry_of(story.scheduled(subject=hostile, place=hostile), story, settings, reader=reader)
    assert meeting["ATTENDEE"] == "mailto:hassan@ecole.example"
    assert meeting["SUMMARY"] == meeting["LOCATION"] == 'x ATTENDEE:mailto:all@ecole.example ";:,\\'
    assert [part.name for part in calendar.walk()][-1] == "VEVENT"


def test_long_arabic_lines_are_folded_between_letters(story, settings):
    subject = "استقبال التلاميذ الجدد في بداية السنة الدراسية " * 4
    event = story.scheduled(subject=subject)
    content = letters.meeting_scheduled(event, story.known_community, None).render(story.known(story.zineb), settings)
    assert max(len(line.encode()) for line in content.calendar.split("\r\n")) <= 75
    assert icalendar.Calendar.from_ical(content.calendar).walk("VEVENT")[0]["SUMMARY"] == subject.strip()
