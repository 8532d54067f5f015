"""What two do at the same moment, on the database that lets them."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import event

from practices.repertoire.model import Practice
from shared.events import PracticePublished

pytestmark = pytest.mark.both_databases


def test_a_practice_published_twice_at_once_is_told_once(postgres_circle):
    circle, barrier, answers = postgres_circle, Barrier(2, timeout=20), []
    practice, tabs = circle.draft(), [circle.author, circle.author]
    seen = circle.author.get(practice)
    event.listen(Practice, "load", wait := lambda *_: barrier.wait())
    publish = [lambda tab=tab: answers.append(tab.post(f"{practice}/publish", seen=seen)) for tab in tabs]
    threads = [Thread(target=one) for one in publish]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    event.remove(Practice, "load", wait)
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert len(circle.driven.told(PracticePublished)) == 1
