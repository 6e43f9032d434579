// Peers that claim large packets and send twelve bytes: no memory is taken for what has not come.

import { NetworkSystem, NetworkType, SocketType } from 'bitecs-networking'
import { type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { helloPacket } from '../lib/gameMaker.ts'
import { onEach } from '../lib/recordEvents.ts'
import { amountOf, figure } from '../lib/row.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { until } from '../lib/until.ts'
import { withNet } from '../lib/withNet.ts'
import { dial, messageOf, shakeHands, sourceOf, type Way } from '../reliability/visit.ts'
import { spec } from '../spec.ts'

const mebibyte = 1024 * 1024
const peers = amountOf({ test: 200, ci: 1_000 })
const grownMax = 16 * mebibyte * (peers / 1_000)
/** As many connect at a time. */
const groupSize = 50

const hello = Buffer.from(helloPacket, 'hex')
/** The header of a packet of 4 MiB, and nothing of its content. */
const packetHead = Buffer.from('dec0adde0c00000000004000', 'hex')
/** The header of a frame of 4 MiB and the first four bytes of its content; its mask is 0. */
const frameHead = Buffer.from('82ff000000000040000000000000dec0adde', 'hex')

async function memory(): Promise<number> {
  for (let run = 0; run < 2; run++) {
    globalThis.gc?.()
    await delay(100)
  }
  return process.memoryUsage().arrayBuffers
}

async function claim(net: TestNet, name: string, way: Way, claimed: Uint8Array): Promise<void> {
  const { world, port } = net.server()
  const heard = { connects: 0, messages: 0, ends: 0 }
  onEach(world, ({ type }) => {
    if (type === NetworkType.connect) heard.connects++
    else if (type === NetworkType.data) heard.messages++
    else heard.ends++
  })
  const sockets: Socket[] = []
  while (sockets.length < peers) {
    const group = Array.from({ length: groupSize }, async (_, index) => {
      const socket = dial(way, port, sourceOf(sockets.length + index))
      net.keep({ close: () => socket.destroy() })
      assert.ok(await shakeHands(socket, way))
      return socket
    })
    sockets.push(...(await Promise.all(group)))
    NetworkSystem(world)
  }
  await until(() => heard.connects === peers, [world])
  const before = await memory()
  // The message before it shows that the claim has come too.
  const bytes = Buffer.concat([messageOf(way, hello), claimed])
  for (const socket of sockets) socket.write(bytes)
  await until(() => heard.messages === peers, [world])
  const grown = (await memory()) - before
  figure(
    'R-04',
    `${name}, ${peers} peers claim 4 MiB: arrayBuffers + ${(grown / mebibyte).toFixed(1)} MiB`,
  )
  assert.is(heard.ends, 0)
  assert.ok(grown <= grownMax, `${grown} bytes`)
}

spec(
  'claims of 4 MiB',
  (it) => {
    it(
      `TCP: ${peers} peers`,
      withNet((net) => claim(net, 'TCP', 'tcp', packetHead)),
    )
    const transport = SocketType.ws
    it(
      `WebSocket: ${peers} peers, in the header of a packet`,
      withNet((net) => claim(net, 'WebSocket, packet', 'ws', messageOf('ws', packetHead)), {
        transport,
      }),
    )
    it(
      `WebSocket: ${peers} peers, in the header of a frame`,
      withNet((net) => claim(net, 'WebSocket, frame', 'ws', frameHead), { transport }),
    )
  },
  60_000,
)
