import { spawn } from 'node:child_process'
import { accessSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as assert from 'uvu/assert'
import { Programs } from '../cli/CliProgram.ts'
import { type Needed, specWith } from '../lib/specWith.ts'
import { authority, localCertificate } from '../lib/certificates.ts'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { connectWhenReady, freePort } from '../lib/freePort.ts'

/** nginx where Debian and others have it, which is often not on a user's path. */
function findNginx(): Needed {
  const path = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx'].find((candidate) => {
    try {
      accessSync(candidate)
      return true
    } catch {
      return false
    }
  })
  return { name: 'nginx', path }
}

specWith(findNginx(), 'recipes', (it, nginx) => {
  it(
    'nginx :: passes a secure WebSocket on',
    withDocument('docs/recipes/nginx.md', async (programs) => {
      const [port, securePort] = [await freePort(), await freePort()]
      const server = programs.run('server.ts', { 6510: port })
      ;(await connectWhenReady(port)).destroy()

      const folder = resolve(programs.folder, 'nginx')
      mkdirSync(folder, { recursive: true })
      const file = (name: string, content: string): string => {
        writeFileSync(join(folder, name), content)
        return join(folder, name)
      }
      const site = programs.code('nginx.conf', {
        '443 ssl': `${securePort} ssl`,
        '/etc/ssl/game.pem': file('cert.pem', localCertificate.cert.toString()),
        '/etc/ssl/game.key': file('key.pem', localCertificate.key.toString()),
        6510: port,
      })
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${folder}/${name};`,
      )
      const config = `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
events {} http { access_log off; ${temporary.join(' ')}
${site} }`
      const proxy = spawn(nginx, ['-e', 'stderr', '-p', folder, '-c', file('all.conf', config)])
      let errors = ''
      proxy.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
      const clients = new Programs()
      clients.add(proxy)
      try {
        ;(await connectWhenReady(securePort)).destroy()
        const client = clients.run(
          `connect wss://localhost:${securePort}/game --ca ${file('ca.pem', authority)}`,
        )
        client.type('through nginx')
        await client.prints('"through nginx\\0"').catch((error: Error) => {
          throw new Error(`${error.message}\n${errors}`, { cause: error })
        })
        assert.match(server.output, 'from 127.0.0.1')
      } finally {
        clients.kill()
      }
    }),
  )
})
