// A server of `node:net`, or of the package `ws`, that only shakes hands as GameMaker does: how fast the machine is.

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { WebSocketServer } from 'ws'
import { greeting, welcome } from '../lib/gameMaker.ts'
import { type Way } from './visit.ts'

const greetingBytes = Buffer.from(greeting, 'hex')
const welcomeBytes = Buffer.from(welcome, 'hex')

export const bareAnswers = {
  /** Returns the port. */
  async open(way: Way): Promise<number> {
    const server = way === 'tcp' ? openNet() : openWs()
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  },
}

function openNet() {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write(welcomeBytes))
    socket.resume()
    socket.write(greetingBytes)
  })
  return server.listen(0, '127.0.0.1')
}

function openWs() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.once('message', () => socket.send(welcomeBytes))
    socket.send(greetingBytes)
  })
  return server
}
