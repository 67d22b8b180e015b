import time

from grants import Person, carried, refused, send
from journal import framed

DAY, YEAR = 86_400_000, 31_536_000_000
EARLY, LATE, LONG, ODD = "grant_invalid not_yet_valid", "grant_invalid expired", "grant_invalid", "grant_malformed malformed"


class Times:
    """A grant that is over, not good yet, or good for too long; and a clock that was turned back."""

    NAME = "times"

    @classmethod
    def run(cls, ground):
        person = Person(ground)
        carried(ground, send(ground, person.grant()))
        now = int(time.time() * 1_000)
        for words, said, moments in [
            ("over since a second", LATE, {"iat": now - 61_000, "nbf": now - 61_000, "exp": now - 1_000}),
            ("over since a year", LATE, {"iat": now - YEAR, "nbf": now - YEAR, "exp": now - YEAR + 60_000}),
            ("not before a minute", EARLY, {"nbf": now + 60_000, "exp": now + 110_000}),
            ("made in the future", EARLY, {"iat": now + 3_600_000, "nbf": now, "exp": now + 3_660_000}),
            ("good for a day", LONG, {"exp": now + DAY}),
            ("good for a day, from yesterday on", LONG, {"iat": now - DAY, "nbf": now - DAY, "exp": now + 10_000}),
            ("good for ever", ODD, {"exp": 9_007_199_254_740_991}),
            ("since the beginning of numbers", ODD, {"nbf": -(2 ** 63), "iat": -(2 ** 63), "exp": now + 60_000}),
            ("until their end", ODD, {"nbf": now, "exp": 2 ** 63 - 1}),
            ("ends before it begins", ODD, {"nbf": now, "exp": now - 1}),
            ("no whole number", ODD, {"exp": now + 0.5}),
            ("a text", ODD, {"exp": str(now + 60_000)}),
            ("beyond every number", ODD, {"exp": 10 ** 30}),
        ]:
            yield words, refused(send(ground, person.grant(**moments)), said)
        yield "the clock turned back by a minute", cls.turned_back(ground, person)

    @staticmethod
    def turned_back(ground, person):
        """The same as a journal whose last line was written a minute from now."""
        path = f"{ground.home}/lab/action/journal/journal.log"
        last = list(ground.journal())[0]
        moment = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(time.time() + 60))
        before = open(path, "rb").read()

        def write(data):
            with open(path, "r+b") as file:
                file.write(data)
                file.truncate()

        def supervise(verb):
            ground.supervise(verb, "action")

        supervise("stop")
        write(before.rstrip(b"\0") + framed(last | {"line": last["line"] | {"at": moment}}))
        supervise("start")
        ground.wait("ActionPlane answers", 20, lambda: ground.ask("action", "GET", "/healthz", key=None)[0] == 200)
        found = refused(send(ground, person.grant()), "clock_went_back")
        found = " ".join(filter(None, [found, *ground.strange()])) or None
        ground.restart("action", lambda: write(before))
        return found

    WEAK = "the clock turned back"

    @staticmethod
    def weaken(ground):
        """ActionPlane is told that the clock is right, whatever its journal says."""
        ground.set("action", confirm_clock=True)
