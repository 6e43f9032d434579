import * as assert from 'uvu/assert'
import {
  answer,
  answerStart,
  emptyPacket,
  greeting,
  hello,
  helloPacket,
  packet,
  u32,
  welcome,
} from '../lib/gameMaker.ts'
import { spec } from '../spec.ts'
import { createTrace, policies, type Setting, type StreamEvent } from './trace.ts'

const reply = (hex: string): StreamEvent => ({ kind: 'reply', hex })
const got = (hex: string): StreamEvent => ({ kind: 'packet', hex })
const raw = (hex: string): StreamEvent => ({ kind: 'raw', hex })
const failed: StreamEvent = { kind: 'failed', cause: 'handshake' }

/** What a stream tells of these messages; a text message is marked by a leading `t`. */
function told(setting: Setting, ...messages: string[]): StreamEvent[] {
  const trace = createTrace(setting)
  for (const message of messages)
    trace.feedMessage(message.replace('t', ''), message.startsWith('t'))
  return trace.events
}

const open: StreamEvent[] = [{ kind: 'opened', gameId: 0 }, reply(welcome)]
const connected: StreamEvent[] = [reply(answer), { kind: 'opened', gameId: null }]

spec('feedMessage :: handshake of a server', (it) => {
  it('takes one binary message of exactly 16 bytes', () => {
    assert.equal(told({ role: 'server' }, answer), open)
    assert.equal(told({ role: 'server' }, `${answerStart}ffffffff`), [
      { kind: 'opened', gameId: -1 },
      reply(welcome),
    ])
  })

  it('refuses it as text, cut, with a byte more, with a packet behind it, and empty', () => {
    const cut = [answer.slice(0, 16), answer.slice(16)]
    for (const messages of [[`t${answer}`], cut, [`${answer}00`], [answer + helloPacket], ['']])
      assert.equal(told({ role: 'server' }, ...messages), [failed])
  })

  it('refuses each of the three words when it is wrong', () => {
    for (const at of [0, 8, 16])
      assert.equal(told({ role: 'server' }, `${answer.slice(0, at)}00${answer.slice(at + 2)}`), [
        failed,
      ])
  })
})

spec('feedMessage :: handshake of a client', (it) => {
  it('takes greeting and welcome as messages of their own', () => {
    assert.equal(told({ role: 'client' }, greeting, welcome), connected)
  })

  it('takes no notice of what stands behind the greeting', () => {
    assert.equal(told({ role: 'client' }, `${greeting}0102030405`, welcome), connected)
    assert.equal(told({ role: 'client' }, greeting + welcome, welcome), connected)
  })

  it('reads packets behind the welcome', () => {
    assert.equal(told({ role: 'client' }, greeting, welcome + helloPacket + emptyPacket), [
      ...connected,
      got(hello),
      got(''),
    ])
  })

  it('refuses both as text, cut, wrong and empty', () => {
    for (const messages of [
      [`t${greeting}`],
      [greeting.slice(0, 34), greeting.slice(34)],
      ['00'.repeat(18)],
      [''],
    ])
      assert.equal(told({ role: 'client' }, ...messages), [failed])
    for (const messages of [
      [`t${welcome}`],
      [welcome.slice(0, 22), welcome.slice(22)],
      ['00'.repeat(12)],
      [''],
    ])
      assert.equal(told({ role: 'client' }, greeting, ...messages), [reply(answer), failed])
  })
})

spec('feedMessage :: packets', (it) => {
  it('may stand several in a message', () => {
    assert.equal(told({ role: 'server' }, answer, helloPacket + emptyPacket + helloPacket), [
      ...open,
      got(hello),
      got(''),
      got(hello),
    ])
  })

  it('may come in several messages, cut anywhere', () => {
    for (let cut = 2; cut < helloPacket.length; cut += 2)
      assert.equal(
        told({ role: 'server' }, answer, helloPacket.slice(0, cut), '', helloPacket.slice(cut)),
        [...open, got(hello)],
      )
  })

  it('are malformed as text, up to the end of the message', () => {
    const text = `t${hello}`
    const expected = {
      discard: [{ kind: 'discarded', count: 5 }, got(hello)],
      raw: [raw(hello), got(hello)],
      close: [{ kind: 'failed', cause: 'malformed' }],
    } as const
    for (const policy of policies)
      assert.equal(told({ role: 'server', policy }, answer, text, helloPacket), [
        ...open,
        ...expected[policy],
      ])
  })

  it('above the limit end the connection', () => {
    assert.equal(told({ role: 'server', limit: 5 }, answer, helloPacket, packet('000000000000')), [
      ...open,
      got(hello),
      { kind: 'failed', cause: 'tooLarge' },
    ])
    assert.equal(told({ role: 'server', limit: 5 }, answer, `dec0adde0c000000${u32(6)}`), [
      ...open,
      { kind: 'failed', cause: 'tooLarge' },
    ])
  })
})

spec('feedMessage :: raw mode', (it) => {
  it('tells nothing of an empty chunk of a stream, which is no message', () => {
    const trace = createTrace({ role: 'server', raw: true })
    trace.feed(new Uint8Array(0))
    assert.equal(trace.events, [])
  })

  it('tells each message as it is, an empty one too', () => {
    assert.equal(told({ role: 'server', raw: true }, hello, '', 't', helloPacket), [
      raw(hello),
      raw(''),
      raw(''),
      raw(helloPacket),
    ])
  })

  it('ends the connection for a message above the limit', () => {
    assert.equal(told({ role: 'client', raw: true, limit: 5 }, hello, `${hello}00`, hello), [
      raw(hello),
      { kind: 'failed', cause: 'tooLarge' },
    ])
  })
})
