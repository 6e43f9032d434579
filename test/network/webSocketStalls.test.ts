import {
  createVirtualClock,
  DisconnectReason,
  NetworkSystem,
  sendRaw,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { recordEnds } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'
import { closeRawPeers, frame, rawClient } from '../transport/webSocketPeers.ts'

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
