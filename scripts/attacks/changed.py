from grants import Person, carried, refused, send


class Changed:
    """A good grant for something else than what is asked for."""

    NAME = "changed-parameter"

    @staticmethod
    def run(ground):
        person = Person(ground)
        carried(ground, send(ground, person.grant(), parameters={"component": "cache"}))
        yield "other parameters in the body", refused(
            send(ground, person.grant(), parameters={"component": "scratch"}), "parameters_differ")
        yield "more parameters in the body", refused(
            send(ground, person.grant(), parameters={"component": "cache", "instance": "api-1"}), "parameters_differ")
        for action in ("restart-db", "restart-api", "free-disk", "regenerate-env"):
            yield f"the path of {action}", refused(send(ground, person.grant(), action=action), "parameters_differ")
        for name, value, *words in [
            ("instance_id", "0" * 32, "grant_invalid instance_mismatch"), ("audience", "gate", "grant_invalid audience_mismatch"),
            ("org", "another", "grant_invalid", "grant_invalid org_mismatch"), ("action_version", 99, "action_changed"),
            ("state_fingerprint", "0" * 64, "not_done facts_drifted"), ("state_fingerprint", "", "not_done facts_drifted"),
            ("epoch", 999_999, "not_done epoch_stale"), ("epoch", 0, "not_done epoch_stale"), ("epoch", -1, "not_done epoch_stale"),
            ("target", "db", "parameters_differ", "not_done parameters_differ"), ("params", {"component": "db"}, "invalid_parameters"),
            ("params", {"component": "cache", "also": 1}, "invalid_parameters"), ("v", 2, "grant_malformed malformed"),
            ("kind", "robot", "grant_malformed malformed"), ("grant_id", "1", "grant_malformed malformed"),
        ]:
            yield f"signed for another {name}: {str(value)[:24]}", refused(send(ground, person.grant(**{name: value})), *words)
