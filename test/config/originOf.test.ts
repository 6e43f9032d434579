import { createWorld } from 'bitecs'
import { createServer, SocketType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { originOf } from '../../src/config/originOf.ts'
import { requestPath } from '../../src/config/requestPath.ts'
import { netSpec } from '../lib/netSpec.ts'
import { throws } from '../lib/throws.ts'
import { spec } from '../spec.ts'
import { closeRawPeers, connectRaw, takeHead, upgradeRequest } from '../transport/webSocketPeers.ts'

/** How a list may spell an origin, and what browsers send. */
const spellings: readonly (readonly [string, string])[] = [
  ['https://example.org', 'https://example.org'],
  ['https://example.org/', 'https://example.org'],
  ['https://Example.ORG', 'https://example.org'],
  ['HTTPS://example.org', 'https://example.org'],
  ['https://example.org:443', 'https://example.org'],
  ['http://example.org:80/', 'http://example.org'],
  ['http://example.org:443', 'http://example.org:443'],
  ['https://example.org:8443', 'https://example.org:8443'],
  ['http://localhost:08080', 'http://localhost:8080'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['http://[0:0::1]', 'http://[::1]'],
  ['http://127.0.0.1:80', 'http://127.0.0.1'],
  ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ['null', 'null'],
  ['file://', 'file://'],
  ['file:///', 'file://'],
  ['capacitor://localhost', 'capacitor://localhost'],
  ['chrome-extension://abcdefghijklmnop', 'chrome-extension://abcdefghijklmnop'],
]

const neverSent: readonly string[] = [
  '',
  '*',
  'NULL',
  'example.org',
  'example.org:443',
  '//example.org',
  'https:',
  'https://',
  'https://*.example.org',
  'https://example.org:*',
  'https://example.org:65536',
  'https://example.org/game',
  'https://example.org//',
  'https://example.org/?',
  'https://example.org#top',
  'https://example.org?a=b',
  'https://user@example.org',
  'https://:password@example.org',
  'https://exa mple.org',
  ' https://example.org',
  'https://example.org\n',
  'ws://example.org',
  'wss://example.org',
  'file:///home/page.html',
  'data:text/html,hello',
  'https:example.org',
  'blob:https://example.org/0b5c',
  'blob://example.org',
  'about:blank',
  'about://blank',
  'data://example.org',
  'javascript://example.org',
  'filesystem://example.org',
  'file://server',
]

spec('originOf', (it) => {
  for (const [text, origin] of spellings)
    it(`${JSON.stringify(text)} is ${origin}, which stays as it is`, () => {
      assert.is(originOf(text), origin)
      assert.is(originOf(origin), origin)
    })

  for (const text of neverSent)
    it(`no browser sends ${JSON.stringify(text)}: createServer throws`, () => {
      assert.is(originOf(text), undefined)
      throws(
        () =>
          createServer(createWorld(), SocketType.ws, 0, { origins: ['https://example.org', text] }),
        TypeError,
        /createServer: origins must be origins such as 'https:\/\/example.org', without path, got "/,
      )
    })
})

spec('requestPath', (it) => {
  const paths: readonly (readonly [string, string | undefined])[] = [
    ['/', '/'],
    ['/game', '/game'],
    ['/game/', '/game/'],
    ['//game', '//game'],
    ['/a/../game', '/game'],
    ['/spiel-ü', '/spiel-%C3%BC'],
    ['/spiel-%C3%BC', '/spiel-%C3%BC'],
    ['/spiel-%c3%bc', '/spiel-%C3%BC'],
    ['/a%2fb', '/a%2Fb'],
    ['/a%20b', '/a%20b'],
    ['/%67ame%2Dtwo%2e%7e', '/game-two.~'],
    ['/a/%2e%2E/game', '/game'],
    ['/a%zz', '/a%zz'],
    ['game', undefined],
    ['', undefined],
    ['/game?x', undefined],
    ['/game#x', undefined],
    ['/ga me', undefined],
    ['\\game', undefined],
  ]
  for (const [text, path] of paths)
    it(`${JSON.stringify(text)}: ${path ?? 'none'}`, () => assert.is(requestPath(text), path))
})

netSpec(
  'a server whose options are spelt in another way',
  (it) => {
    it('lets in the pages of its origins at its path', async (net) => {
      const { port } = net.server({
        path: '/spiel-ü',
        origins: ['HTTPS://Example.org:443/', 'http://localhost:80'],
      })
      try {
        for (const [path, origin, status] of [
          ['/spiel-%C3%BC', 'https://example.org', 101],
          ['/spiel-%C3%BC', 'http://localhost', 101],
          ['/spiel-%c3%bc?from=page', 'http://localhost', 101],
          ['/%73piel%2D%C3%BC', 'http://localhost', 101],
          ['/spiel-%C3%BC', 'http://example.org', 403],
          ['/spiel', 'https://example.org', 404],
        ] as const) {
          const peer = await connectRaw(port)
          peer.send(upgradeRequest(path, [`Origin: ${origin}`]))
          assert.is(Number((await takeHead(peer)).split(' ')[1]), status)
        }
      } finally {
        closeRawPeers()
      }
    })
  },
  { transport: SocketType.ws },
)
