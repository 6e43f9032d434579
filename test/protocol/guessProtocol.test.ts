import * as assert from 'uvu/assert'
import { guessProtocol } from '../../src/protocol/guessProtocol.ts'
import { mulberry32 } from '../lib/random.ts'
import { spec } from '../spec.ts'

const cases: readonly (readonly [string, string, string])[] = [
  ["a server's greeting", '474d3a53747564696f2d436f6e6e65637400', 'greeting'],
  ["a client's answer", 'bebafeca0bb0adde1000000007000000', 'answer'],
  ['a packet', 'dec0adde0c0000000100000041', 'packets'],
  ['a packet without payload', 'dec0adde0c00000000000000', 'packets'],
  ['the beginning of a header', 'dec0adde0c', 'unknown'],
  ['a TLS 1.2 or 1.3 client', '16030100c8010000c40303', 'tls'],
  ['an SSH client', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n').toString('hex'), 'text'],
  ['a GET request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n').toString('hex'), 'http'],
  ['HTTP/2 without TLS', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM').toString('hex'), 'http'],
  ['a word that begins like a request', Buffer.from('GETTING').toString('hex'), 'text'],
  ['an object', Buffer.from('{"type":"join"}').toString('hex'), 'json'],
  ['a list behind spaces', Buffer.from(' \r\n[1]').toString('hex'), 'json'],
  ['a line', Buffer.from('hello\n').toString('hex'), 'text'],
  ['a text with NUL', '68656c6c6f00', 'text'],
  ['a text in UTF-8', Buffer.from('grüße').toString('hex'), 'text'],
  ['a byte', '01', 'unknown'],
  ['nothing', '', 'unknown'],
]

spec('guessProtocol', (it) => {
  for (const [what, hex, guess] of cases)
    it(`${what} is ${guess}`, () => {
      assert.is(guessProtocol(Buffer.from(hex, 'hex')), guess)
    })

  it('takes any bytes', () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const random = mulberry32(seed)
    for (let round = 0; round < 5_000; round++) {
      const size = Math.floor(random() * 100)
      const bytes = Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
      assert.type(guessProtocol(bytes), 'string', `seed ${seed}`)
    }
  })
})
