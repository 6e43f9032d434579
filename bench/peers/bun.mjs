// WebSocket of Bun. It runs in Bun.
/* global Bun */

/** Begins to listen. */
export async function start({ echoes, tally, addUp }) {
  const sockets = new Set()
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request, server) {
      return server.upgrade(request) ? undefined : new Response(null, { status: 426 })
    },
    websocket: {
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate: false,
      open(socket) {
        sockets.add(socket)
        socket.subscribe('all')
      },
      message(socket, message) {
        tally.messages++
        if (echoes) socket.send(message)
        else addUp(message)
      },
      close(socket) {
        tally.ended++
        sockets.delete(socket)
      },
    },
  })
  return {
    port: server.port,
    receive() {},
    sendToAll(message) {
      server.publish('all', message)
    },
    sendToEach(messages) {
      // What is sent outside of a handler leaves in one write only when it is corked.
      for (const socket of sockets)
        socket.cork(() => {
          for (const message of messages) socket.send(message)
        })
    },
    flush() {},
  }
}
