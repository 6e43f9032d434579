// A Colyseus room without state, over its WebSocket transport; messages are bytes, which it does not decode.
import { Room, Server } from '@colyseus/core'
import { WebSocketTransport } from '@colyseus/ws-transport'

const messageType = 5

/** Begins to listen. */
export async function start({ echoes, tally, addUp }) {
  let room
  class GameRoom extends Room {
    autoDispose = false
    patchRate = null

    onCreate() {
      room = this
      this.onMessageBytes(messageType, (client, message) => {
        tally.messages++
        if (echoes) client.sendBytes(messageType, message)
        else addUp(message)
      })
    }

    onLeave() {
      tally.ended++
    }
  }
  const transport = new WebSocketTransport({ pingInterval: 0 })
  const server = new Server({ transport, greet: false, gracefullyShutdown: false })
  server.define('game', GameRoom)
  await server.listen(0, '127.0.0.1', 4096)
  return {
    port: transport.server.address().port,
    receive() {},
    sendToAll(message) {
      room?.broadcastBytes(messageType, message)
    },
    sendToEach(messages) {
      for (const client of room?.clients ?? [])
        for (const message of messages) client.sendBytes(messageType, message)
    },
    flush() {},
  }
}
