import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)

// What is used of Playwright. Its own types need those of a page, which this project's programs do not have.
interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> }
}

interface Browser {
  newContext(options: object): Promise<Context>
  close(): Promise<void>
}

interface Context {
  newPage(): Promise<Page>
}

interface Page {
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void
  on(event: 'pageerror', listener: (error: Error) => void): void
  goto(url: string): Promise<unknown>
  evaluate<Result>(code: string): Promise<Result>
  fill(selector: string, text: string): Promise<void>
  click(selector: string): Promise<void>
  waitForSelector(selector: string): Promise<unknown>
  waitForURL(url: RegExp): Promise<void>
  close(): Promise<void>
  readonly keyboard: { press(key: string): Promise<void> }
}

/** How a page is looked at. */
export interface View {
  readonly width: number
  readonly height: number
  readonly scheme: 'light' | 'dark'
}

/** A real browser that reads the site as files. */
export class SiteBrowser {
  readonly #browser: Browser
  readonly #folder: string

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser
    this.#folder = folder
  }

  /** @param folder where the site stands */
  static async launch(path: string, folder: string): Promise<SiteBrowser> {
    const { chromium } = require('playwright-core') as Playwright
    const options = { executablePath: path, args: ['--no-sandbox', '--disable-gpu'] }
    return new SiteBrowser(await chromium.launch(options), folder)
  }

  async view({ width, height, scheme }: View): Promise<SitePage> {
    const viewport = { width, height }
    const context = await this.#browser.newContext({ viewport, colorScheme: scheme })
    return new SitePage(await context.newPage(), this.#folder)
  }

  close(): Promise<void> {
    return this.#browser.close()
  }
}

/** One page of it. */
export class SitePage {
  readonly page: Page
  /** What the page has written to its console, and what it has thrown. */
  readonly console: string[] = []
  readonly #folder: string

  constructor(page: Page, folder: string) {
    this.page = page
    this.#folder = folder
    page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => this.console.push(`thrown: ${error.message}`))
  }

  /** Loads a page of the site. */
  async open(address: string): Promise<void> {
    await this.page.goto(`${pathToFileURL(this.#folder).href}/${address}`)
  }

  /** By how many pixels the page can be scrolled sideways. */
  overflow(): Promise<number> {
    return this.page.evaluate('document.documentElement.scrollWidth - innerWidth')
  }

  /**
   * The serious and critical faults of accessibility, as `rule: element`. Of long pages the first two parts, which have all
   * there is: what follows is more of the same.
   */
  async faults(): Promise<string[]> {
    await this.page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'))
    const { violations } = await this.page.evaluate<{ violations: Violation[] }>(
      "axe.run({ exclude: [['section ~ section ~ section']] }, { resultTypes: ['violations'], preload: false })",
    )
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  }
}

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}
