// Clients of a game: each sends its inputs 60 times a second and checks what the server sends in its ticks.
import { weigh } from '../servers/Server.ts'
import { startLoop } from '../servers/startLoop.ts'
import { Link } from './Link.ts'
import { createMessageBatch, type MessageBatch, nextBatch } from './MessageBatch.ts'
import { openAll } from './openAll.ts'
import { StateReader } from './StateReader.ts'
import { type Traffic, type TrafficTarget } from './Traffic.ts'

const inputBytes = 16
const counterWord = 1
const hz = 60

interface Player {
  readonly link: Link
  readonly batch: MessageBatch
  readonly states: StateReader
  /** The weighed words of one input but for its counter. */
  readonly constantSum: number
}

/** Each client sends `inputs` messages of 16 bytes in one write; the server sends messages of `messageBytes`. */
export function createTickTraffic(
  { port, wireOf, fail }: TrafficTarget,
  count: number,
  inputs: number,
  messageBytes: number,
): Traffic {
  const inputWire = wireOf(inputBytes)
  const stateWire = wireOf(messageBytes)
  const players: Player[] = []
  const total = { messages: 0, sum: 0, ended: 0, reads: 0 }
  let isSending = false

  function join(client: number, onOpen: () => void): void {
    const batch = createMessageBatch(inputWire, client, inputs, inputBytes)
    const states = new StateReader(stateWire, messageBytes)
    const link = new Link(inputWire, {
      port,
      onOpen,
      onBytes(chunk, start, end) {
        total.reads++
        states.take(chunk, start, end)
      },
      onFailed: (reason) => fail(`client ${client}: ${reason}`),
    })
    players.push({ link, batch, states, constantSum: constantSumOf(batch) })
  }

  function sendInputs(): void {
    if (!isSending) return
    for (const { link, batch, constantSum } of players) {
      const first = batch.written
      link.socket.write(nextBatch(batch))
      for (let counter = first; counter < first + inputs; counter++)
        total.sum = (total.sum + constantSum + weigh(counter, counterWord)) | 0
      total.messages += inputs
    }
  }

  return {
    open: () => openAll(count, join),
    start() {
      isSending = true
      startLoop(sendInputs, hz)
    },
    count: () => ({
      messages: players.reduce((sum, { states }) => sum + states.received, 0),
      reads: total.reads,
    }),
    takeLatencies: () => [],
    stop() {
      isSending = false
    },
    /** Each client must have got something. */
    get isDrained() {
      return players.every(({ states }) => states.received > 0)
    },
    totals: () => total,
  }
}

/** What the words of an input add up to: those of the awaited reply, which is not masked. */
function constantSumOf({ wire, replyView }: MessageBatch): number {
  let sum = 0
  for (let index = 0; index < inputBytes / 4; index++)
    if (index !== counterWord)
      sum = (sum + weigh(replyView.getInt32(wire.replyPayloadAt + index * 4, true), index)) | 0
  return sum
}
