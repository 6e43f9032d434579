import { hasComponent } from 'bitecs'
import {
  Connected,
  connectSocket,
  createServer,
  createVirtualClock,
  DisconnectReason,
  flushNetwork,
  NetworkError,
  NetworkSystem,
  NetworkType,
  sendPacket,
  sendRaw,
  setSocketTimeout,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { hello, helloPacket, packet, u32 } from '../lib/gameMaker.ts'
import { HeldConnection, holdConnection } from '../lib/HeldConnection.ts'
import { type ServerHost } from '../lib/TestNet.ts'
import { messagesOf, onEach, recordEvents } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'

const mebibyte = 1024 * 1024

function arrayBuffers(): number {
  globalThis.gc?.()
  return process.memoryUsage().arrayBuffers
}

/** The reason of each connection that ends, read in its disconnect event. */
function recordReasons({ world }: ServerHost): number[] {
  const reasons: number[] = []
  onEach(world, (load) => {
    if (load.type === NetworkType.disconnect)
      reasons.push(Socket(world).disconnectReason[load.socket]!)
  })
  return reasons
}

netSpec('peers that read too slowly (R-12)', (it) => {
  it('sends are refused above the limit, others are not concerned, and the stall ends it', async (net) => {
    const cap = 256 * 1024
    const host = await net.joined({}, { acceptedSendQueueBytesMax: cap })
    const { world, peer: slow, client, port, events } = host
    const reasons = recordReasons(host)
    slow.socket.pause()
    const reader = await net.join(port)
    await until(() => events.length === 2, [world])
    const other = events[1]!.socket!

    const before = arrayBuffers()
    const message = new Uint8Array(64 * 1024)
    let offered = 0
    let result = 0
    await until(
      () => result < 0,
      () => {
        result = sendPacket(world, client, message)
        offered += message.length
        assert.is(sendPacket(world, other, Buffer.from('hello')), 17)
        NetworkSystem(world)
      },
    )
    assert.is(result, NetworkError.sendQueueFull)
    assert.ok(offered <= 256 * mebibyte)
    const grown = arrayBuffers() - before
    assert.ok(grown <= cap + 16 * mebibyte, `${grown} bytes`)
    const { bytesOut } = Socket(world)
    const sent = bytesOut[client]!
    assert.is(sendPacket(world, client, Buffer.from('x')), NetworkError.sendQueueFull)
    NetworkSystem(world)
    assert.is(bytesOut[client], sent)
    const rounds = offered / message.length
    assert.is(await reader.take(17 * rounds, [world]), helloPacket.repeat(rounds))

    assert.equal(reasons, [])
    assert.is(setSocketTimeout(world, client, 0, 50), 0)
    await until(() => reasons.length === 1, [world])
    assert.equal(reasons, [DisconnectReason.timedOut])
    assert.is(sendPacket(world, other, Buffer.from('hello')), 17)
    assert.is(await reader.take(17, [world]), helloPacket)
    assert.is(sendPacket(world, client, Buffer.from('x')), NetworkError.unknownSocket)
  })

  it('a message of any size fits while the queue is not full', async (net) => {
    const { world, peer, client } = await net.joined({}, { acceptedSendQueueBytesMax: 1_000 })
    const size = 3 * mebibyte
    assert.is(sendPacket(world, client, new Uint8Array(size)), size + 12)
    assert.is(sendPacket(world, client, Buffer.from('x')), NetworkError.sendQueueFull)
    await until(() => peer.size === size + 12, [world])
    assert.is(sendPacket(world, client, Buffer.from('x')), 13)
    await until(() => peer.size === size + 25, [world])
  })

  it('a peer that takes nothing is ended, though the game goes on sending to it', async (net) => {
    const host = await net.joined({}, { acceptedSendQueueBytesMax: 64 * mebibyte })
    const { world, peer, client } = host
    const reasons = recordReasons(host)
    peer.socket.pause()
    setSocketTimeout(world, client, 0, 100)
    // More than the operating system takes.
    sendPacket(world, client, new Uint8Array(32 * mebibyte))
    await until(
      () => reasons.length > 0,
      () => {
        sendPacket(world, client, Buffer.from('x'))
        NetworkSystem(world)
      },
      5_000,
    )
    assert.equal(reasons, [DisconnectReason.timedOut])
  })

  for (const [what, taken, isEnded] of [
    ['as much as is sent', 500, false],
    ['one byte a second', 1, false],
    ['nothing', 0, true],
  ] as const)
    it(`a peer that takes ${what} is ${isEnded ? '' : 'not '}ended`, async (net) => {
      const clock = createVirtualClock()
      const world = net.world({ clock, writeStallMs: 15_000 })
      const events = recordEvents(world)
      const connection = new HeldConnection()
      createServer(world, holdConnection(connection), 1, { raw: true })
      await until(() => events.length === 1, [world])
      const client = events[0]!.socket!
      sendRaw(world, client, new Uint8Array(1_000))
      let seconds = 0
      while (seconds < 60 && !connection.wasReset) {
        sendRaw(world, client, new Uint8Array(500))
        NetworkSystem(world)
        clock.advance(1_000)
        connection.take(taken)
        seconds++
      }
      assert.is(connection.wasReset, isEnded, `after ${seconds} s`)
      if (isEnded) assert.ok(seconds >= 15 && seconds <= 16, `after ${seconds} s`)
      else assert.ok(hasComponent(world, client, Connected))
    })

  it('a transport that counts its pings among what waits: they are no progress of a peer that takes nothing', async (net) => {
    const clock = createVirtualClock()
    const world = net.world({ clock, writeStallMs: 15_000 })
    const events = recordEvents(world)
    const connection = new HeldConnection()
    createServer(world, holdConnection(connection), 1, { raw: true })
    await until(() => events.length === 1, [world])
    sendRaw(world, events[0]!.socket!, new Uint8Array(1_000))
    let seconds = 0
    while (seconds < 60 && !connection.wasReset) {
      NetworkSystem(world)
      clock.advance(1_000)
      connection.pendingBytes += 2
      seconds++
    }
    assert.ok(seconds >= 15 && seconds <= 17, `after ${seconds} s`)
  })

  it('a peer that takes one large message slowly and steadily is not ended', async (net) => {
    const clock = createVirtualClock()
    const host = await net.joined({}, { clock })
    const { world, peer, client } = host
    const reasons = recordReasons(host)
    const size = 64 * mebibyte
    setSocketTimeout(world, client, 0, 20_000)
    assert.is(sendPacket(world, client, new Uint8Array(size)), size + 12)
    let seen = 0
    await until(
      () => seen === size + 12 || reasons.length > 0,
      () => {
        // Time goes by the bytes: 640 KiB a second, 12.5 MiB in the time limit.
        clock.advance((peer.size - seen) / 655.36)
        seen = peer.size
        NetworkSystem(world)
      },
    )
    assert.equal(reasons, [], `after ${seen} bytes and ${Math.round(clock.now())} ms`)
  })

  it('what waits for it takes the memory it is counted with, also in small messages', async (net) => {
    const { world, peer, client } = await net.joined(
      {},
      {
        acceptedSendQueueBytesMax: 64 * mebibyte,
      },
    )
    peer.socket.pause()
    sendPacket(world, client, new Uint8Array(32 * mebibyte))
    NetworkSystem(world)
    await turns(20)
    const before = arrayBuffers()
    const count = 20_000
    for (let index = 0; index < count; index++) {
      assert.is(sendPacket(world, client, Uint8Array.of(7)), 13)
      flushNetwork(world)
    }
    const grown = arrayBuffers() - before
    assert.ok(grown <= count * 13 + 16 * mebibyte, `${grown} bytes for ${count * 13}`)
  })
})

netSpec('packets that are never finished', (it) => {
  it('end the connection after readMs', async (net) => {
    const clock = createVirtualClock()
    const host = await net.joined({}, { clock })
    const { world, peer, client, events } = host
    const reasons = recordReasons(host)
    assert.is(setSocketTimeout(world, client, 500, 1_000), 0)
    const started = clock.now()
    peer.send(helloPacket + helloPacket.slice(0, 30))
    await until(
      () => reasons.length === 1,
      () => {
        clock.advance(10)
        NetworkSystem(world)
      },
    )
    assert.ok(clock.now() - started >= 500)
    assert.equal(reasons, [DisconnectReason.timedOut])
    assert.equal(messagesOf(events), [hello])
    await until(() => peer.isClosed, [world])
  })

  it('silence between packets does not', async (net) => {
    const clock = createVirtualClock()
    const { world, peer, client, events } = await net.joined({}, { clock })
    setSocketTimeout(world, client, 500, 1_000)
    peer.send(helloPacket)
    await until(() => events.length === 2, [world])
    for (let tick = 0; tick < 100; tick++) {
      clock.advance(100)
      NetworkSystem(world)
    }
    peer.send(helloPacket)
    await until(() => events.length === 3, [world])
    assert.equal(messagesOf(events), [hello, hello])
  })

  it('a busy peer whose every chunk ends inside a packet is not ended: each packet is in time', async (net) => {
    const clock = createVirtualClock()
    const host = await net.joined({}, { clock })
    const { world, peer, client, events } = host
    setSocketTimeout(world, client, 500, 1_000)
    peer.send(helloPacket.slice(0, 20))
    for (let count = 1; count <= 20; count++) {
      peer.send(helloPacket.slice(20) + helloPacket.slice(0, 20))
      await until(() => events.length === count + 1, [world])
      assert.is(events.at(-1)!.type, NetworkType.data, `after ${clock.now()} ms`)
      clock.advance(100)
      NetworkSystem(world)
    }
    assert.is(events.length, 21)
  })

  it('the limit holds for a packet that had begun when it was set', async (net) => {
    const clock = createVirtualClock()
    const host = await net.joined({}, { clock })
    const { world, peer, client, events } = host
    const reasons = recordReasons(host)
    peer.send(helloPacket + helloPacket.slice(0, 30))
    await until(() => events.length === 2, [world])
    await turns(10)
    setSocketTimeout(world, client, 500, 1_000)
    for (let tick = 0; tick < 100; tick++) {
      clock.advance(100)
      NetworkSystem(world)
    }
    assert.equal(reasons, [DisconnectReason.timedOut])
  })

  it('a peer is not ended for what this side has not read yet', async (net) => {
    const clock = createVirtualClock()
    const host = await net.joined({}, { clock, queuedEventsMax: 8, eventsPerSocketMax: 1 })
    const { world, peer, client, events } = host
    const reasons = recordReasons(host)
    setSocketTimeout(world, client, 500, 1_000)
    const total = 100
    const payload = '07'.repeat(50_000)
    peer.send(packet(payload).repeat(total))
    await until(
      () => events.length === total + 1 || reasons.length > 0,
      () => {
        const before = events.length
        NetworkSystem(world)
        // Time goes by the events, so that it never runs ahead of what the operating system does.
        if (events.length > before) clock.advance(100)
      },
    )
    assert.equal(reasons, [])
    assert.ok(messagesOf(events).every((message) => message === payload))
  })

  it('a server has no such limit, and 0 takes it away', async (net) => {
    const clock = createVirtualClock()
    const { world, server, peer, client, events } = await net.joined({}, { clock })
    assert.is(setSocketTimeout(world, server, 500, 1_000), NetworkError.wrongRole)
    assert.is(setSocketTimeout(world, 9_999, 500, 1_000), NetworkError.unknownSocket)
    setSocketTimeout(world, client, 500, 1_000)
    peer.send(packet(u32(1)) + helloPacket.slice(0, 30))
    await until(() => events.length === 2, [world])
    setSocketTimeout(world, client, 0, 1_000)
    for (let tick = 0; tick < 100; tick++) {
      clock.advance(100)
      NetworkSystem(world)
    }
    peer.send(helloPacket.slice(30))
    await until(() => events.length === 3, [world])
    assert.equal(messagesOf(events), [u32(1), hello])
  })

  it('a client socket has the limit too', async (net) => {
    const clock = createVirtualClock()
    const { world, socket } = net.client({ clock })
    const host = net.server({ raw: true })
    assert.is(await connectSocket(world, socket, '127.0.0.1', host.port, { raw: true }), socket)
    assert.is(setSocketTimeout(world, socket, 500, 1_000), 0)
    for (let tick = 0; tick < 100; tick++) {
      clock.advance(100)
      NetworkSystem(world)
    }
    assert.is(hasComponent(world, socket, Connected), true)
  })
})
