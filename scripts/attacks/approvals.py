import base64
import json
import secrets
import time

from agents import Agent
from grants import STRANGER, Key, Person, Unproven, carried, refused, send, text, word

TWO = "human x 2"


class Approvals:
    """Somebody who asks and allows it themselves: with the agents' keys, under another's name, twice as one person."""

    NAME = "self-approval"

    @classmethod
    def run(cls, ground):
        person, second = Person(ground), Person(ground, "second")
        carried(ground, send(ground, person.grant()))
        yield "who asked decides", refused(send(ground, person.grant(requester=person.name)), "decider_is_requester")
        yield "the agent decides", refused(send(ground, person.grant(agent=person.name)), "decider_is_requester")
        yield "who asked decides as well", refused(
            send(ground, person.grant(requester="second", decided_by=["you", "second"])), "decider_is_requester")
        yield "nobody decided", refused(send(ground, person.grant(decided_by=[])), "grant_invalid kind_mismatch")
        yield "another person decided", refused(send(ground, person.grant(decided_by=["second"])), "grant_invalid kind_mismatch")
        yield from cls.at_the_gate(ground, person)
        yield from cls.by_two(ground, person, second)

    @classmethod
    def at_the_gate(cls, ground, person):
        """An agent's proposal, decided by whoever is not a person of this lab, and by one who asked."""
        agent = Agent(ground)
        approval = agent.propose()
        path = f"/api/v1/approvals/{approval}"
        try:
            good = cls.decision(ground, path, person.name, person.key)
            for words, key in [("the agents' key", "agent"), ("the incident's key", agent.key), ("Observer's key", "observer"),
                               ("ActionPlane's key", "action"), ("the pager's key", "alertmanager"), ("no key", None)]:
                for verb in ("approve", "reject", "revoke"):
                    answer = ground.ask("gate", "POST", f"{path}/{verb}", good | {"reason": "fine"}, key=key)
                    yield f"{verb} with {words}", refused(answer, "missing_scope", "unauthorized")
            for words, decision in [
                ("a grant of somebody unknown", cls.decision(ground, path, "you", STRANGER)),
                ("a grant of somebody unknown in a person's name", cls.decision(ground, path, "you", STRANGER, kid=person.key.name)),
                ("the gate's own signature", cls.decision(ground, path, "you", Key.of(f"{ground.home}/lab/gate/signing.key"), kind="policy")),
                ("no grant", good | {"grants": []}), ("the same grant twice", good | {"grants": good["grants"] * 2}),
                ("a grant for something else", good | {"grants": [person.grant()]}),
                ("a grant that names another agent", cls.decision(ground, path, "you", person.key, requester="shell", agent="")),
                ("a grant without an agent and a run", cls.decision(ground, path, "you", person.key, incident="", run="")),
            ]:
                yield words, refused(ground.ask("gate", "POST", f"{path}/approve", decision), "grant_invalid")
            status, answer = ground.ask("gate", "GET", path)
            yield "it still waits", None if status == 200 and "pending" in json.dumps(answer["data"]) else word((status, answer))
        finally:
            agent.close()
        agent = Agent(ground)
        try:
            path = f"/api/v1/approvals/{agent.propose()}"
            before = ground.intents()
            answer = ground.ask("gate", "POST", f"{path}/approve", cls.decision(ground, path, person.name, person.key))
            if answer[0] != 200:
                raise Unproven(f"a person cannot approve either: {answer}")
            ground.wait("it is carried out", 10, lambda: ground.intents() - before)
            ground.allow(*ground.intents())
            again = ground.ask("gate", "POST", f"{path}/approve", cls.decision(ground, path, person.name, person.key))
            yield "once more", refused(again, "approval_decided", "approval_superseded", "incident_closed")
        finally:
            agent.close()

    @staticmethod
    def decision(ground, path, name, key, **changes):
        """What a person's command line sends for the first option, signed with this key."""
        detail = ground.ask("gate", "GET", path)[1]["data"]
        option, grants, now = detail["options"][0], [], int(time.time() * 1_000)
        for step in option["steps"]:
            shown = json.loads(base64.urlsafe_b64decode(step["payload"] + "=="))
            grants.append(text(shown | {"kid": key.name, "kind": "human", "grant_id": secrets.token_hex(16), "decided_by": [name],
                                        "iat": now, "nbf": now, "exp": now + 60_000} | changes, key))
        return {"option": option["number"], "reason": "fine", "grants": grants}

    @staticmethod
    def by_two(ground, person, second):
        """One person in the place of the two whom ActionPlane asks for."""
        other, colleague, before = Key(b"\1" * 32), Key(b"\2" * 32), json.load(open(f"{ground.home}/lab/action/trust.json"))
        ground.trust(lambda trust: (trust["ceiling"].setdefault("actions", {}).update({"clear-cache": TWO}),
                                    trust["approvers"].append(other.trusted("another" if ground.is_weak else "you")),
                                    trust["approvers"].append(colleague.trusted("colleague"))))
        same = person.payload()

        def signed(key, name, **changes):
            return text(same | {"kid": key.name, "grant_id": secrets.token_hex(16), "decided_by": [name]} | changes, key)

        mine = signed(person.key, "you")
        for words, grants in [
            ("one grant where two people are asked for", [mine]), ("the same grant twice", [mine, mine]),
            ("two grants of one person", [mine, signed(person.key, "you")]),
            ("a second key of the same person", [mine, signed(other, "another" if ground.is_weak else "you")]),
            ("a name that the person made", [mine, signed(second.key, "second")]),
            ("the same name of two grants", [mine, signed(colleague, "colleague", grant_id=json.loads(
                base64.urlsafe_b64decode(mine.split(".")[0] + "=="))["grant_id"])]),
            ("who asked is the second", [signed(person.key, "you", requester="colleague"), signed(colleague, "colleague", requester="colleague")]),
        ]:
            yield words, refused(send(ground, " ".join(grants)), "ceiling_exceeded", "decider_is_requester")
        yield "two people, for two things", refused(
            send(ground, " ".join([mine, signed(colleague, "colleague", step="2")])), "grant_invalid")
        same = person.payload()
        carried(ground, send(ground, f"{signed(person.key, 'you')} {signed(colleague, 'colleague')}"))
        ground.trust(lambda trust: trust.update(before))

    WEAK = "a second key of the same person"

    @staticmethod
    def weaken(ground):
        """A second key of the same person stands in ActionPlane's list under another name."""
        ground.is_weak = True
