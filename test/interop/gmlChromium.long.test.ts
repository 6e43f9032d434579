import {
  network_create_server,
  network_send_packet,
  network_socket_ws,
  network_type_data,
  network_type_non_blocking_connect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { bufferOf, GmlGame } from '../lib/withGml.ts'
import { Chromium, type ChromiumPage } from './Chromium.ts'
import { type GmlContents, type GmlEcho } from './gmlPage.ts'
import { findChromium } from './programs.ts'
import { specWith } from '../lib/specWith.ts'

/** A page in GameMaker's words, in a browser that is closed afterwards. */
async function withPage(path: string, run: (page: ChromiumPage) => Promise<void>): Promise<void> {
  const chromium = await Chromium.launch(path, 'gmlPage.ts')
  try {
    const page = await chromium.open()
    await run(page)
    await page.close()
  } finally {
    await chromium.close()
  }
}

specWith(findChromium(), 'the gml face in Chromium', (it, path) => {
  it("plays with a server in GameMaker's words", () =>
    withPage(path, async (page) => {
      const game = new GmlGame()
      try {
        const server = network_create_server(network_socket_ws, 0, 4)
        const playing = page.evaluate<GmlEcho>(`cases.echo('127.0.0.1', ${game.portOf(server)})`)
        let told: GmlEcho | undefined
        void playing.then((result) => (told = result))
        let echoed = 0
        await game.until(
          () => told !== undefined,
          () => {
            for (const { id, buffer, size, hex } of game.of(network_type_data).slice(echoed)) {
              echoed++
              assert.type(buffer, 'number')
              const again = bufferOf(hex!)
              network_send_packet(id as number, again, size as number)
            }
          },
        )
        const { returned, socket, types, text, keys, loads, after } = told!
        assert.is(returned, socket)
        assert.equal(types, [network_type_non_blocking_connect, network_type_data])
        assert.is(text, 'hello from a page')
        assert.equal(keys, ['type', 'id', 'ip', 'port', 'buffer', 'size', 'message_type'])
        assert.ok(loads.every((load) => load >= 0))
        assert.is(after, -1)
        assert.equal(page.console, [])
      } finally {
        game.net.close()
      }
    }))

  it('has digests, zlib and maps, and says what it has not', () =>
    withPage(path, async (page) => {
      const told = await page.evaluate<GmlContents>('cases.contents()')
      assert.is(told.md5, '5d41402abc4b2a76b9719d911017c592')
      assert.is(told.sha1, 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d')
      assert.is(told.crc32, 0xc9ef5979)
      assert.is(told.base64, 'aGVsbG8=')
      assert.is(told.again, 'hello')
      assert.ok(told.packed)
      assert.is(told.decoded, 7)
      assert.equal(told.tcp, [-1, -1])
      assert.match(told.file, /^Error: buffer_load: there are no files in a browser/)
      assert.type(told.isConnected, 'boolean')
    }))
})
