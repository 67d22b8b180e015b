"""Probes for Chaos Toolkit that see the shop as a customer does."""
from urllib.request import urlopen


def sees_the_page(url, times=3):
    """Whether the page with the goods comes, at the latest when it was loaded so many times."""
    for _ in range(times):
        try:
            with urlopen(url, timeout=5):
                return True
        except OSError:
            continue
    return False
