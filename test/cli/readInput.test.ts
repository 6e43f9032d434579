import * as assert from 'uvu/assert'
import { type LineFormat } from '../../src/cli/Command.ts'
import { type Input, readInput } from '../../src/cli/readInput.ts'
import { spec } from '../spec.ts'

const packet: LineFormat = { raw: false, text: false, hexInput: false, lineEnd: '' }
const hexInput: LineFormat = { ...packet, hexInput: true }

type Commands = 'listen' | 'connect' | 'none'

function read(line: string, format: LineFormat = packet, commands: Commands = 'listen'): unknown {
  const whose = commands === 'none' ? undefined : commands
  const input: Input = readInput(Buffer.from(line), format, whose)
  return input.kind === 'send' ? [input.to, Buffer.from(input.bytes).toString('hex')] : input
}

/** What a line sends: to whom, and bytes in hex. */
const sends: [line: string, to: string | undefined, hex: string, format?: LineFormat][] = [
  ['hé', undefined, '68c3a900'],
  ['', undefined, '00'],
  ['hi', undefined, '6869', { ...packet, text: true }],
  ['hi', undefined, '6869', { ...packet, raw: true }],
  ['hi', undefined, '68690a', { ...packet, raw: true, lineEnd: '\n' }],
  ['hi', undefined, '68690d0a', { ...packet, raw: true, lineEnd: '\r\n' }],
  ['hi', undefined, '6869', { ...packet, raw: true, text: true }],
  ['@7 hi', '7', '686900'],
  ['@7 ', '7', '00'],
  ['@7', '7', '00'],
  ['@7  hi', '7', '20686900'],
  ['@[::1]:5 hi', '[::1]:5', '686900'],
  ['@@7 hi', undefined, '403720686900'],
  ['//hi', undefined, '2f686900'],
  [' /hi', undefined, '202f686900'],
  ['01 fF', undefined, '01ff', hexInput],
  ['', undefined, '', hexInput],
  ['@7 00', '7', '00', hexInput],
]

const asks: [line: string, commands: Commands, expected: object][] = [
  ['/kick 7', 'listen', { kind: 'kick', who: '7' }],
  ['/kick  7 ', 'listen', { kind: 'kick', who: '7' }],
  ['/kick', 'listen', { kind: 'mistake', message: 'usage: /kick id' }],
  ['/kick 7 8', 'listen', { kind: 'mistake', message: 'usage: /kick id' }],
  ['/clients', 'listen', { kind: 'clients' }],
  ['/quit', 'listen', { kind: 'quit' }],
  ['/help', 'listen', { kind: 'help' }],
  ['/quit', 'connect', { kind: 'quit' }],
  ['/help', 'connect', { kind: 'help' }],
  ['@ hi', 'listen', { kind: 'mistake', message: '@ needs a client: @id text' }],
]

spec('cli/readInput', (it) => {
  for (const [line, to, hex, format] of sends)
    it(`"${line}" sends ${hex}${format === undefined ? '' : ` (${JSON.stringify(format)})`}`, () =>
      assert.equal(read(line, format), [to, hex]))

  for (const [line, commands, expected] of asks)
    it(`"${line}" is a command of ${commands}`, () =>
      assert.equal(read(line, packet, commands), expected))

  for (const [line, commands] of [
    ['/\x1bjump', 'listen'],
    ['/clients now', 'listen'],
    ['/clients', 'connect'],
    ['/kick 7', 'connect'],
  ] as const)
    it(`${JSON.stringify(line)} is no command of ${commands}`, () => {
      const { kind, message } = read(line, packet, commands) as { kind: string; message: string }
      assert.is(kind, 'mistake')
      assert.ok(message.startsWith(`unknown command ${JSON.stringify(line)}; `), message)
    })

  for (const line of ['0', 'xx', '0x01', '0g'])
    it(`"${line}" is no hex`, () =>
      assert.equal(read(line, hexInput), {
        kind: 'mistake',
        message: `not bytes in hex: "${line}"`,
      }))

  it('a client sends a line with @ as it is, and piped input whatever it holds', () => {
    assert.equal(read('@7 a', packet, 'connect'), [undefined, '4037206100'])
    assert.equal(read('@7 a', packet, 'none'), [undefined, '4037206100'])
    assert.equal(read('/quit', packet, 'none'), [undefined, '2f7175697400'])
    assert.equal(read('//a', packet, 'none'), [undefined, '2f2f6100'])
  })

  it('keeps bytes that are no UTF-8', () => {
    const input = readInput(Buffer.from('fe00ff', 'hex'), { ...packet, raw: true }, undefined)
    assert.is(input.kind === 'send' && Buffer.from(input.bytes).toString('hex'), 'fe00ff')
  })

  it('sends no text message that is no UTF-8', () => {
    const format = { ...packet, raw: true, text: true }
    const input = readInput(Buffer.from('6869ff', 'hex'), format, undefined)
    assert.equal(input, { kind: 'mistake', message: 'not sent: a text message must be UTF-8' })
  })
})
