// Baseline: bare `ws`, which answers each message at once.
import { WebSocketServer } from 'ws'
import { answerParent, portOf } from './lib/answerParent.ts'

const tally = { messages: 0 }
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })

server.on('connection', (socket) => {
  socket.on('message', (message, isBinary) => {
    tally.messages++
    socket.send(message, { binary: isBinary })
  })
})

server.on('listening', () => answerParent(portOf(server), tally))
