import * as assert from 'uvu/assert'
import { guessProtocol, mayBePackets } from '../../src/protocol/guessProtocol.ts'
import { mulberry32 } from '../lib/random.ts'
import { spec } from '../spec.ts'

const cases: readonly (readonly [string, string, string])[] = [
  ["a server's greeting", '474d3a53747564696f2d436f6e6e65637400', 'greeting'],
  ["a client's answer", 'bebafeca0bb0adde1000000007000000', 'answer'],
  ['a packet', 'dec0adde0c0000000100000041', 'packets'],
  ['a packet without payload', 'dec0adde0c00000000000000', 'packets'],
  ['the beginning of a header', 'dec0adde0c', 'unknown'],
  ['a header without its last word', 'dec0adde0c000000', 'unknown'],
  ['a header without its last byte', 'dec0adde0c00000001000000'.slice(0, 22), 'unknown'],
  ['a TLS 1.2 or 1.3 client', '16030100c8010000c40303', 'tls'],
  ['the first byte of TLS alone', '1641', 'unknown'],
  ['the second byte of TLS alone', '4103', 'unknown'],
  ['an SSH client', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n').toString('hex'), 'text'],
  ['a GET request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n').toString('hex'), 'http'],
  ['HTTP/2 without TLS', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM').toString('hex'), 'http'],
  ['a word that begins like a request', Buffer.from('GETTING').toString('hex'), 'text'],
  ['a request behind a word', Buffer.from('to GET / ').toString('hex'), 'text'],
  ['an object', Buffer.from('{"type":"join"}').toString('hex'), 'json'],
  ['a list behind spaces', Buffer.from(' \r\n[1]').toString('hex'), 'json'],
  ['a bracket behind a word', Buffer.from('say [1]').toString('hex'), 'text'],
  ['a text with a tab', Buffer.from('a\tb').toString('hex'), 'text'],
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

spec('mayBePackets', (it) => {
  it('is so for the first two bytes of a greeting, an answer and a packet', () => {
    for (const hex of ['474d', 'beba', 'dec0', '474d3a'])
      assert.ok(mayBePackets(Buffer.from(`00${hex}`, 'hex'), 1), hex)
  })

  it('is not so for any other two, or one alone', () => {
    for (const hex of [
      '4747',
      '4dba',
      'bebe',
      'ba4d',
      'dede',
      'c0c0',
      '47ba',
      'be4d',
      'dd4d',
      '47',
      'be',
      'de',
      '',
    ])
      assert.not(mayBePackets(Buffer.from(`4d${hex}`, 'hex'), 1), hex)
  })
})
