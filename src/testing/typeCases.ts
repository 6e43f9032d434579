// What WebSocket's messages have that others do not: a type.

import { MessageType, Socket } from '../index.ts'
import { expect, expectSame } from './expect.ts'
import { expectArrived, openLanes } from './lanes.ts'
import { type StageCase } from './Stage.ts'

const texts = ['text', '', 'äöü ✓ 😀', 'x'.repeat(10_000)]

export const textCase: StageCase = {
  name: 'messages (raw): text and binary are told apart',
  async play(stage) {
    const lanes = await openLanes(stage, 'raw')
    const { text, binary } = MessageType
    const sent = texts.flatMap((content) => {
      const bytes = new TextEncoder().encode(content)
      return [
        { bytes, type: text },
        { bytes, type: binary },
      ] as const
    })
    for (const lane of lanes.both) {
      for (const { bytes, type } of sent)
        expectSame(lane.send(bytes, type), bytes.length, `what sendRaw ${lane.name} gives`)
      await expectArrived(
        stage,
        'raw',
        lane,
        sent.map(({ bytes }) => bytes),
      )
      expectSame(
        lane.events().map(({ keys, bytes }) => [keys['message_type'], bytes.length]),
        sent.map(({ bytes, type }) => [type, bytes.length]),
        `message_type and size ${lane.name}`,
      )
    }
  },
}

export const untypedCase: StageCase = {
  name: 'messages (raw): a stream shows neither limits nor types',
  async play(stage) {
    const lanes = await openLanes(stage, 'raw')
    const { up, guest } = lanes
    const bytes = new TextEncoder().encode('text')
    expectSame(up.send(bytes, MessageType.text), bytes.length, 'what sendRaw gives')
    expectSame(up.send(new Uint8Array(), MessageType.text), 0, 'what sendRaw gives for nothing')
    await expectArrived(stage, 'raw', up, [bytes])
    for (const { keys } of up.events())
      expect(!('message_type' in keys), 'there is no key message_type')
    expectSame(Socket(guest.world).raw[guest.entity], true, "the client's raw")
  },
}
