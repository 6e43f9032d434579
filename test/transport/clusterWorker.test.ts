// Workers of node:cluster: each has its sockets for itself, and every call does what it does elsewhere.

import { createWorld } from 'bitecs'
import {
  BufferKind,
  closeNetwork,
  connectSocket,
  createBuffer,
  createServer,
  createSocket,
  loadBuffer,
  networkErrorName,
  resolveHost,
  saveBuffer,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  SocketType,
} from 'bitecs-networking'
import { spawnSync } from 'node:child_process'
import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { localCertificate, authority } from '../lib/certificates.ts'
import { messagesOf, recordEvents } from '../lib/recordEvents.ts'
import { figure } from '../lib/row.ts'
import { portOf } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

/** Ports by the name of the type. */
type Ports = Readonly<Record<string, number>>

interface FirstReport {
  readonly ports: Ports
  /** The messages that its own servers have got, by the name of the type. */
  readonly heard: Readonly<Record<string, readonly string[]>>
  readonly others: Readonly<Record<string, unknown>>
}

interface SecondReport {
  /** What became of a server on a port of the first worker, and the warnings. */
  readonly results: Readonly<Record<string, readonly [string | undefined, ...string[]]>>
  /** The messages that reached servers of the first worker, by the name of the type. */
  readonly reached: Readonly<Record<string, number>>
}

interface Reports {
  readonly first: FirstReport
  readonly second: SecondReport
  /** What the first worker has heard from the second. */
  readonly heard: Readonly<Record<string, readonly string[]>>
}

const mode = 'primary'
const file = process.argv[1] ?? ''
const types = {
  TCP: SocketType.tcp,
  WebSocket: SocketType.ws,
  secure: SocketType.wss,
  UDP: SocketType.udp,
} as const
const names = Object.keys(types) as (keyof typeof types)[]

if (cluster.isWorker) void (process.env['PORTS'] === undefined ? runFirst() : runSecond())
else if (process.argv[2] === mode) void runPrimary()
else spec('workers of node:cluster', declare)

function declare(it: (name: string, run: () => void) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'bitecs-networking-'))
  const { stdout, stderr } = spawnSync(process.execPath, [file, mode, folder], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  rmSync(folder, { recursive: true })
  assert.is(stderr, '')
  const { first, second, heard } = JSON.parse(stdout) as Reports

  for (const name of names) {
    it(`${name}: a server has a port of its own at once, and serves`, () => {
      assert.ok(first.ports[name]! > 0)
      assert.equal(first.heard[name], ['01'])
    })

    it(`${name}: another worker is refused the port, with a warning, and reaches the server there`, () => {
      const [result, ...warnings] = second.results[name]!
      assert.is(result, 'portUnavailable')
      assert.is(warnings.length, 1)
      assert.match(warnings[0]!, /EADDRINUSE.*node:cluster.*a port of its own/)
      assert.ok(second.reached[name]! > 0)
      assert.equal(heard[name], ['01', '02'])
    })
  }

  it('names and files', () => {
    assert.equal(first.others, { resolved: '127.0.0.1', saved: 0, loaded: 'object' })
    figure(
      'R-33',
      `workers of node:cluster: ${names.length} transports, names and files as elsewhere`,
    )
  })
}

async function runPrimary(): Promise<void> {
  const env = { FOLDER: process.argv[3] }
  const first = cluster.fork(env)
  const report = (await messageOf(first)) as FirstReport
  const second = cluster.fork({ ...env, PORTS: JSON.stringify(report.ports) })
  const other = (await messageOf(second)) as SecondReport
  first.send('end')
  const heard = (await messageOf(first)) as Reports['heard']
  console.log(JSON.stringify({ first: report, second: other, heard } satisfies Reports))
  first.kill()
  second.kill()
}

async function messageOf(worker: Worker): Promise<unknown> {
  const [message] = (await once(worker, 'message')) as [unknown]
  return message
}

/** A socket of a new world that sends one byte to a server. */
async function sendTo(name: keyof typeof types, port: number, byte: number): Promise<number> {
  const world = createWorld()
  const socket = createSocket(world, types[name])
  const bytes = Uint8Array.of(byte)
  if (name === 'UDP') return sendUdp(world, socket, 'localhost', port, bytes)
  const options = name === 'secure' ? { ca: authority } : {}
  const result = await connectSocket(world, socket, 'localhost', port, options)
  return result < 0 ? result : sendPacket(world, socket, bytes)
}

async function runFirst(): Promise<void> {
  const world = createWorld()
  const events = recordEvents(world)
  const servers = names.map((name) => {
    const options = name === 'secure' ? { certificate: localCertificate } : {}
    return createServer(world, types[name], 0, options)
  })
  const ports = Object.fromEntries(names.map((name, at) => [name, portOf(world, servers[at]!)]))
  const heard = (): Record<string, string[]> =>
    Object.fromEntries(
      names.map((name, at) => {
        const isOf = ({ server, id }: { server?: number; id: number }): boolean =>
          (server ?? id) === servers[at]
        return [name, messagesOf(events.filter(isOf))]
      }),
    )
  const hears = (count: number): Promise<void> =>
    until(() => messagesOf(events).length === count, [world], 30_000)
  const sent = Promise.all(names.map((name) => sendTo(name, ports[name]!, 1)))
  await hears(names.length)
  await sent
  const report: FirstReport = { ports, heard: heard(), others: await useFiles() }
  const end = once(process, 'message')
  process.send!(report)
  await hears(2 * names.length)
  await end
  process.send!(heard())
}

async function runSecond(): Promise<void> {
  const ports = JSON.parse(process.env['PORTS']!) as Ports
  const results: Record<string, [string | undefined, ...string[]]> = {}
  for (const name of names) {
    const world = createWorld()
    const warnings: string[] = []
    setNetworkConfig(world, { warn: (message) => warnings.push(message) })
    const options = name === 'secure' ? { certificate: localCertificate } : {}
    const result = createServer(world, types[name], ports[name]!, options)
    await until(() => warnings.length > 0, [world])
    results[name] = [networkErrorName(result), ...warnings]
    closeNetwork(world)
  }
  const sent = await Promise.all(names.map((name) => sendTo(name, ports[name]!, 2)))
  const reached = Object.fromEntries(names.map((name, at) => [name, sent[at]!]))
  process.send!({ results, reached } satisfies SecondReport)
}

async function useFiles(): Promise<Record<string, unknown>> {
  const buffer = createBuffer(4, BufferKind.fixed, 1)
  const path = join(process.env['FOLDER']!, 'saved')
  return {
    resolved: await resolveHost('localhost'),
    saved: await saveBuffer(buffer, path),
    loaded: typeof (await loadBuffer(path)),
  }
}
