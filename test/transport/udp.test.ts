import { NetworkError, SocketType } from 'bitecs-networking'
import { DatagramRecorder } from 'bitecs-networking/testing'
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { type DatagramEndpoint } from '../../src/transport/DatagramTransport.ts'
import { udp } from '../../src/transport/node/udp.ts'
import { bindRecorded } from '../lib/bindRecorded.ts'
import { RawDatagrams } from '../lib/RawDatagrams.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

const hello = Buffer.from('hello')
const helloHex = '68656c6c6f'

const isLinux = process.platform === 'linux'

/** Bytes that wait in the receive queue of an IPv4 socket, as Linux tells without waiting; a datagram counts with its overhead. */
function waitingBytes(port: number): number {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  const line = readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .find((line) => line.includes(`:${hexPort} `))
  return Number.parseInt(/ [0-9A-F]{8}:([0-9A-F]{8}) /.exec(line ?? '')?.[1] ?? '0', 16)
}

function close(...ends: readonly { close(): void }[]): void {
  for (const end of ends) end.close()
}

/** Every pair of ends that can talk, and the address that the near end is seen with. */
const pairs: readonly (readonly [string | undefined, string | undefined, string])[] = [
  ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
  ['127.0.0.1', undefined, '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1', '127.0.0.1'],
  [undefined, '127.0.0.1', '127.0.0.1'],
  ['::ffff:127.0.0.1', '127.0.0.1', '127.0.0.1'],
  ['::1', '::1', '::1'],
  ['::1', undefined, '::1'],
  [undefined, '::1', '::1'],
  [undefined, undefined, '127.0.0.1'],
  ['::', undefined, '::1'],
]

