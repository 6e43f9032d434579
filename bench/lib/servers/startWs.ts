// Baseline: bare `ws`, which sends each message at once.
import { once } from 'node:events'
import { type WebSocket, WebSocketServer } from 'ws'
import { viewOf } from './Outbox.ts'
import { addWords, type StartServer } from './Server.ts'

/** Begins to listen. */
export const startWs: StartServer = async ({ echoes, pingMs, tally }) => {
  const options = { host: '127.0.0.1', port: 0, backlog: 4096, perMessageDeflate: false }
  const server = new WebSocketServer(options)
  server.on('connection', (socket) => {
    socket.on('message', (message: Buffer, isBinary) => {
      tally.messages++
      if (echoes) socket.send(message, { binary: isBinary })
      else addWords(tally, viewOf(message), 0, message.length)
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => tally.ended++)
  })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  if (pingMs > 0) endSilent(server, pingMs)
  return {
    port: address.port,
    receive() {},
    sendToAll(message) {
      for (const client of server.clients) client.send(message)
    },
    sendToEach(messages) {
      for (const client of server.clients) for (const message of messages) client.send(message)
    },
    flush() {},
  }
}

/** As the README of `ws` advises: a peer that has not answered the last ping is ended. */
function endSilent(server: WebSocketServer, pingMs: number): void {
  const silent = new WeakSet<WebSocket>()
  server.on('connection', (socket) => {
    socket.on('pong', () => silent.delete(socket))
  })
  setInterval(() => {
    for (const client of server.clients)
      if (silent.has(client)) client.terminate()
      else {
        silent.add(client)
        client.ping()
      }
  }, pingMs)
}
