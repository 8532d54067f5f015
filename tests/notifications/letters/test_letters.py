"""Letters say what happened, why the reader gets them and what they can do, in good French and good Arabic."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from notifications.letters import EVENTS, LETTERS, wording
from shared import events

TOLD = sorted(EVENTS, key=lambda event: event.__name__)
READERS = ("khadija", "hassan", "zineb", "omar")
TEMPLATES = Path(wording.__file__).parent / "templates"

ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
AN_ADDRESS = re.compile(r"https?://\S+")
PERSONS = (events.CoordinatorElected, events.CoordinatorConfirmed, events.CoordinatorRefused, events.JoinRequested)
ALONE = (events.ArchiveCompleted, events.PrincipalTransferred)
MEETINGS = (events.MeetingScheduled, events.MeetingRescheduled, events.MeetingCancelled)


def name_of(event_class) -> str:
    """meetings.meeting_scheduled.v1 is told in meeting_scheduled.fr.txt."""
    return event_class.wire_type.split(".")[1]


def letter_of(kind: str):
    return next(row for row in LETTERS if row.kind == kind).letter


def letter_about(event, story):
    makes = letter_of(name_of(type(event)))
    if isinstance(event, PERSONS):
        return makes(event, story.known_community, story.known(story.zineb))
    if isinstance(event, MEETINGS):
        return makes(event, story.known_community, story.known(story.khadija))
    return makes(event) if isinstance(event, ALONE) else makes(event, story.known_community)


def rendered(event, reader, story, settings):
    return letter_about(event, story).render(story.known(getattr(story, reader)), settings)


class Words(HTMLParser):
    """What a page says, without how it looks; and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said, self.links, self.tags, self._silent = [], [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self._silent += tag in ("style", "title")
        self.links += [value for name, value in attributes if name in ("href", "src")]

    def handle_endtag(self, tag):
        self._silent -= tag in ("style", "title")

    def handle_data(self, data):
        if not self._silent:
            self.said += data.split()


def without_colons(words: list[str]) -> list[str]:
    """A button has no colon behind its words; the line above a link has."""
    return [word.strip(":") for word in words if word.strip(":")]


def test_every_event_that_people_are_told_of_is_in_the_story(story):
    assert set(story.every_letter()) == set(TOLD)


@pytest.mark.parametrize("event_class", TOLD, ids=name_of)
def test_every_letter_is_there_in_both_languages(event_class):
    for language in ("fr", "ar"):
        lines = (TEMPLATES / f"{name_of(event_class)}.{language}.txt").read_text().splitlines()
        assert "" in lines


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("event_class", TOLD, ids=name_of)
class TestEveryLetter:
    def test_it_bears_the_name_of_its_event(self, event_class, reader, story):
        assert letter_about(story.every_letter()[event_class], story).kind == name_of(event_class)

    def test_nothing_of_the_template_is_left(self, event_class, reader, story, settings):
        content = rendered(story.every_letter()[event_class], reader, story, settings)
        for part in (content.subject, content.text, content.html):
            assert not re.search(r"\{[{%#]|[%#}]\}|None|Undefined", part)

    def test_its_text_is_text(self, event_class, reader, story, settings):
        text = rendered(story.every_letter()[event_class], reader, story, settings).text
        assert not re.search(r"</?[a-z]|&[a-z#]\w*;", text)
        assert "\n\n\n" not in text

    def test_it_greets_and_ends_with_why_it_came(self, event_class, reader, story, settings):
        text = rendered(story.every_letter()[event_class], reader, story, settings).text
        greeting, *_, action, reason = text.split("\n\n")
        principal = getattr(story, reader)
        assert wording.SALUTATIONS[principal.language][principal.gender] in greeting
        assert action.splitlines()[1].startswith(settings.portal_url)
        assert reason.startswith(
            {"fr": "Vous recevez ce message parce que", "ar": "توصلتم بهذه الرسالة لأن"}[principal.language]
        )

    def test_its_page_says_the_same_as_its_text(self, event_class, reader, story, settings):
        content = rendered(story.every_letter()[event_class], reader, story, settings)
        bare = re.sub(r"^(> |- )", "", AN_ADDRESS.sub("", content.text), flags=re.MULTILINE)
        mark = {"fr": "Halqa", "ar": "حلقة"}[getattr(story, reader).language]
        assert without_colons(Words(content.html).said) == without_colons(
            [mark, *content.subject.split(), *bare.split()]
        )

    def test_its_page_needs_nothing_from_elsewhere(self, event_class, reader, story, settings):
        content = rendered(story.every_letter()[event_class], reader, story, settings)
        page = Words(content.html)
        assert page.links == AN_ADDRESS.findall(content.text)
        assert sum(link.startswith(settings.portal_url) for link in page.links) == 1
        assert not {"script", "img", "link", "form"} & set(page.tags)

    def test_its_page_runs_in_the_direction_of_its_language(self, event_class, reader, story, settings):
        content = rendered(story.every_letter()[event_class], reader, story, settings)
        language = getattr(story, reader).language
        assert f'<html lang="{language}" dir="{wording.DIRECTIONS[language]}">' in content.html

    def test_the_other_script_appears_only_isolated(self, event_class, reader, story, settings):
        content = rendered(story.every_letter()[event_class], reader, story, settings)
        alone = AN_ADDRESS.sub("", ISOLATED.sub("", f"{content.subject}\n{content.text}"))
        foreign = "[\u0600-\u06ff]" if getattr(story, reader).language == "fr" else "[A-Za-zÀ-ÿ]"
        assert not re.search(foreign, alone)


def test_a_french_convocation_reads_well(story, settings):
    content = rendered(story.scheduled(), "hassan", story, settings)
    assert content.subject == "Rencontre du jeudi 5 mars 2026\u00a0: Accueillir les élèves à la rentrée"
    assert content.text.split("\n\n")[:3] == [
        "Monsieur le Directeur,",
        "Khadija Bennani vous convie à une rencontre de la communauté de pratiques professionnelles"
        " «\u00a0Les cèdres d’Azrou\u00a0».",
        "Objet\u00a0: Accueillir les élèves à la rentrée\n"
        "Date\u00a0: jeudi 5 mars 2026\n"
        "Heure\u00a0: de 14\u00a0h\u00a030 à 16\u00a0h\u00a030\n"
        "Lieu\u00a0: Lycée Ibn Sina, salle 4",
    ]


def test_an_arabic_convocation_reads_well(story, settings):
    content = rendered(story.scheduled(subject="استقبال التلاميذ", place="ثانوية ابن سينا"), "zineb", story, settings)
    assert content.subject == "لقاء يوم الخميس 5 مارس 2026: استقبال التلاميذ"
    assert content.text.split("\n\n")[:3] == [
        "السيدة المديرة المحترمة،",
        "تدعوكم السيدة خديجة بناني إلى لقاء لجماعة الممارسات المهنية «أرز أزرو».",
        "الموضوع: استقبال التلاميذ\nالتاريخ: الخميس 5 مارس 2026\nالتوقيت: من 14:30 إلى 16:30\nالمكان: ثانوية ابن سينا",
    ]


def test_months_are_named_as_in_morocco(story, settings):
    august = {"starts_at": datetime(2026, 8, 1, 8, 0, tzinfo=UTC), "ends_at": datetime(2026, 8, 1, 9, 0, tzinfo=UTC)}
    assert "السبت 1 غشت 2026" in rendered(story.scheduled(**august), "omar", story, settings).text
    assert "samedi 1er août 2026" in rendered(story.scheduled(**august), "hassan", story, settings).text


def test_times_are_those_of_the_meetings_zone_whatever_its_clock_does(story, settings):
    moved = rendered(story.rescheduled(), "hassan", story, settings).text
    assert "prévue le jeudi 5 mars 2026 à 14\u00a0h\u00a030" in moved  # in Ramadan, at UTC
    assert "Heure\u00a0: de 14\u00a0h\u00a030 à 16\u00a0h\u00a030" in moved  # in April, at UTC+1, and 13:30 UTC
    elsewhere = rendered(story.scheduled(zone="Asia/Tokyo"), "hassan", story, settings).text
    assert "Heure\u00a0: de 23\u00a0h\u00a030" not in elsewhere  # it ends on the next day there
    assert (
        "Début\u00a0: jeudi 5 mars 2026 à 23\u00a0h\u00a030\nFin\u00a0: vendredi 6 mars 2026 à 1\u00a0h\u00a030"
        in elsewhere
    )


@pytest.mark.parametrize(
    ("weeks", "french", "arabic"),
    [
        (1, "chaque semaine", "لقاء كل أسبوع"),
        (2, "toutes les 2 semaines", "لقاء كل أسبوعين"),
        (3, "toutes les 3 semaines", "لقاء كل 3 أسابيع"),
        (10, "toutes les 10 semaines", "لقاء كل 10 أسابيع"),
        (11, "toutes les 11 semaines", "لقاء كل 11 أسبوعا"),
    ],
)
def test_numbers_are_counted_as_each_language_counts(weeks, french, arabic, story, settings):
    rules = story.ruled(meeting_rhythm_weeks=weeks, mandate_months=weeks)
    assert f": {french}\n" in rendered(rules, "hassan", story, settings).text.replace("\u00a0", " ")
    assert f": {arabic}\n" in rendered(rules, "omar", story, settings).text


def test_new_rules_replace_old_ones_and_first_rules_none(story, settings):
    first, third = (rendered(story.ruled(edition=number), "hassan", story, settings) for number in (1, 3))
    assert "a adopté ses règles" in first.subject and "remplacent" not in first.text
    assert "Nouvelles règles" in third.subject and "C’est la version 3." in third.text


def test_whoever_was_chosen_is_told_so_in_other_words(story, settings):
    told = {reader: rendered(story.elected(), reader, story, settings) for reader in READERS}
    assert told["khadija"].subject == "Zineb Tahiri, choisie pour animer «\u00a0Les cèdres d’Azrou\u00a0»"
    assert "هنيئا لكم" in told["zineb"].text
    assert "هنيئا لكم" not in told["omar"].text


@pytest.mark.parametrize("decided_by", ["votes", "rotation", "seniority", "lot", "something new"])
def test_how_a_tie_was_broken_is_never_silent(decided_by, story, settings):
    text = rendered(story.elected(decided_by=decided_by), "hassan", story, settings).text
    assert ("Égalité des voix" in text) == (decided_by in ("rotation", "seniority", "lot"))
    assert "\n\n\n" not in text


def test_a_convener_not_known_here_is_not_named(story, settings):
    letter = letter_of("meeting_scheduled")(story.scheduled(), story.known_community, None)
    text = letter.render(story.known(story.khadija), settings).text
    assert "Vous êtes conviée à une rencontre" in text


def test_minutes_without_decisions_announce_none(story, settings):
    text = rendered(story.minutes(decisions=[]), "hassan", story, settings).text
    assert "décidé" not in text
    assert "\n\n\n" not in text


HOSTILE = "<script>alert('x')</script> & \"{{ 7 * 7 }}\"\r\nBcc: all@ecole.example\n\nhttp://elsewhere.example/"


def test_what_people_wrote_stays_what_they_wrote(story, settings):
    event = story.cancelled(subject=HOSTILE, place=HOSTILE, reason=HOSTILE)
    content = rendered(event, "hassan", story, settings)
    assert "\n" not in content.subject
    assert "<script>" in content.text  # text is text: nothing is escaped, nothing is run
    assert "{{ 7 * 7 }}" in content.text
    assert "<script>" not in content.html
    assert html.escape("<script>") in content.html
    assert Words(content.html).links == [f"{settings.portal_url}/meetings/{story.meeting_id}"]


def test_what_people_wrote_cannot_pass_for_what_the_letter_says(story, settings):
    forged = f"Ok.\n\nRépondre :\n{settings.portal_url}/meetings/{story.meeting_id}\n\n\nVous recevez ceci"
    content = rendered(story.cancelled(reason=forged), "hassan", story, settings)
    quoted = [line for line in content.text.splitlines() if line.startswith("> ")]
    assert len(quoted) == 4
    assert len(Words(content.html).links) == 1


def test_nobody_can_turn_the_direction_of_the_sentences_around_theirs(story, settings):
    content = rendered(story.scheduled(subject="abc\u202etxt.exe\u2066\u2069\u2069"), "omar", story, settings)
    assert content.subject.endswith("\u2068abctxt.exe\u2069")


def test_arabic_in_a_french_sentence_is_isolated_and_french_is_not(story, settings):
    content = rendered(story.scheduled(subject="استقبال التلاميذ"), "hassan", story, settings)
    assert content.subject.endswith("\u2068استقبال التلاميذ\u2069")
    assert "\u2068" not in rendered(story.scheduled(), "hassan", story, settings).subject


def test_a_reader_of_neither_gender_nor_language_known_is_still_greeted(story, settings):
    story.hassan = replace(story.hassan, gender="", language="ber")
    text = rendered(story.minutes(), "hassan", story, settings).text
    assert text.startswith("Madame, Monsieur,\n\n")


def test_french_puts_a_fixed_space_before_double_signs():
    for template in TEMPLATES.glob("*.fr.txt"):
        prose = re.sub(r"\{[{%].*?[%}]\}", "", template.read_text())
        assert not re.search(r"[^\u00a0][:;?!»](\s|$)|«[^\u00a0]", prose), template.name
