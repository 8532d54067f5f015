"""A whole run leaves logs that tell everything but people. One trace through all of it: see test_links.py."""

import json
from dataclasses import replace

import pytest

from console.embedded import running
from console.tour import route
from shared.running.credentials import as_developer


@pytest.mark.long
def test_a_whole_tour_leaves_a_log_without_people_in_it(place, smtp_server, monkeypatch):
    monkeypatch.setenv("HALQA_LOG_FORMAT", "json")
    monkeypatch.setenv("HALQA_LOG_LEVEL", "DEBUG")
    place = replace(place, mail_url=smtp_server.url)
    with running(place) as system:
        system.wait_until_ready()
        urls = {name: place.url(name) for name in place.ports}
        people = route.take(urls, as_developer(place.token_url), smtp_server, None).cast.files.principal_rows
    written = "".join(place.log(service).read_text() for service in place.ports)
    lines = [json.loads(line) for line in written.splitlines()]
    asked = [line for line in lines if line["logger"] == "shared.web.request_log"]
    assert len(asked) > 100 and all({"correlation_id", "trace_id"} <= set(line) for line in asked)
    traits = {row[trait] for row in people for trait in ("name_fr", "name_ar", "email", "ppr")}
    assert len(traits) > 100
    plain = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    assert [trait for trait in traits if trait in plain] == []
