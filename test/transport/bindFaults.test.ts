import { createWorld, getAllEntities, hasComponent } from 'bitecs'
import {
  createServer,
  createSocket,
  Disconnected,
  NetworkError,
  Socket,
  SocketType,
} from 'bitecs-networking'
import cluster from 'node:cluster'
import dgram, { type Socket as UdpSocket } from 'node:dgram'
import { syncBuiltinESMExports } from 'node:module'
import { createServer as createTcp, Server } from 'node:net'
import * as assert from 'uvu/assert'
import { freePort } from '../lib/freePort.ts'
import { netSpec } from '../lib/netSpec.ts'
import { portOf } from '../lib/sockets.ts'
import { turns, until } from '../lib/until.ts'

const { createSocket: createUdp } = dgram
const listen = Object.getOwnPropertyDescriptor(Server.prototype, 'listen')!

function errorWith(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** While `run` runs, each new socket of `node:dgram` is changed first. */
function withUdp<T>(change: (socket: UdpSocket) => void, run: () => T): T {
  dgram.createSocket = ((options: { readonly type: 'udp4' | 'udp6' }) => {
    const socket = createUdp(options)
    change(socket)
    return socket
  }) as typeof createUdp
  syncBuiltinESMExports()
  try {
    return run()
  } finally {
    dgram.createSocket = createUdp
    syncBuiltinESMExports()
  }
}

/** While `run` runs, the system refuses every port with this code: TCP's as `node:net` says it, after the call. */
function withRefusals<T>(code: string, run: () => T): T {
  Server.prototype.listen = function (this: Server) {
    process.nextTick(() => this.emit('error', errorWith(code)))
    return this
  }
  try {
    return withUdp((socket) => {
      socket.bind = () => {
        socket.emit('error', errorWith(code))
        return socket
      }
    }, run)
  } finally {
    Object.defineProperty(Server.prototype, 'listen', listen)
  }
}

const types = { TCP: SocketType.tcp, WebSocket: SocketType.ws, UDP: SocketType.udp }

netSpec('ports that cannot be had', (it) => {
  for (const [name, type] of Object.entries(types)) {
    it(`${name}: without a free descriptor a server is tooManySockets, and has no entity`, async (net) => {
      for (const code of ['EMFILE', 'ENFILE']) {
        const world = net.world()
        const result = withRefusals(code, () => createServer(world, type, 0))
        assert.is(result, NetworkError.tooManySockets, code)
        await turns()
        assert.equal(getAllEntities(world), [])
      }
      assert.is(net.warnings.length, 2)
      for (const warning of net.warnings) assert.match(warning, /port 0: E[MN]FILE/)
    })

    it(`${name}: a warning has the code of the system, except for a port that is taken`, async (net) => {
      for (const [code, expected] of [
        ['EACCES', NetworkError.portUnavailable],
        ['EADDRINUSE', NetworkError.portUnavailable],
      ] as const) {
        net.warnings.length = 0
        const result = withRefusals(code, () => createServer(net.world(), type, 80))
        assert.is(result, expected)
        await turns()
        const isTaken = code === 'EADDRINUSE'
        assert.equal(
          net.warnings,
          isTaken ? [] : ['bitecs-networking: cannot listen on port 80: EACCES'],
        )
      }
    })

    it(`${name}: an address of another machine is unreachable, and the warning names it`, async (net) => {
      const world = net.world()
      // RFC 5737: for documentation, never an address of this machine.
      const result = createServer(world, type, 0, { host: '192.0.2.1' })
      if (result >= 0) await until(() => hasComponent(world, result, Disconnected), [world])
      const error = result < 0 ? result : Socket(world).connectError[result]
      assert.is(error, NetworkError.unreachable)
      await turns()
      const expected = 'bitecs-networking: cannot listen on port 0 of 192.0.2.1: EADDRNOTAVAIL'
      assert.equal(net.warnings, [expected])
    })

    it(`${name}: in a worker of a cluster a server binds the port itself, and a second one is warned`, async (net) => {
      const world = net.world()
      const held = cluster as { isWorker: boolean; isPrimary: boolean }
      const before = { isWorker: held.isWorker, isPrimary: held.isPrimary }
      Object.assign(held, { isWorker: true, isPrimary: false })
      try {
        const server = createServer(world, type, 0)
        assert.ok(server > 0)
        const result = createServer(world, type, portOf(world, server))
        assert.is(result, NetworkError.portUnavailable)
        await turns()
      } finally {
        Object.assign(held, before)
      }
      assert.is(net.warnings.length, 1)
      assert.match(net.warnings[0]!, /EADDRINUSE.*cluster/)
      assert.is(getAllEntities(world).length, 1)
    })
  }

  for (const isWorker of [false, true])
    it(`with a host a server learns later that its port is taken, ${isWorker ? 'with a warning in a worker' : 'without a warning'}`, async (net) => {
      const world = net.world()
      const taken = createServer(world, SocketType.tcp, 0)
      const port = portOf(world, taken)
      const held = cluster as { isWorker: boolean; isPrimary: boolean }
      const before = { isWorker: held.isWorker, isPrimary: held.isPrimary }
      Object.assign(held, { isWorker, isPrimary: !isWorker })
      try {
        const server = createServer(world, SocketType.tcp, port, { host: '127.0.0.1' })
        assert.ok(server > 0)
        await until(() => hasComponent(world, server, Disconnected), [world])
        assert.is(Socket(world).connectError[server], NetworkError.portUnavailable)
      } finally {
        Object.assign(held, before)
      }
      assert.is(
        net.warnings.filter((each) => /EADDRINUSE.*cluster/.test(each)).length,
        Number(isWorker),
      )
    })

  it('a server that could not listen leaves the port to others', async (net) => {
    const result = withRefusals('EMFILE', () => createServer(net.world(), SocketType.tcp, 0))
    assert.ok(result < 0)
    const other = createTcp()
    await new Promise<void>((resolve) => other.listen(0, resolve))
    other.close()
  })
})

netSpec('runtimes that lack UDP', (it) => {
  const flaws: Record<string, (socket: UdpSocket) => void> = {
    'an address that is not known after bind': (socket) => {
      socket.address = () => {
        throw errorWith('EBADF')
      }
    },
    'no getSendQueueSize': (socket) => Object.assign(socket, { getSendQueueSize: undefined }),
    'no getSendQueueCount': (socket) => Object.assign(socket, { getSendQueueCount: undefined }),
    'a bind that throws': (socket) => {
      socket.bind = () => {
        throw new Error('not implemented')
      }
    },
  }
  for (const [flaw, change] of Object.entries(flaws))
    it(`${flaw}: servers and sockets are unsupported, with a warning`, async (net) => {
      let closed = 0
      const opened: UdpSocket[] = []
      const world = net.world()
      const results = withUdp(
        (socket) => {
          opened.push(socket)
          socket.on('close', () => closed++)
          change(socket)
        },
        () => [
          createServer(world, SocketType.udp, 0),
          createServer(world, SocketType.udp, 0, { host: '127.0.0.1' }),
          createSocket(world, SocketType.udp),
        ],
      )
      assert.equal(results, Array<number>(3).fill(NetworkError.unsupported))
      assert.equal(getAllEntities(world), [])
      await until(() => closed === opened.length)
      assert.match(net.warnings[0]!, /no UDP sockets/)
    })

  it('a port that is still held after the failure does not count as taken', async (net) => {
    // Bun and Deno close a socket of node:dgram later than Node does.
    let opened = 0
    let closed = 0
    const serve = (port: number): number =>
      withUdp(
        (socket) => {
          opened++
          const close = socket.close.bind(socket)
          socket.on('close', () => closed++)
          socket.close = () => {
            setImmediate(close)
            return socket
          }
          Object.assign(socket, { getSendQueueSize: undefined })
        },
        () => createServer(net.world(), SocketType.udp, port),
      )
    let result = serve(await freePort())
    // Somebody else may have the port by now, but not again and again.
    for (let tries = 0; tries < 3 && result === NetworkError.portUnavailable; tries++)
      result = serve(await freePort())
    assert.is(result, NetworkError.unsupported)
    await until(() => closed === opened)
    assert.match(net.warnings[0]!, /no UDP sockets/)
  })

  it('a createSocket that throws is unsupported too', async (net) => {
    dgram.createSocket = () => {
      throw new Error('not implemented')
    }
    syncBuiltinESMExports()
    try {
      const world = net.world({}, createWorld())
      assert.is(createSocket(world, SocketType.udp), NetworkError.unsupported)
      await turns()
      assert.match(net.warnings[0]!, /not implemented/)
    } finally {
      dgram.createSocket = createUdp
      syncBuiltinESMExports()
    }
  })
})
