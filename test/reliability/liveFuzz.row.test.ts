// A server of every kind among strangers who know its protocols and break them, over real sockets: it goes on, and who plays
// beside them loses nothing.

import { addEntity, createWorld, type EntityId, type World } from 'bitecs'
import {
  closeNetwork,
  connectSocket,
  createSocket,
  getBufferBytes,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  sendUdp,
  setNetworkConfig,
} from 'bitecs-networking'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { Draw } from '../fuzz/Draw.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { type Attack, attackHttp, attackTcp, attackUdp, attackWebSocket } from './attacks.ts'
import {
  echoMark,
  type FuzzedReport,
  fuzzedServerAnswers,
  type Ports,
  served,
  type ServedName,
} from './fuzzedServer.ts'
import { play, type Program, withPrograms } from './Program.ts'

const mebibyte = 1024 * 1024
const fuzzMs = amountOf({ test: 1_500, ci: 40_000, soak: 600_000 })
/** Before memory is measured. */
const warmMs = Math.min(fuzzMs / 3, 10_000)
const heapGrowthMax = 4 * mebibyte
/** Strangers at the same time. */
const lanes = 24
/** Messages of a player that are under way. */
const inFlight = 8
const limitMs = 60_000 + 2 * fuzzMs

const attacks: readonly (readonly [Attack, readonly ServedName[]])[] = [
  [attackTcp, ['discard', 'hands', 'close', 'raw', 'ws', 'wsRaw']],
  [attackWebSocket, ['ws', 'wsRaw', 'ws', 'wsRaw', 'discard']],
  [attackHttp, ['ws', 'wsRaw', 'close']],
  [attackUdp, ['udp', 'reliable', 'ordered']],
]

type ServerProgram = typeof fuzzedServerAnswers

/** Somebody who plays: sends numbers, and gets them back in their order. */
class Player {
  readonly name: ServedName
  sent = 0
  heard = 0
  readonly faults: string[] = []
  readonly #world: World = createWorld()
  readonly #socket: EntityId
  readonly #port: number

