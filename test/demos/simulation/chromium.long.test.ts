import * as assert from 'uvu/assert'
import { findChromium } from '../../interop/programs.ts'
import { accessibilityFaults, sidewaysOverflow } from '../../lib/pageFaults.ts'
import { specWith } from '../../lib/specWith.ts'
import { ArenaBrowser, type ArenaPage } from '../arena/ArenaBrowser.ts'

const sizes = [
  { width: 1440, height: 900 },
  { width: 900, height: 1000 },
  { width: 390, height: 844 },
  { width: 320, height: 568 },
]
const bothPlay = 'laboratory.players.every(({ me }) => me !== undefined)'

/** What a person does to a control of the page. */
function set({ page }: ArenaPage, id: string, value: string, event: string): Promise<void> {
  return page.evaluate(`(() => {
    const control = document.querySelector('#${id}')
    if (control.type === 'checkbox') control.checked = ${value === 'on'}
    else control.value = '${value}'
    control.dispatchEvent(new Event('${event}'))
  })()`)
}

function numberIn(id: string): string {
  return `Number.parseInt(document.querySelector('#${id}').textContent)`
}

specWith(findChromium(), 'the laboratory in Chromium', (it, chromium) => {
  for (const viewport of sizes)
    for (const colorScheme of ['light', 'dark'] as const)
      it(`has no fault in a window of ${viewport.width} x ${viewport.height}, ${colorScheme}`, () =>
        ArenaBrowser.with(chromium, 0, async (arena) => {
          const page = await arena.visit('simulation/', { viewport, colorScheme })
          await page.until(bothPlay)
          assert.equal(await accessibilityFaults(page.page), [])
          assert.is(await sidewaysOverflow(page.page), 0)
          assert.equal(page.errors, [])
        }))

  it('makes the line of one player bad, and leaves the other alone', () =>
    ArenaBrowser.with(chromium, 0, async (arena) => {
      const page = await arena.visit('simulation/')
      await page.until(bothPlay)
      await set(page, 'ann-preset', 'perfect', 'change')
      await set(page, 'bo-latency', '300', 'input')
      await page.until(`${numberIn('ann-round-trip')} < 200`)
      await page.until(`${numberIn('bo-round-trip')} >= 600`)
      assert.is(await page.text('#bo-latency-value'), '300 ms')
      await set(page, 'bo-preset', 'satellite', 'change')
      assert.is(await page.text('#bo-loss-value'), '0.5 %')
      await set(page, 'bo-preset', 'perfect', 'change')
      await page.until(`${numberIn('bo-round-trip')} < 200`)
      assert.equal(page.errors, [])
    }))

  it('cuts a line, and changes the kind of a socket', () =>
    ArenaBrowser.with(chromium, 0, async (arena) => {
      const page = await arena.visit('simulation/')
      await page.until(bothPlay)
      for (const socket of ['tcp', 'udp', 'ws']) {
        await set(page, 'bo-socket', socket, 'change')
        await page.until(bothPlay)
        await set(page, 'bo-cut', 'on', 'change')
        await page.until(`${numberIn('bo-snapshot')} > 1000`)
        await set(page, 'bo-cut', 'off', 'change')
        await page.until(`${numberIn('bo-snapshot')} < 1000`)
      }
      assert.equal(page.errors, [])
    }))

  it('is steered by keys, until an autopilot takes over', () =>
    ArenaBrowser.with(chromium, 0, async (arena) => {
      const page = await arena.visit('simulation/')
      await page.until(bothPlay)
      const xOfAnn = `laboratory.players[0].pictureAt(performance.now()).ships.find(
        ({ player }) => player === laboratory.players[0].me)?.x`
      for (const key of ['a', 'd']) {
        await page.page.keyboard.down(key)
        await page.until(key === 'a' ? `${xOfAnn} < 60` : `${xOfAnn} > 1540`)
        await page.page.keyboard.up(key)
      }
      await page.until(`${xOfAnn} < 1400`)
      assert.equal(page.errors, [])
    }))
})
