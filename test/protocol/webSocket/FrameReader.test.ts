import * as assert from 'uvu/assert'
import { spec } from '../../spec.ts'
import { byteByByte, cutAt } from '../trace.ts'
import {
  type Announcement,
  binary,
  type Frame,
  FrameTrace,
  framesTo,
  hexOf,
  malformed,
  ping,
  roles,
  type Setting,
  text,
  tooLarge,
} from './FrameTrace.ts'

type Case = readonly [
  title: string,
  frames: readonly (Frame | Announcement)[],
  events: readonly string[],
]

const ofSize = (size: number): string => '5a'.repeat(size)
const times = (count: number, frame: Frame): Frame[] => Array.from({ length: count }, () => frame)

/** Closes, as what a case sends behind the fault, to show that it is dropped. */
const later: Frame = [0x82, '02']

const valid: readonly Case[] = [
  ['a binary message', [[0x82, '0102030405']], [binary('0102030405')]],
  ['a text', [[0x81, '68c3a9e282acf09f9880']], [text('68c3a9e282acf09f9880')]],
  ['empty messages', [[0x82], [0x81], [0x82]], [binary(''), text(''), binary('')]],
  [
    'messages of every remainder',
    [1, 2, 3, 4, 5, 6, 7, 8].map((size) => [0x82, ofSize(size)]),
    [1, 2, 3, 4, 5, 6, 7, 8].map((size) => binary(ofSize(size))),
  ],
  [
    'lengths around the limit of the short form',
    [125, 126, 127].map((size) => [0x82, ofSize(size)]),
    [125, 126, 127].map((size) => binary(ofSize(size))),
  ],
  [
    'lengths that are not written in the shortest way',
    [
      [0x82, '01', 16],
      [0x81, '41', 64],
      [0x82, '', 64],
      [0x01, '42', 64],
      [0x80, '', 16],
    ],
    [binary('01'), text('41'), binary(''), text('42')],
  ],
  [
    'fragments',
    [[0x02, '01'], [0x00, '0203'], [0x80, '04'], later],
    [binary('01020304'), binary('02')],
  ],
  ['empty fragments', [[0x02], [0x00], [0x80], [0x01], [0x80]], [binary(''), text('')]],
  [
    'an empty fragment at the end, and one at the start',
    [[0x02, '01'], [0x80], [0x01], [0x80, '41']],
    [binary('01'), text('41')],
  ],
  [
    'control frames between fragments',
    [[0x01, '68c3'], [0x89, 'aabb'], [0x00], [0x8a, '01'], [0x80, 'a9'], later],
    [ping('aabb'), 'pong', text('68c3a9'), binary('02')],
  ],
  [
    'a character in four fragments',
    [
      [0x01, 'f0'],
      [0x00, '9f'],
      [0x00, '98'],
      [0x80, '80'],
    ],
    [text('f09f9880')],
  ],
  [
    'a run, a text, a run, a ping, a run',
    [later, later, [0x81, '41'], later, [0x89], later],
    [binary('02'), binary('02'), text('41'), binary('02'), ping(''), binary('02')],
  ],
  ['a pong of 125 bytes', [[0x8a, ofSize(125)], later], ['pong', binary('02')]],
  ['a ping of 125 bytes', [[0x89, ofSize(125)]], [ping(ofSize(125))]],
  ['a message of the limit', [[0x82, ofSize(1_000)]], [binary(ofSize(1_000))]],
  [
    'fragments of the limit together',
    [[0x02, ofSize(400)], [0x00, ofSize(400)], [0x80, ofSize(200)], later],
    [binary(ofSize(1_000)), binary('02')],
  ],
  [
    '1,024 fragments',
    [[0x02, '01'], ...times(1_022, [0x00]), [0x80, '03'], later],
    [binary('0103'), binary('02')],
  ],
  ['a close frame without a code', [later, [0x88], later], [binary('02'), 'close undefined']],
  ['a close frame within a message', [[0x02, '01'], [0x88, '03e8'], later], ['close 1000']],
  ['a close frame with a reason', [[0x88, '03e9c3a9'], later], ['close 1001']],
  ['a reason of 123 bytes', [[0x88, `1387${ofSize(123)}`], later], ['close 4999']],
  ...[1000, 1003, 1007, 1014, 3000, 4999].map((code): Case => [
    `close code ${code}`,
    [[0x88, codeHex(code)], later],
    [`close ${code}`],
  ]),
]