spec('udp', (it) => {
  it('tells what it promises', () => {
    assert.is(udp.type, SocketType.udp)
    assert.equal(udp.capabilities, {
      ordered: false,
      reliable: false,
      boundaries: 'message',
      connections: false,
      messageBytesMax: 65_507,
    })
  })

  it('carries datagrams both ways between every two families that can meet', async () => {
    for (const [nearHost, farHost, ip] of pairs) {
      const near = bindRecorded(udp, nearHost)
      const far = bindRecorded(udp, farHost)
      assert.is(near.endpoint.send(hello, ip, far.endpoint.localPort), 0)
      const there = await far.take()
      assert.equal(there, { hex: helloHex, ip, port: near.endpoint.localPort })
      assert.is(far.endpoint.send(Buffer.from('back'), there.ip, there.port), 0)
      const back = await near.take()
      assert.equal(back, { hex: '6261636b', ip, port: far.endpoint.localPort })
      assert.equal([...near.recorder.errors, ...far.recorder.errors], [])
      close(near.endpoint, far.endpoint)
    }
  })

  it('takes an IPv4 address in IPv6 form as IPv4', async () => {
    const peer = await RawDatagrams.bind()
    for (const host of [undefined, '127.0.0.1']) {
      const { endpoint } = bindRecorded(udp, host)
      assert.is(endpoint.send(hello, '::ffff:127.0.0.1', peer.port), 0)
      assert.is((await peer.take()).hex, helloHex)
      endpoint.close()
    }
    peer.close()
  })

  it('knows its port at once', async () => {
    const peer = await RawDatagrams.bind()
    const wanted = peer.port
    peer.close()
    await until(() => {
      const result = udp.bind({ port: wanted }, new DatagramRecorder())
      if (typeof result === 'number') return false
      assert.is(result.localPort, wanted)
      result.close()
      return true
    })
    const { endpoint } = bindRecorded(udp)
    assert.ok(endpoint.localPort > 0)
    endpoint.close()
  })

  it('answers at once that a port is taken, by whichever family', async () => {
    const taken = NetworkError.portUnavailable
    for (const [host, others] of [
      ['127.0.0.1', [undefined, '0.0.0.0', '127.0.0.1']],
      ['::1', [undefined, '::', '::1']],
    ] as const) {
      const peer = await RawDatagrams.bind(host)
      for (const other of others)
        assert.is(udp.bind({ port: peer.port, host: other }, new DatagramRecorder()), taken)
      peer.close()
    }
    const { endpoint } = bindRecorded(udp)
    assert.is(udp.bind({ port: endpoint.localPort }, new DatagramRecorder()), taken)
    endpoint.close()
  })

  it('binds only addresses, and only those of this machine', () => {
    const recorder = new DatagramRecorder()
    // TEST-NET-3 and the documentation prefix: nobody has these.
    assert.is(udp.bind({ port: 0, host: '203.0.113.9' }, recorder), NetworkError.unreachable)
    assert.is(udp.bind({ port: 0, host: '2001:db8::9' }, recorder), NetworkError.unreachable)
    assert.is(udp.bind({ port: 0, host: 'localhost' }, recorder), NetworkError.hostNotFound)
    assert.is(udp.bind({ port: 0, host: '' }, recorder), NetworkError.hostNotFound)
    assert.equal(recorder.errors, [])
  })

  it('leaves in the same turn', async () => {
    if (!isLinux) return
    const peer = await RawDatagrams.bind()
    for (const host of [undefined, '127.0.0.1']) {
      const { endpoint } = bindRecorded(udp, host)
      assert.is(waitingBytes(peer.port), 0)
      endpoint.send(hello, '127.0.0.1', peer.port)
      assert.ok(waitingBytes(peer.port) > 0)
      assert.is(endpoint.pendingBytes, 0)
      await peer.take()
      endpoint.close()
    }
    peer.close()
  })

  it('carries every length from empty to the largest', async () => {
    const four = bindRecorded(udp, '127.0.0.1')
    const six = bindRecorded(udp, '::1')
    const dual = bindRecorded(udp)
    const port = dual.endpoint.localPort
    const sendAndCompare = async (
      from: DatagramEndpoint,
      ip: string,
      size: number,
    ): Promise<void> => {
      const bytes = Buffer.alloc(size, 0x5a)
      bytes[size - 1] = 0x7b
      assert.is(from.send(bytes, ip, port), 0)
      await dual.take()
      assert.ok(bytes.equals(dual.recorder.messages.at(-1)!))
    }
    for (const size of [1, 2, 1_200, 1_472, 1_473, 65_507]) {
      await sendAndCompare(four.endpoint, '127.0.0.1', size)
      await sendAndCompare(six.endpoint, '::1', size)
      await sendAndCompare(dual.endpoint, '127.0.0.1', size)
    }
    await sendAndCompare(six.endpoint, '::1', 65_527)
    four.endpoint.send(new Uint8Array(0), '127.0.0.1', port)
    assert.is((await dual.take()).hex, '')
    close(four.endpoint, six.endpoint, dual.endpoint)
  })

  it('refuses at once what is too large', () => {
    const { endpoint, recorder } = bindRecorded(udp)
    const port = endpoint.localPort
    const { tooLarge } = NetworkError
    assert.is(endpoint.send(new Uint8Array(65_508), '127.0.0.1', port), tooLarge)
    assert.is(endpoint.send(new Uint8Array(65_508), '::ffff:127.0.0.1', port), tooLarge)
    assert.is(endpoint.send(new Uint8Array(65_528), '::1', port), tooLarge)
    assert.is(endpoint.broadcast(new Uint8Array(65_508), port), tooLarge)
    assert.equal(recorder.errors, [])
    endpoint.close()
  })

  it('refuses at once an address of a family that it does not have', () => {
    const four = bindRecorded(udp, '127.0.0.1').endpoint
    const any4 = bindRecorded(udp, '0.0.0.0').endpoint
    const six = bindRecorded(udp, '::1').endpoint
    for (const endpoint of [four, any4])
      assert.is(endpoint.send(hello, '::1', 9), NetworkError.unreachable)
    for (const ip of ['127.0.0.1', '::ffff:127.0.0.1'])
      assert.is(six.send(hello, ip, 9), NetworkError.unreachable)
    close(four, any4, six)
  })

  it('looks no name up', () => {
    const { endpoint, recorder } = bindRecorded(udp)
    for (const ip of ['localhost', '', '127.0.0', '1.2.3.4.5', '127.0.0.1 ', '::1::', '[::1]'])
      assert.is(endpoint.send(hello, ip, 9), NetworkError.hostNotFound, ip)
    assert.equal(recorder.errors, [])
    endpoint.close()
  })

  it('never throws for a wrong port', () => {
    const { endpoint } = bindRecorded(udp)
    for (const port of [0, -1, 65_536, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      assert.is(endpoint.send(hello, '127.0.0.1', port), NetworkError.general, String(port))
    endpoint.close()
  })

  it('goes on after a datagram to a closed port', async () => {
    for (const [host, ip] of [
      [undefined, '127.0.0.1'],
      [undefined, '::1'],
      ['127.0.0.1', '127.0.0.1'],
      ['::1', '::1'],
    ] as const) {
      const gone = await RawDatagrams.bind(ip)
      const peer = await RawDatagrams.bind(ip)
      gone.close()
      const { endpoint, take } = bindRecorded(udp, host)
      // The ICMP answer to the first comes back before the second leaves.
      for (let count = 0; count < 3; count++) assert.is(endpoint.send(hello, ip, gone.port), 0)
      endpoint.send(hello, ip, peer.port)
      const { port } = await peer.take()
      peer.send('aa', port)
      assert.equal(await take(), { hex: 'aa', ip, port: peer.port })
      close(endpoint, peer)
    }
  })

  it('hands over bytes that are a plain array and hold no more memory than they need', async () => {
    const { endpoint, recorder, take } = bindRecorded(udp)
    const peer = await RawDatagrams.bind()
    for (const size of [0, 1, 10, 1_000]) {
      peer.send(Buffer.alloc(size, 1), endpoint.localPort)
      await take()
      const bytes = recorder.messages.at(-1)!
      assert.is(Object.getPrototypeOf(bytes), Uint8Array.prototype)
      assert.is(bytes.length, size)
      assert.ok(bytes.buffer.byteLength <= size + 64, `${bytes.buffer.byteLength}`)
    }
    close(endpoint, peer)
  })

  it('gives each datagram memory of its own', async () => {
    const { endpoint, recorder, take } = bindRecorded(udp)
    const peer = await RawDatagrams.bind()
    for (let value = 0; value < 200; value++) {
      peer.send(Buffer.alloc(20, value), endpoint.localPort)
      await take()
      recorder.messages.at(-1)!.fill(value + 1)
    }
    recorder.messages.forEach((bytes, value) =>
      assert.ok(bytes.every((byte) => byte === value + 1)),
    )
    close(endpoint, peer)
  })

  it('keeps what arrives while the program is busy', async () => {
    const { endpoint, recorder } = bindRecorded(udp)
    const near = bindRecorded(udp)
    // More than the usual default of 208 KiB holds, in one turn.
    const count =
      isLinux && Number(readFileSync('/proc/sys/net/core/rmem_max')) < 4 << 20 ? 100 : 1_000
    for (let index = 0; index < count; index++)
      near.endpoint.send(Buffer.alloc(1_000), '127.0.0.1', endpoint.localPort)
    await until(() => recorder.messages.length === count)
    close(endpoint, near.endpoint)
  })

  it('tells nothing after close, and what it sent before still arrives', async () => {
    const { endpoint, recorder } = bindRecorded(udp)
    const peer = await RawDatagrams.bind()
    peer.send('01', endpoint.localPort)
    endpoint.send(hello, '127.0.0.1', peer.port)
    endpoint.close()
    assert.is((await peer.take()).hex, helloHex)
    peer.send('02', endpoint.localPort)
    peer.send('03', peer.port)
    await peer.take()
    assert.equal([recorder.messages, recorder.errors], [[], []])
    peer.close()
  })

  it('can be closed while it tells something', async () => {
    const { endpoint, recorder } = bindRecorded(udp)
    const peer = await RawDatagrams.bind()
    recorder.onReceived = () => endpoint.close()
    for (let count = 0; count < 5; count++) peer.send('01', endpoint.localPort)
    await until(() => recorder.messages.length > 0)
    peer.send('03', peer.port)
    await peer.take()
    assert.is(recorder.messages.length, 1)
    peer.close()
  })

  it('takes any call after close', () => {
    const { endpoint, recorder } = bindRecorded(udp)
    endpoint.close()
    endpoint.close()
    assert.is(endpoint.send(hello, '127.0.0.1', 9), NetworkError.notConnected)
    assert.is(endpoint.broadcast(hello, 9), NetworkError.notConnected)
    endpoint.setMulticast(true)
    endpoint.setMulticast(false)
    assert.is(endpoint.pendingBytes, 0)
    assert.equal(recorder.errors, [])
  })

  it('frees its port when closed', async () => {
    for (let count = 0; count < 200; count++) {
      const { endpoint } = bindRecorded(udp)
      const { localPort } = endpoint
      endpoint.close()
      await until(() => {
        const again = udp.bind({ port: localPort }, new DatagramRecorder())
        if (typeof again === 'object') again.close()
        return typeof again === 'object'
      })
    }
    await until(() => !process.getActiveResourcesInfo().includes('UDPWrap'))
  })

  it('broadcasts on the network of the address that it is bound to', async () => {
    const peer = bindRecorded(udp, '0.0.0.0')
    const dual = bindRecorded(udp)
    const { endpoint, recorder } = bindRecorded(udp, '127.0.0.1')
    for (const { endpoint: far, take } of [peer, dual]) {
      assert.is(endpoint.broadcast(hello, far.localPort), 1)
      const { localPort: port } = endpoint
      assert.equal(await take(), { hex: helloHex, ip: '127.0.0.1', port })
    }
    assert.equal(recorder.errors, [])
    close(endpoint, peer.endpoint, dual.endpoint)
  })

  it('has nowhere to broadcast to from an IPv6 address alone', () => {
    const { endpoint, recorder } = bindRecorded(udp, '::1')
    assert.is(endpoint.broadcast(hello, 9), NetworkError.unreachable)
    endpoint.setMulticast(true)
    assert.is(endpoint.broadcast(hello, 9), NetworkError.unreachable)
    assert.equal(recorder.errors, [])
    endpoint.close()
  })

  it('takes multicast switched twice, and off without on', () => {
    for (const host of [undefined, '::1', '127.0.0.1']) {
      const { endpoint, recorder } = bindRecorded(udp, host)
      for (const isOn of [false, true, true, false, false, true]) endpoint.setMulticast(isOn)
      assert.equal(recorder.errors, [])
      endpoint.close()
    }
  })
})
