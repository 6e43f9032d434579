import {
  type Connection,
  type ConnectionEvents,
  DisconnectReason,
  MessageType,
  NetworkError,
} from 'bitecs-networking'
import {
  overlay,
  toFirst,
  toAll,
  pass,
  keep,
  later,
  giveBehind,
  giveJoined,
  soundFraming,
  framed,
  type End,
  type Flaw,
} from './flawed.ts'

let latest: End | undefined

/** Transports of connections that do one thing wrong. */
export const flaws: readonly Flaw[] = [
  {
    name: 'swaps two messages',
    tells: toFirst(keep, giveBehind),
    finds: ['thousand', 'every size', 'last words'],
  },
  {
    name: 'loses a message',
    tells: toFirst(() => {}),
    finds: [
      'thousand',
      'flood',
      'nothing is received from a client',
      'again and again',
      'where there is one',
    ],
  },
  {
    name: 'repeats a message',
    tells: toFirst((end, bytes, type) => {
      pass(end, bytes.slice(), type)
      pass(end, bytes, type)
    }),
    finds: ['thousand', 'random sizes', 'inside opened'],
  },
  {
    name: 'changes a byte',
    tells: toFirst((end, bytes, type) => {
      bytes[bytes.length - 1]! ^= 1
      pass(end, bytes, type)
    }),
    finds: ['every size', 'right after the call', "handler's to change", 'inside opened'],
  },
  {
    name: 'joins two messages',
    only: 'message',
    tells: toFirst(keep, giveJoined),
    finds: ['(raw): a thousand', 'messages of one write'],
  },
  {
    name: 'cuts a message',
    only: 'message',
    tells: toFirst((end, bytes, type) => {
      pass(end, bytes.slice(0, 10), type)
      pass(end, bytes.slice(10), type)
    }),
    finds: ['(raw): a thousand', 'bytes of both sides'],
  },
  {
    name: 'cuts off what is above a limit',
    tells: toAll((end, bytes, type) => pass(end, bytes.subarray(0, 1_000), type)),
    finds: ['every size', "one above the receiver's limit"],
  },
  {
    name: 'loses large messages',
    tells: toAll((end, bytes, type) => {
      if (bytes.length <= 1_012) pass(end, bytes, type)
    }),
    finds: ['flood', 'random sizes', "(packet): one above the receiver's limit"],
  },
  {
    name: 'loses empty messages',
    only: 'message',
    tells: toAll((end, bytes, type) => {
      if (bytes.length > 0) pass(end, bytes, type)
    }),
    finds: ['(raw): of every size', 'text and binary'],
  },
  {
    name: 'forgets what a message is',
    only: 'message',
    tells: toAll((end, bytes) => pass(end, bytes, MessageType.binary)),
    finds: ['text and binary', 'messages of one write'],
  },
  {
    name: 'hands over the same memory again and again',
    tells: toAll((end, bytes, type) => {
      if ((end.kept?.length ?? 0) < bytes.length) end.kept = new Uint8Array(bytes.length * 2)
      end.kept!.set(bytes)
      pass(end, end.kept!.subarray(0, bytes.length), type)
    }),
    finds: ['bytes of both sides', 'random sizes'],
  },
  {
    name: 'gives the messages of all clients to the last',
    tells: (end) => {
      if (end.side === 'far') latest = end
      return {
        received: (bytes, type) =>
          pass(end.side === 'far' && bytes.length > 18 ? latest! : end, bytes, type),
      }
    },
    finds: ['many clients', 'do not mix'],
  },
  {
    name: 'looks at what was written after the call',
    does: ({ sound }) => ({ write: (bytes, limits) => later(() => sound.write(bytes, limits)) }),
    finds: ['bytes of both sides', 'random sizes'],
  },
  {
    name: 'opens again at the first message',
    tells: toFirst((end, bytes, type) => {
      end.hears.opened(end.sound)
      pass(end, bytes, type)
    }),
    finds: ['opened is emitted once'],
  },
  {
    name: 'never opens',
    tells: () => ({ opened() {} }),
    finds: ['connections: two servers', 'ends: both sides', '(raw): a stream'],
  },
  {
    name: 'opens with another connection',
    tells: (end) => ({ opened: (connection) => end.hears.opened(overlay(connection, {})) }),
    finds: ['opened is emitted once'],
  },
  {
    name: 'fails after it has opened',
    tells: (end) => ({
      opened(connection) {
        end.hears.opened(connection)
        end.hears.failed(NetworkError.general)
      },
    }),
    finds: ['opened is emitted once', 'both ends close at once'],
  },
  {
    name: 'never tells that it was refused',
    tells: () => ({ failed() {} }),
    finds: ['refuses', 'failed, and nothing else'],
  },
  {
    name: 'tells the end of what never began',
    tells: (end) => ({
      failed(error) {
        end.hears.failed(error)
        end.hears.ended(DisconnectReason.closed)
      },
    }),
    finds: ['failed, and nothing else'],
  },
  {
    name: 'tells the end twice',
    tells: (end) => ({
      ended(reason) {
        end.hears.ended(reason)
        end.hears.ended(reason)
      },
    }),
    finds: ['interface: close of', 'interface: reset of', 'closes while the other'],
  },
  {
    name: 'never tells the end',
    tells: () => ({ ended() {} }),
    finds: ['ends: a client', 'ends: a server', 'sending without one', 'before it is opened'],
  },
  {
    name: 'gives no reason for the end',
    tells: (end) => ({ ended: () => end.hears.ended(DisconnectReason.none) }),
    finds: ['ends: a client', 'interface: reset of'],
  },
  {
    name: 'tells the end to the side that closes',
    does: (end) => ({
      close() {
        end.sound.close()
        end.hears.ended(DisconnectReason.closed)
      },
    }),
    finds: ['interface: close of', 'both ends close at once'],
  },
  {
    name: 'tells of a message after close and reset',
    does: (end) => ({
      close() {
        end.sound.close()
        later(() => end.hears.received(new Uint8Array(30)))
      },
      reset() {
        end.sound.reset()
        later(() => end.hears.received(new Uint8Array(30)))
      },
    }),
    finds: ['interface: close of', 'interface: reset of', 'before it is opened'],
  },
  {
    name: 'loses the last words',
    does: ({ sound }) => ({ close: () => sound.reset() }),
    finds: ['interface: close of', 'closes while the other'],
  },
  {
    name: 'does nothing to reset',
    does: () => ({ reset() {} }),
    finds: ['ends: a client resets', 'interface: reset of'],
  },
  {
    name: 'throws when it is used after the end',
    tells: (end) => ({
      ended(reason) {
        end.isOver = true
        end.hears.ended(reason)
      },
    }),
    does: (end) => ({
      write(bytes, limits) {
        if (end.isOver) throw new Error('it is over')
        end.sound.write(bytes, limits)
      },
    }),
    finds: ['interface: close of', 'interface: reset of'],
  },
  {
    name: 'leaves a client alone that it should turn away',
    does: ({ sound }) => ({ close: (cause) => (cause === 'full' ? undefined : sound.close()) }),
    finds: ['above maxClients'],
  },
  { name: 'never tells drained', tells: () => ({ drained() {} }), finds: ['drained is emitted'] },
  {
    name: 'tells drained while bytes wait',
    does: (end) => ({
      write(bytes, limits) {
        end.sound.write(bytes, limits)
        if (end.sound.pendingBytes > 0) end.hears.drained()
      },
    }),
    finds: ['drained is emitted'],
  },
  {
    name: 'always has a byte left',
    does: (end) => ({
      get pendingBytes() {
        return end.sound.pendingBytes + 1
      },
    }),
    finds: ['bytes of both sides', 'drained is emitted'],
  },
  {
    name: 'takes no notice of pause',
    does: () => ({ pause() {} }),
    finds: ['flood', 'drained is emitted'],
  },
  {
    name: 'never goes on',
    does: () => ({ resume() {} }),
    finds: ['flood', 'closes while the other'],
  },
  { name: 'leaves a ping unanswered', does: () => ({ ping() {} }), finds: ['where there is one'] },
  {
    name: 'tells alive unasked',
    tells: (end) => ({
      opened(connection) {
        end.hears.opened(connection)
        end.hears.alive()
      },
    }),
    finds: ['where there is one'],
  },
  {
    name: 'frames a message with a byte of the next',
    only: 'message',
    does: framed({
      frame(bytes, at, size, type) {
        soundFraming.frame(bytes, at, size, type)
        bytes[at + 5 + size] = 0
      },
    }),
    finds: ['framing, where there is some'],
  },
  {
    name: 'frames large messages with half a size',
    only: 'message',
    does: framed({
      frame: (bytes, at, size, type) => soundFraming.frame(bytes, at, size & 0xffff, type),
    }),
    finds: ['every size in one write'],
  },
  {
    name: 'frames text as binary',
    only: 'message',
    does: framed({
      frame: (bytes, at, size) => soundFraming.frame(bytes, at, size, MessageType.binary),
    }),
    finds: ['text and binary', 'messages of one write'],
  },
  {
    name: 'frames what it should write as it is',
    only: 'message',
    does: () => ({ framing: soundFraming }),
    finds: ['messages of one write', '(packet): both sides'],
  },
  {
    name: 'shows a wrong address',
    does: () => ({ remoteIp: '10.0.0.1' }),
    finds: ['receive an event for a new one', 'address and port'],
  },
  {
    name: 'shows a wrong port',
    does: () => ({ remotePort: 1 }),
    finds: ['receive an event for a new one', 'address and port', 'many clients'],
  },
  {
    name: 'shows a wrong port of its own',
    does: () => ({ localPort: 1 }),
    finds: ['receive an event for a new one', 'address and port'],
  },
  {
    name: 'gives a port twice',
    transport: (sound) => ({
      listen(options, events) {
        const listener = sound.listen(options, events)
        return typeof listener === 'object'
          ? listener
          : sound.listen({ ...options, port: 0 }, events)
      },
    }),
    finds: ['a second server', 'listened on once'],
  },
  {
    name: 'goes on listening',
    transport: (sound) => ({
      listen(options, events) {
        const listener = sound.listen(options, events)
        return typeof listener === 'number' ? listener : overlay(listener, { close() {} })
      },
    }),
    finds: ['closed listener', 'listened on once'],
  },
  {
    name: 'ends the connections of a listener that is closed',
    transport: (sound) => ({
      listen(options, events) {
        const ends: Connection[] = []
        const accepted = (connection: Connection): ConnectionEvents => {
          ends.push(connection)
          return events.accepted(connection)
        }
        const listener = sound.listen(options, overlay(events, { accepted }))
        if (typeof listener === 'number') return listener
        return overlay(listener, {
          close() {
            listener.close()
            for (const connection of ends) connection.close()
          },
        })
      },
    }),
    finds: ['closed listener'],
  },
  {
    name: 'says that it has no connections',
    transport: (sound) => ({ capabilities: { ...sound.capabilities, connections: false } }),
    finds: ['capabilities:'],
  },
]

// The same for datagrams.
