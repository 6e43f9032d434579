// A peer that reads nothing: what is kept for it has a limit, and its connection ends after writeStallMs, whatever it says itself.

import { addEntity, type EntityId } from 'bitecs'
import {
  DisconnectReason,
  NetworkError,
  NetworkType,
  onNetworking,
  Socket,
} from 'bitecs-networking'
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { localCertificate } from '../lib/certificates.ts'
import { helloPacket } from '../lib/gameMaker.ts'
import { patience } from '../lib/patience.ts'
import { amountOf, figure, isSoak } from '../lib/row.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { Players } from './Players.ts'
import { play, type Program, withPrograms } from './Program.ts'
import { send, serverAnswers, world } from './rowServer.ts'
import { dial, enter, messageOf, type Way } from './visit.ts'

const mebibyte = 1024 * 1024
const offeredBytes = 256 * mebibyte
const messageBytes = 64 * 1024
const writeStallMs = amountOf({ test: 1_000, ci: 3_000, soak: 15_000 })
const lateMaxMs = isSoak ? 1_000 : 2_000 * patience
/** What a server keeps for a client by default. */
const cap = 4 * mebibyte
const playerCount = 3

/** What a peer says that reads nothing: five times in the time of the limit. */
const talks = { nothing: '', messages: helloPacket, pongs: '8a8000000000' } as const

interface Case {
  readonly name: string
  readonly way: Way
  readonly raw?: boolean
  readonly talk?: keyof typeof talks
}

const allCases: readonly Case[] = [
  { name: 'TCP that sends messages', way: 'tcp', talk: 'messages' },
  { name: 'WebSocket that sends pongs', way: 'ws', talk: 'pongs' },
  { name: 'raw TCP', way: 'tcp', raw: true },
  { name: 'TCP', way: 'tcp' },
  { name: 'WebSocket', way: 'ws' },
  { name: 'WebSocket that sends messages', way: 'ws', talk: 'messages' },
  { name: 'raw WebSocket', way: 'ws', raw: true },
  { name: 'secure WebSocket', way: 'wss' },
]
const cases = allCases.slice(0, amountOf({ test: 3, ci: allCases.length }))

interface Ending {
  readonly reason: number
  /** Since the first message that was refused. */
  readonly afterMs: number
}

let slow: EntityId = -1
let refusedMs = 0
const endings: Ending[] = []

const slowServerAnswers = {
  ...serverAnswers,

  /** The next client is the one that reads nothing. */
  awaitSlow(): void {
    onNetworking(world, addEntity(world), (_world, _self, asyncLoad) => {
      if (asyncLoad.type === NetworkType.connect) slow = asyncLoad.socket
      else if (asyncLoad.type === NetworkType.disconnect && asyncLoad.socket === slow)
        endings.push({
          reason: Socket(world).disconnectReason[slow]!,
          afterMs: performance.now() - refusedMs,
        })
    })
  },

  /** Sends to it as much as should come to far more than the limit; what was taken, and what the sends returned that were not. */
  async offer(): Promise<{ readonly taken: number; readonly refusals: readonly number[] }> {
    // A raw server says nothing by which the peer could know that it is accepted.
    await until(() => slow >= 0)
    const message = new Uint8Array(messageBytes)
    const refusals = new Set<number>()
    let taken = 0
    for (let offered = 0; offered < offeredBytes; offered += messageBytes) {
      const result = send(slow, message, messageBytes)
      if (result >= 0) taken += messageBytes
      else {
        if (refusals.size === 0) refusedMs = performance.now()
        refusals.add(result)
      }
      if (offered % mebibyte === 0) await turn()
    }
    return { taken, refusals: [...refusals] }
  },

  endings: (): readonly Ending[] => endings,
}

interface Connecting {
  readonly way: Way
  readonly raw: boolean
  readonly talk: keyof typeof talks
  readonly port: number
}

const attackerAnswers = {
  async stall({ way, raw, talk, port }: Connecting): Promise<void> {
    const socket = dial(way, port)
    assert.ok(await enter(socket, way, raw))
    socket.pause()
    const bytes = Buffer.from(talks[talk], 'hex')
    const said = talk === 'messages' ? messageOf(way, bytes) : bytes
    const timer = setInterval(() => void socket.write(said), writeStallMs / 5)
    if (talk === 'nothing') clearInterval(timer)
    socket.once('close', () => clearInterval(timer))
  },
}

async function stall(
  attacker: Program<typeof attackerAnswers>,
  server: Program<typeof slowServerAnswers>,
  { name, way, raw = false, talk = 'nothing' }: Case,
): Promise<void> {
  const players = new Players(way)
  try {
    const certificate = way === 'wss' ? { certificate: localCertificate } : {}
    const port = await server.ask('open', {
      way,
      options: { raw, ...certificate },
      config: { writeStallMs },
    })
    await players.join(port, playerCount, raw)
    const before = await server.ask('report', undefined)
    await server.ask('awaitSlow', undefined)
    await attacker.ask('stall', { way, raw, talk, port })
    const { taken, refusals } = await server.ask('offer', undefined)
    const during = await server.ask('report', undefined)
    const { reason, afterMs } = await endingOf(server)
    await players.finish()
    const after = await server.ask('report', undefined)
    const grown = during.rss - before.rss
    figure(
      'R-12',
      `${name}: ${mib(taken)} of ${mib(offeredBytes)} taken, RSS + ${mib(grown)}, closed after ` +
        `${(afterMs / 1_000).toFixed(1)} s of ${writeStallMs / 1_000}; ${players.echoed} of ${players.sent} ` +
        'messages of others came back',
    )
    assert.equal(refusals, [NetworkError.sendQueueFull], name)
    assert.is(reason, DisconnectReason.timedOut, name)
    assert.ok(grown <= cap + 16 * mebibyte, `${name}: RSS + ${mib(grown)}`)
    assert.ok(afterMs >= writeStallMs - 1_000, `${name}: after ${afterMs} ms`)
    assert.ok(afterMs <= writeStallMs + lateMaxMs, `${name}: after ${afterMs} ms`)
    assert.equal([players.echoed, players.closed], [players.sent, 0], name)
    assert.is((await server.ask('endings', undefined)).length, 1, name)
    assert.is(after.disconnects, 1, name)
    assert.is(after.sockets, before.sockets, name)
    // Memory for what is sent is used again, and is given back after some seconds.
    assert.ok(after.arrayBuffers - before.arrayBuffers < cap, name)
  } finally {
    players.close()
  }
}

async function endingOf(server: Program<typeof slowServerAnswers>): Promise<Ending> {
  const end = performance.now() + 2 * writeStallMs + lateMaxMs
  for (;;) {
    const [ending] = await server.ask('endings', undefined)
    if (ending !== undefined) return ending
    if (performance.now() > end) throw new Error('it is still there')
    await delay(20)
  }
}

function mib(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`
}

if (!play({ server: slowServerAnswers, attacker: attackerAnswers }))
  spec(
    'peers that read nothing',
    (it) => {
      // Together, since most of it is waiting.
      it(`${cases.length} of them, each at a server of its own`, () =>
        withPrograms(async (start) => {
          const attacker = start<typeof attackerAnswers>('attacker')
          const all = cases.map((each) =>
            stall(attacker, start<typeof slowServerAnswers>('server'), each),
          )
          await Promise.all(all)
        }))
    },
    60_000,
  )
