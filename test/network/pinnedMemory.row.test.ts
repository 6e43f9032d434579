// Small messages do not keep the memory that they came in, however long a game that is paused leaves them waiting.

import { NetworkSystem, NetworkType, SocketType } from 'bitecs-networking'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { packet } from '../lib/gameMaker.ts'
import { onEach } from '../lib/recordEvents.ts'
import { amountOf, figure } from '../lib/row.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { until } from '../lib/until.ts'
import { withNet } from '../lib/withNet.ts'
import { dial, messageOf, shakeHands } from '../reliability/visit.ts'
import { spec } from '../spec.ts'

const mebibyte = 1024 * 1024
const messages = amountOf({ test: 100, ci: 2_000 })
const peers = 4
const keptMax = 8 * mebibyte * (messages / 2_000)
/** What fills the rest of a read of 64 KiB. */
const fillerBytes = 60_000
const message = Buffer.from(packet('07'), 'hex')

async function memory(): Promise<number> {
  for (let run = 0; run < 2; run++) {
    globalThis.gc?.()
    await delay(100)
  }
  return process.memoryUsage().arrayBuffers
}

async function pin(
  net: TestNet,
  name: string,
  way: 'tcp' | 'ws',
  write: Uint8Array,
): Promise<void> {
  const { world, port } = net.server()
  let connects = 0
  let heard = 0
  onEach(world, ({ type }) => {
    if (type === NetworkType.connect) connects++
    else if (type === NetworkType.data) heard++
  })
  const sockets = await Promise.all(
    Array.from({ length: peers }, async () => {
      const socket = dial(way, port)
      net.keep({ close: () => socket.destroy() })
      assert.ok(await shakeHands(socket, way))
      return socket
    }),
  )
  await until(() => connects === peers, [world])
  const before = await memory()
  // The world does not tick any more.
  for (let round = 0; round < messages / peers; round++) {
    const sent = sockets.map((socket) => new Promise((resolve) => socket.write(write, resolve)))
    await Promise.all(sent)
    // One read each.
    await delay(2)
  }
  const kept = (await memory()) - before
  NetworkSystem(world)
  await until(() => heard === messages || kept > keptMax, [world])
  figure(
    'R-06',
    `${name}, ${heard} messages of a byte wait: arrayBuffers + ${(kept / mebibyte).toFixed(1)} MiB`,
  )
  assert.ok(kept <= keptMax, `${kept} bytes`)
}

const writes = amountOf({ test: 1_000, ci: 100_000 })
const rssMax = 4 * mebibyte

/** A packet that never becomes whole arrives byte by byte, twice: what the first run needs for the first time is not judged. */
async function drip(net: TestNet, name: string, way: 'tcp' | 'ws'): Promise<void> {
  const { world, port } = net.server()
  const head = Buffer.alloc(12)
  head.writeUInt32LE(0xdeadc0de)
  head.writeUInt32LE(12, 4)
  head.writeUInt32LE(writes + 1, 8)
  const longHead = Buffer.concat([Buffer.from('82ff0000000000000000', 'hex'), Buffer.alloc(4)])
  longHead.writeUInt32BE(writes + 13, 6)
  let kept = 0
  let grown = 0
  for (let run = 0; run < 2; run++) {
    const socket = dial(way, port)
    net.keep({ close: () => socket.destroy() })
    assert.ok(await shakeHands(socket, way))
    const before = { kept: await memory(), rss: process.memoryUsage.rss() }
    socket.write(way === 'ws' ? Buffer.concat([longHead, head]) : head)
    const byte = Uint8Array.of(7)
    for (let count = 0; count < writes; count++) {
      const sent = new Promise((resolve) => socket.write(byte, resolve))
      await sent
      if (count % 2_000 === 0) NetworkSystem(world)
    }
    kept = (await memory()) - before.kept
    grown = process.memoryUsage.rss() - before.rss
    assert.is(socket.destroyed, false)
  }
  const [more, rss] = [kept, grown].map((bytes) => `${(bytes / mebibyte).toFixed(1)} MiB`)
  figure(
    'R-06',
    `${name}, ${writes} writes of a byte of one packet: arrayBuffers + ${more}, RSS + ${rss}`,
  )
  assert.ok(kept <= writes * 2 + mebibyte / 4, `${kept} bytes`)
  assert.ok(grown <= rssMax, `${grown} bytes of RSS`)
}

const filler = Buffer.alloc(fillerBytes, 1)
const rest = Buffer.concat([message, filler])
/** Both in a message of more than 125 bytes; its mask is 0. */
const longMessage = Buffer.concat([Buffer.from('82fe000000000000', 'hex'), rest])
longMessage.writeUInt16BE(rest.length, 2)
const pong = Buffer.concat([Buffer.from('8afd00000000', 'hex'), Buffer.alloc(125)])
const pongs = Buffer.concat(Array.from({ length: 450 }, () => pong))

spec(
  'a packet that arrives byte by byte',
  (it) => {
    it(
      'TCP',
      withNet((net) => drip(net, 'TCP', 'tcp')),
    )
    it(
      'WebSocket',
      withNet((net) => drip(net, 'WebSocket', 'ws'), { transport: SocketType.ws }),
    )
  },
  60_000,
)

spec(
  'messages of a byte that wait for a tick',
  (it) => {
    it(
      'TCP',
      withNet((net) => pin(net, 'TCP', 'tcp', message)),
    )
    it(
      'TCP, garbage behind each',
      withNet((net) => pin(net, 'TCP with garbage', 'tcp', rest)),
    )
    const transport = SocketType.ws
    const framed = messageOf('ws', message)
    it(
      'WebSocket',
      withNet((net) => pin(net, 'WebSocket', 'ws', framed), { transport }),
    )
    it(
      'WebSocket, garbage behind each',
      withNet((net) => pin(net, 'WebSocket with garbage', 'ws', longMessage), { transport }),
    )
    it(
      'WebSocket, pongs behind each',
      withNet((net) => pin(net, 'WebSocket with pongs', 'ws', Buffer.concat([framed, pongs])), {
        transport,
      }),
    )
  },
  60_000,
)
