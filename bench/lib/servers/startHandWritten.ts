// Floor: what one would write by hand over `net` for this one purpose: one write per socket and tick, no worlds, no limits.
import { createServer } from 'node:net'
import { type HandProtocol } from './HandProtocol.ts'
import { listen } from './listen.ts'
import { copyBytes, createOutbox, flushOutbox, type Outbox, reserve, viewOf } from './Outbox.ts'
import { addWords, type ServerSetup, type ServerUnderTest } from './Server.ts'

/** Begins to listen. */
export async function startHandWritten(
  { createReader, headerBytesMax, writeHeader, ping }: HandProtocol,
  { echoes, pingMs, tally }: ServerSetup,
): Promise<ServerUnderTest> {
  const links = new Set<Outbox>()
  const waiting: Outbox[] = []

  function push(outbox: Outbox, from: DataView, start: number, end: number): void {
    if (outbox.used === 0) waiting.push(outbox)
    const payloadBytes = end - start
    reserve(outbox, headerBytesMax + payloadBytes)
    const at = writeHeader(outbox.view, outbox.used, payloadBytes)
    copyBytes(from, start, outbox.view, at, payloadBytes)
    outbox.used = at + payloadBytes
  }

  const server = createServer({ noDelay: true }, (socket) => {
    const outbox = createOutbox(socket)
    const read = createReader(socket, {
      onOpen: () => links.add(outbox),
      onMessage(view, start, end) {
        tally.messages++
        if (echoes) push(outbox, view, start, end)
        else addWords(tally, view, start, end)
      },
    })
    socket.on('data', read)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      tally.ended++
      links.delete(outbox)
    })
  })
  const port = await listen(server)
  if (pingMs > 0 && ping !== undefined)
    setInterval(() => {
      for (const { socket } of links) socket.write(ping)
    }, pingMs)

  return {
    port,
    needsTicks: true,
    receive() {},
    sendToAll(message) {
      const bytes = Buffer.allocUnsafe(headerBytesMax + message.length)
      const at = writeHeader(viewOf(bytes), 0, message.length)
      bytes.set(message, at)
      const frame = bytes.subarray(0, at + message.length)
      for (const { socket } of links) socket.write(frame)
    },
    sendToEach(messages) {
      const views = messages.map(viewOf)
      for (const outbox of links) for (const view of views) push(outbox, view, 0, view.byteLength)
    },
    flush() {
      for (const outbox of waiting) flushOutbox(outbox)
      waiting.length = 0
    },
  }
}
