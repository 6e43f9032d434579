import {
  type Connection,
  type ConnectionEvents,
  createMemoryTransport,
  DisconnectReason,
  type Listener,
  NetworkError,
  SocketType,
  type Transport,
  type TransportConnectOptions,
} from 'bitecs-networking'
import { ConnectionRecorder } from 'bitecs-networking/testing'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

/** What an end has emitted, but for drained and alive: messages as text. */
function emitted({ calls, log }: ConnectionRecorder): string[] {
  return calls.flatMap((call, at) => {
    if (call.name === 'received') return [textOf(call.bytes)]
    return call.name === 'drained' || call.name === 'alive' ? [] : [log[at]!]
  })
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

function say({ connection }: ConnectionRecorder, text: string): void {
  connection!.write(Buffer.from(text))
}

interface Pair {
  readonly near: ConnectionRecorder
  readonly far: ConnectionRecorder
}

function listenOn(
  transport: Transport,
  port: number,
  accepted: (connection: Connection) => ConnectionEvents = () => new ConnectionRecorder(),
): Listener | NetworkError {
  return transport.listen(
    { port, messageBytesMax: Infinity, handshakeTimeoutMs: 1_000 },
    { accepted, listening() {}, failed() {}, warned() {}, rejected() {} },
  )
}

function connectOptions(port: number): TransportConnectOptions {
  return { host: 'memory', port, timeoutMs: 1_000, messageBytesMax: Infinity, protocol: '' }
}

function connectTo(transport: Transport, port: number): ConnectionRecorder {
  const end = new ConnectionRecorder()
  end.connection = transport.connect(connectOptions(port), end)
  return end
}

function createPair(transport = createMemoryTransport()): Pair {
  const far = new ConnectionRecorder()
  const listener = listenOn(transport, 0, (connection) => {
    far.connection = connection
    return far
  }) as Listener
  const near = connectTo(transport, listener.port)
  return { near, far }
}

spec('memory transport :: listening', (it) => {
  it('port 0 takes a free port, another each time', () => {
    const transport = createMemoryTransport()
    assert.is(transport.type, SocketType.memory)
    const ports = Array.from({ length: 100 }, () => (listenOn(transport, 0) as Listener).port)
    assert.is(new Set(ports).size, 100)
    for (const port of ports) assert.ok(port > 0 && port <= 65_535)
  })

  it('a port that is taken is refused, until its listener is closed', () => {
    const transport = createMemoryTransport()
    const first = listenOn(transport, 4000) as Listener
    assert.is(first.port, 4000)
    assert.is(listenOn(transport, 4000), NetworkError.portUnavailable)
    first.close()
    const second = listenOn(transport, 4000) as Listener
    assert.is(second.port, 4000)
    first.close()
    assert.is(
      listenOn(transport, 4000),
      NetworkError.portUnavailable,
      'a listener that is closed again closes no other',
    )
  })

  it('ports stay in 1..65535 however many connections there have been', () => {
    const transport = createMemoryTransport()
    const far: Connection[] = []
    const listener = listenOn(transport, 4000, (connection) => {
      far.push(connection)
      return new ConnectionRecorder()
    }) as Listener
    for (let index = 0; index < 20_000; index++) {
      const { connection } = connectTo(transport, listener.port)
      assert.ok(connection!.localPort <= 65_535, `localPort ${connection!.localPort}`)
      connection!.close()
      far.pop()!.close()
    }
    assert.ok((listenOn(transport, 0) as Listener).port <= 65_535)
  })

  it('nobody there: refused, before connect returns', () => {
    const transport = createMemoryTransport()
    const end = connectTo(transport, 4000)
    assert.equal(emitted(end), [`failed ${NetworkError.refused}`])
    say(end, 'into the void')
    end.connection!.close()
    end.connection!.reset()
    assert.is(emitted(end).length, 1)
  })

  it('a closed listener refuses, and its connections go on', () => {
    const transport = createMemoryTransport()
    const far = new ConnectionRecorder()
    const listener = listenOn(transport, 0, (connection) => {
      far.connection = connection
      return far
    }) as Listener
    const near = connectTo(transport, listener.port)
    listener.close()
    assert.equal(emitted(connectTo(transport, listener.port)), [`failed ${NetworkError.refused}`])
    say(near, 'still')
    say(far, 'here')
    assert.equal(emitted(far), ['still'])
    assert.equal(emitted(near), ['opened', 'here'])
  })

  it('two transports are two networks', () => {
    const [one, two] = [createMemoryTransport(), createMemoryTransport()]
    listenOn(one, 4000)
    assert.equal(emitted(connectTo(two, 4000)), [`failed ${NetworkError.refused}`])
    assert.equal(emitted(connectTo(one, 4000)), ['opened'])
  })
})

spec('memory transport :: connections', (it) => {
  it('each end shows the port of the other', () => {
    const { near, far } = createPair()
    assert.is(near.connection!.remotePort, far.connection!.localPort)
    assert.is(far.connection!.remotePort, near.connection!.localPort)
    assert.is(near.connection!.remoteIp, '127.0.0.1')
    assert.is(far.connection!.remoteIp, '127.0.0.1')
  })

  it('delivers at once, in order, a copy of the bytes', () => {
    const { near, far } = createPair()
    const bytes = Buffer.from('one')
    near.connection!.write(bytes)
    bytes.fill(0)
    say(near, 'two')
    assert.equal(emitted(far), ['one', 'two'])
    assert.is(near.connection!.pendingBytes, 0)
  })

  it('keeps the order when receiving writes back and forth', () => {
    const { near, far } = createPair()
    far.onReceived = (bytes) => {
      const text = textOf(bytes)
      if (text.length < 6) say(far, `${text}f`)
    }
    near.onReceived = (bytes) => say(near, `${textOf(bytes)}n`)
    say(near, 'a')
    say(near, 'b')
    assert.equal(emitted(far), ['a', 'afn', 'afnfn', 'afnfnfn', 'b', 'bfn', 'bfnfn', 'bfnfnfn'])
    assert.equal(emitted(near), ['opened', 'af', 'afnf', 'afnfnf', 'bf', 'bfnf', 'bfnfnf'])
  })

  it('a paused end makes the bytes of the other wait, until it resumes', () => {
    const { near, far } = createPair()
    far.connection!.pause()
    say(near, '12345')
    say(near, '67')
    assert.equal(emitted(far), [])
    assert.is(near.connection!.pendingBytes, 7)
    say(far, 'the other direction')
    assert.is(emitted(near).at(-1), 'the other direction')
    far.connection!.resume()
    assert.equal(emitted(far), ['12345', '67'])
    assert.is(near.connection!.pendingBytes, 0)
  })

  it('pausing while it receives stops after that piece; resuming there goes on', () => {
    const { near, far } = createPair()
    far.connection!.pause()
    for (const text of ['1', '2', '3']) say(near, text)
    far.onReceived = (bytes) => {
      const text = textOf(bytes)
      if (text === '1') far.connection!.pause()
    }
    far.connection!.resume()
    assert.equal(emitted(far), ['1'])
    assert.is(near.connection!.pendingBytes, 2)
    far.onReceived = () => {
      far.connection!.pause()
      far.connection!.resume()
    }
    far.connection!.resume()
    assert.equal(emitted(far), ['1', '2', '3'])
    assert.is(near.connection!.pendingBytes, 0)
  })
})

spec('memory transport :: endings', (it) => {
  it('close delivers what was written, then ends the other; this end hears nothing', () => {
    const { near, far } = createPair()
    say(near, 'last')
    near.connection!.close()
    assert.equal(emitted(far), ['last', `ended ${DisconnectReason.closed}`])
    assert.equal(emitted(near), ['opened'])
  })

  it('close waits for a paused peer; reset does not', () => {
    const closed = createPair()
    closed.far.connection!.pause()
    say(closed.near, 'last')
    closed.near.connection!.close()
    assert.equal(emitted(closed.far), [])
    closed.far.connection!.resume()
    assert.equal(emitted(closed.far), ['last', `ended ${DisconnectReason.closed}`])

    const reset = createPair()
    reset.far.connection!.pause()
    say(reset.near, 'lost')
    reset.near.connection!.reset()
    assert.equal(emitted(reset.far), [`ended ${DisconnectReason.reset}`])
    reset.far.connection!.resume()
    assert.is(emitted(reset.far).length, 1)
  })

  it('nothing follows close or reset, or the end', () => {
    for (const how of ['close', 'reset'] as const) {
      const { near, far } = createPair()
      near.connection![how]()
      const told = emitted(far)
      say(near, 'x')
      say(far, 'y')
      near.connection!.close()
      near.connection!.reset()
      far.connection!.close()
      far.connection!.reset()
      assert.equal(emitted(near), ['opened'])
      assert.equal(emitted(far), told)
    }
  })

  it('closing inside received: nothing more is delivered to this end, all to the other', () => {
    const { near, far } = createPair()
    far.connection!.pause()
    for (const text of ['1', '2', '3']) say(near, text)
    far.onReceived = (bytes) => {
      const text = textOf(bytes)
      say(far, `got ${text}`)
      if (text === '2') far.connection!.close()
    }
    far.connection!.resume()
    assert.equal(emitted(far), ['1', '2'])
    assert.equal(emitted(near), ['opened', 'got 1', 'got 2', `ended ${DisconnectReason.closed}`])
  })

  it('resetting inside received', () => {
    const { near, far } = createPair()
    far.onReceived = () => far.connection!.reset()
    say(near, '1')
    say(near, '2')
    assert.equal(emitted(far), ['1'])
    assert.equal(emitted(near), ['opened', `ended ${DisconnectReason.reset}`])
  })

  it('closing the other end inside received: what was written before still comes, then the end', () => {
    const { near, far } = createPair()
    near.onReceived = (bytes) => {
      const text = textOf(bytes)
      if (text !== 'first') return
      say(far, 'second')
      far.connection!.close()
    }
    say(far, 'first')
    assert.equal(emitted(near), ['opened', 'first', 'second', `ended ${DisconnectReason.closed}`])
  })

  it('closing inside opened or accepted', () => {
    const transport = createMemoryTransport()
    const far = new ConnectionRecorder()
    const full = listenOn(transport, 0, (connection) => {
      connection.close()
      return far
    }) as Listener
    const turnedAway = connectTo(transport, full.port)
    assert.equal(emitted(turnedAway), ['opened', `ended ${DisconnectReason.closed}`])
    assert.equal(emitted(far), [])

    const open = listenOn(transport, 0, () => far) as Listener
    const hasty = new ConnectionRecorder()
    hasty.onOpened = (connection) => connection.close()
    transport.connect(connectOptions(open.port), hasty)
    assert.equal(emitted(hasty), ['opened'])
    assert.equal(emitted(far), [`ended ${DisconnectReason.closed}`])
  })
})

spec('memory transport :: empty messages', (it) => {
  it('wait to leave like others while the peer is paused', () => {
    const { near, far } = createPair(createMemoryTransport({ boundaries: 'message' }))
    far.connection!.pause()
    for (let count = 1; count <= 3; count++) {
      near.connection!.write(new Uint8Array(), { ends: [0], types: [1] })
      assert.is(near.connection!.pendingBytes, count)
    }
    far.connection!.resume()
    assert.is(near.connection!.pendingBytes, 0)
    assert.equal(emitted(far), ['', '', ''])
    assert.ok(near.log.includes('drained'))
  })
})
