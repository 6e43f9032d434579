"""GameMaker's packet mode over WebSocket, written from docs/protocol.md alone."""

import struct

GREETING = b"GM:Studio-Connect\0"
WELCOME = struct.pack("<III", 0xDEAFBEAD, 0xF00DBEEB, 12)

# Payload sizes around the limits of the header, of WebSocket's frames, and large.
SIZES = [0, 1, 11, 12, 13, 113, 114, 125, 126, 127, 300, 65523, 65524, 65535, 65536, 90000, 1 << 20]

# 251 is prime: no power of two hides a shift.
PERIOD = bytes(index * 7 % 251 for index in range(251))


def answer(game_id=0):
    return struct.pack("<IIIi", 0xCAFEBABE, 0xDEADB00B, 16, game_id)


def packet(payload):
    return struct.pack("<III", 0xDEADC0DE, 12, len(payload)) + payload


def pattern(size, seed=0):
    """Bytes that show when some are missing, doubled or in a wrong order."""
    start = (size + seed) % len(PERIOD)
    return (PERIOD * (size // len(PERIOD) + 2))[start : start + size]


def expect(actual, wanted, what):
    if actual != wanted:
        raise AssertionError(f"{what}: {shown(actual)} and not {shown(wanted)}")


def shown(value):
    text = value.hex() if isinstance(value, bytes) else repr(value)
    return f"{type(value).__name__} {text[:120]} of {len(text)} characters"


class PacketReader:
    """Takes messages, gives payloads."""

    def __init__(self):
        self.pending = b""

    def feed(self, message):
        if not isinstance(message, bytes):
            raise AssertionError("a text message in packet mode")
        self.pending += message
        payloads = []
        while len(self.pending) >= 12:
            magic, header_size, size = struct.unpack_from("<III", self.pending)
            expect((magic, header_size), (0xDEADC0DE, 12), "header")
            if len(self.pending) < 12 + size:
                break
            payloads.append(self.pending[12 : 12 + size])
            self.pending = self.pending[12 + size :]
        return payloads


def say(*words):
    print(*words, flush=True)
