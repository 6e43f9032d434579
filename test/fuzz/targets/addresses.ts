// Texts that name places: the path of a request, the origin of a page, the URL of a WebSocket. None makes them throw, and what
// they make of one they make of the result too.

import * as assert from 'uvu/assert'
import { originOf } from '../../../src/config/originOf.ts'
import { requestPath } from '../../../src/config/requestPath.ts'
import { SocketType } from '../../../src/constants/SocketType.ts'
import { normalPath } from '../../../src/transport/normalPath.ts'
import { webSocketUrl } from '../../../src/transport/webSocketUrl.ts'
import { type Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'

const pieces = [
  '/',
  '/game',
  '..',
  '.',
  '%2e',
  '%2F',
  '%41',
  '%',
  '%4',
  '%zz',
  '%00',
  '?',
  'a=b',
  '#',
  '\\',
  ' ',
  'é',
  '\ud800',
  '//',
  ':',
  '@',
  '[::1]',
  '[',
  ']',
  '127.0.0.1',
  'localhost',
  ':80',
  ':99999',
  ':0',
  'ws://',
  'wss://',
  'http://',
  'https://',
  'file://',
  'file://host',
  'null',
  'example.com',
  '*',
  'xn--a',
  '1.2.3',
  '0x7f.1',
  '::ffff:1.2.3.4',
  '\t',
  '\n',
  'user:pw@',
  'data:',
  'EXAMPLE',
  '~',
  '_',
]

function drawAddress(draw: Draw): Uint8Array {
  const starts = ['/', 'http://', 'ws://', 'wss://', 'https://example.com', '']
  const parts = Array.from({ length: draw.below(6) }, () => draw.one(pieces))
  return Buffer.from(draw.one(starts) + parts.join(''))
}

function runAddress(input: Uint8Array): string {
  const text = Buffer.from(input).toString()
  normalPath(text)
  const path = requestPath(text)
  const origin = originOf(text)
  if (origin !== undefined) assert.is(originOf(origin), origin, 'the origin of an origin')
  // An escape that is none may become one when what stands behind it is unescaped.
  if (path !== undefined && !/%(?![\da-f]{2})/i.test(text))
    assert.is(requestPath(path), path, 'the path of a path')
  if (path !== undefined)
    assert.ok(/^\/[^?#\\\s]*$/.test(text) && /^\/[^?#\\\s]*$/.test(path), path)
  const url = webSocketUrl(SocketType.ws, text, 0)
  if (url !== undefined) {
    const { hostname, protocol } = new URL(url.url)
    assert.is(hostname.replaceAll(/[[\]]/g, ''), url.host)
    assert.is(protocol, url.isSecure ? 'wss:' : 'ws:')
    assert.ok(url.port > 0 && url.port < 65_536, `port ${url.port}`)
  }
  assert.is(webSocketUrl(SocketType.wss, text, 443)?.isSecure ?? true, true)
  if (path !== undefined) return 'path'
  if (origin !== undefined) return 'origin'
  return url === undefined ? 'refused' : 'url'
}

export const addresses: Target = {
  name: 'addresses',
  draw: drawAddress,
  tokens: pieces.map((piece) => Buffer.from(piece)),
  run: runAddress,
  outcomes: ['path', 'origin', 'url', 'refused'],
}
