"""Where customers come in: hands each request to the trackers in turn, and keeps nothing itself."""

import itertools

from house import Neighbour, Refusal, serve

trackers = [Neighbour(f"http://tracker-{number}:8090", "desk", "tracker") for number in (1, 2)]
turns = itertools.cycle(trackers)


def handle(method, path, body):
    tracker = next(turns)
    try:
        status, headers, data = tracker.ask(method, path, body, timeout=3.0)
    except OSError as error:
        raise Refusal(502, "tracker-away") from error
    return status, data, headers.get("X-Instance", tracker.host)


serve(8080, handle)
