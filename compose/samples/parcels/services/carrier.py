"""Somebody else's service in the lab: gives out labels."""

import itertools
import json
import os
import time

from house import NAME, Refusal, serve

delay = float(os.environ.get("DELAY", "0.01"))
numbers = itertools.count(1)


def handle(method, path, body):
    if method == "GET" and path == "/health":
        return 200, {}
    if method == "POST" and path == "/labels":
        time.sleep(delay)
        return 201, {"label": f"{NAME}-{json.loads(body)['parcel']}-{next(numbers)}"}
    raise Refusal(404, "no-such-page")


serve(9000, handle)
