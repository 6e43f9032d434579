"""A WebSocket server that knows nothing of bitecs-networking: server.py CASE. It serves one client on any port."""

import asyncio
import sys

import websockets

from gamemaker import GREETING, SIZES, WELCOME, PacketReader, answer, expect, packet, pattern, say


async def greet(ws, game_id=0):
    await ws.send(GREETING)
    expect(await ws.recv(), answer(game_id), "answer")


async def welcome(ws, game_id=0):
    await greet(ws, game_id)
    await ws.send(WELCOME)


async def tell_end(ws):
    await asyncio.wait_for(ws.wait_closed(), 10)
    say("closed", ws.close_code)


async def packets(ws):
    """Asks for packets of many sizes, gets each in one message, and sends as many."""
    await welcome(ws, 77)
    for size in SIZES:
        await ws.send(packet(pattern(size)))
    for size in SIZES:
        expect(await ws.recv(), packet(pattern(size)), f"echo of {size} bytes")
    await tell_end(ws)


async def cuts(ws):
    """The limits of messages mean nothing to packets; the greeting and the welcome have something behind them."""
    await ws.send(GREETING + b"more")
    expect(await ws.recv(), answer(), "answer")
    large = pattern(300)
    whole = packet(large)
    await ws.send(WELCOME + packet(b"at once") + whole[:3])
    await ws.send(whole[3:])
    await ws.send(packet(b"") + packet(b"three") + packet(large))
    for cut in [1, 4, 8, 11, 12, 13, len(whole) - 1]:
        await ws.send(whole[:cut])
        await ws.send(whole[cut:])
    await ws.send([whole[:5], whole[5:12], b"", whole[12:]])
    reader = PacketReader()
    wanted = [b"at once", large, b"", b"three", large] + 8 * [large]
    echoed = []
    while len(echoed) < len(wanted):
        echoed += reader.feed(await ws.recv())
    expect(b"|".join(echoed), b"|".join(wanted), "echoes")
    await tell_end(ws)


async def raw(ws):
    messages = ["hé", b"h\xc3\xa9", "", b"", "\0", "\ufeff€ 😀", pattern(1 << 20), "ü" * (1 << 19)]
    for message in messages:
        await ws.send(message)
    for message in messages:
        expect(await ws.recv(), message, "echo")
    await tell_end(ws)


async def closes(ws):
    await welcome(ws)
    await ws.send(packet(b"goodbye"))
    await ws.close(1001)
    await tell_end(ws)


async def breaks(ws):
    await welcome(ws)
    await ws.send(packet(b"goodbye") + packet(pattern(100))[:50])
    pong = await ws.ping()
    await asyncio.wait_for(pong, 10)
    ws.transport.abort()


async def greets_wrongly(ws):
    await ws.send(GREETING[:17] + b"!")
    await tell_end(ws)


async def welcomes_wrongly(ws):
    await greet(ws)
    await ws.send(WELCOME[:11] + b"!")
    await tell_end(ws)


async def main(case):
    done = asyncio.Future()

    async def handle(ws, _path=None):
        say("extensions", len(ws.extensions) if hasattr(ws, "extensions") else 0)
        try:
            await case(ws)
            done.set_result(None)
        except Exception as error:
            done.set_exception(error)

    async with websockets.serve(handle, "127.0.0.1", 0, max_size=8 << 20, ping_interval=None) as server:
        say("port", server.sockets[0].getsockname()[1])
        await done


if __name__ == "__main__":
    asyncio.run(asyncio.wait_for(main(globals()[sys.argv[1]]), 25))
