"""The page for those who build portals: what it shows happens as it says."""

import json
import re
from email import message_from_string
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "api" / "README.md"
BLOCK = re.compile(r"```http\n(.*?)```", re.DOTALL)


def parsed(block: str) -> tuple[str, dict[str, str], str]:
    first, _, rest = block.partition("\n")
    message = message_from_string(rest)
    return first, dict(message.items()), message.get_payload().strip()


def test_every_example_of_the_page_is_answered_as_it_says(province):
    blocks = [parsed(block) for block in BLOCK.findall(PAGE.read_text())]
    requests, answers, known = blocks[::2], blocks[1::2], {}
    assert len(requests) == len(answers) > 5
    for (asked, headers, body), (status, told, shown) in zip(requests, answers, strict=True):
        method, path = asked.split(" ")
        more = {"headers": dict(province.ministry._headers({}), **headers), "data": body.encode() or None}
        answer = province.driven.app.test_client().open(path.format_map(known), method=method, **more)
        assert (asked, answer.status) == (asked, status.upper()), answer.text
        assert {name: answer.headers.get(name) for name in told} == told
        assert (json.loads(shown) if shown else {}).items() <= (answer.get_json(silent=True) or {}).items()
        known |= {"id": (answer.get_json(silent=True) or {}).get("id", known.get("id"))}
