"""Says where a parcel is, from the shelf or else the depot, and books new ones with the carrier in use."""

import hashlib
import json
import os
import tempfile

from depot import Depot
from house import Neighbour, Probe, Refusal, measures, probe_word, say, serve, settings

config = settings("/etc/parcels/parcels.env")
shelf = "/srv/var/shelf"
active = config["CARRIER_ACTIVE"]
carrier = Neighbour(config["CARRIER_URL" if active == "primary" else "CARRIER_FALLBACK_URL"], "tracker", "carrier")
depot = Depot(config, "tracker", int(config["DB_POOL"]))


def ask_health():
    status, _, _ = carrier.ask("GET", "/health", timeout=0.5)
    if status != 200:
        raise ValueError(status)


Probe("carrier", ask_health, probe_word)
measures.gauge(lambda: [("carrier_active", {"provider": active}, 1)])


def stored(number):
    """The stored answer about a parcel; nil when there is none. A damaged one is nobody's to guess at."""
    try:
        with open(f"{shelf}/{number}.json", "rb") as file:
            head, content = file.read().split(b"\n", 1)
    except FileNotFoundError:
        measures.add("cache_lookups_total", result="miss")
        return None
    except (OSError, ValueError) as error:
        measures.add("cache_lookups_total", result="unreadable")
        raise Refusal(500, "shelf-unreadable") from error
    if head.split(b"sha256=")[-1] != hashlib.sha256(content).hexdigest().encode():
        measures.add("cache_lookups_total", result="bad")
        say("error", "stored answer is damaged", parcel=number)
        raise Refusal(500, "shelf-damaged")
    measures.add("cache_lookups_total", result="hit")
    return content


def store(number, content):
    """In one step, so that nobody ever reads half an answer."""
    with tempfile.NamedTemporaryFile(dir=shelf, prefix=".", delete=False) as file:
        file.write(b"parcel/1 sha256=" + hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        os.fchmod(file.fileno(), 0o664)
    os.replace(file.name, f"{shelf}/{number}.json")


def track(number):
    content = stored(number)
    if content is None:
        with depot.session() as cursor:
            cursor.execute("SELECT weight_g, town FROM parcels WHERE id = %s", [number])
            row = cursor.fetchone()
        if row is None:
            raise Refusal(404, "no-such-parcel")
        content = json.dumps({"data": {"id": number, "weight_g": row[0], "town": row[1]}}).encode()
        try:
            store(number, content)
        except OSError as error:
            say("warning", "answer could not be stored", errno=error.errno)
    return 200, content


def book(body):
    order = json.loads(body)
    number = int(order["parcel"])
    try:
        status, _, data = carrier.ask("POST", "/labels", json.dumps({"parcel": number}).encode())
    except OSError as error:
        say("error", "carrier does not answer", error=str(error))
        raise Refusal(503, "carrier-away") from error
    if status != 201:
        raise Refusal(502, "carrier-refused")
    label = json.loads(data)["label"]
    with depot.session() as cursor:
        cursor.execute("UPDATE depots SET parcels = parcels + 1 WHERE id = %s", [number % 10 + 1])
        cursor.execute("INSERT INTO labels (parcel, label) VALUES (%s, %s) RETURNING id", [number, label])
        [booking] = cursor.fetchone()
        cursor.execute("INSERT INTO jobs (booking) VALUES (%s)", [booking])
    return 201, {"data": {"booking": booking, "label": label}}


def handle(method, path, body):
    parts = path.strip("/").split("/")
    if method == "GET" and len(parts) == 2 and parts[0] == "parcels" and parts[1].isdigit():
        return track(int(parts[1]))
    if method == "POST" and path == "/bookings":
        return book(body)
    raise Refusal(404, "no-such-page")


serve(8090, handle, is_ready=lambda: depot.is_open)
