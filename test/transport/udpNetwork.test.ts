import { NetworkError } from 'bitecs-networking'
import dgram from 'node:dgram'
import { readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import * as assert from 'uvu/assert'
import { udp } from '../../src/transport/node/udp.ts'
import { bindRecorded } from '../lib/bindRecorded.ts'
import {
  findUnshare,
  hasCarrier,
  ip,
  networkRole,
  runInside,
  startFar,
} from '../lib/networkNamespace.ts'
import { type RawDatagram } from '../lib/RawDatagrams.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

const farPort = 6510

const hello = Buffer.from('hello')
const helloHex = '68656c6c6f'

/** FF02::1 in /proc/net/igmp6. */
const allNodesHex = 'ff020000000000000000000000000001'

/** The far end tells by a message what it hears, and answers each datagram with the same bytes. */
function playFar(): void {
  const { endpoint, recorder } = bindRecorded(udp, undefined, farPort)
  recorder.onReceived = (bytes, ip, port) => {
    process.send!({ hex: Buffer.from(bytes).toString('hex'), ip, port } satisfies RawDatagram)
    endpoint.send(bytes, ip, port)
  }
  process.on('disconnect', () => endpoint.close())
  process.send!('bound')
}

/** How often the all-nodes group is joined on the cable's near end; the kernel does so once by itself. */
function memberships(): number {
  const line = readFileSync('/proc/net/igmp6', 'utf8')
    .split('\n')
    .find((line) => line.includes('near') && line.includes(allNodesHex))
  return Number(line?.trim().split(/\s+/)[3] ?? 0)
}

/** Binds with a send buffer that holds a few datagrams only. */
function bindNarrow(): ReturnType<typeof bindRecorded> {
  const { createSocket } = dgram
  dgram.createSocket = ((options: dgram.SocketOptions) =>
    createSocket({ ...options, sendBufferSize: 5_000 })) as typeof createSocket
  syncBuiltinESMExports()
  const bound = bindRecorded(udp)
  dgram.createSocket = createSocket
  syncBuiltinESMExports()
  return bound
}

/** The cases of a machine whose network is set up step by step. */
function playNear(): void {
  const far = startFar()
  const heard: RawDatagram[] = []
  let isFarBound = false
  far.on('message', (message) => {
    if (message === 'bound') isFarBound = true
    else heard.push(message as RawDatagram)
  })
  const takeHeard = async (): Promise<RawDatagram> => {
    await until(() => heard.length > 0)
    return heard.shift()!
  }

  spec('udp without a network', (it) => {
    it('says that there is nowhere to broadcast to', () => {
      const { endpoint, recorder } = bindRecorded(udp)
      endpoint.setMulticast(true)
      assert.is(endpoint.broadcast(hello, 9), NetworkError.unreachable)
      assert.equal(recorder.errors, [])
      endpoint.close()
    })

    it('tells of networks that it cannot reach, and goes on', async () => {
      ip('link set lo up')
      const { endpoint, recorder, take } = bindRecorded(udp)
      for (const address of ['10.8.0.1', '::ffff:10.8.0.1', '2001:db8::1', 'fe80::1%near']) {
        assert.is(endpoint.send(hello, address, 9), 0)
        await until(() => recorder.errors.length > 0)
        assert.is(recorder.errors.pop(), NetworkError.unreachable, address)
      }
      endpoint.send(hello, '127.0.0.1', endpoint.localPort)
      assert.is((await take()).hex, helloHex)
      endpoint.close()
    })

    it('tells that a loopback address cannot leave the machine', async () => {
      const { endpoint, recorder } = bindRecorded(udp, '127.0.0.1')
      endpoint.send(hello, '10.8.0.1', 9)
      await until(() => recorder.errors.length > 0)
      assert.equal(recorder.errors, [NetworkError.unreachable])
      endpoint.close()
    })

    it('broadcasts within the machine', async () => {
      const peer = bindRecorded(udp)
      const { endpoint, recorder } = bindRecorded(udp)
      endpoint.setMulticast(true)
      assert.is(endpoint.broadcast(hello, peer.endpoint.localPort), 1)
      const { localPort: port } = endpoint
      assert.equal(await peer.take(), { hex: helloHex, ip: '127.0.0.1', port })
      assert.equal(recorder.errors, [])
      endpoint.close()
      peer.endpoint.close()
    })
  })

  spec('udp in a network', (it) => {
    it('broadcasts, and is answered', async () => {
      await until(() => isFarBound)
      layCable(far.pid!)
      await until(() => hasCarrier('near') && hasCarrier('far', far.pid))
      for (const host of [undefined, '0.0.0.0', '10.9.0.1']) {
        const { endpoint, recorder, take } = bindRecorded(udp, host)
        assert.is(endpoint.broadcast(hello, farPort), 1, String(host))
        const { localPort: port } = endpoint
        assert.equal(await takeHeard(), { hex: helloHex, ip: '10.9.0.1', port })
        assert.equal(await take(), { hex: helloHex, ip: '10.9.0.2', port: farPort })
        assert.equal(recorder.errors, [])
        endpoint.close()
      }
    })

    it('broadcasts to this machine too', async () => {
      const peer = bindRecorded(udp)
      const { endpoint } = bindRecorded(udp)
      assert.is(endpoint.broadcast(hello, peer.endpoint.localPort), 1)
      assert.is((await peer.take()).ip, '10.9.0.1')
      endpoint.close()
      peer.endpoint.close()
    })

    it('broadcasts to each network', async () => {
      ip('addr add 10.10.0.1/16 dev near')
      ip('addr add 10.10.0.2/16 dev far', far.pid)
      const { endpoint, recorder } = bindRecorded(udp)
      assert.is(endpoint.broadcast(hello, farPort), 2)
      const sources = [(await takeHeard()).ip, (await takeHeard()).ip]
      assert.equal(sources, ['10.9.0.1', '10.10.0.1'])
      assert.equal(recorder.errors, [])
      endpoint.close()
    })

    it('tells of a network that takes no broadcast', async () => {
      // The rule for local addresses comes first until it is moved.
      ip(`rule add pref 1 lookup local
        rule del pref 0
        rule add pref 0 to 10.9.0.255 prohibit`)
      const { endpoint, recorder } = bindRecorded(udp)
      assert.is(endpoint.broadcast(hello, farPort), 2)
      await until(() => recorder.errors.length > 0)
      assert.equal(recorder.errors, [NetworkError.general])
      assert.is((await takeHeard()).ip, '10.10.0.1')
      endpoint.close()
    })

    it('sends to the zone of a link-local address, and back', async () => {
      for (const host of [undefined, '::', 'fe80::1%near']) {
        const { endpoint, take } = bindRecorded(udp, host)
        assert.is(endpoint.send(hello, 'fe80::2%near', farPort), 0)
        const { localPort: port } = endpoint
        assert.equal(await takeHeard(), { hex: helloHex, ip: 'fe80::1%far', port })
        assert.equal(await take(), { hex: helloHex, ip: 'fe80::2%near', port: farPort })
        endpoint.close()
      }
    })

    it('broadcasts by IPv6 multicast on every interface when asked to', async () => {
      // Without another network the IPv4 broadcast stays on this machine.
      ip(`addr flush dev near scope global
        link add other type veth peer name idle
        link set other addrgenmode none
        link set idle addrgenmode none
        link set other up
        link set idle up
        addr add fe80::7/64 dev other nodad`)
      const { endpoint, recorder, take } = bindRecorded(udp)
      assert.is(endpoint.broadcast(hello, farPort), 1)
      assert.equal(memberships(), 1)
      for (const isOn of [false, true, true]) endpoint.setMulticast(isOn)
      assert.equal(memberships(), 2)
      assert.is(endpoint.broadcast(hello, farPort), 3)
      endpoint.send(Buffer.from('end'), 'fe80::2%near', farPort)
      const { localPort: port } = endpoint
      assert.equal(await takeHeard(), { hex: helloHex, ip: 'fe80::1%far', port })
      assert.equal(await take(), { hex: helloHex, ip: 'fe80::2%near', port: farPort })
      assert.is((await takeHeard()).hex, '656e64')
      for (const isOn of [false, false]) endpoint.setMulticast(isOn)
      assert.equal(memberships(), 1)
      assert.is(endpoint.broadcast(hello, farPort), 1)
      assert.equal(recorder.errors, [])
      endpoint.close()
    })

    it('keeps multicast to the interface of the address that it is bound to', async () => {
      const { endpoint, recorder } = bindRecorded(udp, 'fe80::1%near')
      endpoint.setMulticast(true)
      assert.is(endpoint.broadcast(hello, farPort), 1)
      const { localPort: port } = endpoint
      assert.equal(await takeHeard(), { hex: helloHex, ip: 'fe80::1%far', port })
      assert.equal(recorder.errors, [])
      endpoint.close()
    })

    it('still sends what the network had not taken when it was closed', async () => {
      // Nobody has this address yet, so what is sent to it waits.
      ip('addr add 10.11.0.1/24 dev near')
      const count = 20
      const { endpoint } = bindNarrow()
      for (let index = 0; index < count; index++)
        endpoint.send(Buffer.alloc(1_000, index), '10.11.0.2', farPort)
      assert.ok(endpoint.pendingBytes >= 1_000, `${endpoint.pendingBytes} bytes wait`)
      endpoint.close()
      ip('addr add 10.11.0.2/24 dev far', far.pid)
      await until(() => heard.length === count)
      heard.forEach(({ hex }, index) => assert.is(Number.parseInt(hex.slice(0, 2), 16), index))
    })
  })
}

/** One end of a cable stays here, the other goes to the far process. */
function layCable(pid: number): void {
  ip(`link add near type veth peer name far
    link set far netns ${pid}
    link set near addrgenmode none
    addr add 10.9.0.1/24 dev near
    link set near up
    addr add fe80::1/64 dev near nodad`)
  ip(
    `link set lo up
    link set far addrgenmode none
    addr add 10.9.0.2/24 dev far
    link set far up
    addr add fe80::2/64 dev far nodad`,
    pid,
  )
}

if (networkRole === 'far') playFar()
else if (networkRole === 'near') playNear()
else
  spec('udp in networks of its own', (it) => {
    it('passes its cases there', async () => {
      const options = findUnshare()
      if (options === undefined) {
        console.log('skipped: this machine lets nobody make a network')
        return
      }
      const { code, output } = await runInside(options)
      assert.is(code, 0, output)
      assert.match(output, /Passed: {4}[1-9]/)
    })
  })
