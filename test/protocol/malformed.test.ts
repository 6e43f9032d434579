import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import {
  bytesOf,
  createTrace,
  discarded,
  failed,
  hexOf,
  joinBytes,
  joinEvents,
  packet,
  policies,
  raw,
  roles,
  type StreamEvent,
  tells,
} from './trace.ts'

const hello = 'dec0adde0c0000000500000068656c6c6f'
const helloEvent = packet('68656c6c6f')
const empty = 'dec0adde0c00000000000000'

interface Case {
  name: string
  /** Hex of each chunk. */
  chunks: readonly string[]
  /** What is delivered before. */
  before?: readonly StreamEvent[]
  /** All the malformed bytes. */
  garbage: string
}

const cases: readonly Case[] = [
  {
    name: 'W11, W12: garbage alone',
    chunks: ['00112233445566778899'],
    garbage: '00112233445566778899',
  },
  { name: 'one wrong byte', chunks: ['df'], garbage: 'df' },
  {
    name: 'garbage of more than a header',
    chunks: ['ff'.repeat(500)],
    garbage: 'ff'.repeat(500),
  },
  {
    name: 'garbage after packets in one chunk',
    chunks: [`${hello}${empty}ba5eba11`],
    before: [helloEvent, packet('')],
    garbage: 'ba5eba11',
  },
  {
    name: 'twelve and more bytes of garbage after packets in one chunk',
    chunks: [`${hello}${hello}${'0f'.repeat(40)}`],
    before: [helloEvent, helloEvent],
    garbage: '0f'.repeat(40),
  },
  {
    name: 'garbage, and a packet behind it in the same chunk',
    chunks: [`${hello}00${hello}`],
    before: [helloEvent],
    garbage: `00${hello}`,
  },
  {
    name: 'a wrong third byte behind two bytes of magic, in one chunk',
    chunks: [`${hello}dec0ff`],
    before: [helloEvent],
    garbage: 'dec0ff',
  },
  {
    name: 'a wrong third byte behind two bytes of magic, in a chunk of its own',
    chunks: [`${hello}dec0`, 'ff'],
    before: [helloEvent],
    garbage: 'dec0ff',
  },
  {
    name: 'a wrong byte in a half assembled header, with a packet behind it',
    chunks: ['dec0adde0c', `0001${hello}`],
    garbage: `dec0adde0c0001${hello}`,
  },
  {
    name: 'a header whose eighth byte comes alone and is wrong',
    chunks: ['dec0adde0c0000', '01'],
    garbage: 'dec0adde0c000001',
  },
  {
    name: 'a header of which each byte comes alone',
    chunks: ['de', 'c0', 'ad', 'de', '0d'],
    garbage: 'dec0adde0d',
  },
  {
    name: 'garbage behind the rest of a packet',
    chunks: ['dec0adde0c0000000500000068', '656c6c6fde00'],
    before: [helloEvent],
    garbage: 'de00',
  },
  {
    name: 'garbage in the chunk after a packet that was cut',
    chunks: ['dec0adde0c0000000500000068', '656c6c6f', '0000'],
    before: [helloEvent],
    garbage: '0000',
  },
]

spec('malformed bytes', (it) => {
  for (const { name, chunks, before = [], garbage } of cases)
    for (const policy of policies)
      it(`${policy}: ${name}`, () => {
        const told = {
          discard: discarded(garbage.length / 2),
          raw: raw(garbage),
          close: failed('malformed'),
        }[policy]
        const after = policy === 'close' ? [] : [helloEvent]
        for (const role of roles)
          tells(
            { role, policy },
            [joinBytes(role), ...chunks.map((chunk) => bytesOf(chunk)), bytesOf(hello)],
            [...joinEvents(role), ...before, told, ...after],
          )
      })

  it('garbage in the same chunk as the end of the handshake', () => {
    for (const role of roles) {
      const chunk = bytesOf(hexOf(joinBytes(role)), 'de00')
      tells({ role }, [chunk, bytesOf(hello)], [...joinEvents(role), discarded(2), helloEvent])
      tells({ role, policy: 'raw' }, [chunk], [...joinEvents(role), raw('de00')])
      tells({ role, policy: 'close' }, [chunk], [...joinEvents(role), failed('malformed')])
    }
  })

  it('after garbage, a packet may come in pieces', () => {
    for (const [policy, told] of [
      ['discard', discarded(3)],
      ['raw', raw('dec000')],
    ] as const) {
      const chunks = ['dec0', '00', 'dec0ad', 'de0c0000000500', '000068656c', '6c6f'].map((hex) =>
        bytesOf(hex),
      )
      for (const role of roles)
        tells(
          { role, policy },
          [joinBytes(role), ...chunks],
          [...joinEvents(role), told, helloEvent],
        )
    }
  })

  it('garbage may come again and again', () => {
    const expected: StreamEvent[] = joinEvents('server')
    const chunks = [joinBytes('server')]
    for (let size = 1; size < 50; size++) {
      chunks.push(bytesOf('07'.repeat(size)), bytesOf(hello))
      expected.push(discarded(size), helloEvent)
    }
    tells({ role: 'server' }, chunks, expected)
  })

  it('the policy may change while the stream is open', () => {
    const { stream, settings, events, feed } = createTrace({ role: 'server' })
    feed(joinBytes('server'))
    feed(bytesOf('01'))
    settings.malformed = 'raw'
    feed(bytesOf('02'))
    settings.malformed = 'close'
    feed(bytesOf('03'))
    assert.equal(events.slice(2), [discarded(1), raw('02'), failed('malformed')])
    assert.is(stream.phase, 'ended')
  })

  it('the limit may fall behind a header: it holds from the next packet on', () => {
    for (const size of [12, 13]) {
      const { settings, events, feed } = createTrace({ role: 'server' })
      feed(joinBytes('server'))
      feed(bytesOf(hello).subarray(0, size))
      settings.messageBytesMax = 4
      feed(bytesOf(hello).subarray(size))
      feed(bytesOf(hello))
      assert.equal(events.slice(2), [helloEvent, failed('tooLarge')])
    }
  })

  it('a raw message above the limit is handed over', () => {
    const garbage = '01'.repeat(100)
    tells(
      { role: 'server', policy: 'raw', limit: 10 },
      [joinBytes('server'), bytesOf(garbage)],
      [...joinEvents('server'), raw(garbage)],
    )
  })

  it('malformed bytes leave no memory behind', () => {
    for (const policy of ['discard', 'raw'] as const) {
      const { stream, feed } = createTrace({ role: 'server', policy })
      feed(joinBytes('server'))
      feed(bytesOf('dec0adde0c'))
      feed(bytesOf('ff'.repeat(9000)))
      assert.is(stream.assembly.size, 0)
      assert.is(stream.assembly.bytes.length, 0)
    }
  })
})
