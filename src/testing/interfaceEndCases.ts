import { DisconnectReason } from '../index.ts'
import { ConnectionRecorder } from './ConnectionRecorder.ts'
import { expect, expectSame } from './expect.ts'
import { createMessage, createMessages } from './messages.ts'
import { type Stage, type StageCase } from './Stage.ts'
import { connect, expectReceived, listen, openWire, type Wire, write } from './wires.ts'

type End = 'near' | 'far'

const ends: readonly End[] = ['near', 'far']
const names = { near: 'the end that has connected', far: 'the end that was accepted' } as const

const otherOf = (end: End): End => (end === 'near' ? 'far' : 'near')

/** The interface `Transport` itself, without worlds: how connections end. */
export const interfaceEndCases: readonly StageCase[] = [
  ...ends.flatMap((end) => [closeCase(end), resetCase(end), pausedCase(end)]),
  {
    name: 'interface: both ends close at once, and neither emits anything after its own close',
    async play(stage) {
      const { near, far } = await openWire(stage)
      near.connection!.close()
      // A transport without delay has emitted it already.
      const emitted = far.names
      far.connection!.close()
      await stage.settle(30)
      expectSame([near.names, far.names], [['opened'], emitted], 'what is emitted')
    },
  },
  {
    name: 'interface: a connection that is closed or reset before it is opened emits nothing any more',
    async play(stage) {
      for (const way of ['close', 'reset'] as const) {
        const listening = await listen(stage)
        const recorder = new ConnectionRecorder()
        const connection = connect(stage, listening.listener.port, recorder)
        connection[way]()
        const emitted = recorder.names
        await stage.settle(30)
        expectSame(recorder.names, emitted, `what is emitted after ${way}`)
        for (const far of listening.accepted) {
          await stage.until(() => far.count('ended') > 0, 'the accepted end emits ended')
          expectSame(far.count('ended'), 1, 'how often the accepted end emits ended')
        }
      }
    },
  },
]

function closeCase(end: End): StageCase {
  return {
    name: `interface: close of ${names[end]}: what was written arrives, then ended, once`,
    async play(stage) {
      const wire = await openWire(stage)
      const [closing, other] = [wire[end], wire[otherOf(end)]]
      const large = Math.min(300_000, stage.subject.capabilities.messageBytesMax)
      const words = createMessages(6, (number) => (number === 4 ? large : 40))
      // Some that the closing end must not receive any more.
      write(
        stage,
        other,
        createMessages(20, () => 1_000),
      )
      write(stage, closing, words)
      const emitted = emittedBy(closing)
      closing.connection!.close()
      write(
        stage,
        other,
        createMessages(20, () => 1_000),
      )
      await stage.until(() => other.count('ended') > 0, 'ended is emitted')
      await expectReceived(stage, other, words)
      expectSame(emittedBy(closing), emitted, 'what the closing end emits after close')
      await expectOver(stage, wire, other)
      expectSame(other.reasons, [DisconnectReason.closed], 'the reason of the end')
    },
  }
}

function resetCase(end: End): StageCase {
  return {
    name: `interface: reset of ${names[end]}: the other emits ended, once`,
    async play(stage) {
      const wire = await openWire(stage)
      const [ending, other] = [wire[end], wire[otherOf(end)]]
      write(
        stage,
        other,
        createMessages(20, () => 1_000),
      )
      const emitted = emittedBy(ending)
      ending.connection!.reset()
      await stage.until(() => other.count('ended') > 0, 'ended is emitted')
      expectSame(emittedBy(ending), emitted, 'what the end emits after reset')
      await expectOver(stage, wire, other)
      expect(other.reasons[0]! > 0, 'the end has a reason')
    },
  }
}

function pausedCase(end: End): StageCase {
  return {
    name: `interface: ${names[end]} closes while the other is paused, which still gets everything`,
    async play(stage) {
      const wire = await openWire(stage)
      const [closing, other] = [wire[end], wire[otherOf(end)]]
      other.connection!.pause()
      const words = createMessages(20, () => 500)
      write(stage, closing, words)
      closing.connection!.close()
      await stage.settle(5)
      other.connection!.resume()
      await stage.until(() => other.count('ended') > 0, 'ended is emitted')
      await expectReceived(stage, other, words)
      expectSame(other.count('ended'), 1, 'how often ended is emitted')
    },
  }
}

/** Whatever is done to a connection that is over throws nothing and emits nothing. */
async function expectOver(
  stage: Stage,
  { near, far }: Wire,
  other: ConnectionRecorder,
): Promise<void> {
  const emitted = [emittedBy(near), emittedBy(far)]
  for (const recorder of [near, far]) {
    write(stage, recorder, [createMessage(1, 10)])
    recorder.connection!.pause()
    recorder.connection!.resume()
    recorder.connection!.ping?.()
    recorder.connection!.close()
    recorder.connection!.reset()
    recorder.connection!.close('goingAway')
  }
  await stage.settle(20)
  expectSame([emittedBy(near), emittedBy(far)], emitted, 'what is emitted after the end')
  expectSame(other.count('ended'), 1, 'how often ended is emitted')
  expectSame(other.names.at(-1), 'ended', 'what is emitted last')
}

/** What was emitted so far, messages counted. */
function emittedBy({ names, messages }: ConnectionRecorder): unknown {
  return [...names, messages.length]
}
