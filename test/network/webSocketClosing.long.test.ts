import {
  destroySocket,
  DisconnectReason,
  NetworkError,
  NetworkSystem,
  NetworkType,
  sendRaw,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec, netSpec } from '../lib/netSpec.ts'
import { recordEnds, typesOf } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'
import { closeRawPeers, frame, isLeft, rawClient, rawServer } from '../transport/webSocketPeers.ts'

const { connect, data, disconnect } = NetworkType
const { closed, reset } = DisconnectReason
const mib = 1024 * 1024

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
}

netSpec(
  'a WebSocket whose peer has begun to close and keeps TCP open',
  (it) => {
    it('by a close frame: sends are notConnected at once, the event follows, nothing stands behind the answer', async (net) => {
      const { world, port, events } = net.server({ raw: true })
      const ends = recordEnds(world)
      try {
        const peer = await rawClient(port)
        await until(() => events.length === 1, [world])
        const client = events[0]!.socket!
        peer.send(frame(0x82, '01') + frame(0x88, '03e8') + frame(0x82, '02'))
        await until(() => peer.size >= 4)
        // No tick has run since: its event still waits.
        assert.is(sendRaw(world, client, Uint8Array.of(7)), NetworkError.notConnected)
        assert.is(sendRaw(world, [client], Uint8Array.of(7)), 0)
        await until(() => events.length === 3, [world])
        assert.equal(typesOf(events), [connect, data, disconnect])
        assert.equal(ends, [{ reason: closed, discarded: 0 }])
        assert.is(peer.isClosed, false)
        assert.is(peer.takeAll(), '880203e8')
        // It closes at last, and makes no second event.
        peer.close()
        await until(() => peer.isClosed, [world])
        await turns(10)
        assert.is(events.length, 3)
      } finally {
        closeRawPeers()
      }
    })

    for (const how of ['a close frame', 'ending its side'] as const)
      it(`by ${how}, while it reads nothing of much that waits: the event comes at once, the place is free`, async (net) => {
        const { world, port, events } = net.server(
          { raw: true, maxClients: 1 },
          { writeStallMs: 600_000, pingIntervalMs: 600_000 },
        )
        const ends = recordEnds(world)
        try {
          const peer = await rawClient(port)
          peer.socket.pause()
          await until(() => events.length === 1, [world])
          const client = events[0]!.socket!
          while (sendRaw(world, client, new Uint8Array(mib)) > 0) await turns(1)
          if (how === 'a close frame') peer.send(frame(0x88, '03e8'))
          else peer.end()
          await until(() => events.length === 2, [world])
          assert.is(ends[0]!.reason, how === 'a close frame' ? closed : reset)
          const next = await rawClient(port)
          await until(() => events.length === 3, [world])
          assert.is(isLeft(next), false)
          // Our end of it does not stay either: there are this peer, the next, and the server's end of the next.
          await until(() => openSockets() <= 3, [world], 20_000)
        } finally {
          closeRawPeers()
        }
      })

    it('a client of ours: its peer closes, it is told, and sends nothing more', () =>
      rawServer(async (peer, client) => {
        peer.send('820105880203e8')
        await until(() => client.isOver)
        assert.equal(client.log, ['opened', 'b:05', `ended ${closed}`])
        assert.is(client.connection!.isClosing!(), true)
      }))
  },
  { transport: SocketType.ws },
)

memorySpec('a connection by memory whose peer has closed while it was paused', (it) => {
  it('sends are notConnected although its end still waits behind what it has not read', (net) => {
    const { world, server, events } = net.server({ raw: true }, { queuedEventsMax: 1 })
    const guest = net.world()
    const { client, accepted } = net.link(world, server, guest, { raw: true })
    for (let count = 0; count < 3; count++) {
      sendRaw(guest, client, Uint8Array.of(count))
      NetworkSystem(guest)
    }
    assert.is(sendRaw(world, accepted, Uint8Array.of(9)), 1)
    destroySocket(guest, client)
    assert.is(sendRaw(world, accepted, Uint8Array.of(9)), NetworkError.notConnected)
    for (let count = 0; count < 5; count++) NetworkSystem(world)
    assert.equal(typesOf(events), [connect, data, data, data, disconnect])
  })
})
