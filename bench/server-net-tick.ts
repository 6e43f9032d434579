// Reference: what one would write by hand over `net` in a loop of ticks: one write per socket and tick.
import { createServer } from 'node:net'
import { answerParent, portOf } from './lib/answerParent.ts'
import { createOutbox, flushOutbox, type Outbox, pushPacket } from './lib/Outbox.ts'
import { createPacketReader, readPackets } from './lib/packetReader.ts'

const tally = { messages: 0 }
const waiting: Outbox[] = []

const server = createServer({ noDelay: true }, (socket) => {
  const reader = createPacketReader(socket)
  const outbox = createOutbox(socket)
  const onPacket = (chunk: Buffer, start: number, end: number): void => {
    tally.messages++
    if (outbox.used === 0) waiting.push(outbox)
    pushPacket(outbox, chunk, start, end)
  }
  socket.on('data', (chunk) => readPackets(reader, socket, chunk, onPacket))
  socket.on('error', () => socket.destroy())
})

server.listen(0, '127.0.0.1', () => {
  answerParent(portOf(server), tally)
  tick()
})

/** Runs once per turn of the event loop, as the loop of `server-ours.ts` does. */
function tick(): void {
  for (const outbox of waiting) flushOutbox(outbox)
  waiting.length = 0
  setImmediate(tick)
}
