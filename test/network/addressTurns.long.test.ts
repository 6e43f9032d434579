// A host name with two addresses: which one a client takes, though it stands still meanwhile, or nobody answers at the first.
import { type ChildProcess, spawn } from 'node:child_process'
import dns from 'node:dns'
import { once } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { connect, type Socket as Line } from 'node:net'
import {
  connectSocket,
  createServer,
  destroySocket,
  NetworkError,
  NetworkSystem,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { portOf } from '../lib/sockets.ts'
import { type EventCopy, recordEvents } from '../lib/recordEvents.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { turns, until } from '../lib/until.ts'

const host = 'two.addresses'
const v4 = { address: '127.0.0.1', family: 4 }
const v6 = { address: '::1', family: 6 }

/** The name service knows `host` while `run` does. The program stands still right after it has begun to connect. */
async function withAddresses(
  addresses: readonly dns.LookupAddress[],
  standStillMs: number,
  run: () => Promise<void>,
): Promise<void> {
  const { lookup } = dns
  const known = (name: string, options: object, done: (...result: unknown[]) => void): void => {
    if (name !== host) Reflect.apply(lookup, dns, [name, options, done])
    else
      setImmediate(() => {
        done(null, [...addresses])
        const end = performance.now() + standStillMs
        while (performance.now() < end);
      })
  }
  Object.assign(dns, { lookup: known })
  syncBuiltinESMExports()
  try {
    await run()
  } finally {
    Object.assign(dns, { lookup })
    syncBuiltinESMExports()
  }
}

/** A server of ours at one address. */
async function serve(net: TestNet, address: string, port = 0): Promise<[number, EventCopy[]]> {
  const world = net.world()
  const server = createServer(world, net.transport, port, { host: address, raw: true })
  const events = recordEvents(world)
  await until(() => portOf(world, server) > 0, [world])
  const timer = setInterval(() => NetworkSystem(world), 5)
  net.keep({ close: () => clearInterval(timer) })
  return [portOf(world, server), events]
}

/** A port of an address at which nobody answers: who listened there is stopped, and its queue is full. */
async function deafPort(net: TestNet, { address }: dns.LookupAddress): Promise<number> {
  const program = `const server = require('node:net').createServer()
    server.listen({ host: '${address}', port: 0, backlog: 1 }, () => console.log(server.address().port))`
  const child: ChildProcess = spawn(process.execPath, ['-e', program])
  const lines: Line[] = []
  net.keep({
    close() {
      for (const line of lines) line.destroy()
      child.kill('SIGKILL')
    },
  })
  const [said] = (await once(child.stdout!, 'data')) as [Buffer]
  const port = Number(said.toString())
  child.kill('SIGSTOP')
  for (let index = 0; index < 8; index++) lines.push(connect(port, address).on('error', () => {}))
  await until(() => lines.filter(({ connecting }) => !connecting).length >= 2)
  await turns(20)
  assert.ok(lines.some(({ connecting }) => connecting))
  return port
}

for (const [name, transport] of [
  ['TCP', SocketType.tcp],
  ['WebSocket', SocketType.ws],
] as const)
  netSpec(
    `${name}: a host with two addresses`,
    (it) => {
      it('a standstill while it connects is no fault of the first', (net) =>
        withAddresses([v4, v6], 900, async () => {
          const [port] = await serve(net, v4.address)
          const { world, socket } = net.client()
          const options = { raw: true, timeoutMs: 1_000 }
          assert.is(await connectSocket(world, socket, host, port, options), socket)
          assert.is(Socket(world).ip[socket], v4.address)
        }))

      it('nobody answers at the first: after half of the time it takes the second', (net) =>
        withAddresses([v4, v6], 0, async () => {
          const port = await deafPort(net, v4)
          await serve(net, v6.address, port)
          const { world, socket } = net.client()
          const options = { raw: true, timeoutMs: 4_000 }
          const begin = performance.now()
          assert.is(await connectSocket(world, socket, host, port, options), socket)
          assert.ok(performance.now() - begin >= 1_900)
          assert.is(Socket(world).ip[socket], v6.address)
        }))

      it('refused by both: it has failed once, and is refused', (net) =>
        withAddresses([v6, v4, v6], 0, async () => {
          const port = await net.refusingPort()
          const { world, socket, events } = net.client({ nonBlocking: true })
          const options = { raw: true }
          assert.is(await connectSocket(world, socket, host, port, options), NetworkError.refused)
          NetworkSystem(world)
          await turns(20)
          NetworkSystem(world)
          assert.is(events.length, 1)
          assert.is(events[0]!.succeeded, 0)
        }))

      it('a socket that is destroyed meanwhile does not come to the second', (net) =>
        withAddresses([v4, v6], 0, async () => {
          const port = await deafPort(net, v4)
          const [, events] = await serve(net, v6.address, port)
          const { world, socket } = net.client()
          const options = { raw: true, timeoutMs: 400 }
          const result = connectSocket(world, socket, host, port, options)
          await turns(5)
          destroySocket(world, socket)
          assert.is(await result, NetworkError.connectionClosed)
          const end = performance.now() + 600
          await until(() => performance.now() > end)
          assert.equal(events, [])
        }))
    },
    { transport },
  )
