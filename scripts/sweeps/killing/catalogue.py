"""What a sweep breaks: for each fault of the catalogue its family, and a request that this lab's shop can be broken with.

A fault that is new gets a line here; without it the sweep refuses to begin, so that none is left out unseen.
"""

# fault: (family, body of the request)
REQUESTS = {
    "db-lock": ("session", {"target": "db"}),
    "db-credential": ("role", {"target": "db"}),
    "db-crash": ("server", {"target": "db"}),
    "api-crash": ("crash", {"target": "api", "instance": "api-1"}),
    "api-pause": ("pause", {"target": "api", "instance": "api-1"}),
    "cache-corrupt": ("files", {"target": "cache"}),
    "upstream-down": ("provider", {"target": "payments", "instance": "primary"}),
    "net-block": ("network", {"target": "api", "with": {"to": "payments"}}),
    "net-loss": ("network", {"target": "api", "with": {"to": "payments"}}),
    "db-connections": ("session", {"target": "db"}),
    "db-config": ("setting", {"target": "db"}),
    "schema-drift": ("schema", {"target": "db"}),
    "poison-job": ("job", {"target": "worker"}),
    "disk-fill": ("volume", {"target": "scratch"}),
    "config-value": ("configuration", {"target": "api", "with": {"key": "STATEMENT_TIMEOUT", "value": "2ms"}}),
    "db-pool": ("strain", {"target": "api", "instance": "api-1"}),
    "api-stuck": ("strain", {"target": "api", "instance": "api-1"}),
    "api-slow": ("strain", {"target": "api", "instance": "api-1"}),
    "flag-defect": ("flag", {"target": "api", "with": {"flag": "loyalty-points"}}),
    "upstream-slow": ("strain", {"target": "payments", "instance": "primary"}),
}

# Seconds from the last signal to a world without residue. A database that was killed reads its log before it answers again.
USUAL = 5.0
SLOWER = {"server": 12.0}


def residue_bound(family):
    return SLOWER.get(family, USUAL)


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
