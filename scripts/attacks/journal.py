"""A journal's lines, as the services write them: checksum, length, document."""
import json

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def lines(path):
    """The documents of a journal, without the room that it has for more, and without lines that were damaged."""
    for line in open(path, "rb").read().rstrip(b"\0").splitlines():
        try:
            yield json.loads(line[18:])
        except ValueError:
            pass


def framed(document):
    """One line with this document."""
    payload = json.dumps(document, separators=(",", ":")).encode()
    sized = b"%08x " % len(payload) + payload
    checksum = 0xFFFFFFFF
    for byte in sized:
        checksum = TABLE[(checksum ^ byte) & 255] ^ checksum >> 8
    return b"%08x " % (checksum ^ 0xFFFFFFFF) + sized + b"\n"
