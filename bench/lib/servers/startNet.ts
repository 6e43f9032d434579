// Baseline: bare `net` with GameMaker's header, which sends each packet by a write of its own.
import { createServer, type Socket } from 'node:net'
import { headerBytes, writeHeader } from '../gameMaker.ts'
import { listen } from './listen.ts'
import { viewOf } from './Outbox.ts'
import { packetProtocol } from './packetReader.ts'
import { addWords, type StartServer } from './Server.ts'

/** Begins to listen. */
export const startNet: StartServer = async ({ echoes, tally }) => {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    const read = packetProtocol.createReader(socket, {
      onOpen: () => sockets.add(socket),
      onMessage(view, start, end) {
        tally.messages++
        if (echoes)
          socket.write(packetOf(new Uint8Array(view.buffer, view.byteOffset + start, end - start)))
        else addWords(tally, view, start, end)
      },
    })
    socket.on('data', read)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      tally.ended++
      sockets.delete(socket)
    })
  })
  return {
    port: await listen(server),
    receive() {},
    sendToAll(message) {
      const packet = packetOf(message)
      for (const socket of sockets) socket.write(packet)
    },
    sendToEach(messages) {
      for (const socket of sockets) for (const message of messages) socket.write(packetOf(message))
    },
    flush() {},
  }
}

function packetOf(payload: Uint8Array): Buffer {
  const packet = Buffer.allocUnsafe(headerBytes + payload.length)
  writeHeader(viewOf(packet), 0, payload.length)
  packet.set(payload, headerBytes)
  return packet
}
