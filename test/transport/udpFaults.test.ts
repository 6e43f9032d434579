import { NetworkError } from 'bitecs-networking'
import { DatagramRecorder } from 'bitecs-networking/testing'
import dgram, { type Socket } from 'node:dgram'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import * as assert from 'uvu/assert'
import { udp } from '../../src/transport/node/udp.ts'
import { bindRecorded } from '../lib/bindRecorded.ts'
import { RawDatagrams } from '../lib/RawDatagrams.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'

const { createSocket } = dgram
const { networkInterfaces } = os

function errorWith(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** While `run` runs, each new socket of `node:dgram` is changed first. */
function withSockets<T>(change: (socket: Socket, type: string) => void, run: () => T): T {
  dgram.createSocket = ((options: { readonly type: 'udp4' | 'udp6' }) => {
    const socket = createSocket(options)
    change(socket, options.type)
    return socket
  }) as typeof createSocket
  syncBuiltinESMExports()
  try {
    return run()
  } finally {
    dgram.createSocket = createSocket
    syncBuiltinESMExports()
  }
}

/** Binding this socket fails so. */
function failBind(socket: Socket, code: string): void {
  socket.bind = () => {
    socket.emit('error', errorWith(code))
    return socket
  }
}

/** An endpoint that was closed while a datagram waits to leave, and the time. */
interface Lingering {
  /** The datagram has left; another waits. */
  readonly answer: () => void
  /** Passes time; timers that fall due run once, and the event loop turns. */
  readonly pass: (ms: number) => Promise<void>
  /** How often the socket has closed. */
  readonly closed: () => number
}

/** Runs a case with an endpoint that has just been closed. Time is the case's. */
async function withLingering(run: (it: Lingering) => Promise<void>): Promise<void> {
  let closed = 0
  let answer: ((error: null) => void) | undefined
  const { endpoint } = withSockets(
    (socket) => {
      socket.getSendQueueCount = () => 1
      socket.send = ((...given: unknown[]) => {
        answer = given.at(-1) as typeof answer
      }) as typeof socket.send
      socket.on('close', () => closed++)
    },
    () => bindRecorded(udp),
  )
  endpoint.send(Uint8Array.of(1), '::1', 9)
  const { setTimeout, clearTimeout } = globalThis
  const timers = new Map<object, { readonly run: () => void; readonly dueMs: number }>()
  let nowMs = performance.now()
  const now = Object.getOwnPropertyDescriptor(performance, 'now')
  performance.now = () => nowMs
  globalThis.setTimeout = ((run: () => void, ms: number) => {
    const timer = { unref: () => timer, refresh: () => timer }
    timers.set(timer, { run, dueMs: nowMs + ms })
    return timer
  }) as unknown as typeof setTimeout
  globalThis.clearTimeout = (timer) => void timers.delete(timer as object)
  try {
    endpoint.close()
    await run({
      answer: () => answer!(null),
      closed: () => closed,
      async pass(ms) {
        nowMs += ms
        for (const [timer, { run, dueMs }] of Array.from(timers))
          if (dueMs <= nowMs && timers.delete(timer)) run()
        await turns()
      },
    })
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout })
    if (now === undefined) Reflect.deleteProperty(performance, 'now')
    else Object.defineProperty(performance, 'now', now)
  }
}

