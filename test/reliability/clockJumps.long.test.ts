// The wall clock jumps, as it does when a machine gets its time from a server, or its owner sets it: no time limit passes for
// that, and none is missed. libfaketime moves the clock of a process of its own.

import { createWorld, type EntityId, type World } from 'bitecs'
import {
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  NetworkSystem,
  NetworkType,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { answer } from '../lib/gameMaker.ts'
import { patience } from '../lib/patience.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { onEach } from '../lib/recordEvents.ts'
import { amountOf, figure } from '../lib/row.ts'
import { portOf } from '../lib/sockets.ts'
import { specWith } from '../lib/specWith.ts'
import { until } from '../lib/until.ts'

const rounds = amountOf({ test: 1, ci: 4, soak: 40 })
const jumpMs = 150
const hourS = 3_600
const yearS = 365 * 24 * hourS
/** Seconds from the true time. */
const jumps = [hourS, 0, -hourS, 0, 10 * yearS, 0, -10 * yearS, 0, 10 * yearS, -10 * yearS]
const limitsMs = { handshakeTimeoutMs: 1_000, pingIntervalMs: 500, pongTimeoutMs: 500 }
const reliableMs = 10_000
const limitMs = 60_000 + rounds * 10_000
const mode = 'under-libfaketime'

/** What the process has seen whose clock jumps. */
interface Report {
  /** How far `Date.now()` went, in seconds. */
  readonly range: readonly [least: number, most: number]
  readonly sent: number
  readonly heard: number
  readonly falseEnds: number
  /** By the limit: milliseconds after which it ended its peer. */
  readonly ended: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

function findLibrary(): string | undefined {
  const root = '/usr/lib'
  const folders = existsSync(root) ? readdirSync(root) : []
  return folders
    .map((folder) => join(root, folder, 'faketime', 'libfaketime.so.1'))
    .find((path) => existsSync(path))
}

async function play(): Promise<void> {
  // Not longer than who waits for it, who may be killed.
  setTimeout(() => process.exit(1), limitMs * patience).unref()
  const faults: string[] = []
  for (const event of ['uncaughtException', 'unhandledRejection', 'warning'])
    process.on(event, (fault: unknown) => faults.push(String(fault)))
  const world = createWorld()
  setNetworkConfig(world, { ...limitsMs, clientDisconnectEvents: true, warn: () => {} })
  const counts = { sent: 0, heard: 0, ends: 0 }
  onEach(world, ({ type }) => {
    if (type === NetworkType.data) counts.heard++
    else if (type === NetworkType.disconnect) counts.ends++
  })
  const ticks = startTicks(() => NetworkSystem(world), { hz: 60, warn: () => {} })
  const sends = await openTalkers(world)
  const talk = setInterval(() => {
    for (const send of sends) if (send() > 0) counts.sent++
  }, 30)
  const ending = playSilent()
  const range = await jump()
  const ended = await ending
  clearInterval(talk)
  await until(() => counts.heard === counts.sent)
  ticks.stop()
  closeNetwork(world)
  const { sent, heard, ends: falseEnds } = counts
  console.log(JSON.stringify({ range, sent, heard, falseEnds, ended, faults } satisfies Report))
  process.exit()
}

/** The clock goes back and forth; how far. */
async function jump(): Promise<[number, number]> {
  const began = Date.now()
  const range: [number, number] = [0, 0]
  for (let round = 0; round < rounds; round++)
    for (const seconds of jumps) {
      writeFileSync(
        process.env['FAKETIME_TIMESTAMP_FILE']!,
        `${seconds < 0 ? '' : '+'}${seconds}\n`,
      )
      await delay(jumpMs)
      const passed = (Date.now() - began) / 1_000
      range[0] = Math.min(range[0], passed)
      range[1] = Math.max(range[1], passed)
    }
  return range
}

/** Connections over each transport that talk; what sends over each. */
async function openTalkers(world: World): Promise<(() => number)[]> {
  const sends: (() => number)[] = []
  const byte = Uint8Array.of(1)
  for (const type of [SocketType.tcp, SocketType.ws]) {
    const server = createServer(world, type, 0)
    const socket = createSocket(world, type)
    await connectSocket(world, socket, '127.0.0.1', portOf(world, server))
    sends.push(() => sendPacket(world, socket, byte))
  }
  const [server, socket] = [
    createServer(world, SocketType.udp, 0),
    createSocket(world, SocketType.udp),
  ]
  for (const each of [server, socket]) setNetworkConfig(world, each, { reliable: 'ordered' })
  const port = Socket(world).port[server]!
  sends.push(() => sendUdp(world, socket, '127.0.0.1', port, byte))
  return sends
}

/** Peers that say nothing, in a world of their own: after how long each limit has ended one. */
async function playSilent(): Promise<Record<string, number>> {
  const world = createWorld()
  setNetworkConfig(world, { ...limitsMs, warn: () => {} })
  const began = performance.now()
  const ended: Record<string, number> = {}
  const note = (name: string) => (): number => (ended[name] ??= performance.now() - began)
  const tcp = createServer(world, SocketType.tcp, 0)
  const ws = createServer(world, SocketType.ws, 0)
  const udp = createSocket(world, SocketType.udp)
  setNetworkConfig(world, udp, { reliable: true })
  onEach(world, ({ type, id }) => {
    if (type === NetworkType.disconnect) note(id === udp ? 'reliable UDP' : 'ping')()
  })
  const ticks = startTicks(() => NetworkSystem(world), { hz: 60, warn: () => {} })
  const silent = await RawPeer.connect(portOf(world, tcp))
  silent.socket.once('close', note('handshake'))
  await openDeaf(world, ws)
  sendUdp(world, udp, '127.0.0.1', 9, Uint8Array.of(1))
  await until(() => Object.keys(ended).length === 3, [], 30_000)
  ticks.stop()
  closeNetwork(world)
  return ended
}

/** A WebSocket that answers no ping. */
async function openDeaf(world: World, server: EntityId): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${portOf(world, server)}`, { autoPong: false })
  socket.on('error', () => {})
  await new Promise((resolve) => {
    socket.once('open', resolve)
  })
  socket.send(Buffer.from(answer, 'hex'))
}

function run(library: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'bitecs-networking-'))
  const file = join(folder, 'time')
  writeFileSync(file, '+0\n')
  const { stdout, stderr } = spawnSync(process.execPath, [process.argv[1]!, mode], {
    encoding: 'utf8',
    timeout: Math.ceil(limitMs * patience),
    env: {
      ...process.env,
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  })
  rmSync(folder, { recursive: true })
  assert.match(stdout, /^\{/, stderr)
  const { range, sent, heard, falseEnds, ended, faults } = JSON.parse(stdout) as Report
  assert.ok(range[0] < -9 * yearS && range[1] > 9 * yearS, `the clock moved ${range.join(' to ')}`)
  assert.equal(faults, [])
  assert.is(falseEnds, 0)
  assert.ok(sent > 0)
  assert.is(heard, sent)
  // The peers of a limit connect a moment after its time is taken, and it may be late on a busy machine, but never early.
  for (const [name, ms] of [
    ['handshake', limitsMs.handshakeTimeoutMs],
    ['ping', limitsMs.pingIntervalMs + limitsMs.pongTimeoutMs],
    ['reliable UDP', reliableMs],
  ] as const)
    assert.ok(
      ended[name]! >= ms * 0.95 && ended[name]! <= ms + 3_000 * patience,
      `${name}: ${ended[name]}`,
    )
  const limits = Object.entries(ended).map(([name, ms]) => `${name} ${(ms / 1_000).toFixed(2)} s`)
  figure(
    'R-21',
    `${rounds * jumps.length} jumps of up to 20 years: ${heard} of ${sent} messages, 0 false ends; ended in time: ${limits.join(', ')}`,
  )
}

if (process.argv[2] === mode) void play()
else
  specWith(
    { name: 'libfaketime', path: findLibrary() },
    'jumps of the clock',
    (it, library) => {
      it('± 1 h and ± 10 years: nobody is lost for that, and no limit is missed', () =>
        run(library))
    },
    limitMs,
  )
