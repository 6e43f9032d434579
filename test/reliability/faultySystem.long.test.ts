// Connections while the operating system fails at random. Reads and writes fail by a stub in this process, since Node itself
// ends when its own reads and writes fail; connect and socket fail by libfiu, at full size only, where it is there.

import { createWorld, type EntityId, query, type World } from 'bitecs'
import {
  AcceptedBy,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  networkErrorName,
  NetworkSystem,
  NetworkType,
  sendPacket,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import { spawnSync } from 'node:child_process'
import { Socket as Line } from 'node:net'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { onEach } from '../lib/recordEvents.ts'
import { amountOf, figure, isSoak, rowSeed } from '../lib/row.ts'
import { portOf } from '../lib/sockets.ts'
import { specWith } from '../lib/specWith.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

const operations = amountOf({ test: 300, ci: 3_000, soak: 10_000 })
const limitMs = 30_000 + operations * 20
const atOnce = 20
const part = 0.2
const mode = 'under-libfiu'

/** Servers and clients over TCP and WebSocket, which connect, say something and go. */
class Traffic {
  readonly world: World = createWorld()
  readonly tally: Record<string, number> = {}
  /** Connects without a disconnect, of the servers. */
  open = 0
  heard = 0
  readonly #faults: string[] = []
  readonly #servers: (readonly [type: SocketType, server: EntityId])[] = []

  constructor() {
    const { world } = this
    setNetworkConfig(world, { warn: () => {} })
    for (const event of ['uncaughtException', 'unhandledRejection', 'warning'])
      process.on(event, (fault: unknown) => this.#faults.push(String(fault)))
    onEach(world, ({ type }) => {
      if (type === NetworkType.connect) this.open++
      else if (type === NetworkType.disconnect) this.open--
      else if (type === NetworkType.data) this.heard++
    })
  }

  /** Listens on both, again and again where the system refuses. */
  async listen(): Promise<void> {
    for (const type of [SocketType.tcp, SocketType.ws]) {
      let server = -1
      await until(() => (server = createServer(this.world, type, 0)) >= 0, [this.world])
      this.#servers.push([type, server])
    }
  }

  async run(count: number): Promise<void> {
    let begun = 0
    const play = async (): Promise<void> => {
      while (begun < count) await this.connect(begun++)
    }
    const ticks = startTicks(() => NetworkSystem(this.world), { hz: 250, warn: () => {} })
    try {
      await Promise.all(Array.from({ length: atOnce }, play))
      await until(() => this.open === 0)
    } finally {
      ticks.stop()
    }
  }

  /** Connects, says something and goes; whether it could connect. */
  async connect(index: number): Promise<boolean> {
    const { world, tally } = this
    const [type, server] = this.#servers[index % this.#servers.length]!
    const socket = createSocket(world, type)
    const result =
      socket < 0 ? socket : await connectSocket(world, socket, '127.0.0.1', portOf(world, server))
    const outcome = result < 0 ? (networkErrorName(result) ?? `${result}`) : 'connected'
    tally[outcome] = (tally[outcome] ?? 0) + 1
    if (result >= 0) {
      sendPacket(world, socket, Uint8Array.of(1, 2, 3))
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    if (socket >= 0) destroySocket(world, socket)
    return result >= 0
  }

  /** Everything works again, and nothing is left. */
  async assertWell(): Promise<void> {
    const { world } = this
    const ticks = startTicks(() => NetworkSystem(world), { hz: 250, warn: () => {} })
    try {
      for (const [index, [, server]] of this.#servers.entries()) {
        let isConnected = false
        for (let tries = 0; !isConnected && tries < 100; tries++)
          isConnected = await this.connect(index)
        assert.ok(isConnected)
        await until(() => query(world, [Socket, AcceptedBy(server)]).length === 0)
      }
      await until(() => this.open === 0)
    } finally {
      ticks.stop()
    }
    assert.is(query(world, [Socket]).length, this.#servers.length)
    assert.equal(this.#faults, [])
  }

  close(): void {
    closeNetwork(this.world)
  }
}

type Write = (chunk: unknown, encoding: unknown, done: (error: Error | null) => void) => void

/** While `run` runs, a part of all reads and writes of `node:net` fail. */
async function withFaults(random: () => number, run: () => Promise<void>): Promise<number> {
  const prototype = Line.prototype as unknown as Record<'_write' | '_writev' | 'push', unknown>
  const own = { ...Object.getOwnPropertyDescriptors(prototype) }
  const codes = ['EPIPE', 'ECONNRESET', 'ENOBUFS', 'EIO', 'ETIMEDOUT']
  let count = 0
  const draw = (syscall: string): Error | undefined => {
    if (random() >= part) return undefined
    count++
    const code = codes[Math.floor(random() * codes.length)]!
    return Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
  }
  for (const name of ['_write', '_writev'] as const) {
    const before = prototype[name] as Write
    prototype[name] = function (this: Line, ...given: unknown[]) {
      const error = draw('write')
      const done = given.at(-1) as (error: Error) => void
      if (error === undefined) Reflect.apply(before, this, given)
      else process.nextTick(() => done(error))
    }
  }
  const push = prototype.push as (chunk: unknown) => boolean
  prototype.push = function (this: Line, ...given: [unknown]) {
    const error = given[0] === null ? undefined : draw('read')
    if (error === undefined) return Reflect.apply(push, this, given)
    this.destroy(error)
    return false
  }
  try {
    await run()
  } finally {
    for (const name of ['_write', '_writev', 'push'] as const)
      if (own[name] === undefined) Reflect.deleteProperty(prototype, name)
      else Object.defineProperty(prototype, name, own[name])
  }
  return count
}

async function failInProcess(): Promise<void> {
  console.log(`SEED=${rowSeed}`)
  const traffic = new Traffic()
  await traffic.listen()
  const faults = await withFaults(mulberry32(rowSeed), () => traffic.run(operations))
  assert.ok(faults > operations * part)
  assert.ok(traffic.tally['connected']! > 0)
  await traffic.assertWell()
  traffic.close()
  figure('R-19', `${operations} connections, ${faults} reads and writes failed: ${say(traffic)}`)
}

function say({ tally, heard }: Traffic): string {
  return `${JSON.stringify(tally)}, ${heard} messages, 0 bad, served afterwards`
}

async function failByLibfiu(): Promise<void> {
  const traffic = new Traffic()
  await traffic.listen()
  await traffic.run(operations)
  await traffic.assertWell()
  console.log(`${operations} connections, 20 % of connect and socket failed: ${say(traffic)}`)
  process.exit()
}

function playOutside(): void {
  spec(
    'reads and writes that fail',
    (it) => {
      it(
        `${operations} connections: each ends once, and the servers serve afterwards`,
        failInProcess,
      )
    },
    limitMs,
  )
  if (!isSoak) return
  const isThere = spawnSync('fiu-run', ['-h']).error === undefined
  specWith(
    { name: 'fiu-run', path: isThere ? 'fiu-run' : undefined },
    'connect and socket that fail',
    (it, path) => {
      it('by libfiu', () => {
        const faults = ['connect', 'socket'].flatMap((name) => [
          '-c',
          `enable_random name=posix/io/net/${name},probability=${part}`,
        ])
        const program = [process.execPath, process.argv[1]!, mode]
        const { stdout, stderr, status } = spawnSync(path, ['-x', ...faults, ...program], {
          encoding: 'utf8',
        })
        assert.is(status, 0, stdout + stderr)
        figure('R-19', stdout.trim())
      })
    },
    limitMs,
  )
}

if (process.argv[2] === mode) void failByLibfiu()
else playOutside()
