// What recording costs: the tick of a game over real sockets with and without it, the size of a recording, and the memory while
// a large one is written.
//
//   node --expose-gc build/bench/measure-recording.js
import { createWriteStream, mkdtempSync, rmSync, statSync, type WriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn, setTimeout as rest } from 'node:timers/promises'
import { addEntity, createWorld, query, type World } from 'bitecs'
import {
  AcceptedBy,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import { type Recording, recordNetwork } from 'bitecs-networking/recording'
import { createMemoryNetwork } from 'bitecs-networking/simulation'
import { ChildProcess } from './lib/ChildProcess.ts'
import { median } from './lib/statistics.ts'

const program = new URL(import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'recording-'))
const file = join(folder, 'game.bnrec')
const [, , role, port = ''] = process.argv
const [clients, hz, seconds, rounds] = [100, 60, 4, 5]
const inputBytes = 16
const stateBytes = 64
const events = 1_000_000
const mebibyte = 1024 * 1024

try {
  if (role === 'clients') await playClients(Number(port))
  else {
    await measureTick()
    await measureSize()
    await measureMemory()
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** Clients that send an input each tick, until they are ended. */
async function playClients(to: number): Promise<void> {
  const world = createWorld()
  const sockets = Array.from({ length: clients }, () => createSocket(world, SocketType.tcp))
  const joining = sockets.map((socket) => connectSocket(world, socket, '127.0.0.1', to))
  await Promise.all(joining)
  process.once('disconnect', () => process.exit())
  const input = new Uint8Array(inputBytes)
  startTicks(
    () => {
      for (const socket of sockets) sendPacket(world, socket, input)
      NetworkSystem(world)
    },
    { hz },
  )
}

/** A server that takes inputs and sends the state to all. Its events are counted. */
function createGame(world: World): { readonly server: number; readonly seen: { events: number } } {
  const server = createServer(world, SocketType.tcp, 0)
  const seen = { events: 0 }
  onNetworking(world, addEntity(world), (_world, _self, { type }) => {
    if (type === NetworkType.data) seen.events++
  })
  return { server, seen }
}

async function measureTick(): Promise<void> {
  const costs = { plain: [] as number[], recorded: [] as number[] }
  for (let round = 0; round < rounds; round++)
    for (const mode of ['plain', 'recorded'] as const) costs[mode].push(await tickMicros(mode))
  const [plain, recorded] = [median(costs.plain), median(costs.recorded)]
  console.log(
    `a tick of ${clients} clients over TCP, an input each and a state to all, in µs of processor time: ` +
      `${plain.toFixed(0)} without, ${recorded.toFixed(0)} with a recording into a file ` +
      `(× ${(recorded / plain).toFixed(3)}, median of ${rounds})`,
  )
}

/** The processor time of a tick and of what happens between two ticks. */
async function tickMicros(mode: 'plain' | 'recorded'): Promise<number> {
  const world = createWorld()
  const recording = mode === 'recorded' ? record(world) : undefined
  const { server, seen } = createGame(world)
  const child = new ChildProcess(program, ['clients', String(Socket(world).port[server])])
  const state = new Uint8Array(stateBytes)
  const ticks = startTicks(
    () => {
      const all = query(world, [Socket, AcceptedBy(server)])
      if (all.length > 0) sendPacket(world, all, state)
      NetworkSystem(world)
    },
    { hz },
  )
  try {
    while (seen.events < clients * hz) await rest(10)
    const before = { cpu: process.cpuUsage(), ticks: ticks.ticks }
    await rest(seconds * 1_000)
    const { user, system } = process.cpuUsage(before.cpu)
    return (user + system) / (ticks.ticks - before.ticks)
  } finally {
    ticks.stop()
    await child.end()
    if (recording !== undefined) await end(recording)
    closeNetwork(world)
  }
}

interface FileRecording {
  readonly recording: Recording
  readonly stream: WriteStream
}

function record(world: World): FileRecording {
  const stream = createWriteStream(file)
  return { recording: recordNetwork(world, stream), stream }
}

/** Returns the size of the recording. */
async function end({ recording, stream }: FileRecording): Promise<number> {
  const closed = new Promise<void>((resolve) => stream.on('close', () => resolve()))
  recording.stop()
  await closed
  if (recording.error !== undefined) throw recording.error
  return statSync(file).size
}

interface Pair extends FileRecording {
  readonly world: World
  readonly players: World
  readonly sockets: readonly number[]
  readonly seen: { readonly events: number }
}

/** A recorded game over a network in memory, whose players are connected. */
async function createPair(count: number): Promise<Pair> {
  const network = createMemoryNetwork()
  const [world, players] = [createWorld(), createWorld()]
  for (const each of [world, players]) network.join(each)
  setNetworkConfig(world, { eventsPerTickMax: Infinity, eventsPerSocketMax: Infinity })
  const file = record(world)
  const { server, seen } = createGame(world)
  const sockets = Array.from({ length: count }, () => createSocket(players, SocketType.tcp))
  const to = Socket(world).port[server]!
  await Promise.all(sockets.map((socket) => connectSocket(players, socket, 'localhost', to)))
  NetworkSystem(world)
  return { ...file, world, players, sockets, seen }
}

async function measureSize(): Promise<void> {
  const pair = await createPair(clients)
  const { world, players, sockets, seen } = pair
  const input = new Uint8Array(inputBytes)
  while (seen.events < events) {
    for (const socket of sockets) sendPacket(players, socket, input)
    NetworkSystem(players)
    NetworkSystem(world)
    if (seen.events % (clients * 100) === 0) await turn()
  }
  const beyond = (await end(pair)) / seen.events - inputBytes
  console.log(
    `${seen.events} events of ${inputBytes} bytes, one a socket and tick: ${beyond.toFixed(1)} bytes an event beyond its payload`,
  )
}

async function measureMemory(): Promise<void> {
  const pair = await createPair(1)
  const { world, players, sockets, seen } = pair
  const message = new Uint8Array(64 * 1024)
  const rss: number[] = []
  for (let sent = 0; sent < 1024 * mebibyte; sent += message.length) {
    sendPacket(players, sockets[0]!, message)
    NetworkSystem(players)
    NetworkSystem(world)
    // As a game's tick would, let the file be written.
    while (pair.stream.writableLength > mebibyte) await rest(1)
    if (sent % (64 * mebibyte) === 0) {
      globalThis.gc?.()
      rss.push(Math.round(process.memoryUsage().rss / mebibyte))
    }
  }
  const size = await end(pair)
  console.log(
    `${seen.events} messages, a recording of ${Math.round(size / mebibyte)} MiB: memory each 64 MiB, in MiB: ${rss.join(' ')}`,
  )
}
