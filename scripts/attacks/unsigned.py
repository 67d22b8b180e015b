from grants import ACTION, PARAMETERS, Person, done, refused, send


class Unsigned:
    """An action without a grant, or with something that is none."""

    NAME = "no-grant"

    @staticmethod
    def run(ground):
        person = Person(ground)
        run = done(send(ground, person.grant()))
        ground.allow(run)
        yield "the same with a grant", None if run else "is not carried out either"
        for words, body in [("nothing", {}), ("parameters alone", {"parameters": PARAMETERS}), ("no dry run", {"dry_run": False}),
                            ("null", {"grant": None}), ("an empty text", {"grant": ""}), ("a dot", {"grant": "."}),
                            ("yes", {"grant": "yes", "approved": True}), ("a list", {"grant": [person.grant()]}),
                            ("a payload without its signature", {"grant": person.grant().split(".")[0] + "."})]:
            yield words, refused(send(ground, None, **body) if "grant" not in body else send(ground, body["grant"]), 400, 403, 422)
        for key in ["agent", "observer", "referee", None]:
            yield f"a good grant with the key of {key or 'nobody'}", refused(send(ground, person.grant(), key=key), 401, 403)
        yield "a good grant without an idempotency key", refused(
            ground.ask("action", "POST", f"/action/{ACTION}", {"grant": person.grant()}), 400)