spec('udp faults', (it) => {
  it('gives a code for each failure to bind', () => {
    for (const [code, expected] of [
      ['EADDRINUSE', NetworkError.portUnavailable],
      ['EACCES', NetworkError.portUnavailable],
      ['EMFILE', NetworkError.tooManySockets],
      ['ENFILE', NetworkError.tooManySockets],
      ['EADDRNOTAVAIL', NetworkError.unreachable],
      ['EAFNOSUPPORT', NetworkError.unreachable],
      ['EIO', NetworkError.general],
    ] as const)
      for (const host of [undefined, '127.0.0.1']) {
        const recorder = new DatagramRecorder()
        const result = withSockets(
          (socket) => failBind(socket, code),
          () => udp.bind({ port: 0, host }, recorder),
        )
        assert.is(result, expected, code)
        assert.equal(recorder.errors, [])
      }
  })

  it('binds IPv4 alone on a machine without IPv6', async () => {
    const types: string[] = []
    const { endpoint, take } = withSockets(
      (socket, type) => {
        types.push(type)
        if (type === 'udp6') failBind(socket, 'EAFNOSUPPORT')
      },
      () => bindRecorded(udp),
    )
    assert.equal(types, ['udp6', 'udp4'])
    const peer = await RawDatagrams.bind()
    endpoint.send(Uint8Array.of(1), '127.0.0.1', peer.port)
    peer.send('02', (await peer.take()).port)
    assert.equal(await take(), { hex: '02', ip: '127.0.0.1', port: peer.port })
    assert.is(endpoint.send(Uint8Array.of(1), '::1', peer.port), NetworkError.unreachable)
    endpoint.close()
    peer.close()
  })

  it('does not take IPv4 alone when only the IPv6 port is taken', () => {
    const types: string[] = []
    const result = withSockets(
      (socket, type) => {
        types.push(type)
        if (type === 'udp6') failBind(socket, 'EADDRINUSE')
      },
      () => udp.bind({ port: 0 }, new DatagramRecorder()),
    )
    assert.equal([result, types], [NetworkError.portUnavailable, ['udp6']])
  })

  it('tells each failure to send, and goes on', async () => {
    let socket: Socket | undefined
    const { endpoint, recorder, take } = withSockets(
      (made) => (socket = made),
      () => bindRecorded(udp),
    )
    const send = socket!.send.bind(socket)
    for (const [code, expected] of [
      ['EMSGSIZE', NetworkError.tooLarge],
      ['ENETUNREACH', NetworkError.unreachable],
      ['EHOSTUNREACH', NetworkError.unreachable],
      ['ENETDOWN', NetworkError.unreachable],
      ['EADDRNOTAVAIL', NetworkError.unreachable],
      ['EINVAL', NetworkError.unreachable],
      ['ECONNREFUSED', NetworkError.refused],
      ['EPERM', NetworkError.general],
      ['EACCES', NetworkError.general],
      ['ENOBUFS', NetworkError.general],
    ] as const) {
      socket!.send = ((...given: unknown[]) => {
        const answer = given.at(-1) as (error: Error) => void
        process.nextTick(answer, errorWith(code))
      }) as typeof send
      assert.is(endpoint.send(Uint8Array.of(1), '127.0.0.1', 9), 0)
      assert.equal(recorder.errors, [])
      await until(() => recorder.errors.length > 0)
      assert.is(recorder.errors.pop(), expected, code)
    }
    socket!.send = send
    endpoint.send(Uint8Array.of(1), '::1', endpoint.localPort)
    assert.is((await take()).hex, '01')
    endpoint.close()
  })

  it('does not end by an error of the socket, and hears of none after close', async () => {
    let socket: Socket | undefined
    const { endpoint, recorder, take } = withSockets(
      (made) => (socket = made),
      () => bindRecorded(udp),
    )
    socket!.emit('error', errorWith('ECONNREFUSED'))
    assert.equal(recorder.errors, [NetworkError.refused])
    endpoint.send(Uint8Array.of(1), '::1', endpoint.localPort)
    assert.is((await take()).hex, '01')
    endpoint.close()
    socket!.emit('error', errorWith('ECONNREFUSED'))
    assert.is(recorder.errors.length, 1)
  })

  it('does without a larger receive buffer', async () => {
    const { endpoint, recorder, take } = withSockets(
      (socket) => {
        socket.setRecvBufferSize = () => {
          throw errorWith('ENOBUFS')
        }
      },
      () => bindRecorded(udp),
    )
    endpoint.send(Uint8Array.of(1), '::1', endpoint.localPort)
    assert.is((await take()).hex, '01')
    assert.equal(recorder.errors, [])
    endpoint.close()
  })

  it('waits for what has not left before it closes the socket', async () => {
    let closed = 0
    let count = 2
    const answers: ((error: Error | null) => void)[] = []
    const { endpoint, recorder } = withSockets(
      (socket) => {
        socket.getSendQueueCount = () => count
        socket.getSendQueueSize = () => count * 10
        socket.send = ((...given: unknown[]) => {
          answers.push(given.at(-1) as (error: Error | null) => void)
        }) as typeof socket.send
        socket.on('close', () => closed++)
      },
      () => bindRecorded(udp),
    )
    for (let sent = 0; sent < 2; sent++) endpoint.send(new Uint8Array(10), '::1', 9)
    assert.is(endpoint.pendingBytes, 20)
    assert.is(endpoint.pendingCount, 2)
    endpoint.close()
    count = 1
    answers[0]!(null)
    await turns()
    assert.is(closed, 0)
    count = 0
    answers[1]!(errorWith('EPERM'))
    // At once, not when the time for it is over.
    await until(() => closed === 1, [], 1_000)
    assert.equal(recorder.errors, [])
  })

  it('gives up when what was sent makes no progress for 5 s', () =>
    withLingering(async ({ answer, pass, closed }) => {
      for (let count = 0; count < 49; count++) await pass(100)
      assert.is(closed(), 0)
      // Progress: the time begins again.
      answer()
      for (let count = 0; count < 49; count++) await pass(100)
      assert.is(closed(), 0)
      await pass(100)
      assert.is(closed(), 1)
    }))

  it('does not give up since the program stands still', () =>
    withLingering(async ({ pass, closed }) => {
      await pass(3_600_000)
      for (let count = 0; count < 44; count++) await pass(100)
      assert.is(closed(), 0)
      await pass(100)
      assert.is(closed(), 1)
    }))

  it('broadcasts nowhere when it cannot see the networks', () => {
    const { endpoint, recorder } = bindRecorded(udp)
    os.networkInterfaces = () => {
      throw errorWith('EPERM')
    }
    syncBuiltinESMExports()
    try {
      endpoint.setMulticast(true)
      assert.is(endpoint.broadcast(Uint8Array.of(1), 9), NetworkError.unreachable)
    } finally {
      os.networkInterfaces = networkInterfaces
      syncBuiltinESMExports()
      endpoint.close()
    }
    assert.equal(recorder.errors, [])
  })

  it('tells when a group cannot be joined', () => {
    let joins = 0
    const { endpoint, recorder } = withSockets(
      (socket) => {
        socket.addMembership = () => {
          joins++
          throw errorWith('ENODEV')
        }
      },
      () => bindRecorded(udp),
    )
    const entry = {
      family: 'IPv6' as const,
      address: 'fe80::1',
      netmask: 'ffff:ffff:ffff:ffff::',
      mac: '',
      internal: false,
      cidr: null,
      scopeid: 2,
    }
    os.networkInterfaces = () => ({ net1: [entry], net2: [entry] })
    syncBuiltinESMExports()
    try {
      endpoint.setMulticast(true)
    } finally {
      os.networkInterfaces = networkInterfaces
      syncBuiltinESMExports()
    }
    assert.equal([joins, recorder.errors], [2, [NetworkError.general, NetworkError.general]])
    endpoint.setMulticast(false)
    endpoint.close()
  })
})
