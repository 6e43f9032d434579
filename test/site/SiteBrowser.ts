import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserPage, launchBrowser, recordConsole } from '../lib/Browser.ts'

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
    return new SiteBrowser(await launchBrowser(path), folder)
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
  readonly page: BrowserPage
  /** What the page has written to its console, and what it has thrown. */
  readonly console: string[]
  readonly #folder: string

  constructor(page: BrowserPage, folder: string) {
    this.page = page
    this.#folder = folder
    this.console = recordConsole(page)
  }

  /** Loads a page of the site. */
  async open(address: string): Promise<void> {
    await this.page.goto(`${pathToFileURL(this.#folder).href}/${address}`)
  }
}
