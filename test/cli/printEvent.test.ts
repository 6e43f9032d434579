import * as assert from 'uvu/assert'
import { escapeText } from '../../src/cli/escapeText.ts'
import { hexDump } from '../../src/cli/hexDump.ts'
import { type EventFacts, printEvent } from '../../src/cli/printEvent.ts'
import { wantsColour } from '../../src/cli/wantsColour.ts'
import { spec } from '../spec.ts'

const text = { hex: false, json: false }
const json = { hex: false, json: true }

/** What is printed behind `data      `. */
function printed(hex: string, format = text): string {
  return printEvent({ type: 'data', keys: {}, bytes: Buffer.from(hex, 'hex') }, format).slice(10)
}

/** Payloads in hex that are shown as text. */
const readable: [hex: string, shown: string][] = [
  ['68690a', '"hi\\n"'],
  ['686900', '"hi\\0"'],
  ['00', '"\\0"'],
  ['', '""'],
  ['5c2209', '"\\\\\\"\\t"'],
  ['c3a9e282acf09f9880', '"é€😀"'],
  // A byte order mark, a right-to-left override, a line separator, a tag outside of the basic plane
  ['efbbbf61', '"\\ufeff61"'.replace('61', 'a')],
  ['e280ae61', '"\\u202ea"'],
  ['e280a8', '"\\u2028"'],
  ['f3a08081', '"\\udb40\\udc01"'],
]

/** Payloads in hex that are dumped. */
const unreadable = [
  // ESC [ 2 J; BEL; DEL; the C1 control CSI; NUL inside; no UTF-8; a cut character
  '1b5b324a',
  '07',
  '7f',
  'c29b324a',
  '610062',
  'ff',
  'e282',
]

const data: EventFacts = {
  type: 'data',
  keys: { id: 3, ip: '::1', port: 5, size: 3, server: 1 },
  bytes: Buffer.from('686900', 'hex'),
}

spec('cli/printEvent', (it) => {
  for (const [hex, shown] of readable)
    it(`shows ${hex} as ${shown}`, () => assert.is(printed(hex), ` ${shown}`))

  for (const hex of unreadable)
    it(`dumps ${hex}`, () => assert.is(printed(hex), `\n${hexDump(Buffer.from(hex, 'hex'))}`))

  it('dumps text too when it is asked to', () => {
    const dump = hexDump(Buffer.from('hi'))
    assert.is(printed('6869', { hex: true, json: false }), `\n${dump}`)
    assert.is(printed('', { hex: true, json: false }), '')
  })

  it('shows the keys', () => {
    assert.is(printEvent(data, text), 'data       id=3 ip=::1 port=5 size=3 server=1 "hi\\0"')
    const gone = { type: 'disconnect', keys: { id: 1, ip: '', reason: 'closed' } }
    assert.is(printEvent(gone, text), 'disconnect id=1 ip="" reason=closed')
  })

  it('colours the type alone', () => {
    assert.is(
      printEvent(data, text, true),
      '\x1b[36mdata      \x1b[0m id=3 ip=::1 port=5 size=3 server=1 "hi\\0"',
    )
  })

  it('prints JSON with hex, and text without its NUL', () => {
    assert.is(
      printEvent(data, json),
      '{"type":"data","id":3,"ip":"::1","port":5,"size":3,"server":1,"hex":"686900","text":"hi"}',
    )
    assert.is(printEvent({ type: 'connect', keys: { id: 1 } }, json), '{"type":"connect","id":1}')
  })

  it('has no text in JSON for what is no UTF-8', () => {
    const event = { type: 'data', keys: {}, bytes: Buffer.from('ff') }
    assert.equal(JSON.parse(printEvent({ ...event, bytes: Buffer.from('ff', 'hex') }, json)), {
      type: 'data',
      hex: 'ff',
    })
  })

  it('escapes in JSON what commands a terminal', () => {
    const bytes = Buffer.from('\x1b\x7f\x9b2J\u202e')
    const line = printEvent({ type: 'data', keys: {}, bytes }, json)
    assert.match(line, '"text":"\\u001b\\u007f\\u009b2J\\u202e"')
    assert.is((JSON.parse(line) as { text: string }).text, '\x1b\x7f\x9b2J\u202e')
  })

  it('shows people 64 KiB, and whole characters', () => {
    const bytes = Buffer.from(`a${'é'.repeat(40_000)}`)
    const [shown, rest] = printEvent({ type: 'data', keys: {}, bytes }, text).split('\n')
    assert.is(shown, `data       "a${'é'.repeat(32_767)}"`)
    assert.is(rest, `  … and ${80_001 - 65_535} bytes more; --json shows all`)
    const dump = printEvent({ type: 'data', keys: {}, bytes: Buffer.alloc(65_537, 0x80) }, text)
    assert.is(dump.split('\n').length, 1 + 4_096 + 1)
    assert.is(
      printEvent({ type: 'data', keys: {}, bytes }, json).includes(bytes.toString('hex')),
      true,
    )
  })
})

spec('cli/hexDump', (it) => {
  it('has 16 bytes a row', () => {
    const bytes = Buffer.from(Array.from({ length: 18 }, (_, index) => index + 0x2f))
    assert.is(
      hexDump(bytes),
      '  00000000  2f 30 31 32 33 34 35 36  37 38 39 3a 3b 3c 3d 3e  |/0123456789:;<=>|\n' +
        '  00000010  3f 40                                             |?@|',
    )
  })

  it('shows no control character and nothing for no bytes', () => {
    assert.match(hexDump(Buffer.from('1f207e7fff', 'hex')), /\|\. ~\.\.\|$/)
    assert.is(hexDump(Buffer.alloc(0)), '')
  })
})

spec('cli/escapeText', (it) => {
  it('leaves no control, format or separator character', () => {
    for (let code = 0; code <= 0x10_ffff; code++) {
      if (code >= 0xd800 && code < 0xe000) continue
      const character = String.fromCodePoint(code)
      const escaped = escapeText(character)
      if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(escaped)) throw new Error(code.toString(16))
      assert.is(JSON.parse(`"${escaped.replace(/^["\\]$/, '\\$&')}"`), character)
    }
  })
})

spec('cli/wantsColour', (it) => {
  const table: [env: Record<string, string>, isTerminal: boolean, expected: boolean][] = [
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: 'false' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ]
  for (const [env, isTerminal, expected] of table)
    it(`is ${expected} for ${JSON.stringify(env)} ${isTerminal ? 'at a terminal' : 'elsewhere'}`, () =>
      assert.is(wantsColour(env, isTerminal), expected))
})
