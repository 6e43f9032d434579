import { build, type Metafile } from 'esbuild'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { until } from '../lib/until.ts'
import { type PageCases } from './page.ts'

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
  close(): Promise<void>
}

/** No networks but this machine's, and no files that stay. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const html = `<!doctype html>
<meta charset="utf-8">
<title>bitecs-networking</title>
<link rel="icon" href="data:,">
<script type="module" src="/page.js"></script>`

/** A page's program, bundled as for a user's page: `bitecs-networking` is what package.json gives a browser. */
export async function bundlePage(
  program = 'page.ts',
): Promise<{ code: string; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
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
  return { code: outputFiles[0]!.text, metafile }
}

/** A real browser, and the HTTP server that its pages come from. */
export class Chromium {
  readonly http: Server
  readonly #browser: Browser
  readonly #context: Context

  private constructor(http: Server, browser: Browser, context: Context) {
    this.http = http
    this.#browser = browser
    this.#context = context
  }

  /** @param program what its pages run */
  static async launch(path: string, program?: string): Promise<Chromium> {
    const { code } = await bundlePage(program)
    const { chromium } = require('playwright-core') as Playwright
    const browser = await chromium.launch({ executablePath: path, args: flags })
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
  readonly console: string[] = []
  readonly #page: Page
  readonly #url: string

  constructor(page: Page, url: string) {
    this.#page = page
    this.#url = url
    page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => this.console.push(`thrown: ${error.message}`))
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