const wrong: readonly Case[] = [
  ...[0xc2, 0xa2, 0x92, 0xc1, 0xb8, 0xc9].map((first): Case => [
    `reserved bits, ${first.toString(16)}`,
    [[first, '01']],
    [malformed(1002)],
  ]),
  ...[0x83, 0x84, 0x85, 0x86, 0x87, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x03, 0x0b].map((first): Case => [
    `opcode, ${first.toString(16)}`,
    [[first, '01']],
    [malformed(1002)],
  ]),
  ...[0x08, 0x09, 0x0a].map((first): Case => [
    `a fragment of control, ${first}`,
    [[first, '03e8']],
    [malformed(1002)],
  ]),
  ...[0x88, 0x89, 0x8a].map((first): Case => [
    `a control frame of 126 bytes, ${first.toString(16)}`,
    [[first, `03e8${ofSize(124)}`]],
    [malformed(1002)],
  ]),
  ['a short control frame in the long form', [[0x89, '01', 16]], [malformed(1002)]],
  ['a continuation of nothing', [[0x80, '01']], [malformed(1002)]],
  ['a continuation of a whole message', [later, [0x80, '01']], [binary('02'), malformed(1002)]],
  [
    'a message within a message',
    [
      [0x02, '01'],
      [0x82, '02'],
    ],
    [malformed(1002)],
  ],
  ['a fragment that begins within a message', [[0x02, '01'], [0x01]], [malformed(1002)]],
  ['a close frame with half a code', [[0x88, '03']], [malformed(1002)]],
  ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535].map((code): Case => [
    `close code ${code}`,
    [[0x88, codeHex(code)]],
    [malformed(1002)],
  ]),
  ['a close reason that is not UTF-8', [[0x88, '03e8ff']], [malformed(1007)]],
  ['a close reason with half a character', [[0x88, '03e8c3']], [malformed(1007)]],
  ['a wrong code with a wrong reason', [[0x88, '03e7ff']], [malformed(1002)]],
  ...[
    'ff',
    'c3',
    'c0af',
    'c1bf',
    'e08080',
    'eda080',
    'f0808080',
    'f4908080',
    'f5808080',
    '80',
    'e282',
  ].map((hex): Case => [
    `text that is not UTF-8, ${hex}`,
    [later, [0x81, hex]],
    [binary('02'), malformed(1007)],
  ]),
  [
    'fragmented text that is not UTF-8',
    [
      [0x01, 'c3'],
      [0x80, '41'],
    ],
    [malformed(1007)],
  ],
  [
    'fragmented text with half a character',
    [[0x01, '41'], [0x00, 'c3'], [0x80]],
    [malformed(1007)],
  ],
  [
    'text that is found wrong before what follows it',
    [
      [0x01, 'ff'],
      [0x89, '01'],
    ],
    [malformed(1007)],
  ],
  [
    'a message above the limit',
    [later, { first: 0x82, length: '7e03e9' }],
    [binary('02'), tooLarge],
  ],
  ['a text above the limit', [{ first: 0x81, length: '7e03e9' }], [tooLarge]],
  ['a message of 2 ** 40 bytes', [{ first: 0x82, length: '7f0000010000000000' }], [tooLarge]],
  ['a message of 2 ** 53 bytes', [{ first: 0x82, length: '7f0020000000000000' }], [tooLarge]],
  ['a message of 2 ** 63 bytes', [{ first: 0x82, length: '7f8000000000000000' }], [tooLarge]],
  ['a message of 2 ** 64 - 1 bytes', [{ first: 0x02, length: '7fffffffffffffffff' }], [tooLarge]],
  [
    'fragments above the limit together',
    [[0x02, ofSize(600)], [0x89], [0x00, ofSize(400)], { first: 0x80, length: '01' }],
    [ping(''), tooLarge],
  ],
  ['more than 1,024 fragments', [[0x02, '00'], ...times(1_023, [0x00]), [0x80]], [malformed(1008)]],
]

function codeHex(code: number): string {
  return code.toString(16).padStart(4, '0')
}

/** Every way to cut it that is tried. */
function cuttings(bytes: Uint8Array): Uint8Array[][] {
  const step = bytes.length < 1_500 ? 1 : 13
  const places = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) => at * step)
  return [
    [bytes],
    byteByByte(bytes),
    ...places.map((place) => cutAt(bytes, place)),
    ...places.map((place) => cutAt(bytes, place, Math.min(place + 5, bytes.length))),
  ]
}

/** However they are cut, frames mean exactly this. */
function checkCuttings(setting: Setting, bytes: Uint8Array, events: readonly string[]): void {
  const expected = events.join()
  for (const hasRuns of [true, false])
    for (const chunks of cuttings(bytes)) {
      const trace = new FrameTrace({ ...setting, hasRuns })
      for (const chunk of chunks) trace.feed(chunk)
      if (trace.events.join() === expected) continue
      const sizes = chunks.map(({ length }) => length).join(' + ')
      assert.equal(trace.events, events, `in chunks of ${sizes}`)
    }
}

