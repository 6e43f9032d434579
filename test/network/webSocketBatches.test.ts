import { query, type World } from 'bitecs'
import {
  AcceptedBy,
  connectSocket,
  createServer,
  createSocket,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  sendPacket,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { authority, localCertificate } from '../lib/certificates.ts'
import { mulberry32 } from '../lib/random.ts'
import { onEach } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'

const ticks = 400
const perTick = 20

/** Different in every message, so that bytes of another show. */
function messageOf(number: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at++) bytes[at] = number * 31 + at * 7 + (number >> 8)
  return bytes
}

/** What a world receives, compared at once with what should come. */
function checkAll(world: World, sizes: readonly number[]): { count: number } {
  const seen = { count: 0 }
  onEach(world, (load) => {
    if (load.type !== NetworkType.data) return
    const expected = messageOf(seen.count, sizes[seen.count]!)
    if (!Buffer.from(getBufferBytes(load.buffer)).equals(expected))
      assert.unreachable(`message ${seen.count} is not as it was sent`)
    seen.count++
  })
  return seen
}

netSpec('the memory of what is sent over WebSocket', (it) => {
  for (const name of ['ws', 'wss'] as const)
    it(`${name} :: is not used again before it has left, in ${ticks} ticks both ways`, async (net) => {
      const random = mulberry32(7)
      const sizes = Array.from({ length: ticks * perTick }, () => Math.floor(random() * 3_000))
      // Small queues: the receivers stop reading again and again, and the senders' batches have to wait.
      const settings = {
        queuedEventsMax: 16,
        eventsPerSocketMax: 50,
        acceptedSendQueueBytesMax: 2 ** 26,
        clientSendQueueBytesMax: 2 ** 26,
        clientMessageBytesMax: 4_096,
        queuedBytesMax: 4_096,
      }
      const host = net.world(settings)
      const guest = net.world(settings)
      const certificate = name === 'wss' ? { certificate: localCertificate } : {}
      const server = createServer(host, SocketType[name], 0, certificate)
      const socket = createSocket(guest, SocketType[name])
      const port = Socket(host).port[server]!
      assert.is(await connectSocket(guest, socket, '127.0.0.1', port, { ca: authority }), socket)
      const clients = (): readonly number[] => [...query(host, [Socket, AcceptedBy(server)])]
      await until(() => clients().length === 1, [host, guest])
      const accepted = clients()[0]!
      const atHost = checkAll(host, sizes)
      const atGuest = checkAll(guest, sizes)
      for (let tick = 0; tick < ticks; tick++) {
        for (let index = tick * perTick; index < (tick + 1) * perTick; index++) {
          const bytes = messageOf(index, sizes[index]!)
          assert.ok(sendPacket(host, accepted, bytes) >= 0)
          assert.ok(sendPacket(guest, socket, bytes) >= 0)
        }
        NetworkSystem(host)
        NetworkSystem(guest)
        if (tick % 8 === 0) await turns(1)
      }
      await until(
        () => atHost.count === sizes.length && atGuest.count === sizes.length,
        [host, guest],
      )
    })
})
