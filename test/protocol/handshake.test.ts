import * as assert from 'uvu/assert'
import { answerStart, createAnswer, greeting, welcome } from '../../src/protocol/handshake.ts'
import { secondAnswer, secondGreeting, secondWelcome } from '../lib/SecondDecoder.ts'
import { spec } from '../spec.ts'
import {
  byteByByte,
  bytesOf,
  createTrace,
  cutAt,
  failed,
  hexOf,
  joinBytes,
  joinEvents,
  packet,
  policies,
  roles,
  tells,
} from './trace.ts'

// Golden bytes: written by hand from docs/protocol.md.
const greetingHex = '474d3a53747564696f2d436f6e6e65637400'
const answerStartHex = 'bebafeca0bb0adde10000000'
const welcomeHex = 'adbeafdeebbe0df00c000000'

const gameIds: readonly [number, string][] = [
  [0, '00000000'],
  [42, '2a000000'],
  [-1, 'ffffffff'],
  [296824970, '8a30b111'],
  [2147483647, 'ffffff7f'],
  [-2147483648, '00000080'],
]

const helloHex = 'de c0 ad de 0c 00 00 00 05 00 00 00 68 65 6c 6c 6f'

spec('handshake :: golden bytes', (it) => {
  it('step 1 is GM:Studio-Connect and NUL', () => {
    assert.is(hexOf(greeting), greetingHex)
    assert.is(hexOf(secondGreeting()), greetingHex)
    assert.is(greeting.length, 18)
  })

  it('step 2 begins with CAFEBABE DEADB00B 16', () => {
    assert.is(hexOf(answerStart), answerStartHex)
  })

  it('step 3 is DEAFBEAD F00DBEEB 12', () => {
    assert.is(hexOf(welcome), welcomeHex)
    assert.is(hexOf(secondWelcome()), welcomeHex)
  })

  for (const [gameId, hex] of gameIds)
    it(`W6: step 2 carries game id ${gameId}`, () => {
      assert.is(hexOf(createAnswer(gameId)), answerStartHex + hex)
      assert.is(hexOf(secondAnswer(gameId)), answerStartHex + hex)
    })

  it('a game id above 2^31 has the bytes of its negative twin', () => {
    assert.is(hexOf(createAnswer(4294967295)), `${answerStartHex}ffffffff`)
  })

  it('step 1 is the greeting of GameMaker', () => {
    assert.is(hexOf(greeting), greetingHex)
  })
})

spec('handshake :: server', (it) => {
  for (const [gameId, hex] of gameIds)
    it(`W6: accepts game id ${gameId}, whole and byte by byte`, () => {
      const answer = bytesOf(answerStartHex, hex)
      const expected = [
        { kind: 'opened', gameId },
        { kind: 'reply', hex: welcomeHex },
      ] as const
      tells({ role: 'server' }, [answer], expected)
      tells({ role: 'server' }, byteByByte(answer), expected)
    })

  it('W4: an answer and a packet in one chunk are a connection, then data', () => {
    const chunk = bytesOf(answerStartHex, '2a000000', helloHex)
    tells({ role: 'server' }, [chunk], [...joinEvents('server'), packet('68656c6c6f')])
  })

  it('W16: says nothing before the last byte of the answer', () => {
    const answer = bytesOf(answerStartHex, '2a000000')
    for (let size = 0; size < answer.length; size++)
      tells({ role: 'server' }, [answer.subarray(0, size)], [])
  })

  it('takes no game id for wrong', () => {
    for (let byte = 0; byte < 256; byte++) {
      const { events, feed } = createTrace({ role: 'server' })
      feed(Uint8Array.of(...bytesOf(answerStartHex), byte, byte, byte, byte))
      assert.is(events.length, 2)
    }
  })
})

