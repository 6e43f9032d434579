import {
  type Browser,
  type BrowserContext,
  type BrowserPage,
  type ContextOptions,
  launchBrowser,
  recordConsole,
} from '../../lib/Browser.ts'
import { freePort } from '../../lib/freePort.ts'
import { NodeProgram } from '../../lib/NodeProgram.ts'

const program = 'build/demos/arena/main.js'

/** How long a page may take for anything it is waited for: the machine may be busy with other tests. */
const patienceMs = 20_000

/** The arena as `npm start` runs it, and people with browsers. */
export class ArenaBrowser {
  readonly url: string
  readonly #port: number
  readonly #bots: number
  readonly #browser: Browser
  #server: NodeProgram

  private constructor(browser: Browser, server: NodeProgram, port: number, bots: number) {
    this.#browser = browser
    this.#server = server
    this.#port = port
    this.#bots = bots
    this.url = `http://localhost:${port}/`
  }

  /** Starts both, runs a case, and ends both. */
  static async with(
    chromium: string,
    bots: number,
    play: (arena: ArenaBrowser) => Promise<void>,
  ): Promise<void> {
    const port = await freePort()
    const server = await startServer(port, bots)
    const browser = await launchBrowser(chromium).catch((error: unknown) => {
      server.end()
      throw error
    })
    const arena = new ArenaBrowser(browser, server, port, bots)
    try {
      await play(arena)
    } finally {
      await browser.close()
      arena.#server.end()
      await arena.#server.exitCode
    }
  }

  /** A new person with a browser window. */
  async visit(query = '', options: ContextOptions = {}): Promise<ArenaPage> {
    const page = await this.prepare(options)
    await page.page.goto(this.url + query)
    return page
  }

  /** The same, before the page is loaded. */
  async prepare(options: ContextOptions = {}): Promise<ArenaPage> {
    const context = await this.#browser.newContext(options)
    return new ArenaPage(context, await context.newPage())
  }

  async killServer(): Promise<void> {
    this.#server.end('SIGKILL')
    await this.#server.exitCode
  }

  /** The server hangs: it says nothing, and its connections stay open. */
  stopServer(): void {
    this.#server.end('SIGSTOP')
  }

  continueServer(): void {
    this.#server.end('SIGCONT')
  }

  async restartServer(): Promise<void> {
    this.#server = await startServer(this.#port, this.#bots)
  }
}

/** One of those windows. */
export class ArenaPage {
  readonly context: BrowserContext
  readonly page: BrowserPage
  readonly console: string[]

  constructor(context: BrowserContext, page: BrowserPage) {
    this.context = context
    this.page = page
    this.console = recordConsole(page)
  }

  /**
   * Waits until an expression is true in the page. Fails with what the page looks like. (Playwright's own way to wait
   * runs text as code, which the page forbids.)
   */
  async until(condition: string): Promise<void> {
    const end = performance.now() + patienceMs
    while (!(await this.page.evaluate<boolean>(`Boolean(${condition})`))) {
      if (performance.now() < end) continue
      const shown = await this.page.evaluate<string>('document.body.innerText')
      throw new Error(`still not: ${condition}\n${shown}\n${this.console.join('\n')}`)
    }
  }

  untilState(state: string): Promise<void> {
    return this.until(`document.body.dataset.state === '${state}'`)
  }

  /** The horizontal place at which this page shows a player. */
  xOf(name: string): Promise<number> {
    return this.page.evaluate(`arena.players().find((player) => player.name === '${name}').x`)
  }

  text(selector: string): Promise<string> {
    return this.page.evaluate(`document.querySelector('${selector}').textContent`)
  }

  /** What went wrong in the page, without what browsers say about every connection that fails. */
  get errors(): string[] {
    return this.console.filter(
      (line) =>
        /^(error|warning|thrown)/.test(line) && !/WebSocket connection to .* failed/.test(line),
    )
  }
}

async function startServer(port: number, bots: number): Promise<NodeProgram> {
  const server = new NodeProgram(program, ['--port', String(port), '--bots', String(bots)])
  await server.says('Ctrl+C')
  return server
}
