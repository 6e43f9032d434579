import * as assert from 'uvu/assert'
import { findChromium } from '../interop/programs.ts'
import { type Browser, type BrowserPage, launchBrowser, recordConsole } from '../lib/Browser.ts'
import { accessibilityFaults, sidewaysOverflow } from '../lib/pageFaults.ts'
import { patience } from '../lib/patience.ts'
import { spec } from '../spec.ts'
import { specWith } from '../lib/specWith.ts'
import { descriptionOf, exportsOf, lettersOf } from './faceExports.ts'
import { faces } from './faces.ts'
import { buildSite, type Site } from './runSite.ts'
import { SiteServer } from './SiteServer.ts'

/** Building it takes its time, on a busy machine most of all. */
const limitMs = 400_000

let built: Promise<Site> | undefined
const site = (): Promise<Site> => (built ??= buildSite())

/** What stands in the pages of a face, from the heading or the row of one name to the next. */
function entryOf(html: string, name: string): string {
  const [, ...after] = html.split(new RegExp(`<(h2|code) id="${name}"`))
  assert.is(after.length, 2, `${name} has one anchor`)
  return after[1]!.split(after[0] === 'h2' ? '<h2 id=' : '<tr>')[0]!
}

function plain(html: string): string {
  return html
    .replaceAll(/<span class="lang">\w+<\/span>|<[^>]*>/g, '')
    .replaceAll(/&(?:lt|gt|amp|quot|#\w+|ZeroWidthSpace);/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

async function pagesOf(face: string): Promise<string> {
  const { read } = await site()
  const pages = [...read(`reference/${face}/index.html`).matchAll(/<h2 [^>]*><a href="([^"]+)"/g)]
  return pages.map(([, path]) => read(path!.replace(/^\.\//, `reference/${face}/`))).join('\n')
}

spec(
  'the documentation site',
  (it) => {
    it('is built from the documents as they are', async () => {
      const { read, lines } = await site()
      assert.match(lines.at(-1)!, /^The site is in /)
      const porting = read('porting.html')
      assert.ok(porting.includes('href="/protocol.html"'), 'a document links to a page')
      assert.match(porting, /<h2 id="settings"/)
      assert.match(porting, /<a href="[^"]*#createServer" class="name"><code>createServer\(/)
      assert.match(porting, /class="language-gml/)
      assert.match(read('overview.html'), /href="\/LICENSE\.txt"/)
      assert.ok(read('LICENSE.txt').includes('MIT'))
    })

    it('has the pages before and after each other', async () => {
      const { read } = await site()
      const pager = /<nav class="prev-next".*?<\/nav>/s.exec(read('simulation.html'))![0]
      assert.match(pager, /href="\/cli\.html"/)
      assert.match(pager, /href="\/recording\.html"/)
    })

    it('has all documents as plain text', async () => {
      const { read } = await site()
      const index = read('llms.txt')
      const links = [...index.matchAll(/\]\(\/([^)]+)\)/g)].map(([, path]) => path!)
      assert.ok(links.length > 40)
      for (const path of links) assert.ok(read(path).length > 100, path)
      const full = read('llms-full.txt')
      for (const path of links) assert.ok(full.includes(read(path).trim()), path)
      assert.match(read('overview.md'), '](tick.md)')
    })

    for (const { id, file } of faces)
      it(`${file} :: has an entry for each name, with its description`, async () => {
        const html = await pagesOf(id)
        const names = new Map(exportsOf(file).map(({ name, comment }) => [name, comment]))
        for (const [name, comment] of names) {
          const text = lettersOf(plain(entryOf(html, name)))
          assert.ok(text.includes(lettersOf(descriptionOf(comment))), `${name} is described`)
        }
      })

    it('has signature, parameters, result, errors and source of a function', async () => {
      const entry = entryOf(await pagesOf('main'), 'createServer')
      const text = plain(entry)
      for (const part of [
        'options?: ServerOptions',
        ': EntityId | NetworkError',
        'Parameters',
        '0..65535; 0 takes a free one',
        'Returns',
        'a negative NetworkError at once, portUnavailable if the port is taken',
        'Throws',
        'TypeError for arguments of a wrong type',
        'src/api/createServer.ts',
      ])
        assert.ok(text.includes(part), part)
      assert.match(entry, /href="[^"]*#ServerOptions"/)
      assert.match(entry, /href="[^"]*#network_create_server"/)
    })

    it('has members and defaults of constants and settings', async () => {
      const main = await pagesOf('main')
      const codes = plain(entryOf(main, 'NetworkError'))
      assert.match(codes, /portUnavailable *-2 *-2 *The port is already taken/)
      const settings = plain(entryOf(main, 'NetworkConfig'))
      assert.match(settings, /connectTimeoutMs *number *4_000 *How long/)
      assert.match(settings, /clientMessageBytesMax *number *64 \* mebibyte *Largest/)
      const constant = plain(entryOf(await pagesOf('gml'), 'buffer_u64'))
      assert.match(constant, /12 *8 bytes\. Read as a bigint/)
    })

    it('shows overloads together', async () => {
      const entry = plain(entryOf(await pagesOf('main'), 'setNetworkConfig'))
      assert.is(entry.split('function setNetworkConfig').length - 1, 2)
    })
  },
  limitMs,
)

const pages = [
  '',
  'overview.html',
  'first-steps.html',
  'tick.html',
  'porting.html',
  'recipes/lobby.html',
  'simulation.html',
  'security.html',
  'reference/',
  'reference/main/servers-and-sockets.html',
  'reference/gml/buffers-constants.html',
]

/** What people type who have not read a page, and what a result must lead to. */
const searches: [words: string, address: RegExp][] = [
  ['createserv', /\/reference\/main\/servers-and-sockets\.html#createServer$/],
  ['network_socket_udp', /\/reference\/gml\/sockets-constants\.html#network_socket_udp$/],
  ['sendQueueFull', /#NetworkError$/],
  ['maxclients', /#ServerOptions$/],
  ['backpressure', /\.html/],
  ['behind a proxy', /nginx/],
  ['interpolation', /replication/],
  ['prediction', /arena/],
  ['latency', /simulation/],
  ['lag', /simulation/],
  ['vite', /porting|first-steps/],
  ['webpack', /porting|first-steps/],
  ['serialize', /\.html/],
  ['rate limit', /security|chat/],
  ['react', /game-loops/],
]

/** Opens the search, waits for the index, and returns what to type with: the results and how long they took. */
async function openSearch(
  page: BrowserPage,
): Promise<(words: string) => Promise<{ found: string[]; ms: number }>> {
  await page.waitForSelector('.DocSearch-Button')
  await page.click('.DocSearch-Button')
  await page.waitForSelector('.search-input')
  await page.fill('.search-input', 'tick')
  await page.waitForSelector('#localsearch-list .result')
  return (words) =>
    page.evaluate(`new Promise((resolve) => {
      const input = document.querySelector('.search-input')
      const list = document.querySelector('#localsearch-list')
      const start = performance.now()
      const resolveWith = (ms) => {
        observer.disconnect()
        const found = [...list.querySelectorAll('.result')].map(({ href }) => href)
        resolve({ found, ms })
      }
      const observer = new MutationObserver(() => resolveWith(performance.now() - start))
      // What was found before may be what is found now.
      setTimeout(() => resolveWith(0), 2_000)
      observer.observe(list, { childList: true, subtree: true })
      input.value = ${JSON.stringify(words)}
      input.dispatchEvent(new InputEvent('input', { bubbles: true }))
    })`)
}

specWith(
  findChromium(),
  'the documentation site in Chromium',
  (it, path) => {
    let started: Promise<{ browser: Browser; server: SiteServer }> | undefined
    const start = (): Promise<{ browser: Browser; server: SiteServer }> =>
      (started ??= site().then(async ({ folder }) => ({
        browser: await launchBrowser(path),
        server: await SiteServer.start(folder),
      })))

    const open = async (
      address: string,
      width = 1280,
    ): Promise<{ page: BrowserPage; console: string[]; close: () => Promise<void> }> => {
      const { browser, server } = await start()
      const viewport = { width, height: 844 }
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce' })
      const page = await context.newPage()
      const lines = recordConsole(page)
      await page.goto(`${server.address}/${address}`)
      await page.waitForSelector('html:has(.VPContent)')
      return { page, console: lines, close: () => context.close() }
    }

    it('has no serious fault on any page, light or dark, at a desk or on a phone', async () => {
      const faults: string[] = []
      for (const address of pages) {
        const { page, console, close } = await open(address)
        for (const scheme of ['light', 'dark']) {
          await page.evaluate(
            `document.documentElement.classList.toggle('dark', ${scheme === 'dark'})`,
          )
          for (const fault of await accessibilityFaults(page))
            faults.push(`${address} ${scheme}: ${fault}`)
        }
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 844 })
          const overflow = await sidewaysOverflow(page)
          if (overflow > 0) faults.push(`${address} ${width}: ${overflow} px too wide`)
        }
        faults.push(...console)
        await close()
      }
      assert.equal(faults, [])
    })

    it('loads its first page with at most 150 KiB beside the pictures', async () => {
      const { server } = await start()
      server.transferred = 0
      const { page, close } = await open('')
      await page.evaluate(
        'new Promise((resolve) => requestIdleCallback(resolve, { timeout: 3_000 }))',
      )
      await close()
      const kib = server.transferred / 1024
      assert.ok(kib > 20 && kib <= 150, `${kib.toFixed(1)} KiB`)
    })

    it('finds the words that people type, within 100 ms', async () => {
      const { page, console, close } = await open('')
      const find = await openSearch(page)
      let slowest = 0
      for (const [words, address] of searches) {
        const { found, ms } = await find(words)
        slowest = Math.max(slowest, ms)
        assert.ok(
          found.some((link) => address.test(link)),
          `${words}: ${found.join(' ')}`,
        )
      }
      assert.ok(slowest <= 100 * patience, `${slowest} ms`)
      assert.equal(console, [])
      assert.equal(await accessibilityFaults(page), [])
      await close()
    })

    it('goes to what was found by keyboard', async () => {
      const { page, close } = await open('tick.html')
      const find = await openSearch(page)
      await find('createserv')
      await page.keyboard.press('Enter')
      await page.waitForURL(/servers-and-sockets\.html#createServer$/)
      await close()
    })

    it('shows the menu of a phone', async () => {
      const { page, close } = await open('tick.html', 390)
      await page.click('.VPLocalNav .menu')
      await page.waitForSelector('.VPSidebar.open')
      await page.click('.VPSidebar a[href="/recording.html"]')
      await page.waitForURL(/recording\.html$/)
      await close()
    })

    it('is closed with its browser', async () => {
      const { browser, server } = await start()
      await browser.close()
      await server.close()
    })
  },
  limitMs,
)

spec('the files of the documentation site', (it) => {
  it('are removed', async () => {
    ;(await site()).remove()
  })
})