spec('handshake :: client', (it) => {
  for (const [gameId, hex] of gameIds)
    it(`W6: answers with game id ${gameId}, then is connected`, () => {
      const bytes = bytesOf(greetingHex, welcomeHex)
      const expected = [
        { kind: 'reply', hex: answerStartHex + hex },
        { kind: 'opened', gameId: null },
      ] as const
      tells({ role: 'client', gameId }, [bytes], expected)
      tells({ role: 'client', gameId }, cutAt(bytes, 18), expected)
      tells({ role: 'client', gameId }, byteByByte(bytes), expected)
    })

  it('W5: a welcome and a packet in one chunk are a connection, then data', () => {
    const chunks = [bytesOf(greetingHex), bytesOf(welcomeHex, helloHex)]
    tells({ role: 'client' }, chunks, [...joinEvents('client'), packet('68656c6c6f')])
  })

  it('W15: sends nothing before the last byte of the greeting', () => {
    const bytes = bytesOf(greetingHex)
    for (let size = 0; size < bytes.length; size++)
      tells({ role: 'client' }, [bytes.subarray(0, size)], [])
  })

  it('is not connected before the last byte of the welcome', () => {
    const bytes = bytesOf(greetingHex, welcomeHex)
    for (let size = 18; size < bytes.length; size++)
      tells({ role: 'client' }, [bytes.subarray(0, size)], joinEvents('client').slice(0, 1))
  })
})

spec('handshake :: wrong bytes', (it) => {
  const wrongAnswers = [
    ['first', 'bebb feca 0bb0 adde 1000 0000'],
    ['second', 'beba feca 0bb0 adda 1000 0000'],
    ['third (15)', 'beba feca 0bb0 adde 0f00 0000'],
    ['third (17)', 'beba feca 0bb0 adde 1100 0000'],
    ['third (big endian)', 'beba feca 0bb0 adde 0000 0010'],
    ['first (big endian)', 'cafe babe dead b00b 0000 0010'],
  ] as const
  for (const [word, hex] of wrongAnswers)
    it(`W7: a server refuses an answer with a wrong ${word} word`, () => {
      const chunk = bytesOf(hex, '00000000', helloHex)
      for (const policy of policies) {
        tells({ role: 'server', policy }, [chunk], [failed('handshake')])
        tells({ role: 'server', policy }, byteByByte(chunk), [failed('handshake')])
      }
    })

  it('W7: a client refuses a welcome with any wrong word', () => {
    for (const hex of [
      'aebeafdeebbe0df00c000000',
      'adbeafdeebbe0df10c000000',
      'adbeafdeebbe0df010000000',
    ]) {
      const chunk = bytesOf(greetingHex, hex, helloHex)
      const expected = [...joinEvents('client').slice(0, 1), failed('handshake')]
      tells({ role: 'client' }, [chunk], expected)
      tells({ role: 'client' }, byteByByte(chunk), expected)
    }
  })

  it('each byte that is fixed ends it at once when any bit of it is wrong', () => {
    for (const role of roles) {
      const right = joinBytes(role)
      const fixed = role === 'server' ? 12 : right.length
      for (let place = 0; place < fixed; place++)
        for (let bit = 0; bit < 8; bit++) {
          const wrong = right.slice(0, place + 1)
          wrong[place]! ^= 1 << bit
          const before = role === 'client' && place >= 18 ? joinEvents('client').slice(0, 1) : []
          tells({ role }, [wrong], [...before, failed('handshake')])
          tells({ role }, byteByByte(wrong), [...before, failed('handshake')])
        }
    }
  })

  it('the wrong byte and all behind it are told as lost', () => {
    for (const role of roles) {
      const right = joinBytes(role)
      for (let place = 0; place < (role === 'server' ? 12 : right.length); place++) {
        const wrong = right.slice()
        wrong[place]! ^= 1
        const trace = createTrace({ role })
        trace.feed(wrong)
        assert.is(trace.lost, right.length - place)
      }
    }
  })

  it('nothing that follows a wrong handshake is heard', () => {
    for (const role of roles) {
      const trace = createTrace({ role })
      trace.feed(Uint8Array.of(0))
      trace.feed(joinBytes(role))
      trace.feed(bytesOf(helloHex))
      assert.equal(trace.events, [failed('handshake')])
      assert.is(trace.stream.phase, 'ended')
    }
  })

  it('a client does not take an answer, nor a server a greeting', () => {
    tells({ role: 'server' }, [bytesOf(greetingHex)], [failed('handshake')])
    tells({ role: 'client' }, [bytesOf(answerStartHex, '00000000')], [failed('handshake')])
  })
})
