from grants import ACTION, PARAMETERS, Person, carried, refused, send


class Unsigned:
    """An action without a grant, with something that is none, or with a key that may not ask for it."""

    NAME = "no-grant"

    @staticmethod
    def run(ground):
        person = Person(ground)
        carried(ground, send(ground, person.grant()))
        for words, body, code in [
            ("nothing", {}, "grant_required"), ("parameters alone", {"parameters": PARAMETERS}, "grant_required"),
            ("no dry run", {"dry_run": False}, "grant_required"), ("null", {"grant": None}, "grant_required"),
            ("an empty text", {"grant": ""}, "grant_malformed"), ("a dot", {"grant": "."}, "grant_malformed malformed"),
            ("yes", {"grant": "yes", "approved": True}, "grant_malformed malformed"),
            ("a list", {"grant": [person.grant()]}, "invalid_parameters"),
            ("a payload without its signature", {"grant": person.grant().split(".")[0] + "."}, "grant_malformed malformed"),
            ("under another name", {"Grant": person.grant()}, "grant_required"),
            ("three good ones", {"grant": " ".join(person.grant() for _ in range(3))}, "grant_malformed"),
            ("two of one person", {"grant": " ".join(person.grant() for _ in range(2))}, "grant_malformed"),
        ]:
            yield words, refused(ground.ask("action", "POST", f"/action/{ACTION}", body, headers={"Idempotency-Key": words}), code)
        for key in ground.keys():
            if key not in ("gate", "operator"):
                yield f"a good grant with {key}'s key", refused(send(ground, person.grant(), key=key), "unauthorized")
        yield "a good grant with nobody's key", refused(send(ground, person.grant(), key=None), "unauthorized")
        yield "a good grant in the address", refused(ground.ask(
            "action", "POST", f"/action/{ACTION}?grant={person.grant()}", {}, headers={"Idempotency-Key": "address"}), "grant_required")
        yield "a good grant without an idempotency key", refused(
            ground.ask("action", "POST", f"/action/{ACTION}", {"grant": person.grant()}), "idempotency_key_required")

    WEAK = "with agent's key"

    @staticmethod
    def weaken(ground):
        """ActionPlane takes the agent's key."""
        ground.open_door("action", "agent", "act")
