import { MessageType, NetworkError } from '../index.ts'
import { ConnectionRecorder } from './ConnectionRecorder.ts'
import { expect, expectSame } from './expect.ts'
import { createMessage, createMessages } from './messages.ts'
import { type Stage, type StageCase } from './Stage.ts'
import {
  connect,
  expectReceived,
  joinListener,
  listen,
  openWire,
  tryToListen,
  type Wire,
  write,
} from './wires.ts'

/** The interface `Transport` itself, without worlds: how connections begin, and what they carry. */
export const interfaceCases: readonly StageCase[] = [
  {
    name: 'interface: opened is emitted once, first, with the connection that connect returns',
    async play(stage) {
      const listening = await listen(stage)
      const near = new ConnectionRecorder()
      const returned = connect(stage, listening.listener.port, near)
      await stage.until(() => near.count('opened') > 0, 'opened is emitted')
      await stage.until(() => listening.accepted.length > 0, 'accepted is emitted')
      expect(near.connection === returned, 'opened gives the connection that connect returned')
      const wire = { listening, near, far: listening.accepted[0]! }
      await exchange(stage, wire)
      const emitted = [near, wire.far].map((recorder) =>
        recorder.names
          .filter((name) => name !== 'drained')
          .filter((name, index, names) => name !== names[index - 1]),
      )
      expectSame(emitted, [['opened', 'received'], ['received']], 'what is emitted')
      expectSame(listening.accepted.length, 1, 'the number of accepted connections')
    },
  },
  {
    name: 'interface: both ends show the address and port of the other',
    async play(stage) {
      const { listening, near, far } = await openWire(stage)
      const { port } = listening.listener
      const ip = stage.subject.ip ?? near.connection!.remoteIp
      expect(ip !== '' && far.connection!.remoteIp !== '', 'the addresses are known')
      expectSame(near.connection!.remoteIp, ip, "remoteIp of the client's end")
      if (stage.subject.ip !== undefined)
        expectSame(far.connection!.remoteIp, ip, "remoteIp of the server's end")
      expectSame(near.connection!.remotePort, port, "remotePort of the client's end")
      expectSame(far.connection!.localPort, port, "localPort of the server's end")
      expectSame(
        far.connection!.remotePort,
        near.connection!.localPort,
        "remotePort of the server's end",
      )
    },
  },
  {
    name: 'interface: a port that nobody listens on fails the connection: failed, and nothing else',
    async play(stage) {
      const { listener } = await listen(stage)
      const { port } = listener
      listener.close()
      await stage.settle()
      const recorder = new ConnectionRecorder()
      connect(stage, port, recorder)
      await stage.until(() => recorder.names.length > 0, 'failed is emitted')
      await stage.settle()
      expectSame(recorder.names, ['failed'], 'what is emitted')
      expect(recorder.errors[0]! < 0, 'failed gives a negative code')
    },
  },
  {
    name: 'interface: a port can be listened on once, and again when its listener is closed',
    async play(stage) {
      const { listener } = await listen(stage)
      const { port } = listener
      const second = tryToListen(stage, port)
      let code = second
      if (typeof second === 'object') {
        await stage.until(() => second.errors.length > 0, 'the second listener fails')
        code = second.errors[0]!
      }
      expectSame(code, NetworkError.portUnavailable, 'the code for a taken port')
      listener.close()
      let third = tryToListen(stage, port)
      await stage.until(() => {
        if (typeof third === 'number') third = tryToListen(stage, port)
        return typeof third === 'object'
      }, 'the port is free again')
    },
  },
  {
    name: 'interface: what is written inside opened and accepted arrives',
    async play(stage) {
      const [up, down] = [createMessages(3, () => 50), createMessages(4, () => 60)]
      const listening = await listen(stage, (recorder) => write(stage, recorder, down))
      const near = new ConnectionRecorder()
      near.onOpened = () => write(stage, near, up)
      near.connection = connect(stage, listening.listener.port, near)
      await expectReceived(stage, near, down)
      await expectReceived(stage, listening.accepted[0]!, up)
    },
  },
  {
    name: 'interface: messages of one write arrive with their limits and types, where there are any',
    async play(stage) {
      const { near, far } = await openWire(stage)
      const messages = createMessages(300, (number) => (number % 4 === 0 ? 0 : number))
      const { text, binary } = MessageType
      // Bytes below 128 are UTF-8.
      for (const bytes of messages) for (const at of bytes.keys()) bytes[at]! &= 127
      const types = messages.map((_, number) => (number % 3 === 0 ? text : binary))
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        write(stage, from, messages, types)
        await expectReceived(stage, to, messages)
        if (stage.subject.capabilities.boundaries === 'message' && isExact(stage))
          expectSame(to.types, types, 'the types')
      }
    },
  },
  {
    name: 'interface: the bytes of both sides are their own',
    async play(stage) {
      const { near, far } = await openWire(stage)
      const kept = createMessages(20, () => 500)
      for (const message of kept) {
        const bytes = write(stage, near, [message])
        await stage.until(() => near.connection!.pendingBytes === 0, 'pendingBytes becomes 0')
        bytes.fill(0)
      }
      await expectReceived(stage, far, kept)
      // What the receiver does to its bytes is nobody else's concern.
      const [first, ...others] = far.messages.map((bytes) => bytes.slice())
      far.messages[0]!.fill(0xee)
      await stage.settle(2)
      far.messages[0]!.set(first!)
      await expectReceived(stage, far, kept)
      expectSame(others.length, far.messages.length - 1, 'the number of messages')
    },
  },
  {
    name: 'interface: connections of one listener do not mix',
    async play(stage) {
      const listening = await listen(stage)
      const wires: Wire[] = []
      for (let count = 0; count < 8; count++) wires.push(await joinListener(stage, listening))
      for (const [number, { near, far }] of wires.entries()) {
        write(stage, near, [createMessage(number, 30)])
        write(stage, far, [createMessage(100 + number, 30)])
      }
      for (const [number, { near, far }] of wires.entries()) {
        await expectReceived(stage, far, [createMessage(number, 30)])
        await expectReceived(stage, near, [createMessage(100 + number, 30)])
      }
    },
  },
  {
    name: 'interface: a paused end makes the other wait, and drained is emitted when all has left',
    async play(stage) {
      const { near, far } = await openWire(stage)
      far.connection!.pause()
      const size = Math.min(262_144, stage.subject.capabilities.messageBytesMax)
      const sent: Uint8Array[] = []
      for (let waitingTurns = 0; waitingTurns < 15; await stage.settle(1)) {
        if (near.connection!.pendingBytes > 0) {
          waitingTurns++
          continue
        }
        waitingTurns = 0
        sent.push(createMessage(sent.length, size))
        write(stage, near, [sent.at(-1)!])
        expect(
          sent.length * size < 2 ** 25,
          'pendingBytes stays above 0 when the other end is paused',
        )
      }
      const before = near.count('drained')
      far.connection!.resume()
      await stage.until(() => near.connection!.pendingBytes === 0, 'pendingBytes becomes 0')
      await stage.until(() => near.count('drained') > before, 'drained is emitted')
      expectSame(Math.max(...near.pendingWhenDrained), 0, 'pendingBytes when drained is emitted')
      await expectReceived(stage, far, sent)
    },
  },
  {
    name: 'interface: a ping, where there is one, is answered by alive',
    async play(stage) {
      const { near, far } = await openWire(stage)
      await stage.settle()
      expectSame([near.count('alive'), far.count('alive')], [0, 0], 'alive without a ping')
      for (const recorder of [near, far]) {
        if (recorder.connection!.ping === undefined) continue
        recorder.connection!.ping()
        await stage.until(() => recorder.count('alive') > 0, 'alive is emitted')
      }
      await exchange(stage, { near, far })
    },
  },
  {
    name: 'interface: a closed listener takes no more, and its connections go on',
    async play(stage) {
      const wire = await openWire(stage)
      const { listener, accepted } = wire.listening
      const { port } = listener
      listener.close()
      listener.close()
      const late = new ConnectionRecorder()
      connect(stage, port, late)
      await stage.until(() => late.names.length > 0, 'the late one fails')
      expectSame([late.names, accepted.length], [['failed'], 1], 'what the late one emits')
      await exchange(stage, wire)
      expectSame(wire.near.count('ended') + wire.far.count('ended'), 0, 'ends')
    },
  },
]

/** Some messages both ways, on ends that have not received any. */
async function exchange(stage: Stage, { near, far }: Pick<Wire, 'near' | 'far'>): Promise<void> {
  const [up, down] = [createMessages(5, () => 100), createMessages(6, () => 90)]
  write(stage, near, up)
  write(stage, far, down)
  await expectReceived(stage, far, up)
  await expectReceived(stage, near, down)
}

/** Whether what arrives stands where it was sent. */
function isExact({ subject }: Stage): boolean {
  return subject.capabilities.ordered && subject.capabilities.reliable
}