for (const role of roles) {
  spec(`FrameReader of a ${role} :: what the RFC allows`, (it) => {
    for (const [title, frames, events] of valid)
      it(title, () => checkCuttings({ role }, framesTo(role, frames), events))

    it('all lengths in one stream', () => {
      const sizes = [65_535, 65_536, 70_001]
      const bytes = framesTo(
        role,
        sizes.map((size) => [0x82, ofSize(size)]),
      )
      for (const hasRuns of [true, false])
        for (const chunkBytes of [1_000, 65_536, bytes.length]) {
          const trace = new FrameTrace({ role, limit: 70_001, hasRuns })
          trace.show = ({ length }) => `${length}`
          for (let at = 0; at < bytes.length; at += chunkBytes)
            trace.feed(bytes.subarray(at, at + chunkBytes))
          assert.equal(trace.events, sizes.map(String).map(binary))
        }
    })
  })

  spec(`FrameReader of a ${role} :: what it forbids`, (it) => {
    for (const [title, frames, events] of wrong)
      it(title, () => checkCuttings({ role }, framesTo(role, [...frames, later]), events))

    it(role === 'server' ? 'no mask' : 'a mask', () => {
      const other = role === 'server' ? 'client' : 'server'
      for (const frame of [[0x82, '01'], [0x82], [0x81], [0x89], [0x88], [0x02, '01']] as const) {
        const bytes = hexOf(framesTo(role, [later])) + hexOf(framesTo(other, [frame, later]))
        checkCuttings({ role }, Buffer.from(bytes, 'hex'), [binary('02'), malformed(1002)])
      }
    })
  })
}

spec('FrameReader', (it) => {
  it('judges a frame as soon as its header is there', () => {
    const cases = [
      ['c280', malformed(1002)],
      ['8201', malformed(1002)],
      ['89fe', malformed(1002)],
      ['8881', malformed(1002)],
      ['82fe03e9', tooLarge],
      ['82ff8000000000000000', tooLarge],
    ] as const
    for (const [hex, event] of cases) {
      const trace = new FrameTrace({ role: 'server' })
      for (const byte of Buffer.from(hex, 'hex')) {
        assert.equal(trace.events, [])
        trace.feed(Uint8Array.of(byte))
      }
      assert.equal(trace.events, [event], hex)
    }
  })

  it('finds a byte that cannot be text in the chunk in which it comes', () => {
    const trace = new FrameTrace({ role: 'client' })
    trace.feed(Buffer.from('010a41e2', 'hex'))
    assert.equal(trace.events, [])
    trace.feed(Buffer.from('28', 'hex'))
    assert.equal(trace.events, [malformed(1007)])
  })

  it('emits a run once, and before what follows it', () => {
    const frames: Frame[] = [later, later, [0x89, '01'], later, later, later, [0xc2]]
    const trace = new FrameTrace({ role: 'server', hasRuns: true })
    trace.feed(framesTo('server', frames))
    const run = binary('02')
    assert.equal(trace.events, [run, run, ping('01'), run, run, run, malformed(1002)])
    assert.is(trace.runs, 2)
  })

  it('takes no length from 2 ** 53 on without a limit', () => {
    const wrong = new FrameTrace({ role: 'client', limit: Infinity })
    wrong.feed(Buffer.from('827f0020000000000000', 'hex'))
    assert.equal(wrong.events, [tooLarge])
    const right = new FrameTrace({ role: 'client', limit: Infinity })
    right.feed(Buffer.from('827f001fffffffffffff', 'hex'))
    assert.equal(right.events, [])
    assert.is(right.reader.message, undefined)
  })

  it('takes only empty messages under a limit of 0', () => {
    const trace = new FrameTrace({ role: 'client', limit: 0 })
    trace.feed(Buffer.from('8200 0200 8000 820101'.replaceAll(' ', ''), 'hex'))
    assert.equal(trace.events, [binary(''), binary(''), tooLarge])
  })
})

/** One of each call, with and without a cut. */
const everything: readonly Frame[] = [
  [0x82, '01'],
  [0x82, '02'],
  [0x81, '41'],
  [0x02, '03'],
  [0x89, '04'],
  [0x00, '05'],
  [0x8a],
  [0x80, '06'],
]

spec('FrameReader :: a sink that ends it', (it) => {
  for (const last of [[0x88, '03e8'], [0xc2]] as const)
    for (const hasRuns of [true, false])
      it(`in any call, ${last[0] === 0x88 ? 'close' : 'fault'} last, ${hasRuns ? 'runs' : 'messages'}`, () => {
        for (const role of roles) {
          const bytes = framesTo(role, [...everything, last, later])
          for (const chunks of cuttings(bytes))
            for (let calls = 1; calls <= 7; calls++) checkEnd({ role, hasRuns }, chunks, calls)
        }
      })

  it('before anything has arrived, and within anything', () => {
    const bytes = framesTo('server', [...everything, [0x88]])
    for (let place = 0; place < bytes.length; place++) {
      const trace = new FrameTrace({ role: 'server' })
      trace.feed(bytes.subarray(0, place))
      const before = trace.events.length
      trace.end()
      trace.feed(bytes.subarray(place))
      trace.feed(bytes)
      assert.is(trace.events.length, before)
      assert.is(trace.reader.cut ?? trace.reader.message, undefined)
    }
  })
})

/** Ends a reader in one of its calls. */
function checkEnd(setting: Setting, chunks: readonly Uint8Array[], endCall: number): void {
  const trace = new FrameTrace(setting)
  let calls = 0
  let before = 0
  trace.onCall = () => {
    if (++calls !== endCall) return
    before = trace.events.length
    trace.end()
  }
  for (const chunk of chunks) trace.feed(chunk)
  if (calls < endCall) return
  assert.is(calls, endCall)
  assert.is(trace.events.length, before)
  assert.is(trace.reader.cut ?? trace.reader.message, undefined)
}
