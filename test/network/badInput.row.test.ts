// Bad input closes the connection that it comes from, at once and with one event, and no other connection loses a message.

import { type EntityId, type World } from 'bitecs'
import { getBufferBytes, NetworkSystem, NetworkType, SocketType } from 'bitecs-networking'
import { type Socket } from 'node:net'
import * as assert from 'uvu/assert'
import { packet, u32 } from '../lib/gameMaker.ts'
import { mulberry32 } from '../lib/random.ts'
import { onEach } from '../lib/recordEvents.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { until } from '../lib/until.ts'
import { withNet } from '../lib/withNet.ts'
import { dial, messageOf, shakeHands, sourceOf } from '../reliability/visit.ts'
import { spec } from '../spec.ts'

const others = 100
/** Attackers of each kind. */
const repeats = amountOf({ test: 2, ci: 20, soak: 200 })
const limitBytes = 4 * 1024 * 1024
const random = mulberry32(rowSeed)

interface Attack {
  readonly name: string
  readonly bytes: () => Uint8Array
  /** It is not in a message of WebSocket, but instead of one. */
  readonly isFrame?: boolean
}

const attacks: readonly Attack[] = [
  { name: 'a wrong magic', bytes: () => hex('dec0addf0c0000000500000068656c6c6f') },
  { name: 'a header of 13 bytes', bytes: () => hex('dec0adde0d00000000000000') },
  { name: 'a byte above the limit', bytes: () => hex(`dec0adde0c000000${u32(limitBytes + 1)}`) },
  { name: 'a length of 4 GiB', bytes: () => hex('dec0adde0c000000ffffffff') },
  { name: 'garbage', bytes: garbage },
]
const frameAttacks: readonly Attack[] = [
  ...attacks,
  { name: 'a frame without mask', bytes: () => hex('820100'), isFrame: true },
]

function hex(text: string): Uint8Array {
  return Buffer.from(text, 'hex')
}

/** Random bytes that do not begin as a packet does. */
function garbage(): Uint8Array {
  const bytes = Uint8Array.from({ length: 12 + Math.floor(random() * 100) }, () => random() * 256)
  bytes[0]! &= 0x7f
  return bytes
}

/** What the server has heard of each connection. */
interface Heard {
  readonly ends: EntityId[]
  /** The number that is next, by socket. */
  readonly next: Map<EntityId, number>
  connects: EntityId[]
  wrong: number
}

function listen(world: World): Heard {
  const heard: Heard = { ends: [], next: new Map(), connects: [], wrong: 0 }
  onEach(world, (asyncLoad) => {
    if (asyncLoad.type === NetworkType.connect) heard.connects.push(asyncLoad.socket)
    else if (asyncLoad.type === NetworkType.disconnect) heard.ends.push(asyncLoad.socket)
    else if (asyncLoad.type === NetworkType.data) {
      const { id, buffer } = asyncLoad
      const number = heard.next.get(id) ?? 0
      const bytes = getBufferBytes(buffer)
      if (bytes.length === 4 && Buffer.from(bytes).readUInt32LE() === number)
        heard.next.set(id, number + 1)
      else heard.wrong++
    }
  })
  return heard
}

async function attackAll(net: TestNet, way: 'tcp' | 'ws', kinds: readonly Attack[]): Promise<void> {
  const { world, port } = net.server({ malformed: 'close', messageBytesMax: limitBytes })
  const heard = listen(world)
  let dialled = 0
  const join = async (): Promise<Socket> => {
    const socket = dial(way, port, sourceOf(dialled++))
    net.keep({ close: () => socket.destroy() })
    assert.ok(await shakeHands(socket, way))
    return socket
  }
  const good = await Promise.all(Array.from({ length: others }, join))
  await until(() => heard.connects.length === others, [world])
  const players = [...heard.connects]
  let rounds = 0
  const sayAll = (): void => {
    const bytes = messageOf(way, hex(packet(u32(rounds++))))
    for (const socket of good) socket.write(bytes)
  }
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const { name, bytes, isFrame = false } of kinds) {
      heard.connects = []
      const attacker = await join()
      await until(() => heard.connects.length === 1, [world])
      const over = overOf(attacker)
      const before = heard.ends.length
      sayAll()
      attacker.write(isFrame ? bytes() : messageOf(way, bytes()))
      sayAll()
      // No tick runs meanwhile.
      await until(() => over.isOver)
      assert.is(heard.ends.length, before, name)
      NetworkSystem(world)
      assert.equal(heard.ends.slice(before), heard.connects, `seed ${rowSeed}: ${name}`)
    }
  await until(() => players.every((player) => heard.next.get(player) === rounds), [world])
  NetworkSystem(world)
  const count = repeats * kinds.length
  figure(
    'R-03',
    `${way}, ${count} bad peers: ${heard.ends.length} closed before the next tick; ${others} others lost ` +
      `0 of ${others * rounds} messages`,
  )
  assert.is(heard.ends.length, count)
  assert.is(heard.wrong, 0)
  for (const player of players) assert.not(heard.ends.includes(player))
}

/** Whether the other side has ended the connection, over WebSocket by a close frame. */
function overOf(socket: Socket): { isOver: boolean } {
  const over = { isOver: false }
  const end = (): void => void (over.isOver = true)
  socket.once('end', end)
  socket.once('close', end)
  socket.on('data', ([first]: Buffer) => {
    if (first === 0x88) end()
  })
  return over
}

spec(
  'bad input',
  (it) => {
    it(
      `TCP: it closes its own connection, and ${others} others lose nothing`,
      withNet((net) => attackAll(net, 'tcp', attacks)),
    )
    it(
      `WebSocket: it closes its own connection, and ${others} others lose nothing`,
      withNet((net) => attackAll(net, 'ws', frameAttacks), { transport: SocketType.ws }),
    )
  },
  120_000,
)
