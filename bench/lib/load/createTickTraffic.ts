// Clients of a game: each checks what the server sends in a tick, and then sends its inputs for the next. So a tick has the
// same work whatever a busy machine does to the rate.
import { weigh } from '../servers/Server.ts'
import { Link } from './Link.ts'
import { createMessageBatch, type MessageBatch, nextBatch } from './MessageBatch.ts'
import { openAll } from './openAll.ts'
import { StateReader } from './StateReader.ts'
import { type Traffic, type TrafficTarget } from './Traffic.ts'

const inputBytes = 16
const counterWord = 1

interface Player {
  readonly batch: MessageBatch
  readonly states: StateReader
  /** The weighed words of one input but for its counter. */
  readonly constantSum: number
  /** Ticks whose messages have all come. */
  ticks: number
}

/** How much is said in a tick to and by each client. */
export interface TickTalk {
  readonly clients: number
  /** Messages of 16 bytes, sent in one write. */
  readonly inputs: number
  /** Messages of the server. */
  readonly messages: number
  readonly messageBytes: number
}

/** Makes the clients. */
export function createTickTraffic(
  { port, wireOf, fail }: TrafficTarget,
  { clients: count, inputs, messages, messageBytes }: TickTalk,
): Traffic {
  const inputWire = wireOf(inputBytes)
  const stateWire = wireOf(messageBytes)
  const players: Player[] = []
  const total = { messages: 0, sum: 0, ended: 0, reads: 0 }
  let isSending = false

  function join(client: number, onOpen: () => void): void {
    const batch = createMessageBatch(inputWire, client, inputs, inputBytes)
    const states = new StateReader(stateWire, messageBytes)
    const player: Player = { batch, states, constantSum: constantSumOf(batch), ticks: 0 }
    const link = new Link(inputWire, {
      port,
      onOpen,
      onBytes(chunk, start, end) {
        total.reads++
        states.take(chunk, start, end)
        while ((player.ticks + 1) * messages <= states.received) {
          player.ticks++
          if (isSending) sendInputs(player, link)
        }
      },
      onFailed: (reason) => fail(`client ${client}: ${reason}`),
    })
    players.push(player)
  }

  function sendInputs({ batch, constantSum }: Player, link: Link): void {
    const first = batch.written
    // A copy, because the socket keeps what the system does not take at once.
    link.socket.write(Buffer.from(nextBatch(batch)))
    for (let counter = first; counter < first + inputs; counter++)
      total.sum = (total.sum + constantSum + weigh(counter, counterWord)) | 0
    total.messages += inputs
  }

  return {
    open: () => openAll(count, join),
    start() {
      isSending = true
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
