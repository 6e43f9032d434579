// Socket.IO over WebSocket alone, with the binary argument that its protocol has.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Server } from 'socket.io'

/** Begins to listen. */
export async function start({ echoes, tally, addUp }) {
  const http = createServer()
  const io = new Server(http, {
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    pingInterval: 3_600_000,
  })
  io.on('connection', (socket) => {
    socket.on('m', (message) => {
      tally.messages++
      if (echoes) socket.emit('m', message)
      else addUp(message)
    })
    socket.on('disconnect', () => tally.ended++)
  })
  http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
  await once(http, 'listening')
  return {
    port: http.address().port,
    receive() {},
    sendToAll(message) {
      io.emit('m', message)
    },
    sendToEach(messages) {
      for (const socket of io.sockets.sockets.values())
        for (const message of messages) socket.emit('m', message)
    },
    flush() {},
  }
}
