// What arrives, over every kind of transport.

import {
  DisconnectReason,
  FreedError,
  getBufferBytes,
  NetworkError,
  NetworkType,
} from '../index.ts'
import { expect, expectSame } from './expect.ts'
import {
  deliver,
  expectArrived,
  type Lane,
  type Lanes,
  type Mode,
  modesOf,
  openLanes,
  promisesOf,
  sendAll,
  sizeLimitOf,
} from './lanes.ts'
import { createMessage, createMessages, createRandom, findFault } from './messages.ts'
import { eventsOf, type Stage, type StageCase, turn } from './Stage.ts'
import { isDatagrams, type Subject } from './TransportSubject.ts'
import { textCase, untypedCase } from './typeCases.ts'

/** Around the header, around what fits one datagram on any network, around the limit of UDP, and large. */
const sizes = [
  0, 1, 11, 12, 13, 1_187, 1_188, 1_189, 1_190, 1_191, 1_192, 1_193, 1_194, 1_195, 1_196, 1_197,
  1_198, 1_199, 1_200, 1_201, 65_494, 65_495, 65_496, 65_507, 65_535, 65_536, 200_000, 1_048_576,
]

/** What holds for messages over every kind of transport. */
export function messageCases(subject: Subject): readonly StageCase[] {
  const cases = modesOf(subject).flatMap((mode) => [
    sizesCase(mode),
    reuseCase(mode),
    ownershipCase(mode),
    manyCase(mode),
    trafficCase(mode),
    floodCase(mode),
  ])
  if (isDatagrams(subject.transport)) return cases
  cases.push(limitCase('packet'))
  if (subject.capabilities.boundaries === 'message') cases.push(limitCase('raw'), textCase)
  else cases.push(untypedCase)
  return cases
}

/** Sends messages both ways and compares what arrives. The lanes must not have been used before. */
async function exchange(
  stage: Stage,
  mode: Mode,
  { both }: Lanes,
  messages: readonly Uint8Array[],
): Promise<void> {
  for (const lane of both)
    if (promisesOf(stage.subject, mode).reliable) {
      sendAll(stage, mode, lane, messages)
      await expectArrived(stage, mode, lane, messages)
    } else for (const bytes of messages) await deliver(stage, mode, lane, bytes)
}

function sizesCase(mode: Mode): StageCase {
  return {
    name: `messages (${mode}): of every size arrive, byte for byte, both ways`,
    async play(stage) {
      const limit = sizeLimitOf(stage.subject, mode)
      const tried = sizes.filter((size) => size < limit - 1).concat(limit - 1, limit)
      const messages = tried.map((size, number) => createMessage(number, size))
      await exchange(stage, mode, await openLanes(stage, mode), messages)
    },
  }
}

function reuseCase(mode: Mode): StageCase {
  return {
    name: `messages (${mode}): the sender's bytes may be changed right after the call`,
    async play(stage) {
      const lanes = await openLanes(stage, mode)
      const messages = createMessages(20, (number) => 50 + number * 40)
      const shared = new Uint8Array(2_000)
      // The same memory for every message, cleared after each.
      const sender = (lane: Lane): Lane => ({
        ...lane,
        send(bytes, type) {
          shared.set(bytes)
          const result = lane.send(shared.subarray(0, bytes.length), type)
          shared.fill(0)
          return result
        },
      })
      await exchange(
        stage,
        mode,
        { ...lanes, both: [sender(lanes.up), sender(lanes.down)] },
        messages,
      )
    },
  }
}

function ownershipCase(mode: Mode): StageCase {
  return {
    name: `messages (${mode}): a received buffer is the handler's to change, and freed after its event`,
    async play(stage) {
      const lanes = await openLanes(stage, mode)
      const kept: (() => unknown)[] = []
      for (const { world } of [lanes.host, lanes.guest])
        // Behind the handler that has copied the message.
        stage.listen(world, (load) => {
          if (load.type !== NetworkType.data) return
          const { buffer } = load
          getBufferBytes(buffer).fill(0xee)
          kept.push(
            () => getBufferBytes(buffer),
            () => load.size,
          )
        })
      await exchange(
        stage,
        mode,
        lanes,
        createMessages(30, (number) => 8 + number * 50),
      )
      expect(kept.length > 0, 'there were messages')
      for (const read of kept) {
        let error: unknown
        try {
          read()
        } catch (caught) {
          error = caught
        }
        expect(error instanceof FreedError, 'reading an event that has ended throws a FreedError')
      }
    },
  }
}

