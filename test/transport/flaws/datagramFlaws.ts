import { NetworkError } from 'bitecs-networking'
import { later } from './flawed.ts'
import { toDatagrams, keepDatagram, type DatagramFlaw } from './flawedDatagrams.ts'

/** Ports of endpoints that are bound. */
const reachable = new Set<number>()

/** Endpoints that do one thing wrong. */
export const datagramFlaws: readonly DatagramFlaw[] = [
  {
    name: 'swaps two datagrams',
    isStrict: true,
    tells: toDatagrams(keepDatagram, (end, bytes, give) => {
      give(bytes)
      if (end.kept !== undefined) give(end.kept)
      end.kept = undefined
    }),
    finds: ['thousand', 'every size'],
  },
  {
    name: 'loses a datagram',
    isStrict: true,
    tells: toDatagrams(() => {}),
    finds: ['thousand', 'random sizes', 'every size'],
  },
  {
    name: 'repeats a datagram',
    tells: toDatagrams((_end, bytes, give) => {
      give(bytes.slice())
      give(bytes)
    }),
    finds: ['thousand', 'random sizes', 'flood'],
  },
  {
    name: 'joins two datagrams',
    tells: toDatagrams(keepDatagram, (end, bytes, give) => {
      give(Uint8Array.of(...(end.kept ?? []), ...bytes))
      end.kept = undefined
    }),
    finds: ['thousand', 'flood', 'header'],
  },
  {
    name: 'cuts a datagram',
    tells: toDatagrams((_end, bytes, give) => {
      give(bytes.slice(0, 5))
      give(bytes.slice(5))
    }),
    finds: ['thousand', 'keep their limits'],
  },
  {
    name: 'changes a byte',
    tells: toDatagrams((_end, bytes, give) => {
      bytes[bytes.length - 1]! ^= 1
      give(bytes)
    }),
    finds: ['thousand', 'right after the call', "handler's to change", 'header', 'told apart'],
  },
  {
    name: 'loses empty datagrams',
    tells: (end) => ({
      received(bytes, ip, port) {
        if (bytes.length > 0) end.hears.received(bytes, ip, port)
      },
    }),
    finds: ['(raw): of every size', 'keep their limits'],
  },
  {
    name: 'loses large datagrams',
    tells: (end) => ({
      received(bytes, ip, port) {
        if (bytes.length <= 20_000) end.hears.received(bytes, ip, port)
      },
    }),
    finds: ['every size', 'keep their limits'],
  },
  {
    name: 'hands over the same memory again and again',
    tells: (end) => ({
      received(bytes, ip, port) {
        end.kept ??= new Uint8Array(65_536)
        end.kept.set(bytes)
        end.hears.received(end.kept.subarray(0, bytes.length), ip, port)
      },
    }),
    finds: ['thousand', 'receiver’s'],
  },
  {
    name: 'looks at what was sent after the call',
    does: ({ sound }) => ({
      send(bytes, ip, port) {
        const kept = bytes
        later(() => sound.send(kept.subarray(0, 5), ip, port))
        return 0
      },
    }),
    finds: ['every size', 'before close'],
  },
  {
    name: 'shows a wrong address',
    tells: (end) => ({
      received: (bytes, _ip, port) => end.hears.received(bytes, '10.0.0.1', port),
    }),
    finds: ['address of its sender', 'datagrams show it'],
  },
  {
    name: 'shows a wrong port',
    tells: (end) => ({ received: (bytes, ip) => end.hears.received(bytes, ip, 1) }),
    finds: ['address of its sender', 'told apart, and each', 'datagrams show it'],
  },
  {
    name: 'shows a wrong port of its own',
    does: () => ({ localPort: 0 }),
    finds: ['datagrams show it'],
  },
  {
    name: 'throws what it cannot send',
    does: ({ sound }) => ({
      send(bytes, ip, port) {
        if (bytes.length > 65_507 || !/^[.\d]{7,}$/.test(ip) || ip === '0.0.0.0.0')
          throw new Error()
        return sound.send(bytes, ip, port)
      },
    }),
    finds: ['too large', 'an address that is none'],
  },
  {
    name: 'takes what is too large',
    does: ({ sound }) => ({
      send: (bytes, ip, port) => (bytes.length > 65_507 ? 0 : sound.send(bytes, ip, port)),
    }),
    finds: ['too large', 'tooLarge'],
  },
  {
    name: 'gives up at a port that nobody has',
    does: (end) => ({
      send(bytes, ip, port) {
        if (end.count < 0) return NetworkError.refused
        const probe = reachable.has(port)
        if (!probe) end.count = -1
        return end.sound.send(bytes, ip, port)
      },
      close() {
        reachable.delete(end.sound.localPort)
        end.sound.close()
      },
      get localPort() {
        reachable.add(end.sound.localPort)
        return end.sound.localPort
      },
    }),
    finds: ['a port that nobody has'],
  },
  {
    name: 'always has a byte left',
    does: () => ({ pendingBytes: 1 }),
    finds: ['pendingBytes'],
  },
  {
    name: 'gives a port twice',
    transport: (sound) => ({
      bind(options, events) {
        const endpoint = sound.bind(options, events)
        return typeof endpoint === 'object' ? endpoint : sound.bind({ port: 0 }, events)
      },
    }),
    finds: ['taken once'],
  },
  {
    name: 'goes on after close',
    does: () => ({ close() {} }),
    finds: ['free again', 'nothing is emitted or sent after it'],
  },
  {
    name: 'tells of a datagram that came before it was closed',
    does: (end) => ({
      close() {
        later(() => end.hears.received(new Uint8Array(10), '127.0.0.1', 1))
        end.sound.close()
      },
    }),
    finds: ['nothing is emitted or sent after it'],
  },
  {
    name: 'hears nothing',
    tells: () => ({ received() {} }),
    finds: ['datagrams: nothing is received', 'datagrams: what is sent', 'random sizes'],
  },
  {
    name: 'says that it has connections',
    transport: (sound) => ({ capabilities: { ...sound.capabilities, connections: true } }),
    finds: ['capabilities:'],
  },
]