  constructor(name: ServedName, port: number) {
    this.name = name
    this.#port = port
    setNetworkConfig(this.#world, { warn: () => {} })
    this.#socket = createSocket(this.#world, served[name].type)
    if (name === 'ordered') setNetworkConfig(this.#world, this.#socket, { reliable: 'ordered' })
    onNetworking(this.#world, addEntity(this.#world), (_world, _self, asyncLoad) => {
      if (asyncLoad.type === NetworkType.data) this.#take(getBufferBytes(asyncLoad.buffer))
      else if (asyncLoad.type === NetworkType.disconnect) this.faults.push('disconnected')
    })
  }

  async connect(): Promise<void> {
    if (this.name === 'ordered') return
    const url = this.name === 'ws' ? 'ws://127.0.0.1/game' : '127.0.0.1'
    const raw = this.name === 'wsRaw'
    const result = await connectSocket(this.#world, this.#socket, url, this.#port, { raw })
    assert.is(result, this.#socket, this.name)
  }

  tick(isSending: boolean): void {
    NetworkSystem(this.#world)
    if (!isSending) return
    while (this.sent - this.heard < inFlight) {
      const result = this.#send(Buffer.from(`${echoMark}${this.sent}`))
      if (result === NetworkError.sendQueueFull) return
      if (result < 0) this.faults.push(`send: ${result}`)
      this.sent++
      if (result < 0) return
    }
  }

  close(): void {
    closeNetwork(this.#world)
  }

  #send(bytes: Uint8Array): number {
    const [world, socket] = [this.#world, this.#socket]
    if (this.name === 'ordered') return sendUdp(world, socket, '127.0.0.1', this.#port, bytes)
    return this.name === 'wsRaw' ? sendRaw(world, socket, bytes) : sendPacket(world, socket, bytes)
  }

  #take(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('latin1')
    if (text === `${echoMark}${this.heard}`) this.heard++
    else this.faults.push(`got ${text.slice(0, 40)} in the place of ${this.heard}`)
  }
}

/** Strangers, one after the other on each lane, and players beside them, until the time is over. Returns how many inputs. */
async function besiege(
  ports: Ports,
  players: readonly Player[],
  seed: number,
  ms: number,
): Promise<number> {
  const end = performance.now() + ms
  let inputs = 0
  const attackAll = async (lane: number): Promise<void> => {
    for (let turn = 0; performance.now() < end; turn++) {
      const draw = new Draw(seed + lane + turn * lanes)
      const [attack, targets] = draw.one(attacks)
      inputs += await attack(draw, ports[draw.one(targets)])
    }
  }
  const playAll = async (): Promise<void> => {
    while (performance.now() < end) {
      for (const player of players) player.tick(true)
      await delay(10)
    }
  }
  await Promise.all([playAll(), ...Array.from({ length: lanes }, (_, lane) => attackAll(lane))])
  return inputs
}

async function checkServer(
  server: Program<ServerProgram>,
  players: readonly Player[],
): Promise<FuzzedReport> {
  let report: FuzzedReport | undefined
  // All strangers have left: who plays over connections is there alone.
  const connected = players.filter(({ name }) => name !== 'ordered').length
  for (let tries = 0; tries < 100 && report?.clients !== connected; tries++) {
    report = await server.ask('report', undefined)
    for (const player of players) player.tick(false)
  }
  assert.equal(report!.faults, [])
  assert.is(report!.clients, connected)
  assert.is(report!.connects - report!.disconnects, connected)
  return report!
}

async function fuzzServer(): Promise<void> {
  await withPrograms(async (start) => {
    const server = start<ServerProgram>('server')
    const ports = await server.ask('open', undefined)
    const names: readonly ServedName[] = ['discard', 'hands', 'close', 'ws', 'wsRaw', 'ordered']
    const players = names.map((name) => new Player(name, ports[name]))
    try {
      for (const player of players) await player.connect()
      const warmInputs = await besiege(ports, players, rowSeed, warmMs)
      const before = await checkServer(server, players)
      const inputs = await besiege(ports, players, rowSeed + 1e9, fuzzMs - warmMs)
      await until(
        () => players.every(({ sent, heard }) => sent === heard),
        () => players.forEach((player) => player.tick(false)),
        30_000,
      )
      const after = await checkServer(server, players)
      report(players, warmInputs + inputs, before, after)
    } finally {
      for (const player of players) player.close()
    }
  })
}

function report(
  players: readonly Player[],
  inputs: number,
  before: FuzzedReport,
  after: FuzzedReport,
): void {
  const grown = after.heapBytes - before.heapBytes
  const lines = players.map(({ name, heard }) => `${name} ${heard}`).join(', ')
  const memory = `heap ${(grown / mebibyte).toFixed(1)} MiB, at most ${(after.rssMaxBytes / mebibyte).toFixed(0)} MiB in memory`
  figure(
    'R-02',
    `live, ${fuzzMs / 1_000} s: ${inputs} inputs, ${after.connects} connects, ${after.messages} messages, ` +
      `0 bad; of players ${lines}, all back in order; ${memory}`,
  )
  for (const { name, sent, heard, faults } of players) {
    assert.equal(faults, [], name)
    assert.is(heard, sent)
    assert.ok(heard > 10, `${name} plays`)
  }
  assert.is(after.handles, before.handles)
  assert.ok(grown <= heapGrowthMax, `the heap has grown by ${grown} bytes`)
  assert.ok(after.rssMaxBytes < 512 * mebibyte)
}

if (!play({ server: fuzzedServerAnswers }))
  spec(
    `live fuzzing, SEED=${rowSeed}`,
    (it) => {
      it(`a server of every kind goes on for ${fuzzMs} ms`, fuzzServer)
    },
    limitMs,
  )
