import { SocketType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { webSocketUrl } from '../../src/transport/webSocketUrl.ts'
import { spec } from '../spec.ts'

const { ws, wss } = SocketType

/** Type, address, port; then the URL, host and port that are opened. */
const table: readonly [SocketType, string, number, string, string, number][] = [
  // GameMaker's own table.
  [ws, 'host', 0, 'ws://host/', 'host', 80],
  [ws, 'host', 80, 'ws://host:80/', 'host', 80],
  [ws, 'host:8080', 0, 'ws://host:8080/', 'host', 8080],
  [ws, 'h:81', 99, 'ws://h:99/', 'h', 99],
  [ws, 'ws://h:81/a', 0, 'ws://h:81/a', 'h', 81],
  [ws, 'ws://host:9/p', 1234, 'ws://host:1234/p', 'host', 1234],
  [ws, 'wss://h/p?q', 0, 'wss://h/p?q', 'h', 443],
  [wss, 'ws://h', 0, 'wss://h/', 'h', 443],
  [ws, '[::1]', 0, 'ws://[::1]/', '::1', 80],
  // Addresses.
  [ws, '::1', 6510, 'ws://[::1]:6510/', '::1', 6510],
  [ws, '[::1]:7', 0, 'ws://[::1]:7/', '::1', 7],
  [ws, '[::1]:7/a', 8, 'ws://[::1]:8/a', '::1', 8],
  [ws, '::ffff:192.0.2.1', 5, 'ws://[::ffff:192.0.2.1]:5/', '::ffff:c000:201', 5],
  [ws, '192.0.2.1', 5, 'ws://192.0.2.1:5/', '192.0.2.1', 5],
  [wss, '192.0.2.1', 0, 'wss://192.0.2.1/', '192.0.2.1', 443],
  // The rest of a URL.
  [wss, 'wss://example.org', 65_535, 'wss://example.org:65535/', 'example.org', 65_535],
  [ws, 'WSS://Example.org/Game', 0, 'wss://Example.org/Game', 'example.org', 443],
  [ws, 'h?a=1', 0, 'ws://h/?a=1', 'h', 80],
  [ws, 'h/a/b?c=d:e/f', 0, 'ws://h/a/b?c=d:e/f', 'h', 80],
]

const nonsense = [
  '',
  ' ',
  'http://h',
  'ftp://h/',
  'ws:/h',
  'ws://',
  'ws:///path',
  'h:',
  'ws://h:/',
  'h:port',
  'h:0',
  'h:65536',
  'h:123456',
  'h:-1',
  'h:80:81',
  'user:password@h',
  'user@h',
  'h#fragment',
  'ws://h/a#fragment',
  'a b',
  'h/a b',
  'h\nGET /',
  'h\0',
  'h\\a',
  '[::1',
  '::1]',
  '[::g]',
  '[h]',
  ':::::::::',
  '1.2.3.4.5.6.999999999999',
  '256.256.256.256',
]

spec('webSocketUrl', (it) => {
  for (const [type, address, port, url, host, finalPort] of table)
    it(`${type === ws ? 'ws' : 'wss'}, ${address}, ${port}`, () => {
      assert.equal(webSocketUrl(type, address, port), {
        url,
        host,
        port: finalPort,
        isSecure: url.startsWith('wss:'),
      })
    })

  for (const address of nonsense)
    it(`${JSON.stringify(address)} is no such URL`, () => {
      assert.is(webSocketUrl(ws, address, 0), undefined)
    })

  it('the time for long nonsense grows with its length only', () => {
    const start = performance.now()
    for (const part of ['h', '[', ':', '/', '?', 'ws://', '1.', '::'])
      webSocketUrl(ws, `${part.repeat(100_000)}#`, 0)
    // Milliseconds; a pattern that looks back takes more than a minute.
    assert.ok(performance.now() - start < 5_000)
  })
})
