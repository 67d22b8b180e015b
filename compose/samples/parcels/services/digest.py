"""Counts every so often what each depot holds, and when it is asked to."""

import threading
import time

from depot import Depot
from house import Refusal, repeat, say, serve, settings

depot = Depot(settings("/etc/parcels/parcels.env"), "digest", 2)
turn = threading.Lock()


def run():
    if not turn.acquire(blocking=False):
        raise Refusal(409, "busy")
    try:
        begin = time.monotonic()
        with depot.session() as cursor:
            cursor.execute("SELECT sum(parcels) FROM depots")
            [total] = cursor.fetchone()
        say("info", "digest made", parcels=int(total or 0), seconds=round(time.monotonic() - begin, 3))
        return 200, {"data": {"parcels": int(total or 0)}}
    finally:
        turn.release()


def now_and_then():
    try:
        run()
    except Refusal:
        pass


def handle(method, path, body):
    if method == "POST" and path == "/run":
        return run()
    raise Refusal(404, "no-such-page")


repeat(20, now_and_then)
serve(8092, handle, is_ready=lambda: depot.is_open)
