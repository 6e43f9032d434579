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
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

/** One end of a connection and what it was told. */
class End implements ConnectionEvents {
  connection: Connection | undefined
  readonly told: string[] = []
  onReceived: (text: string) => void = () => undefined

  opened(connection: Connection): void {
    this.connection = connection
    this.told.push('opened')
  }

  failed(error: NetworkError): void {
    this.told.push(`failed ${error}`)
  }

  received(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString()
    this.told.push(text)
    this.onReceived(text)
  }

  /** How often it was told that what it had written has left. */
  drains = 0

  drained(): void {
    this.drains++
  }

  alive(): void {}

  ended(reason: DisconnectReason): void {
    this.told.push(`ended ${reason}`)
  }

  say(text: string): void {
    this.connection!.write(Buffer.from(text))
  }
}

interface Pair {
  readonly near: End
  readonly far: End
}

function listenOn(
  transport: Transport,
  port: number,
  accepted: (connection: Connection) => ConnectionEvents = () => new End(),
): Listener | NetworkError {
  return transport.listen(
    { port, messageBytesMax: Infinity, handshakeTimeoutMs: 1_000 },
    { accepted, listening() {}, failed() {}, warned() {}, rejected() {} },
  )
}

function connectOptions(port: number): TransportConnectOptions {
  return { host: 'memory', port, timeoutMs: 1_000, messageBytesMax: Infinity, protocol: '' }
}

function connectTo(transport: Transport, port: number): End {
  const end = new End()
  end.connection = transport.connect(connectOptions(port), end)
  return end
}

function createPair(transport = createMemoryTransport()): Pair {
  const far = new End()
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
      return new End()
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
    assert.equal(end.told, [`failed ${NetworkError.refused}`])
    end.say('into the void')
    end.connection!.close()
    end.connection!.reset()
    assert.is(end.told.length, 1)
  })

  it('a closed listener refuses, and its connections go on', () => {
    const transport = createMemoryTransport()
    const far = new End()
    const listener = listenOn(transport, 0, (connection) => {
      far.connection = connection
      return far
    }) as Listener
    const near = connectTo(transport, listener.port)
    listener.close()
    assert.equal(connectTo(transport, listener.port).told, [`failed ${NetworkError.refused}`])
    near.say('still')
    far.say('here')
    assert.equal(far.told, ['still'])
    assert.equal(near.told, ['opened', 'here'])
  })

  it('two transports are two networks', () => {
    const [one, two] = [createMemoryTransport(), createMemoryTransport()]
    listenOn(one, 4000)
    assert.equal(connectTo(two, 4000).told, [`failed ${NetworkError.refused}`])
    assert.equal(connectTo(one, 4000).told, ['opened'])
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
    near.say('two')
    assert.equal(far.told, ['one', 'two'])
    assert.is(near.connection!.pendingBytes, 0)
  })

  it('keeps the order when receiving writes back and forth', () => {
    const { near, far } = createPair()
    far.onReceived = (text) => {
      if (text.length < 6) far.say(`${text}f`)
    }
    near.onReceived = (text) => near.say(`${text}n`)
    near.say('a')
    near.say('b')
    assert.equal(far.told, ['a', 'afn', 'afnfn', 'afnfnfn', 'b', 'bfn', 'bfnfn', 'bfnfnfn'])
    assert.equal(near.told, ['opened', 'af', 'afnf', 'afnfnf', 'bf', 'bfnf', 'bfnfnf'])
  })

  it('a paused end makes the bytes of the other wait, until it resumes', () => {
    const { near, far } = createPair()
    far.connection!.pause()
    near.say('12345')
    near.say('67')
    assert.equal(far.told, [])
    assert.is(near.connection!.pendingBytes, 7)
    far.say('the other direction')
    assert.is(near.told.at(-1), 'the other direction')
    far.connection!.resume()
    assert.equal(far.told, ['12345', '67'])
    assert.is(near.connection!.pendingBytes, 0)
  })

  it('pausing while it receives stops after that piece; resuming there goes on', () => {
    const { near, far } = createPair()
    far.connection!.pause()
    for (const text of ['1', '2', '3']) near.say(text)
    far.onReceived = (text) => {
      if (text === '1') far.connection!.pause()
    }
    far.connection!.resume()
    assert.equal(far.told, ['1'])
    assert.is(near.connection!.pendingBytes, 2)
    far.onReceived = () => {
      far.connection!.pause()
      far.connection!.resume()
    }
    far.connection!.resume()
    assert.equal(far.told, ['1', '2', '3'])
    assert.is(near.connection!.pendingBytes, 0)
  })
})

