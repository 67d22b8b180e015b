"""The way to the database: a pool of connections that is lent, and never waited for longer than a customer would."""

import threading
import time
from contextlib import contextmanager

import psycopg2
from house import Probe, Refusal, measures, say


class Depot:
    def __init__(self, settings, me, limit):
        self.settings, self.me, self.limit = settings, me, limit
        self.free, self.lent, self.waiting = [], 0, 0
        self.slots = threading.Semaphore(limit)
        measures.gauge(self.rows)
        self.probe = Probe("depot", self.knock, self.word)

    def connect(self, timeout=2):
        return psycopg2.connect(
            host=self.settings["DB_HOST"], port=self.settings["DB_PORT"], dbname=self.settings["DB_NAME"],
            user=self.settings["DB_USER"], password=self.settings["DB_PASSWORD"], connect_timeout=timeout,
            application_name=f"parcels-{self.me}", options="-c statement_timeout=2000 -c client_connection_check_interval=500",
        )

    def knock(self):
        self.connect(1).close()

    @staticmethod
    def word(error):
        text = str(error)
        if "authentication failed" in text:
            return "unauthorised"
        return "timeout" if "timeout" in text else "refused"

    @property
    def is_open(self):
        return self.probe.result == "ok"

    def rows(self):
        return [("pool_in_use", {}, self.lent), ("pool_waiting", {}, self.waiting), ("pool_max", {}, self.limit)]

    @contextmanager
    def session(self):
        """A transaction; what goes wrong in it is written down with its SQLSTATE and refused."""
        begin, code, connection = time.monotonic(), "ok", None
        link = {"from": self.me, "to": "depot"}
        measures.add("call_attempts_total", **link)
        self.waiting += 1
        has_slot = self.slots.acquire(timeout=2)
        self.waiting -= 1
        try:
            if not has_slot:
                code = "pool-timeout"
                raise Refusal(503, code)
            self.lent += 1
            connection = self.free.pop() if self.free else self.connect()
            with connection, connection.cursor() as cursor:
                yield cursor
        except psycopg2.Error as error:
            # A login that is refused has no state of its own in this driver.
            code = error.pgcode or ("28P01" if self.word(error) == "unauthorised" else "refused")
            say("error", "database refused", sqlstate=code, error=str(error).strip())
            raise Refusal(503, code) from error
        finally:
            if has_slot:
                self.lent -= 1
                if connection is not None and not connection.closed:
                    self.free.append(connection)
                self.slots.release()
            measures.add("calls_total", code=code, **link)
            measures.add("call_duration_seconds_sum", time.monotonic() - begin, **link)
            measures.add("call_duration_seconds_count", **link)
