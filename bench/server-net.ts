// Baseline: bare `net` with GameMaker's header, which answers each packet with a write of its own.
import { createServer } from 'node:net'
import { answerParent, portOf } from './lib/answerParent.ts'
import { headerBytes, writeHeader } from './lib/gameMaker.ts'
import { createPacketReader, readPackets } from './lib/packetReader.ts'

const tally = { messages: 0 }

const server = createServer({ noDelay: true }, (socket) => {
  const reader = createPacketReader(socket)
  const onPacket = (chunk: Buffer, start: number, end: number): void => {
    tally.messages++
    const packet = Buffer.allocUnsafe(headerBytes + end - start)
    writeHeader(new DataView(packet.buffer, packet.byteOffset), 0, end - start)
    chunk.copy(packet, headerBytes, start, end)
    socket.write(packet)
  }
  socket.on('data', (chunk) => readPackets(reader, socket, chunk, onPacket))
  socket.on('error', () => socket.destroy())
})

server.listen(0, '127.0.0.1', () => answerParent(portOf(server), tally))
