"""Takes booked parcels from the queue and marks them as sorted."""

import threading
import time

from depot import Depot
from house import measures, repeat, serve, settings

config = settings("/etc/parcels/parcels.env")
depot = Depot(config, "sorter", 2)
queue = {"depth": 0, "oldest": 0.0}


def look():
    try:
        with depot.session() as cursor:
            cursor.execute("SELECT count(*), coalesce(extract(epoch FROM now() - min(queued_at)), 0) FROM jobs")
            queue["depth"], queue["oldest"] = cursor.fetchone()
    except Exception:
        pass  # written down where it happened


def work():
    while True:
        done = 0
        try:
            with depot.session() as cursor:
                cursor.execute(
                    "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT 20 FOR UPDATE SKIP LOCKED) RETURNING booking"
                )
                bookings = [row[0] for row in cursor.fetchall()]
                cursor.execute("UPDATE labels SET sorted = true WHERE id = ANY(%s)", [bookings])
                done = len(bookings)
        except Exception:
            pass
        measures.add("jobs_total", done, result="done")
        if done == 0:
            time.sleep(0.3)


def refuse(method, path, body):
    return 404, {"error": "no-such-page"}


measures.gauge(lambda: [("queue_depth", {}, queue["depth"]), ("queue_oldest_seconds", {}, float(queue["oldest"]))])
threading.Thread(target=work, daemon=True).start()
repeat(1, look)
serve(8091, refuse, is_ready=lambda: depot.is_open)
