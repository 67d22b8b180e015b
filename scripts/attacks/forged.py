import base64
import json

from grants import STRANGER, Person, carried, plain, refused, send, text


class Forged:
    """A grant that the person whom it names has not signed."""

    NAME = "forged-signature"

    @staticmethod
    def run(ground):
        person = Person(ground)
        carried(ground, send(ground, person.grant()))
        invalid = "grant_invalid "
        yield "another pair under the person's name", refused(send(ground, text(person.payload(), STRANGER)), invalid + "bad_signature")
        yield "a pair that nobody knows", refused(
            send(ground, text(person.payload(kid=STRANGER.name), STRANGER)), invalid + "unknown_key")
        gate = json.load(open(f"{ground.home}/lab/action/trust.json"))["gate"][0]["kid"]
        for kind in ("policy", "human-attested"):
            yield f"a person's signature under {kind}", refused(
                send(ground, text(person.payload(kind=kind), person.key)), invalid + "unknown_key")
            yield f"a stranger's in the gate's name under {kind}", refused(
                send(ground, text(person.payload(kind=kind, kid=gate), STRANGER)), invalid + "bad_signature")
        yield "the gate's key for a person", refused(send(ground, text(person.payload(kid=gate), person.key)), invalid + "unknown_key")
        body, signature = person.grant().split(".")
        for place in (0, 31, 63):
            changed = bytearray(base64.urlsafe_b64decode(signature + "=="))
            changed[place] ^= 1
            yield f"one bit of the signature, byte {place}", refused(
                send(ground, f"{body}.{plain(bytes(changed))}"), invalid + "bad_signature")
        yield "no signature but noughts", refused(send(ground, f"{body}.{plain(bytes(64))}"), invalid + "bad_signature")
        other = person.grant().split(".")[1]
        yield "the signature of another grant", refused(send(ground, f"{body}.{other}"), invalid + "bad_signature")
        spaced = json.dumps(json.loads(base64.urlsafe_b64decode(body + "==")), indent=1).encode()
        yield "a payload that was written anew", refused(send(ground, f"{plain(spaced)}.{signature}"), invalid + "bad_signature")
        unnamed = person.payload()
        yield "signed for another purpose", refused(
            send(ground, f"{plain(json.dumps(unnamed).encode())}.{plain(person.key.sign(json.dumps(unnamed).encode()))}"),
            invalid + "bad_signature")
        doubled = json.dumps(person.payload()).replace('"action"', '"action": "restart-db", "action"', 1).encode()
        more, fewer = person.payload() | {"also": "restart-db"}, person.payload()
        del fewer["epoch"]
        for words, payload in [("one member twice", doubled), ("a member that nobody knows", more), ("a member too few", fewer)]:
            yield f"{words}, signed", refused(send(ground, text(payload, person.key)), "grant_malformed malformed", "grant_malformed")

    WEAK = "a pair that nobody knows"

    @staticmethod
    def weaken(ground):
        """ActionPlane trusts a stranger's pair as the person's."""
        ground.trust(lambda trust: trust["approvers"].append(STRANGER.trusted("you")))
