"""One cell of the sweep: a fault is brought about, held at one transition, its victims are struck, and the world is looked at."""
import datetime
import json
import signal
import threading
import time

import catalogue
import repairs
from lab import SIGNALS, Failure, send, wait_for

STILL_S = 3.0
TRANSITIONS = ("intended", "armed", "applied", "verified", "holding", "closing", "closed")
VICTIMS = ("server", "guard", "holder", "server+guard", "server+holder", "guard+holder")


def cells():
    """All of them, as (fault, transition, victims, signal)."""
    return [(fault, transition, victims, word) for fault in catalogue.REQUESTS for transition in transitions(fault)
            for victims in VICTIMS for word in SIGNALS]


def transitions(fault):
    """`repaired` is like `holding`, after somebody has repaired what is broken."""
    return TRANSITIONS + (("repaired",) if fault in repairs.ALL else ())


class Request(threading.Thread):
    """A request of a person who may wait in vain, because it is answered by whom we kill."""

    def __init__(self, lab, *words):
        super().__init__(daemon=True)
        self.lab, self.words, self.status, self.answer = lab, words, None, None
        self.start()

    def run(self):
        self.status, self.answer = self.lab.ask(*self.words)


class Cell:
    """Runs once; `result` is its line in the record."""

    def __init__(self, lab, census, baseline, cell, mutant=None):
        self.lab, self.census, self.baseline, self.mutant = lab, census, baseline, mutant
        self.fault, self.transition, self.victims, self.signal = cell
        self.family, self.body = catalogue.REQUESTS[self.fault]
        self.residue_s = catalogue.residue_bound(self.fault)
        entry = next(entry for entry in lab.catalogue() if entry["fault"] == self.fault)
        self.path, self.journeys_s = entry["path"], entry["baseline_within_s"]
        self.result = dict(zip(("fault", "transition", "victims", "signal"), cell), family=self.family, wrong=[])

    def run(self):
        try:
            self.turn_on_what_is_given()
            self.strike_there()
            self.judge()
        except Failure as failure:
            self.result["wrong"].append(str(failure))
        finally:
            self.lab.let_go()
            self.turn_back()
        self.result["at"] = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        return self.result

    # What a fault finds as it is.

    def turn_on_what_is_given(self):
        self.flag = catalogue.GIVEN.get(self.fault)
        if self.flag:
            self.earlier = repairs.answer(self, f"SELECT updated_at FROM feature_flags WHERE name = '{self.flag}'")
            repairs.answer(self, f"UPDATE feature_flags SET enabled = true, updated_at = now() WHERE name = '{self.flag}'")
            self.baseline = self.census.look()

    def turn_back(self):
        """To the very row that the other cells' baseline has."""
        if self.flag:
            repairs.answer(self, f"UPDATE feature_flags SET enabled = false, updated_at = '{self.earlier}' WHERE name = '{self.flag}'")

    # Up to the blow.

    def strike_there(self):
        is_undo, is_held = self.transition in ("closing", "closed"), self.transition not in ("holding", "repaired")
        self.repair = repairs.ALL[self.fault]() if self.transition == "repaired" else None
        if self.repair:
            self.repair.prepare(self)
        if is_held and not is_undo:
            self.lab.hold_at(self.transition)
        request = Request(self.lab, "POST", self.path, {**self.body, "lease_s": 120})
        if is_undo or not is_held:
            self.finish(request)
            if request.status != 201:
                raise Failure(f"not begun: {request.status} {json.dumps(request.answer)[:200]}")
        if is_undo:
            self.lab.hold_at(self.transition)
            request = self.take_back(request)
        self.request = request
        if self.repair:
            self.repair.make(self)
        self.strike(wait_for(f"a line {self.transition}", 15, lambda: self.lab.reached() or self.over(request)) if is_held else None)
        self.lab.let_go()

    def over(self, request):
        if not request.is_alive():
            raise Failure(f"the request ended without that line: {request.status} {json.dumps(request.answer)[:200]}")

    def finish(self, request):
        request.join(40)
        if request.is_alive():
            raise Failure("a request was not answered within 40 s")

    def take_back(self, request):
        return Request(self.lab, "DELETE", f"/faults/{request.answer['data']['id']}")

    def strike(self, held):
        """At once, so that none of them can act on the end of another."""
        ids = {"server": self.lab.processes("serve"), "guard": [self.lab.guard()], "holder": self.lab.processes("hold")}
        if self.transition in ("closing", "closed"):
            ids["holder"] = [held]  # the holder has ended before the first line of an undo; who writes it takes its place
        self.struck = [pid for part in self.victims.split("+") for pid in ids[part] if pid]
        missing = [part for part in self.victims.split("+") if not ids[part]]
        if missing:
            self.result["absent"] = missing
        for pid in self.struck:
            send(pid, SIGNALS[self.signal])
        self.began = time.monotonic()
        self.wall = time.time()

    # After it.

    def judge(self):
        self.end_what_goes_on()
        if self.mutant:
            self.mutant.plant(self)
        self.result["clean_s"] = self.expect_clean()
        if self.mutant:
            return self.mutant.remove()
        for pid in self.struck:
            send(pid, signal.SIGCONT)  # whoever was only held still wakes up late, and may change nothing any more
        wait_for("the injector serves", 25, self.serves)
        self.result["serves_s"] = round(time.monotonic() - self.began, 2)
        self.expect_journeys()
        self.expect_still_clean()
        if self.repair:
            if not self.repair.is_kept():
                self.result["wrong"].append("the repair was changed")
            self.repair.forget()

    def end_what_goes_on(self):
        """A guard that fell alone is replaced, and the fault goes on until somebody ends it."""
        if self.victims != "guard" or self.transition in ("closing", "closed"):
            return
        self.finish(self.request)
        if self.request.status != 201:
            return
        self.result["went_on"] = True
        wait_for("another guard", 10, lambda: self.lab.guard() not in self.struck + [None])
        end = self.take_back(self.request)
        self.began, self.wall = time.monotonic(), time.time()
        self.finish(end)
        if end.status != 200:
            self.result["wrong"].append(f"ended: {end.status} {json.dumps(end.answer)[:200]}")

    def expect_clean(self):
        """How long after the blow the world was as before, for good; whom we hold still ourselves does not count.

        A process that is held still for less than the three seconds in which others must notice has only been slow.
        """
        since = None
        while True:
            found = self.census.differences(self.baseline, self.census.look(self.struck))
            passed = time.monotonic() - self.began
            since = None if found else since or passed
            if since and passed > self.patience():
                return round(since, 2)
            if passed > self.residue_s and found:
                self.result["wrong"].append(f"residue: {'; '.join(found)[:600]}")
                return None
            time.sleep(0.05)

    def patience(self):
        if self.signal == "STOP" and "went_on" not in self.result:
            return STILL_S
        return 1 if self.request.is_alive() else 0

    def expect_still_clean(self):
        """Whoever woke up late has changed nothing, and has gone where it was to be ended."""
        try:
            wait_for("", self.residue_s, lambda: not self.census.differences(self.baseline, self.census.look()))
        except Failure:
            found = self.census.differences(self.baseline, self.census.look())
            self.result["wrong"].append(f"residue later: {'; '.join(found)[:600]}")

    def serves(self):
        """A holder that was held still before it did anything goes on afterwards: such a fault is ended as any other."""
        if not self.lab.is_on_duty() or not self.lab.guard():
            return False
        left = self.lab.open_faults()
        if left and self.request.words[0] == "POST" and self.request.status == 201 and "went_on" not in self.result:
            self.result["went_on"] = True
            self.take_back(self.request)
        return left == []

    def expect_journeys(self):
        """Two seconds with at least 95 good of a hundred in each journey, beginning within the bound."""
        while True:
            since = self.contented_since()
            if since is not None:
                self.result["journeys_s"] = round(max(0.0, since - self.wall), 2)
                return
            if time.time() - self.wall > self.journeys_s + 2.5:
                self.result["wrong"].append(f"customers are not contented {self.journeys_s:g} s after the blow")
                return
            time.sleep(0.2)

    def contented_since(self):
        buckets = self.lab.journeys()
        moments = sorted({bucket["from"] for bucket in buckets})[-4:]
        if len(moments) < 4 or moment(moments[0]) < self.wall - 0.5:
            return None
        for journey in {bucket["journey"] for bucket in buckets}:
            last = [bucket for bucket in buckets if bucket["journey"] == journey and bucket["from"] in moments]
            good, bad = sum(b["good"] for b in last), sum(b["bad"] for b in last)
            if good + bad > 0 and good < 0.95 * (good + bad) or journey != "fulfil" and good == 0:
                return None
        return moment(moments[0])


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
