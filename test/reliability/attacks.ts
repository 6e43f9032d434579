// Strangers who know the protocols and break them: each opens a connection of its own, or sends from a socket of its own.

import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { type Draw } from '../fuzz/Draw.ts'
import { mutate } from '../fuzz/mutate.ts'
import { datagrams } from '../fuzz/targets/datagrams.ts'
import { drawConversation, drawCuts } from '../fuzz/targets/streams.ts'
import { answer } from '../lib/gameMaker.ts'
import { mulberry32 } from '../lib/random.ts'
import { type Role } from '../protocol/webSocket/FrameTrace.ts'
import { drawStream } from '../protocol/webSocket/drawStream.ts'

/** Sends to a port. Returns how many inputs that were. */
export type Attack = (draw: Draw, port: number) => Promise<number>

/** How long one stays that has sent all, at most. */
const lingerMs = 50
/** How long one that has left waits for the server to notice. */
const patientMs = 500

/** A handshake and packets, of which a part is wrong. */
export const attackTcp: Attack = async (draw, port) => {
  const bytes = drawConversation(draw, 'server', draw.isLucky(0.5) ? 0.05 : 0.3)
  await sendCut(draw, port, bytes)
  return 1
}

/** An upgrade that is right mostly, and frames. */
export const attackWebSocket: Attack = async (draw, port) => {
  const request = drawUpgrade(draw)
  const frames = drawFrames(draw, 'server')
  const start = draw.isLucky(0.6) ? maskedFrame(Buffer.from(answer, 'hex')) : Buffer.alloc(0)
  const bytes = Buffer.concat([request, start, frames])
  await sendCut(draw, port, draw.isLucky(0.9) ? bytes : mutate(bytes, draw, [request]))
  return 2
}

/** What stands in a request for nothing that is served, or is no request. */
export const attackHttp: Attack = async (draw, port) => {
  const lines = Array.from({ length: draw.below(12) }, () => draw.one(httpLines))
  const requests = Array.from({ length: 1 + draw.below(3) }, () =>
    [draw.one(requestLines), ...lines, '', draw.one(['', 'x'.repeat(draw.size(3_000))])].join(
      '\r\n',
    ),
  )
  await sendCut(draw, port, Buffer.from(requests.join(''), 'latin1'))
  return requests.length
}

/** Datagrams from an address that has never sent before. */
export const attackUdp: Attack = async (draw, port) => {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  const count = 1 + draw.below(40)
  for (let left = count; left > 0; left--) {
    const datagram = datagrams.draw(draw)
    await new Promise((resolve) => {
      socket.send(datagram, port, '127.0.0.1', resolve)
    })
  }
  socket.close()
  return count
}

/** Writes bytes in pieces that arrive one by one, and leaves in one of several ways. */
async function sendCut(draw: Draw, port: number, bytes: Uint8Array): Promise<void> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    allowHalfOpen: draw.isLucky(0.5),
  })
  const closed = closedOf(socket)
  await leaveAfter(draw, socket, bytes)
  await Promise.race([closed, delay(patientMs, undefined, { ref: false })])
  socket.destroy()
  await closed
}

async function leaveAfter(draw: Draw, socket: Socket, bytes: Uint8Array): Promise<void> {
  let at = 0
  const cuts = drawCuts(draw, bytes.length).slice(0, 30)
  const resetsAt = draw.isLucky(0.1) ? draw.below(cuts.length + 1) : Infinity
  for (const [index, end] of [...cuts, bytes.length].entries()) {
    if (socket.destroyed) return
    if (index === resetsAt) {
      socket.resetAndDestroy()
      return
    }
    socket.write(bytes.subarray(at, end))
    at = end
    await turn()
  }
  if (draw.isLucky(0.3)) await delay(draw.below(lingerMs))
  const way = draw.below(3)
  if (way === 0) socket.end()
  else if (way === 1) socket.resetAndDestroy()
  else socket.destroy()
}

export function closedOf(socket: Socket): Promise<unknown> {
  socket.on('error', () => {})
  socket.resume()
  return new Promise((resolve) => socket.once('close', resolve))
}

const httpLines = [
  'Host: a',
  'Host:',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'Connection: Upgrade',
  'Connection: close',
  'Connection: keep-alive',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Version: 8',
  'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==',
  'Sec-WebSocket-Key: x',
  'Origin: http://evil',
  'Sec-WebSocket-Protocol: a,, b',
  'Sec-WebSocket-Protocol: \x01',
  'Cookie: a=b',
  'Content-Length: 5',
  'Content-Length: -1',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  ': x',
  'A B: c',
  ' folded',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  `X: ${'y'.repeat(17_000)}`,
  'Sec-WebSocket-Extensions: ;;=',
  '__proto__: 1',
]

const requestLines = [
  'GET / HTTP/1.1',
  'GET /game HTTP/1.1',
  'GET /game?a=%zz HTTP/1.1',
  'GET /%67ame HTTP/1.0',
  'POST / HTTP/1.1',
  'CONNECT a:1 HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'GET http://a/game HTTP/1.1',
  'GET // HTTP/1.1',
  'PRI * HTTP/2.0',
  'GET',
  '',
  'GET /game HTTP/9.9',
  '\x16\x03\x01\x02',
]

const upgradeLines = [
  'GET /game?a=%zz HTTP/1.1',
  'GET /%zz HTTP/1.1',
  'GET /%67ame HTTP/1.1',
  'GET /x/../game HTTP/1.1',
  'GET http://a/game HTTP/1.1',
  'GET // HTTP/1.1',
  'GET /game HTTP/1.0',
  'POST /game HTTP/1.1',
]

function drawUpgrade(draw: Draw): Buffer {
  const lines = [
    draw.isLucky(0.7) ? 'GET /game HTTP/1.1' : draw.one(upgradeLines),
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==',
  ]
  if (draw.isLucky(0.2)) lines.splice(draw.below(7), draw.below(2), draw.one(httpLines))
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

export function drawFrames(draw: Draw, role: Role): Uint8Array {
  for (;;) {
    const drawn = drawStream(draw.below(2 ** 32), true)
    if (drawn.role === role) return drawn.bytes
  }
}

/** A binary frame as a client sends it. */
function maskedFrame(payload: Uint8Array): Buffer {
  const random = mulberry32(payload.length)
  const mask = Uint8Array.from({ length: 4 }, () => random() * 256)
  const masked = payload.map((byte, at) => byte ^ mask[at & 3]!)
  return Buffer.from([0x82, 0x80 | payload.length, ...mask, ...masked])
}
