import json
import secrets
from concurrent.futures import ThreadPoolExecutor

from grants import Person, done, refused, send


class Replayed:
    """A grant that was used before, here, at the same time, or after a restart."""

    NAME = "replay"

    @staticmethod
    def run(ground):
        person = Person(ground)
        grant, word = person.grant(), secrets.token_hex(8)
        first = send(ground, grant, idempotency=word)
        ground.allow(done(first))
        yield "used once", None if done(first) else f"was not carried out: {json.dumps(first[1])[:160]}"
        yield "again under another idempotency key", refused(send(ground, grant), 403)
        again = send(ground, grant, idempotency=word)
        yield "again under the same: the same result, no second effect", None if done(again) == done(first) else f"answered {again[0]}"
        yield "another grant under its idempotency key", refused(send(ground, person.grant(), idempotency=word), 409)
        grant = person.grant()
        with ThreadPoolExecutor(32) as crowd:
            answers = list(crowd.map(lambda _: send(ground, grant), range(32)))
        runs = {done(answer) for answer in answers} - {None}
        if len(runs) == 1:
            ground.allow(runs.pop())
        yield "thirty-two at the same time", f"{len(runs)} had an effect" if runs else None
        grant = person.grant()
        ground.supervise("restart", "action")
        ground.wait("ActionPlane is back", 20, lambda: ground.ask("action", "GET", "/ready", key=None)[0] == 200)
        yield "one that was used, after a restart", refused(send(ground, person.grant(grant_id=read_id(ground))), 403)
        ground.allowed |= ground.intents() if done(send(ground, grant)) else set()
        yield "one that was not, after a restart, once", None
        yield "and twice", refused(send(ground, grant), 403)


def read_id(ground):
    """The name of a grant that the journal says was consumed."""
    return next(entry["line"]["grants"][0] for entry in ground.journal() if entry["kind"] == "consumed")
