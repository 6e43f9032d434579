"""A WebSocket client that knows nothing of bitecs-networking: client.py CASE URL"""

import asyncio
import sys

import websockets

from gamemaker import GREETING, SIZES, WELCOME, PacketReader, answer, expect, packet, pattern, say

LIMIT = 8 << 20


def connect(url, **options):
    return websockets.connect(url, max_size=LIMIT, ping_interval=None, **options)


async def join(url, game_id=0, **options):
    ws = await connect(url, **options)
    expect(await ws.recv(), GREETING, "greeting")
    await ws.send(answer(game_id))
    expect(await ws.recv(), WELCOME, "welcome")
    return ws


async def take(ws, reader, count):
    payloads = []
    while len(payloads) < count:
        payloads += reader.feed(await ws.recv())
    return payloads


async def tell_end(ws):
    """Says with which code the server has closed."""
    await asyncio.wait_for(ws.wait_closed(), 10)
    say("closed", ws.close_code)


async def packets(url):
    """Packets of many sizes, one by one and all at once, come back as one message each."""
    ws = await join(url, -123456789)
    for size in SIZES:
        await ws.send(packet(pattern(size)))
        expect(await ws.recv(), packet(pattern(size)), f"echo of {size} bytes")
    for size in SIZES:
        await ws.send(packet(pattern(size, 1)))
    for size in SIZES:
        expect(await ws.recv(), packet(pattern(size, 1)), f"later echo of {size} bytes")
    await ws.close()


async def cuts(url):
    """The limits of messages mean nothing to packets."""
    ws = await join(url)
    reader = PacketReader()
    first, second = b"one", pattern(300)
    await ws.send(packet(first) + packet(b"") + packet(second))
    expect(await take(ws, reader, 3), [first, b"", second], "three packets in a message")
    whole = packet(second)
    for cut in [1, 4, 5, 8, 11, 12, 13, 200, len(whole) - 1]:
        await ws.send(whole[:cut])
        await ws.send(whole[cut:])
        expect(await take(ws, reader, 1), [second], f"a packet cut at {cut}")
    await ws.send(packet(first) + whole[:7])
    await ws.send(whole[7:50])
    await ws.send(b"")
    await ws.send(whole[50:] + packet(first))
    expect(await take(ws, reader, 3), [first, second, first], "cuts among others")
    # One message in fragments (RFC 6455, section 5.4).
    await ws.send([whole[:5], whole[5:12], b"", whole[12:]])
    expect(await take(ws, reader, 1), [second], "a fragmented message")
    await ws.close()


async def raw(url):
    """Text comes back as text, binary as binary."""
    ws = await connect(url)
    messages = ["hé", b"h\xc3\xa9", "", b"", "\0", "\ufeff€ 😀", pattern(1 << 20), "ü" * (1 << 19)]
    for message in messages:
        await ws.send(message)
        expect(await ws.recv(), message, "echo")
    for message in messages:
        await ws.send(message)
    for message in messages:
        expect(await ws.recv(), message, "later echo")
    await ws.close()


async def offers(url):
    """Compression is offered and not taken, of the sub-protocols the wanted one is taken."""
    ws = await join(url, subprotocols=["other", "game"])
    expect(ws.subprotocol, "game", "sub-protocol")
    headers = ws.response_headers if hasattr(ws, "response_headers") else ws.response.headers
    expect(headers.get("Sec-WebSocket-Extensions"), None, "extensions")
    await ws.close()


async def closes(url):
    ws = await join(url)
    await ws.send(packet(b"goodbye"))
    await ws.close(1000)
    await tell_end(ws)


async def breaks(url):
    """Goes without a word, in the middle of a packet."""
    ws = await join(url)
    reader = PacketReader()
    await ws.send(packet(b"hello"))
    expect(await take(ws, reader, 1), [b"hello"], "echo")
    await ws.send(packet(pattern(100))[:50])
    pong = await ws.ping()
    await asyncio.wait_for(pong, 10)
    ws.transport.abort()


async def stays(url):
    """Stays until the server ends it."""
    await tell_end(await join(url))


async def enters(url):
    """Tries to, and says with which HTTP status the server has refused."""
    try:
        await connect(url)
    except websockets.InvalidHandshake as error:
        say("status", str(error).rsplit(" ", 1)[-1])


async def answers_wrongly(url):
    """A binary message of exactly 16 bytes is an answer, the first 12 of them right; nothing else is."""
    right = answer()
    wrong = [b"", right[:15], right + b"\0", right + packet(b"early"), b"\xbf" + right[1:], "hello"]
    for message in wrong:
        ws = await connect(url)
        expect(await ws.recv(), GREETING, "greeting")
        await ws.send(message)
        await tell_end(ws)


async def too_large(url):
    """A message above the limit, and a small one that announces a packet above it."""
    for message in [packet(pattern(1001)), packet(pattern(1001))[:12]]:
        ws = await join(url)
        await ws.send(message)
        await tell_end(ws)


async def malformed(url):
    ws = await join(url)
    await ws.send(packet(b"good") + b"bad")
    await tell_end(ws)


if __name__ == "__main__":
    case, url = sys.argv[1:]
    asyncio.run(asyncio.wait_for(globals()[case](url), 25))