function manyCase(mode: Mode): StageCase {
  return {
    name: `messages (${mode}): a thousand sent at once arrive as the capabilities promise`,
    async play(stage) {
      const { both } = await openLanes(stage, mode)
      const messages = createMessages(1_000, (number) => 4 + (number % 60))
      for (const lane of both) sendAll(stage, mode, lane, messages)
      for (const lane of both) await expectArrived(stage, mode, lane, messages)
    },
  }
}

function trafficCase(mode: Mode): StageCase {
  return {
    name: `messages (${mode}): of random sizes both ways, tick by tick`,
    async play(stage) {
      const { both } = await openLanes(stage, mode)
      const random = createRandom(1)
      const limit = Math.min(5_000, sizeLimitOf(stage.subject, mode) - 4)
      const sent: [Uint8Array[], Uint8Array[]] = [[], []]
      for (let round = 0; round < 60; round++) {
        const way = random(2) as 0 | 1
        const messages = createMessages(random(12), () => random(2) * random(limit) + 4)
        for (const bytes of messages) bytes.set([round, way], 0)
        sendAll(stage, mode, both[way], messages)
        sent[way].push(...messages)
        if (random(3) === 0) stage.tick()
        if (random(3) === 0) await turn()
      }
      for (const way of [0, 1] as const) await expectArrived(stage, mode, both[way], sent[way])
    },
  }
}

/** Sends until nothing more is taken for a while; what was taken. */
async function flood(mode: Mode, lane: Lane, size: number): Promise<Uint8Array[]> {
  const sent: Uint8Array[] = []
  for (let idleTurns = 0; idleTurns < 25;) {
    const bytes = createMessage(sent.length, size)
    const result = lane.send(bytes)
    if (result < 0) {
      expectSame(result, NetworkError.sendQueueFull, `what a full queue answers (${mode})`)
      idleTurns++
      await turn()
      continue
    }
    idleTurns = 0
    sent.push(bytes)
    if (sent.length % 16 === 0) await turn()
    expect(sent.length * size < 2 ** 25, 'a receiver that takes nothing makes its sender wait')
  }
  return sent
}

function floodCase(mode: Mode): StageCase {
  return {
    name: `messages (${mode}): a flood while the receiver does not tick`,
    async play(stage) {
      const small = 65_536
      const { up } = await openLanes(stage, mode, {
        host: {
          queuedBytesMax: small,
          acceptedMessageBytesMax: small,
          datagramQueueBytesMax: 4 * small,
        },
        guest: { clientSendQueueBytesMax: 8 * small },
      })
      const { capabilities, reliable } = stage.subject
      if (capabilities.connections || reliable !== false) {
        const size = Math.min(16_384, sizeLimitOf(stage.subject, mode))
        const sent = await flood(mode, up, size)
        expect(sent.length > 0, 'something is taken')
        await expectArrived(stage, mode, up, sent)
        return
      }
      // Nothing makes the sender of datagrams wait: the receiver drops what is too much.
      const sent = createMessages(2_000, (number) => 4 + (number % 500))
      for (const bytes of sent) up.send(bytes)
      await turn()
      await stage.until(() => up.received().length > 0, 'something arrives')
      await stage.settle()
      const promises = { ...promisesOf(stage.subject, mode), reliable: false }
      const fault = findFault(sent, up.received(), promises)
      expect(fault === undefined, `what arrives is what was sent; ${fault}`)
    },
  }
}

function limitCase(mode: Mode): StageCase {
  return {
    name: `messages (${mode}): one above the receiver's limit ends the connection`,
    async play(stage) {
      const limit = 1_000
      const lanes = await openLanes(stage, mode, { host: { acceptedMessageBytesMax: limit } })
      const { up, host, guest } = lanes
      const largest = createMessage(1, limit)
      sendAll(stage, mode, up, [largest])
      await expectArrived(stage, mode, up, [largest])
      sendAll(stage, mode, up, [createMessage(2, limit + 1)])
      await stage.until(
        () => eventsOf(host, NetworkType.disconnect).length > 0,
        'the server receives the disconnect',
      )
      await stage.until(
        () => eventsOf(guest, NetworkType.disconnect).length > 0,
        'the client receives the disconnect',
      )
      await stage.settle()
      const ends = eventsOf(host, NetworkType.disconnect)
      expectSame(
        ends.map(({ reason }) => reason),
        [DisconnectReason.tooLarge],
        'the reasons of the disconnect events',
      )
      expectSame(eventsOf(guest, NetworkType.disconnect).length, 1, "the client's disconnects")
      expectSame(up.received().length, 1, 'the number of messages that arrived')
    },
  }
}
