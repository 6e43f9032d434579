import { build, type Metafile } from 'esbuild'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserPage,
  launchBrowser,
  recordConsole,
} from '../lib/Browser.ts'
import { until } from '../lib/until.ts'
import { type PageCases } from './page.ts'

const html = `<!doctype html>
<meta charset="utf-8">
<title>bitecs-networking</title>
<link rel="icon" href="data:,">
<script type="module" src="/page.js"></script>`

/** A page's program, bundled as for a user's page: `bitecs-networking` is what package.json gives a browser. */
export async function bundlePage(
  program = 'page.ts',
): Promise<{ code: string; metafile: Metafile; warnings: string[] }> {
  const { outputFiles, metafile, warnings } = await build({
    entryPoints: [join('test', 'interop', program)],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    metafile: true,
    // Not the paths of tsconfig.json, which are for the type checker.
    tsconfigRaw: {},
  })
  return { code: outputFiles[0]!.text, metafile, warnings: warnings.map(({ text }) => text) }
}

/** A real browser, and the HTTP server that its pages come from. */
export class Chromium {
  readonly http: Server
  readonly #browser: Browser
  readonly #context: BrowserContext

  private constructor(http: Server, browser: Browser, context: BrowserContext) {
    this.http = http
    this.#browser = browser
    this.#context = context
  }

  /** @param program what its pages run */
  static async launch(path: string, program?: string): Promise<Chromium> {
    const { code } = await bundlePage(program)
    const browser = await launchBrowser(path)
    const http = createServer((request, response) => {
      const isScript = request.url === '/page.js'
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? code : html)
    }).listen(0, '127.0.0.1')
    await until(() => http.listening)
    return new Chromium(http, browser, await browser.newContext({ ignoreHTTPSErrors: true }))
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`
  }

  /** A new page, loaded. */
  async open(): Promise<ChromiumPage> {
    const page = new ChromiumPage(await this.#context.newPage(), this.origin)
    await page.load()
    return page
  }

  async close(): Promise<void> {
    await this.#browser.close()
    this.http.close()
  }
}

/** A page in a real browser. */
export class ChromiumPage {
  /** What the page has written to its console, as `error: …` or `warning: …`, and what it has thrown. */
  readonly console: string[]
  readonly #page: BrowserPage
  readonly #url: string

  constructor(page: BrowserPage, url: string) {
    this.#page = page
    this.#url = url
    this.console = recordConsole(page)
  }

  /** Begins anew: nothing of what it did before is left. */
  async load(): Promise<void> {
    this.console.length = 0
    await this.#page.goto(this.#url)
  }

  /** Runs one of the page's cases there. */
  play<Name extends keyof PageCases>(
    name: Name,
    ...args: Parameters<PageCases[Name]>
  ): ReturnType<PageCases[Name]> {
    const call = `cases.${name}(...${JSON.stringify(args)})`
    return this.#page.evaluate(call) as ReturnType<PageCases[Name]>
  }

  /** What an expression gives there. */
  evaluate<Result>(code: string): Promise<Result> {
    return this.#page.evaluate(code)
  }

  /** As a player does. */
  close(): Promise<void> {
    return this.#page.close()
  }
}
