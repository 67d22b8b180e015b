import secrets
from concurrent.futures import ThreadPoolExecutor

from grants import Person, Unproven, carried, done, refused, send
from ground import Ground


class Replayed:
    """A grant that was used before: here, at the same time, after a restart, in another lab, after records were lost or put back."""

    NAME = "replay"

    @classmethod
    def run(cls, ground):
        person, word = Person(ground), secrets.token_hex(8)
        grant = person.grant()
        first = carried(ground, send(ground, grant, idempotency=word))
        yield "under another idempotency key", refused(send(ground, grant), "grant_used")
        yield "under another principal's key", refused(send(ground, grant, key="gate", idempotency=word), "grant_used")
        again = send(ground, grant, idempotency=word)
        yield "under the same: the same result, no second effect", None if done(again) == first else f"answered {again}"
        yield "another grant under its idempotency key", refused(send(ground, person.grant(), idempotency=word), "idempotency_conflict")
        used = next(entry["line"]["grants"][0] for entry in ground.journal() if entry["kind"] == "consumed")
        yield "its name in another grant", refused(send(ground, person.grant(grant_id=used)), "grant_used")
        yield "thirty-two at the same time", cls.crowd(ground, [None] * 32, person.grant())
        yield "thirty-two at the same time, under one idempotency key", cls.crowd(ground, [secrets.token_hex(8)] * 32, person.grant())
        used = person.grant()
        carried(ground, send(ground, used))
        fresh = person.grant()
        ground.restart("action")
        yield "after a restart", refused(send(ground, used), "grant_used")
        carried(ground, send(ground, fresh))
        yield "twice after a restart", refused(send(ground, fresh), "grant_used")
        yield "in another lab of the same people", cls.elsewhere(ground, person)
        yield "after ActionPlane was killed", cls.killed(ground, person)
        if ground.is_weak:
            yield "after a copy of the journal was put back", cls.put_back(ground, person)
        yield from cls.restored(ground, person)
        for words, between in [("lost", lambda data: b""), ("torn", lambda data: data.rstrip(b"\0")[:-9]),
                               ("changed in one bit", lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:])]:
            grant = person.grant()
            carried(ground, send(ground, grant))
            ground.restart("action", lambda: cls.rewrite(ground, between))
            yield f"after the journal was {words}", refused(send(ground, grant), "grant_forgotten", "grant_used")
            carried(ground, send(ground, person.grant()))

    @staticmethod
    def crowd(ground, keys, grant):
        with ThreadPoolExecutor(len(keys)) as crowd:
            answers = list(crowd.map(lambda key: send(ground, grant, idempotency=key), keys))
        runs = {run for answer in answers if (run := done(answer))}
        if not runs:
            raise Unproven(f"none of {len(keys)} at the same time was carried out: {answers[0]}")
        ground.allow(sorted(runs)[0])
        return f"{len(runs)} had an effect" if len(runs) > 1 else None

    @staticmethod
    def elsewhere(ground, person):
        other = Ground(f"{ground.name}-b", {})
        try:
            grant = person.grant()
            found = refused(send(other, grant), "grant_invalid instance_mismatch")
            carried(ground, send(ground, grant))
            return found or refused(send(other, grant), "grant_invalid instance_mismatch") or "; ".join(other.strange()) or None
        finally:
            other.close()

    @staticmethod
    def killed(ground, person):
        grant = person.grant()
        carried(ground, send(ground, grant))
        ground.supervise("signal", "KILL", "action")
        ground.wait("ActionPlane is back", 20, lambda: ground.ask("action", "GET", "/ready", key=None)[0] == 200)
        return refused(send(ground, grant), "grant_used")

    @classmethod
    def restored(cls, ground, person):
        """The agents' stop voids grants, also when the database is put back to before it."""
        old = person.grant()
        ground.ask("gate", "POST", "/api/v1/controls/kill-switch", {"reason": "an attack"})
        ground.rest = ground.look()
        yield "while agents are stopped", refused(send(ground, person.grant()), "not_done epoch_stale", "not_done agents_stopped")
        ground.ask("gate", "POST", "/api/v1/controls/resume-agents", {"reason": "it is over"})
        ground.rest = ground.look()
        yield "given before the agents' stop", refused(send(ground, old), "not_done epoch_stale")
        carried(ground, send(ground, person.grant()))
        epoch = int(ground.sql("agentops", "SELECT epoch FROM agentops.epochs WHERE org_id = 'lab'"))
        ground.sql("agentops", f"UPDATE agentops.epochs SET epoch = {epoch - 1} WHERE org_id = 'lab'")
        yield "given under a database that was put back", refused(send(ground, person.grant(epoch=epoch - 1)), "not_done database_rolled_back")
        ground.sql("agentops", f"UPDATE agentops.epochs SET epoch = {epoch} WHERE org_id = 'lab'")
        carried(ground, send(ground, person.grant()))

    @staticmethod
    def rewrite(ground, change):
        path = f"{ground.home}/lab/action/journal/journal.log"
        data = change(open(path, "rb").read())
        with open(path, "r+b") as file:
            file.write(data)
            file.truncate()

    @classmethod
    def put_back(cls, ground, person):
        """A copy of the journal from before the grant was used, in its place; nothing in the journal itself shows that."""
        before = open(f"{ground.home}/lab/action/journal/journal.log", "rb").read()
        grant = person.grant()
        carried(ground, send(ground, grant))
        ground.restart("action", lambda: cls.rewrite(ground, lambda data: before))
        return refused(send(ground, grant), "grant_used", "grant_forgotten")

    WEAK = "after a copy of the journal was put back"

    @staticmethod
    def weaken(ground):
        """Somebody with ActionPlane's own rights puts back a copy of its journal."""
        ground.is_weak = True
