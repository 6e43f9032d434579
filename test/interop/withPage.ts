import { type NetworkConfig, NetworkSystem, type ServerOptions } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { type ServerHost, type TestNet } from '../lib/TestNet.ts'
import { Chromium, type ChromiumPage } from './Chromium.ts'
import { withWebSocket } from './withWebSocket.ts'

/** One browser and page for all cases: they take a while to start. */
let started: Promise<readonly [Chromium, ChromiumPage]> | undefined

async function start(path: string): Promise<readonly [Chromium, ChromiumPage]> {
  const chromium = await Chromium.launch(path)
  return [chromium, await chromium.open()]
}

/** A page, and servers whose worlds tick while it plays. */
export interface PageCase {
  readonly net: TestNet
  readonly chromium: Chromium
  readonly page: ChromiumPage
  readonly host: (options?: ServerOptions, config?: Partial<NetworkConfig>) => ServerHost
}

/** A case with the page; the worlds of its servers tick. */
export function withPage(
  path: string,
  run: (game: PageCase) => Promise<void>,
): () => Promise<void> {
  return withWebSocket(async (net) => {
    const [chromium, page] = await (started ??= start(path))
    await page.load()
    const timers: NodeJS.Timeout[] = []
    try {
      await run({
        net,
        chromium,
        page,
        host: (options, config) => {
          const server = net.server(options, config)
          timers.push(setInterval(() => NetworkSystem(server.world), 4))
          return server
        },
      })
    } finally {
      timers.forEach((timer) => clearInterval(timer))
    }
  })
}

/** Closes the browser; a case of its own, the last one. */
export async function closePage(): Promise<void> {
  const [chromium] = await started!
  await chromium.close()
  assert.is(chromium.http.listening, false)
}
