"""The requests by which any service is operated: the same everywhere."""

from uuid import UUID, uuid4

from .matrix import Sample

_LETTER = f"/v1/dead-letters/{uuid4()}"
_WHY = {"reason": "mended"}


def samples_about(person_id: UUID) -> dict[str, Sample]:
    return SAMPLES | {"read_audit": Sample("GET", f"/v1/audit?person_id={person_id}", thing=person_id)}


SAMPLES = {
    "read_events": Sample("GET", "/v1/events"),
    "show_log": Sample("GET", "/v1/log"),
    "list_unknown": Sample("POST", "/v1/log/unknown", {"ids": [str(uuid4())]}),
    "list_held": Sample("GET", "/v1/inbox?publisher=membership"),
    "list_dead_letters": Sample("GET", "/v1/dead-letters"),
    "get_dead_letter": Sample("GET", _LETTER),
    "replay_dead_letter": Sample("POST", f"{_LETTER}/replay", _WHY),
    "discard_dead_letter": Sample("POST", f"{_LETTER}/discard", _WHY),
    "replay_dead_letters": Sample("POST", "/v1/dead-letters/replay", _WHY),
}
