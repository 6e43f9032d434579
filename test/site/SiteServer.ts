import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}

/** Serves a folder as web hosts do, texts compressed, and counts the bytes. */
export class SiteServer {
  /** Bytes of the answers so far, without pictures. */
  transferred = 0
  readonly #folder: string
  readonly #server: Server

  private constructor(folder: string) {
    this.#folder = folder
    this.#server = createServer(({ url = '/' }, response) => this.#answer(url, response))
  }

  static async start(folder: string): Promise<SiteServer> {
    const site = new SiteServer(folder)
    await new Promise<void>((resolve) => {
      site.#server.listen(0, '127.0.0.1', resolve)
    })
    return site
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(url: string, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname)
    const file = join(this.#folder, path.endsWith('/') ? `${path}index.html` : path)
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    const type = types[extname(file)] ?? 'application/octet-stream'
    const isPicture = /png|gif|jpeg/.test(type)
    const content = readFileSync(file)
    const body = isPicture ? content : gzipSync(content)
    if (!isPicture) this.transferred += body.length
    const encoding = isPicture ? {} : { 'content-encoding': 'gzip' }
    response.writeHead(200, { 'content-type': type, ...encoding }).end(body)
  }
}
