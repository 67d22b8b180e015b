from grants import Person, refused, send


class Changed:
    """A good grant for something else than what is asked for."""

    NAME = "changed-parameter"

    @staticmethod
    def run(ground):
        person = Person(ground)
        yield "other parameters in the body", refused(send(ground, person.grant(), parameters={"component": "scratch"}), 409, 422)
        for action in ("restart-db", "restart-api", "free-disk", "regenerate-env"):
            yield f"the path of {action}", refused(send(ground, person.grant(), action=action), 400, 403, 409)
        for name, value in [("instance_id", "0" * 32), ("audience", "gate"), ("org", "another"), ("action_version", 99),
                            ("state_fingerprint", "0" * 64), ("epoch", 999_999), ("epoch", -1), ("target", "db"), ("v", 2)]:
            yield f"signed for another {name}: {str(value)[:12]}", refused(send(ground, person.grant(**{name: value})), 400, 403, 409)
        yield "who asked decides", refused(send(ground, person.grant(requester=person.name)), 403)
        yield "nobody decided", refused(send(ground, person.grant(decided_by=[])), 400, 403)
        yield "another person decided", refused(send(ground, person.grant(decided_by=["second"])), 400, 403)
