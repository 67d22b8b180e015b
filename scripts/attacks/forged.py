import base64
import json

from grants import Key, Person, plain, refused, send, text


class Forged:
    """A grant that the person whom it names has not signed."""

    NAME = "forged-signature"

    @staticmethod
    def run(ground):
        person = Person(ground)
        stranger = Key.stranger(person.key.name)
        trust = json.load(open(f"{ground.home}/lab/action/trust.json"))
        yield "another pair under the person's name", refused(send(ground, text(person.payload(), stranger)), 403)
        yield "a pair that nobody knows", refused(send(ground, text(person.payload(kid="0" * 16), stranger)), 400, 403)
        gate = next((key for key in json.dumps(trust).split('"') if key == "gate"), "gate")
        for kind in ("policy", "human-attested"):
            yield f"a person's signature under {kind}", refused(send(ground, text(person.payload(kind=kind), person.key)), 400, 403)
            yield f"a stranger's signature as {gate} under {kind}", refused(send(ground, text(person.payload(kind=kind), stranger)), 400, 403)
        body, signature = person.grant().split(".")
        for place in (0, 31, 63):
            changed = bytearray(base64.urlsafe_b64decode(signature + "=="))
            changed[place] ^= 1
            yield f"one bit of the signature, byte {place}", refused(send(ground, f"{body}.{plain(bytes(changed))}"), 403)
        yield "no signature but noughts", refused(send(ground, f"{body}.{plain(bytes(64))}"), 403)
        other = person.grant().split(".")[1]
        yield "the signature of another grant", refused(send(ground, f"{body}.{other}"), 403)
        spaced = json.dumps(person.payload(), indent=1).encode()
        yield "a payload that was written anew", refused(send(ground, f"{plain(spaced)}.{signature}"), 403)
        doubled = json.dumps(person.payload()).replace('"action"', '"action": "restart-db", "action"', 1).encode()
        yield "one member twice, signed", refused(send(ground, text(doubled, person.key)), 400, 403)
        more = person.payload() | {"also": "restart-db"}
        yield "a member that nobody knows, signed", refused(send(ground, text(more, person.key)), 400, 403)
