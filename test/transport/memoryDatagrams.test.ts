import { NetworkError, SocketType } from 'bitecs-networking'
import { DatagramRecorder } from 'bitecs-networking/testing'
import * as assert from 'uvu/assert'
import {
  createMemoryDatagrams,
  type MemoryDatagram,
} from '../../src/transport/memory/createMemoryDatagrams.ts'
import { bindRecorded } from '../lib/bindRecorded.ts'
import { spec } from '../spec.ts'

const ip = '127.0.0.1'

spec('memoryDatagrams', (it) => {
  it('tells what it promises', () => {
    const { type, capabilities } = createMemoryDatagrams()
    assert.is(type, SocketType.memory)
    assert.equal(capabilities, {
      ordered: true,
      reliable: true,
      boundaries: 'message',
      connections: false,
      messageBytesMax: 65_507,
    })
    const { ordered, reliable } = createMemoryDatagrams({ deliver() {} }).capabilities
    assert.equal([ordered, reliable], [false, false])
  })

  it('delivers at once, in order, both ways', () => {
    const net = createMemoryDatagrams()
    const near = bindRecorded(net)
    const far = bindRecorded(net, undefined, 6510)
    for (const byte of [1, 2, 3]) assert.is(near.endpoint.send(Uint8Array.of(byte), ip, 6510), 0)
    const { localPort: port } = near.endpoint
    assert.equal(far.datagrams, [
      { hex: '01', ip, port },
      { hex: '02', ip, port },
      { hex: '03', ip, port },
    ])
    far.endpoint.send(new Uint8Array(0), ip, port)
    assert.equal(near.datagrams, [{ hex: '', ip, port: 6510 }])
  })

  it('gives a copy', () => {
    const net = createMemoryDatagrams()
    const { endpoint, recorder } = bindRecorded(net)
    const sent = Buffer.from('0102', 'hex')
    endpoint.send(sent, ip, endpoint.localPort)
    sent.fill(9)
    const [got] = recorder.messages
    assert.equal(got, Uint8Array.of(1, 2))
    assert.is(got!.buffer.byteLength, 2)
  })

  it('finishes one datagram before the next, whatever receiving sends', () => {
    const net = createMemoryDatagrams()
    const near = bindRecorded(net)
    const far = bindRecorded(net)
    let depth = 0
    let deepest = 0
    far.recorder.onReceived = (bytes, ip, port) => {
      depth++
      deepest = Math.max(deepest, depth)
      if (bytes[0]! < 4) far.endpoint.send(Uint8Array.of(bytes[0]! + 1), ip, port)
      depth--
    }
    near.recorder.onReceived = (bytes, ip, port) => near.endpoint.send(bytes, ip, port)
    near.endpoint.send(Uint8Array.of(1), ip, far.endpoint.localPort)
    assert.equal(
      far.datagrams.map(({ hex }) => hex),
      ['01', '02', '03', '04'],
    )
    assert.is(deepest, 1)
  })

  it('has ports of its own, which are free again after close', () => {
    const net = createMemoryDatagrams()
    const { endpoint } = bindRecorded(net)
    assert.is(endpoint.localPort, 49_152)
    assert.is(bindRecorded(net).endpoint.localPort, 49_153)
    const port = 49_152
    assert.is(net.bind({ port }, new DatagramRecorder()), NetworkError.portUnavailable)
    assert.is(bindRecorded(createMemoryDatagrams()).endpoint.localPort, port)
    endpoint.close()
    endpoint.close()
    assert.is(bindRecorded(net, undefined, port).endpoint.localPort, port)
  })

  it('says when it has no port left', () => {
    const net = createMemoryDatagrams()
    for (let port = 49_152; port <= 65_535; port++) bindRecorded(net)
    assert.is(net.bind({ port: 0 }, new DatagramRecorder()), NetworkError.tooManySockets)
  })

  it('drops what nobody hears, and tells nothing after close', () => {
    const net = createMemoryDatagrams()
    const near = bindRecorded(net)
    const far = bindRecorded(net)
    assert.is(near.endpoint.send(Uint8Array.of(1), ip, 9), 0)
    far.recorder.onReceived = () => far.endpoint.close()
    far.endpoint.send(Uint8Array.of(0), ip, near.endpoint.localPort)
    near.recorder.onReceived = () => {}
    for (const byte of [1, 2]) near.endpoint.send(Uint8Array.of(byte), ip, far.endpoint.localPort)
    assert.is(far.datagrams.length, 1)
    assert.is(far.endpoint.send(Uint8Array.of(1), ip, 9), NetworkError.notConnected)
    assert.is(far.endpoint.broadcast(Uint8Array.of(1), 9), NetworkError.notConnected)
    far.endpoint.setMulticast(true)
    assert.equal([near.recorder.errors, far.recorder.errors], [[], []])
  })

  it('drops what waits behind the datagram that closes', () => {
    const net = createMemoryDatagrams()
    const { endpoint, recorder } = bindRecorded(net)
    const { localPort } = endpoint
    recorder.onReceived = () => {
      endpoint.send(Uint8Array.of(2), ip, localPort)
      endpoint.close()
    }
    endpoint.send(Uint8Array.of(1), ip, localPort)
    assert.equal(recorder.messages, [Uint8Array.of(1)])
  })

  it('has the size limit of UDP', () => {
    const net = createMemoryDatagrams()
    const { endpoint, recorder } = bindRecorded(net)
    const { localPort } = endpoint
    assert.is(endpoint.send(new Uint8Array(65_507), ip, localPort), 0)
    assert.is(endpoint.send(new Uint8Array(65_508), ip, localPort), NetworkError.tooLarge)
    assert.is(endpoint.broadcast(new Uint8Array(65_508), localPort), NetworkError.tooLarge)
    assert.is(recorder.messages.length, 1)
  })

  it('broadcasts to the endpoint of the port', () => {
    const net = createMemoryDatagrams()
    const near = bindRecorded(net)
    const far = bindRecorded(net)
    assert.is(near.endpoint.broadcast(Uint8Array.of(7), far.endpoint.localPort), 1)
    const { localPort: port } = near.endpoint
    assert.equal(far.datagrams, [{ hex: '07', ip, port }])
  })

  it('lets a hook drop, delay, repeat, damage and reorder', () => {
    const held: [MemoryDatagram, () => void][] = []
    const net = createMemoryDatagrams({ deliver: (...given) => held.push(given) })
    const near = bindRecorded(net, undefined, 1)
    const far = bindRecorded(net, undefined, 2)
    const sent = [1, 2, 3].map((byte) => Uint8Array.of(byte))
    for (const bytes of sent) near.endpoint.send(bytes, ip, 2)
    assert.equal(far.datagrams, [])
    assert.equal(
      held.map(([{ fromPort, toPort }]) => [fromPort, toPort]),
      Array.from({ length: 3 }, () => [1, 2]),
    )
    held[2]![0].bytes[0] = 0xff
    for (const index of [2, 0, 0]) held[index]![1]()
    assert.equal(
      far.datagrams.map(({ hex }) => hex),
      ['ff', '01', '01'],
    )
    // Each arrival is the receiver's own, and the sender's bytes stay as they were.
    far.recorder.messages[1]!.fill(9)
    assert.is(far.recorder.messages[2]![0], 1)
    assert.is(sent[2]![0], 3)
    far.endpoint.close()
    held[1]![1]()
    assert.is(far.datagrams.length, 3)
  })
})
