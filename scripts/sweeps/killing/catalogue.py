"""What a sweep breaks: for each fault of the catalogue its family, and a request that this lab's shop can be broken with.

A fault that is new gets a line here; without it the sweep refuses to begin, so that none is left out unseen.
"""

# fault: (family, body of the request). A family is where the effect lives, and so by what it is taken back.
REQUESTS = {
    "db-lock": ("session", {"target": "db"}),
    "db-credential": ("definition", {"target": "db"}),
    "db-crash": ("process", {"target": "db"}),
    "api-crash": ("process", {"target": "api", "instance": "api-1"}),
    "api-pause": ("process", {"target": "api", "instance": "api-1"}),
    "cache-corrupt": ("files", {"target": "cache"}),
    "cache-stale": ("rows", {"target": "cache"}),
    "cache-stampede": ("files", {"target": "cache", "with": {"for_s": 0.5}}),
    "upstream-down": ("process", {"target": "payments", "instance": "primary"}),
    "net-block": ("network", {"target": "api", "with": {"to": "payments"}}),
    "net-loss": ("network", {"target": "api", "with": {"to": "payments"}}),
    "net-delay": ("proxy", {"target": "api", "with": {"to": "payments", "ms": 1500}}),
    "net-narrow": ("proxy", {"target": "api", "with": {"to": "payments", "kib": 1}}),
    "net-reset": ("proxy", {"target": "api", "with": {"to": "payments", "share": 70}}),
    "db-connections": ("session", {"target": "db"}),
    "db-config": ("definition", {"target": "db"}),
    "db-rows": ("rows", {"target": "db"}),
    "schema-drift": ("definition", {"target": "db"}),
    "db-index": ("definition", {"target": "db"}),
    "poison-job": ("rows", {"target": "worker"}),
    "disk-fill": ("files", {"target": "scratch"}),
    "config-value": ("files", {"target": "api", "with": {"key": "STATEMENT_TIMEOUT", "value": "2ms"}}),
    "db-pool": ("strain", {"target": "api", "instance": "api-1"}),
    "api-stuck": ("strain", {"target": "api", "instance": "api-1"}),
    "api-slow": ("strain", {"target": "api", "instance": "api-1"}),
    "memory-leak": ("strain", {"target": "api", "instance": "api-1", "with": {"rate": 64}}),
    "fd-leak": ("strain", {"target": "api", "instance": "api-1"}),
    "clock-jump": ("strain", {"target": "api", "instance": "api-1"}),
    "flag-defect": ("rows", {"target": "api", "with": {"flag": "loyalty-points"}}),
    "upstream-slow": ("strain", {"target": "payments", "instance": "primary"}),
    "upstream-wrong": ("strain", {"target": "payments", "instance": "primary"}),
    "upstream-credential": ("files", {"target": "payments"}),
    "dns-wrong": ("files", {"target": "api", "with": {"to": "payments"}}),
}

# Flags that a fault finds turned on, and does not turn itself.
GIVEN = {"cache-stampede": "sales-ranks"}

# Seconds from the last signal to a world without residue. A database that was killed reads its log before it answers again.
USUAL = 5.0
SLOWER = {"db-crash": 12.0}


def residue_bound(fault):
    return SLOWER.get(fault, USUAL)


def needs_proxy(fault):
    """Whether it is possible only in a lab of `up --proxied`."""
    return REQUESTS[fault][0] == "proxy"


def missing(catalogue):
    """The faults of the lab's catalogue that have no line here, and lines here that no fault has."""
    known = {entry["fault"] for entry in catalogue}
    return sorted(known - set(REQUESTS)), sorted(set(REQUESTS) - known)


def families():
    """Each family with its faults."""
    found = {}
    for fault, (family, _) in REQUESTS.items():
        found.setdefault(family, []).append(fault)
    return found
