// Peers whose handshake comes byte by byte: all are closed at the limit, and whoever is quicker gets in meanwhile.

import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { localCertificate } from '../lib/certificates.ts'
import { patience } from '../lib/patience.ts'
import { amountOf, figure, isSoak } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { play, type Program, withPrograms } from './Program.ts'
import { serverAnswers } from './rowServer.ts'
import { answerOf, dial, shakeHands, sourceOf, upgradeText, type Way } from './visit.ts'

const peers = amountOf({ test: 20, ci: 200, soak: 1_000 })
const limitMs = amountOf({ test: 300, ci: 3_000, soak: 10_000 })
/** A byte each. */
const everyMs = amountOf({ test: 30, ci: 300, soak: 1_000 })
/** How much later than at the limit one may be closed, and how long a guest may take. */
const lateMaxMs = isSoak ? 1_000 : 2_000 * patience
const guestMaxMs = isSoak ? 500 : 2_000 * patience
/** Guests that come in meanwhile, one after the other. */
const guests = amountOf({ test: 3, ci: 8, soak: 12 })

/** What comes byte by byte: the first that is said, or what follows an upgrade, or TLS, that was done at once. */
type Drip = 'answer' | 'request' | 'answerBehindUpgrade' | 'hello' | 'requestBehindTls'

interface Attack {
  readonly name: string
  readonly way: Way
  readonly drip: Drip
}

const attacks: readonly Attack[] = [
  { name: "TCP, GameMaker's handshake", way: 'tcp', drip: 'answer' },
  { name: 'WebSocket, the request', way: 'ws', drip: 'request' },
  { name: "WebSocket, GameMaker's handshake", way: 'ws', drip: 'answerBehindUpgrade' },
  { name: 'TLS', way: 'wss', drip: 'hello' },
  { name: 'TLS, the request', way: 'wss', drip: 'requestBehindTls' },
]

/** The beginning of a TLS record that is longer than it ever gets. */
const clientHello = Buffer.concat([Buffer.from('16030101fc010001f80303', 'hex'), Buffer.alloc(300)])

interface Drops {
  readonly way: Way
  readonly drip: Drip
  readonly port: number
}

/** How long each connection was open, in ms; sorted. */
let livesMs: number[] = []

const attackerAnswers = {
  /** Resolves when all have connected. */
  async begin({ way, drip, port }: Drops): Promise<void> {
    livesMs = []
    for (let index = 0; index < peers; index++) {
      void open({ way, drip, port }, index)
      // As many as a listener takes at a time.
      if (index % 50 === 49) await delay(5)
    }
  },
  lives: (): readonly number[] => livesMs.sort((a, b) => a - b),
}

async function open({ way, drip, port }: Drops, index: number): Promise<void> {
  const isPlain = drip === 'hello'
  // Not from its connect event, which this process may come to late.
  const start = performance.now()
  const socket = dial(isPlain ? 'tcp' : way, port, sourceOf(index))
  socket.once('close', () => livesMs.push(performance.now() - start))
  await once(socket, drip === 'requestBehindTls' ? 'secureConnect' : 'connect')
  if (drip === 'answerBehindUpgrade') {
    socket.write(upgradeText)
    await once(socket, 'data')
  }
  socket.resume()
  const bytes = bytesOf(drip, way)
  let at = 0
  const timer = setInterval(() => {
    if (socket.writable && at < bytes.length - 1) socket.write(bytes.subarray(at, ++at))
  }, everyMs)
  socket.once('close', () => clearInterval(timer))
}

function bytesOf(drip: Drip, way: Way): Uint8Array {
  if (drip === 'hello') return clientHello
  if (drip === 'request' || drip === 'requestBehindTls') return Buffer.from(upgradeText)
  return answerOf(way)
}

interface Programs {
  readonly server: Program<typeof serverAnswers>
  readonly attacker: Program<typeof attackerAnswers>
}

async function attack({ server, attacker }: Programs, { name, way, drip }: Attack): Promise<void> {
  const before = await server.ask('glance', undefined)
  const certificate = way === 'wss' ? { certificate: localCertificate } : {}
  const port = await server.ask('open', {
    way,
    options: { maxClients: peers + guests, ...certificate },
    config: { handshakeTimeoutMs: limitMs },
  })
  await attacker.ask('begin', { way, drip, port })
  const began = performance.now()
  const guestMs: number[] = []
  for (let guest = 0; guest < guests; guest++) {
    guestMs.push(await visit(way, port))
    await delay(limitMs / (guests + 2))
  }
  const [earliest, median, latest] = await livesOf(attacker, began + limitMs)
  const { connects, failedHandshakes, refused } = await server.ask('glance', undefined)
  const guestMax = Math.max(...guestMs)
  figure(
    'R-07',
    `${name}: ${peers} closed after ${earliest}, ${median}, ${latest} ms of ${limitMs} ` +
      `(first, median, last), guests in after ${guestMax.toFixed(0)} ms at most`,
  )
  // A place of `maxClients` is taken with the connect event.
  assert.is(connects - before.connects, guests, name)
  assert.is(refused, 0, name)
  assert.is(failedHandshakes, peers, name)
  assert.ok(earliest >= limitMs * 0.9, `${name}: the first after ${earliest} ms`)
  assert.ok(latest <= limitMs + lateMaxMs, `${name}: the last after ${latest} ms`)
  assert.ok(guestMax <= guestMaxMs, `${name}: a guest after ${guestMax} ms`)
}

/** How long it took to be welcomed. */
async function visit(way: Way, port: number): Promise<number> {
  const start = performance.now()
  const socket = dial(way, port)
  assert.ok(await shakeHands(socket, way))
  socket.destroy()
  return performance.now() - start
}

/** Waits until all are closed, or much too long. */
async function livesOf(
  attacker: Program<typeof attackerAnswers>,
  dueMs: number,
): Promise<[number, number, number]> {
  for (;;) {
    const lives = await attacker.ask('lives', undefined)
    if (lives.length === peers)
      return [lives[0]!, lives[peers >> 1]!, lives.at(-1)!].map(Math.round) as [
        number,
        number,
        number,
      ]
    if (performance.now() > dueMs + lateMaxMs + 5_000)
      throw new Error(`${peers - lives.length} are still open`)
    await delay(50)
  }
}

if (!play({ server: serverAnswers, attacker: attackerAnswers }))
  spec(
    'handshakes byte by byte',
    (it) => {
      it(`${attacks.length} ways, ${peers} peers each`, () =>
        withPrograms(async (start) => {
          const server = start<typeof serverAnswers>('server')
          const attacker = start<typeof attackerAnswers>('attacker')
          for (const each of attacks) await attack({ server, attacker }, each)
        }))
    },
    120_000,
  )
