import {
  createVirtualClock,
  DisconnectReason,
  NetworkSystem,
  sendRaw,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { recordEnds } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'
import {
  closeRawPeers,
  frame,
  isLeft,
  rawClient,
  takeHead,
  upgradeRequest,
} from '../transport/webSocketPeers.ts'

/** What a peer that reads nothing sends in the meantime. */
const talk: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a message', frame(0x82, '01')],
  ['a ping, which is answered', frame(0x89, '01')],
  ['a pong', frame(0x8a)],
]

netSpec(
  'a WebSocket peer that reads nothing is ended after writeStallMs',
  (it) => {
    for (const [what, bytes] of talk)
      it(`though it is pinged, and sends ${what} every second`, async (net) => {
        const clock = createVirtualClock()
        const { world, port, events } = net.server(
          { raw: true },
          { clock, writeStallMs: 10_000, pingIntervalMs: 1_000, pongTimeoutMs: 600_000 },
        )
        const ends = recordEnds(world)
        try {
          const peer = await rawClient(port)
          await until(() => events.length === 1, [world])
          peer.socket.pause()
          const client = events[0]!.socket!
          const message = new Uint8Array(64 * 1024)
          // Until the operating system takes no more, and the queue is full.
          await until(
            () => sendRaw(world, client, message) < 0,
            () => void 0,
            20_000,
          )
          await turns(50)
          let seconds = 0
          while (ends.length === 0 && seconds < 60) {
            if (bytes !== '') peer.send(bytes)
            await turns(20)
            NetworkSystem(world)
            clock.advance(1_000)
            seconds++
          }
          assert.equal(
            ends.map(({ reason }) => reason),
            [DisconnectReason.timedOut],
          )
          assert.ok(seconds >= 10, `after ${seconds} s`)
        } finally {
          closeRawPeers()
        }
      })
  },
  { transport: SocketType.ws },
)

/** Sends a text bit by bit, from now on. Returns what stops it. */
function drip(peer: RawPeer, bytes: Uint8Array, everyMs: number): () => void {
  let at = 0
  const timer = setInterval(() => {
    if (at < bytes.length && !isLeft(peer)) peer.send(bytes.subarray(at, ++at))
  }, everyMs)
  return () => clearInterval(timer)
}

netSpec(
  'a WebSocket handshake has one time limit, from when the connection comes in',
  (it) => {
    const handshakeTimeoutMs = 2_000
    /** Nearly twice the limit, which two limits one after the other would need. */
    const tooLateMs = 3_850

    for (const [how, silentMs] of [
      ['slow bytes from the beginning', 0],
      ['silence for most of it, then slow bytes', 1_900],
    ] as const)
      it(`${how}: it is over at the limit`, async (net) => {
        const { world, server, port } = net.server({}, { handshakeTimeoutMs })
        const start = performance.now()
        const peer = net.keep(await RawPeer.connect(port))
        await until(() => performance.now() - start >= silentMs)
        const stop = drip(peer, upgradeRequest(), 50)
        try {
          await until(() => isLeft(peer))
        } finally {
          stop()
        }
        assert.ok(performance.now() - start < tooLateMs, `${performance.now() - start} ms`)
        await until(() => Socket(world).failedHandshakes[server] === 1)
      })

    it("GameMaker's handshake has what the upgrade has left of it", async (net) => {
      const clock = createVirtualClock()
      const { world, server, port } = net.server({}, { handshakeTimeoutMs: 60_000, clock })
      const peer = net.keep(await RawPeer.connect(port))
      const start = performance.now()
      await until(() => performance.now() - start >= 1_000)
      peer.send(upgradeRequest())
      await takeHead(peer)
      await until(() => peer.size > 0)
      // It stands still for the transport, whose time is real.
      clock.advance(60_000 - 200)
      await until(() => isLeft(peer))
      assert.is(Socket(world).failedHandshakes[server], 1)
    })

    it('a handshake that is done in time is not ended by it', async (net) => {
      const { world, port, events } = net.server({ raw: true }, { handshakeTimeoutMs: 300 })
      const start = performance.now()
      try {
        const peer = await rawClient(port)
        await until(() => performance.now() - start > 600 && events.length === 1, [world])
        peer.send(frame(0x82, '01'))
        await until(() => events.length === 2, [world])
      } finally {
        closeRawPeers()
      }
    })
  },
  { transport: SocketType.ws },
)
