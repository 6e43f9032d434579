// The HTTP server that players get the page from, and the laboratory's. WebSockets share it.
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'

/** What of a page's folder may be asked for; nothing else of the disk can be. */
const files = {
  '': { file: 'index.html', type: 'text/html; charset=utf-8' },
  'style.css': { file: 'style.css', type: 'text/css; charset=utf-8' },
  'page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  'page.js.map': { file: 'page.js.map', type: 'application/json' },
} as const

const headers = {
  // A page of yesterday would not understand the server of today.
  'Cache-Control': 'no-cache',
  'Content-Security-Policy':
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/**
 * An HTTP server that serves pages, each from a folder, by their paths such as `/`. It does not listen yet. Throws when a folder
 * has no page in it.
 */
export function servePages(folders: Readonly<Record<string, URL>>): Server {
  const pages = new Map<string, { readonly type: string; readonly content: Buffer }>()
  for (const [at, folder] of Object.entries(folders))
    for (const [name, { file, type }] of Object.entries(files))
      pages.set(at + name, { type, content: readFileSync(new URL(file, folder)) })
  return createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? ''
    const page = pages.get(path)
    if (page === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(page === undefined ? 404 : 405, { 'Content-Type': 'text/plain' })
      response.end(page === undefined ? 'not found' : 'only GET')
      return
    }
    response.writeHead(200, { ...headers, 'Content-Type': page.type })
    response.end(request.method === 'HEAD' ? undefined : page.content)
  })
}
