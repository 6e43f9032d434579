import { createRequire } from 'node:module'

// What is used of Playwright. Its own types need those of a page, which this project's programs do not have.

interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> }
}

export interface Browser {
  newContext(options?: ContextOptions): Promise<BrowserContext>
  close(): Promise<void>
}

export interface ContextOptions {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly colorScheme?: 'light' | 'dark'
  readonly reducedMotion?: 'reduce' | 'no-preference'
  readonly hasTouch?: boolean
  readonly isMobile?: boolean
  readonly deviceScaleFactor?: number
  readonly ignoreHTTPSErrors?: boolean
}

export interface BrowserContext {
  newPage(): Promise<BrowserPage>
  setOffline(isOffline: boolean): Promise<void>
  close(): Promise<void>
}

export interface BrowserPage {
  readonly keyboard: {
    down(key: string): Promise<void>
    up(key: string): Promise<void>
    press(key: string): Promise<void>
    type(text: string): Promise<void>
  }
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void
  on(event: 'pageerror', listener: (error: Error) => void): void
  goto(url: string): Promise<unknown>
  /** What an expression gives there. */
  evaluate<Result>(code: string): Promise<Result>
  waitForSelector(selector: string): Promise<unknown>
  waitForURL(url: RegExp): Promise<void>
  click(selector: string): Promise<void>
  fill(selector: string, text: string): Promise<void>
  tap(selector: string): Promise<void>
  screenshot(options?: object): Promise<Buffer>
  setViewportSize(size: { width: number; height: number }): Promise<void>
  routeWebSocket(url: RegExp, handler: (socket: WebSocketRoute) => void): Promise<void>
  close(): Promise<void>
}

/** A page's WebSocket, with somebody in between. */
interface WebSocketRoute {
  connectToServer(): {
    send(message: string | Buffer): void
    onMessage(handler: (message: string | Buffer) => void): void
  }
  send(message: string | Buffer): void
  onMessage(handler: (message: string | Buffer) => void): void
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

/** Starts the Chromium at this path. */
export function launchBrowser(path: string): Promise<Browser> {
  const { chromium } = createRequire(import.meta.url)('playwright-core') as Playwright
  return chromium.launch({ executablePath: path, args: flags })
}

/** What a page writes to its console, as `error: …` or `warning: …`, and what it throws, from now on. */
export function recordConsole(page: BrowserPage): string[] {
  const lines: string[] = []
  page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => lines.push(`thrown: ${error.message}`))
  return lines
}
