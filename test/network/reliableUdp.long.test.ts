import { type EntityId, type World } from 'bitecs'
import {
  createServer,
  createSocket,
  DisconnectReason,
  getBufferBytes,
  NetworkType,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createHash } from 'node:crypto'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { LossyProxy } from '../lib/LossyProxy.ts'
import { mulberry32 } from '../lib/random.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { onEach, recordEvents } from '../lib/recordEvents.ts'
import { figure, rowSeed as seed } from '../lib/row.ts'
import { withNet } from '../lib/withNet.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

const messagesPerSender = 2_500
const senders = 4
const bytesMax = 65_536

/** The network of the goal: 10 % loss, 50 to 150 ms, 5 % duplicates, and so many that change places. */
const bad = { loss: 0.1, duplicate: 0.05, swap: 0.05, delayMs: 50, jitterMs: 100 }

interface End {
  readonly world: World
  readonly socket: EntityId
}

function bind(net: TestNet, kind: 'server' | 'client', reliable: true | 'ordered'): End {
  const world = net.world()
  const socket =
    kind === 'server' ? createServer(world, SocketType.udp, 0) : createSocket(world, SocketType.udp)
  assert.is(setNetworkConfig(world, socket, { reliable }), 0)
  return { world, socket }
}

/** Messages of 1 B to 64 KiB, as many of 1 to 2 bytes as of 32 to 64 KiB. The first byte tells the sender. */
function createMessages(sender: number): Uint8Array[] {
  const random = mulberry32(seed + sender)
  return Array.from({ length: messagesPerSender }, () => {
    const size = Math.max(1, Math.floor(2 ** (random() * Math.log2(bytesMax + 1))))
    const bytes = new Uint8Array(size)
    for (let at = 1; at < size; at++) bytes[at] = random() * 256
    bytes[0] = sender
    return bytes
  })
}

const hashOf = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('base64')

/** Sends all messages through a bad network; gives their hashes by sender, as sent and as heard. */
async function play(
  net: TestNet,
  reliable: true | 'ordered',
): Promise<{ sent: string[][]; heard: string[][] }> {
  const server = bind(net, 'server', reliable)
  const targetPort = Socket(server.world).port[server.socket]!
  const proxy = await LossyProxy.open({ targetPort, seed, toTarget: bad, toClient: bad })
  try {
    const heard: string[][] = Array.from({ length: senders }, () => [])
    let count = 0
    onEach(server.world, (load) => {
      assert.is(load.type, NetworkType.data)
      if (load.type !== NetworkType.data) return
      const bytes = getBufferBytes(load.buffer)
      heard[bytes[0]!]!.push(hashOf(bytes))
      count++
    })
    const queues = Array.from({ length: senders }, (_, sender) => createMessages(sender))
    const clients = queues.map(() => bind(net, 'client', reliable))
    const next = queues.map(() => 0)
    const worlds = [server.world, ...clients.map(({ world }) => world)]
    await until(
      () => {
        for (const [index, { world, socket }] of clients.entries()) {
          const queue = queues[index]!
          // What finds no room in the send queue is tried again later.
          while (next[index]! < queue.length) {
            if (sendUdp(world, socket, '127.0.0.1', proxy.port, queue[next[index]!]!) < 0) break
            next[index]!++
          }
        }
        return count >= senders * messagesPerSender
      },
      worlds,
      200_000,
    )
    // What is on its way still must not bring a message again.
    await until(() => proxy.pending === 0, worlds)
    return { sent: queues.map((queue) => queue.map(hashOf)), heard }
  } finally {
    proxy.close()
  }
}

spec(
  `reliable UDP through a bad network (SEED=${seed})`,
  (it) => {
    it(
      '10,000 messages of 1 B to 64 KiB arrive exactly once, byte for byte',
      withNet(async (net) => {
        const { sent, heard } = await play(net, true)
        for (let sender = 0; sender < senders; sender++)
          assert.equal(heard[sender]!.sort(), sent[sender]!.sort())
        figure('R-14', `over UDP, ${senders * messagesPerSender} messages: each once`)
      }),
    )

    it(
      '10,000 messages arrive in order in the ordered mode',
      withNet(async (net) => {
        const { sent, heard } = await play(net, 'ordered')
        assert.equal(heard, sent)
        figure('R-14', `over UDP, ${senders * messagesPerSender} messages: each once, in order`)
      }),
    )
  },
  220_000,
)

netSpec('reliable UDP', (it) => {
  it('tells of a dead peer after 10 s, once, and why', async (net) => {
    const server = bind(net, 'server', true)
    const client = bind(net, 'client', true)
    const targetPort = Socket(server.world).port[server.socket]!
    const proxy = await LossyProxy.open({ targetPort, seed })
    try {
      const heard = recordEvents(server.world)
      const told = recordEvents(client.world)
      const worlds = [server.world, client.world]
      const send = (text: string): number =>
        sendUdp(client.world, client.socket, '127.0.0.1', proxy.port, Buffer.from(text))
      assert.is(send('one'), 15)
      await until(() => heard.length === 1, worlds)
      proxy.isBlackhole = true
      const start = performance.now()
      assert.is(send('two'), 15)
      await until(() => told.length > 0, worlds, 12_000)
      const seconds = (performance.now() - start) / 1_000
      assert.ok(seconds > 9 && seconds < 11, `told after ${seconds} s`)
      figure('R-14', `over UDP, a peer that died: told after ${seconds.toFixed(1)} s`)
      assert.equal(told, [
        {
          type: NetworkType.disconnect,
          id: client.socket,
          ip: '127.0.0.1',
          port: proxy.port,
          socket: client.socket,
          succeeded: 0,
        },
      ])
      assert.is(Socket(client.world).disconnectReason[client.socket], DisconnectReason.timedOut)
      proxy.isBlackhole = false
      assert.is(send('three'), 17)
      await until(() => heard.length === 2, worlds)
      assert.is(heard[1]!.buffer, Buffer.from('three').toString('hex'))
      assert.is(told.length, 1)
    } finally {
      proxy.close()
    }
  })
})
