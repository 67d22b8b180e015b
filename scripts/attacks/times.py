import time

from grants import Person, refused, send


class Times:
    """A grant that is over, not good yet, or good for too long."""

    NAME = "times"

    @staticmethod
    def run(ground):
        person = Person(ground)
        now = int(time.time() * 1_000)
        for words, moments in [
            ("over since a second", {"iat": now - 61_000, "nbf": now - 61_000, "exp": now - 1_000}),
            ("over since a year", {"iat": now - 31_536_000_000, "nbf": now - 31_536_000_000, "exp": now - 31_535_940_000}),
            ("not before a minute", {"nbf": now + 60_000, "exp": now + 110_000}),
            ("made in the future", {"iat": now + 3_600_000, "nbf": now, "exp": now + 3_660_000}),
            ("good for a day", {"exp": now + 86_400_000}),
            ("good for ever", {"exp": 9_007_199_254_740_991}),
            ("ends before it begins", {"nbf": now, "exp": now - 1}),
            ("no whole number", {"exp": now + 0.5}),
            ("a text", {"exp": str(now + 60_000)}),
            ("beyond every number", {"exp": 10 ** 30}),
        ]:
            yield words, refused(send(ground, person.grant(**moments)), 400, 403)
