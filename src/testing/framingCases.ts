import { MessageType } from '../index.ts'
import { expect, expectSame } from './expect.ts'
import { createMessage } from './messages.ts'
import { type Stage, type StageCase } from './Stage.ts'
import { expectReceived, openWire, write } from './wires.ts'

/** Around the sizes at which headers grow, and messages may become several frames. */
const sizes = [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 262_144, 262_145, 786_433]

/** Bytes around a message that are not its own. */
const marginBytes = 16
const filler = 0xa5

/** The interface `Transport` itself, without worlds: connections that get their messages framed. */
export const framingCases: readonly StageCase[] = [
  {
    name: 'interface: framing, where there is some, writes the bytes of its message and no others',
    async play(stage) {
      const { near, far } = await openWire(stage)
      for (const { connection } of [near, far]) {
        const framing = connection!.framing
        if (framing === undefined) continue
        expectSame(stage.subject.capabilities.boundaries, 'message', 'boundaries')
        for (const size of sizesOf(stage)) {
          const room = framing.framedBytes(size)
          expect(Number.isInteger(room) && room >= size, `framedBytes(${size}) is ${size} or more`)
          const memory = new Uint8Array(marginBytes + room + marginBytes).fill(filler)
          memory.set(createMessage(size, size), marginBytes + room - size)
          framing.frame(memory, marginBytes, size, MessageType.binary)
          const around = [...memory.subarray(0, marginBytes), ...memory.subarray(-marginBytes)]
          expect(
            around.every((byte) => byte === filler),
            `the bytes around a message of ${size} bytes stay as they are`,
          )
        }
      }
    },
  },
  {
    name: 'interface: messages of every size in one write arrive whole, both ways',
    async play(stage) {
      const { near, far } = await openWire(stage)
      const messages = sizesOf(stage).map((size) => createMessage(size, size))
      write(stage, near, messages)
      await expectReceived(stage, far, messages)
      write(stage, far, messages)
      await expectReceived(stage, near, messages)
    },
  },
]

function sizesOf({ subject }: Stage): number[] {
  return sizes.filter((size) => size <= subject.capabilities.messageBytesMax)
}
