import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { findChromium } from '../interop/programs.ts'
import { specWith } from '../lib/specWith.ts'
import { accessibilityFaults, sidewaysOverflow } from '../lib/pageFaults.ts'
import { buildSite, type Site } from './runSite.ts'
import { SiteBrowser, type SitePage, type View } from './SiteBrowser.ts'

const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
const views: View[] = [desk, phone].flatMap((size) => [
  { ...size, scheme: 'light' },
  { ...size, scheme: 'dark' },
])

/** One site and browser for all cases. */
let started: Promise<{ site: Site; browser: SiteBrowser }> | undefined

async function start(path: string): Promise<{ site: Site; browser: SiteBrowser }> {
  const site = await buildSite()
  return { site, browser: await SiteBrowser.launch(path, site.folder) }
}

specWith(findChromium(), 'the documentation site in Chromium', (it, path) => {
  const open = async (view: View, address: string): Promise<SitePage> => {
    const { browser } = await (started ??= start(path))
    const page = await browser.view(view)
    await page.open(address)
    return page
  }

  const aRecipe = async (): Promise<string> => {
    const { site } = await (started ??= start(path))
    const files = readdirSync(join(site.folder, 'recipes'))
    const name = files.find((file) => file !== 'index.html')
    return `recipes/${name}`
  }

  it('is built and opened', async () => {
    const page = await open(views[0]!, 'index.html')
    assert.equal(page.console, [])
    await page.page.close()
  })

  for (const view of views) {
    const name = `${view.width} x ${view.height}, ${view.scheme}`
    for (const address of ['index.html', 'a recipe', 'api/main.html'])
      it(`${name} :: ${address} has no fault`, async () => {
        const page = await open(view, address === 'a recipe' ? await aRecipe() : address)
        assert.equal(await accessibilityFaults(page.page), [])
        assert.is(await sidewaysOverflow(page.page), 0)
        assert.equal(page.console, [])
        await page.page.close()
      })

    it(`${name} :: searches`, async () => {
      const { page, console } = await open(view, 'index.html')
      await page.fill('#search', 'createserv')
      await page.waitForSelector('#results a')
      assert.match(await page.evaluate<string>("document.querySelector('#results a').href"), 'api')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.waitForURL(/api\/main\.html#createServer$/)
      const top = await page.evaluate<number>(
        "document.getElementById('createServer').getBoundingClientRect().top",
      )
      assert.ok(top >= 0 && top < view.height, `the entry stands at ${top}`)
      assert.equal(console, [])
      await page.close()
    })
  }

  it('finds members, and words of the text', async () => {
    const { page } = await open({ ...views[0]!, scheme: 'light' }, 'index.html')
    const rows = (): Promise<[address: string, text: string][]> =>
      page.evaluate(
        "[...document.querySelectorAll('#results a')].map((a) => [a.href, a.innerText])",
      )
    for (const [words, address, text] of [
      ['sendQueueFull', '#NetworkError', 'sendQueueFull'],
      ['maxclients', '#ServerOptions', 'maxClients'],
      ['backpressure', '.html', 'back-pressure'],
      ['behind a proxy', '.html', 'proxy'],
    ] as const) {
      await page.fill('#search', words)
      let isFound = false
      for (let tries = 0; tries < 100 && !isFound; tries++)
        isFound = (await rows()).some(([to, told]) => to.includes(address) && told.includes(text))
      assert.ok(isFound, `${words}: ${JSON.stringify(await rows())}`)
    }
    await page.fill('#search', 'xyzzy')
    await page.waitForSelector('#results:has-text("Nothing found")')
  })

  it('folds the menu on a phone', async () => {
    const { page } = await open({ ...phone, scheme: 'light' }, 'index.html')
    const isShown = (): Promise<boolean> =>
      page.evaluate("document.getElementById('menu').checkVisibility()")
    assert.is(await isShown(), false)
    await page.click('.fold')
    assert.is(await isShown(), true)
    await page.keyboard.press('Escape')
    assert.is(await isShown(), false)
  })

  it('skips to the content by keyboard', async () => {
    const { page } = await open({ ...desk, scheme: 'light' }, 'porting.html')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    assert.is(await page.evaluate('document.activeElement.id'), 'content')
  })

  it('is closed with its browser', async () => {
    const { site, browser } = await started!
    await browser.close()
    site.remove()
  })
})
