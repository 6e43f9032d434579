import * as assert from 'uvu/assert'
import { findChromium } from '../../interop/programs.ts'
import { specWith } from '../../lib/specWith.ts'
import { accessibilityFaults, sidewaysOverflow } from '../../lib/pageFaults.ts'
import { ArenaBrowser, type ArenaPage } from './ArenaBrowser.ts'

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
  { width: 320, height: 568 },
  { width: 844, height: 390 },
]

async function hasNoFault(page: ArenaPage, when: string): Promise<void> {
  assert.equal([when, ...(await accessibilityFaults(page.page))], [when])
  assert.equal([when, await sidewaysOverflow(page.page)], [when, 0])
  assert.equal([when, ...page.errors], [when])
}

/** Whether the field is large enough to play in, and the stick and the button are in the window. */
function hasControlsInView({ page }: ArenaPage): Promise<boolean> {
  return page.evaluate(`(() => {
    const [field, stick, dash] = ['#field', '#stick', '#dash'].map((part) =>
      document.querySelector(part).getBoundingClientRect())
    return field.height > 240 && Math.max(field.bottom, stick.bottom, dash.bottom) <= innerHeight
  })()`)
}

specWith(findChromium(), 'the look of the arena', (it, chromium) => {
  for (const viewport of sizes)
    for (const colorScheme of ['light', 'dark'] as const)
      it(`${viewport.width} x ${viewport.height}, ${colorScheme} :: has no fault`, () =>
        ArenaBrowser.with(chromium, 2, async (arena) => {
          const isPhone = Math.min(viewport.width, viewport.height) < 600
          const options = { viewport, colorScheme, hasTouch: isPhone, isMobile: isPhone }
          const page = await arena.visit('', options)
          await page.untilState('naming')
          await hasNoFault(page, 'before joining')
          await page.page.fill('#name', 'Ann')
          await page.page.keyboard.press('Enter')
          await page.until('arena.me() !== undefined')
          await page.page.evaluate(`document.querySelector('#events').open = true`)
          await page.until(`document.querySelectorAll('#events tbody tr').length > 5`)
          await hasNoFault(page, 'playing, with the list of events')
          if (isPhone) assert.ok(await hasControlsInView(page), 'to steer without scrolling')
          const events = await page.text('#events')
          for (const shown of ['127.0.0.1', '02']) assert.match(events, shown)
          await arena.killServer()
          await page.untilState('lost')
          await hasNoFault(page, 'without a server')
        }))
})
