import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type BrowserPage } from './Browser.ts'

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

/** The serious and critical faults of accessibility that axe finds in a page, as `rule: element`. */
export async function accessibilityFaults(page: BrowserPage): Promise<string[]> {
  const axe = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
  await page.evaluate(readFileSync(axe, 'utf8'))
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    "axe.run(document, { resultTypes: ['violations'], preload: false })",
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** By how many pixels a page can be scrolled sideways. */
export function sidewaysOverflow(page: BrowserPage): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth')
}
