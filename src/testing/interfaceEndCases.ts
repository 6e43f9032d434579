import { DisconnectReason } from '../index.ts'
import { Ear } from './Ear.ts'
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
    name: 'interface: both ends close at once, and neither is told anything after its own close',
    async play(stage) {
      const { near, far } = await openWire(stage)
      near.connection!.close()
      // A transport without delay has told it already.
      const told = [...far.told]
      far.connection!.close()
      await stage.settle(30)
      expectSame([near.told, far.told], [['opened'], told], 'what is told')
    },
  },
  {
    name: 'interface: a connection that is ended before it is opened tells nothing any more',
    async play(stage) {
      for (const way of ['close', 'reset'] as const) {
        const ears = await listen(stage)
        const ear = new Ear()
        const connection = connect(stage, ears.listener.port, ear)
        connection[way]()
        const told = [...ear.told]
        await stage.settle(30)
        expectSame(ear.told, told, `what is told after ${way}`)
        for (const far of ears.accepted) {
          await stage.until(() => far.count('ended') > 0, 'the accepted end is told')
          expectSame(far.count('ended'), 1, 'how often the accepted end is told')
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
      // Some that the closing end must not be told of any more.
      write(
        stage,
        other,
        createMessages(20, () => 1_000),
      )
      write(stage, closing, words)
      const told = toldBy(closing)
      closing.connection!.close()
      write(
        stage,
        other,
        createMessages(20, () => 1_000),
      )
      await stage.until(() => other.count('ended') > 0, 'ended is told')
      await expectReceived(stage, other, words)
      expectSame(toldBy(closing), told, 'what the closing end is told after close')
      await expectOver(stage, wire, other)
      expectSame(other.reasons, [DisconnectReason.closed], 'the reason of the end')
    },
  }
}

function resetCase(end: End): StageCase {
  return {
    name: `interface: reset of ${names[end]}: the other is told ended, once`,
    async play(stage) {
      const wire = await openWire(stage)
      const [ending, other] = [wire[end], wire[otherOf(end)]]
      write(
        stage,
        other,
        createMessages(20, () => 1_000),
      )
      const told = toldBy(ending)
      ending.connection!.reset()
      await stage.until(() => other.count('ended') > 0, 'ended is told')
      expectSame(toldBy(ending), told, 'what the end is told after reset')
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
      await stage.until(() => other.count('ended') > 0, 'ended is told')
      await expectReceived(stage, other, words)
      expectSame(other.count('ended'), 1, 'how often ended is told')
    },
  }
}

/** Whatever is done to a connection that is over throws nothing and tells nothing. */
async function expectOver(stage: Stage, { near, far }: Wire, other: Ear): Promise<void> {
  const told = [toldBy(near), toldBy(far)]
  for (const ear of [near, far]) {
    write(stage, ear, [createMessage(1, 10)])
    ear.connection!.pause()
    ear.connection!.resume()
    ear.connection!.ping?.()
    ear.connection!.close()
    ear.connection!.reset()
    ear.connection!.close('goingAway')
  }
  await stage.settle(20)
  expectSame([toldBy(near), toldBy(far)], told, 'what is told after the end')
  expectSame(other.count('ended'), 1, 'how often ended is told')
  expectSame(other.told.at(-1), 'ended', 'what is told last')
}

/** What was told so far, messages counted. */
function toldBy({ told, messages }: Ear): unknown {
  return [...told, messages.length]
}