spec('memory transport :: endings', (it) => {
  it('close delivers what was written, then ends the other; this end hears nothing', () => {
    const { near, far } = createPair()
    near.say('last')
    near.connection!.close()
    assert.equal(far.told, ['last', `ended ${DisconnectReason.closed}`])
    assert.equal(near.told, ['opened'])
  })

  it('close waits for a paused peer; reset does not', () => {
    const closed = createPair()
    closed.far.connection!.pause()
    closed.near.say('last')
    closed.near.connection!.close()
    assert.equal(closed.far.told, [])
    closed.far.connection!.resume()
    assert.equal(closed.far.told, ['last', `ended ${DisconnectReason.closed}`])

    const reset = createPair()
    reset.far.connection!.pause()
    reset.near.say('lost')
    reset.near.connection!.reset()
    assert.equal(reset.far.told, [`ended ${DisconnectReason.reset}`])
    reset.far.connection!.resume()
    assert.is(reset.far.told.length, 1)
  })

  it('nothing follows close or reset, or the end', () => {
    for (const how of ['close', 'reset'] as const) {
      const { near, far } = createPair()
      near.connection![how]()
      const told = [...far.told]
      near.say('x')
      far.say('y')
      near.connection!.close()
      near.connection!.reset()
      far.connection!.close()
      far.connection!.reset()
      assert.equal(near.told, ['opened'])
      assert.equal(far.told, told)
    }
  })

  it('closing inside received: nothing more is delivered to this end, all to the other', () => {
    const { near, far } = createPair()
    far.connection!.pause()
    for (const text of ['1', '2', '3']) near.say(text)
    far.onReceived = (text) => {
      far.say(`got ${text}`)
      if (text === '2') far.connection!.close()
    }
    far.connection!.resume()
    assert.equal(far.told, ['1', '2'])
    assert.equal(near.told, ['opened', 'got 1', 'got 2', `ended ${DisconnectReason.closed}`])
  })

  it('resetting inside received', () => {
    const { near, far } = createPair()
    far.onReceived = () => far.connection!.reset()
    near.say('1')
    near.say('2')
    assert.equal(far.told, ['1'])
    assert.equal(near.told, ['opened', `ended ${DisconnectReason.reset}`])
  })

  it('closing the other end inside received: what was written before still comes, then the end', () => {
    const { near, far } = createPair()
    near.onReceived = (text) => {
      if (text !== 'first') return
      far.say('second')
      far.connection!.close()
    }
    far.say('first')
    assert.equal(near.told, ['opened', 'first', 'second', `ended ${DisconnectReason.closed}`])
  })

  it('closing inside opened or accepted', () => {
    const transport = createMemoryTransport()
    const far = new End()
    const full = listenOn(transport, 0, (connection) => {
      connection.close()
      return far
    }) as Listener
    const turnedAway = connectTo(transport, full.port)
    assert.equal(turnedAway.told, ['opened', `ended ${DisconnectReason.closed}`])
    assert.equal(far.told, [])

    const open = listenOn(transport, 0, () => far) as Listener
    const hasty = new End()
    hasty.opened = (connection) => {
      hasty.told.push('opened')
      connection.close()
    }
    transport.connect(connectOptions(open.port), hasty)
    assert.equal(hasty.told, ['opened'])
    assert.equal(far.told, [`ended ${DisconnectReason.closed}`])
  })
})
