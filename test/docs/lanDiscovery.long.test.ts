import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { transformSync } from 'esbuild'
import { specWith } from '../lib/specWith.ts'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { findUnshare } from '../lib/networkNamespace.ts'

const unshare = findUnshare()

// A network of its own, with one card that has two addresses, so that the server is heard twice.
const network = `ip link set lo up
ip link add card type veth peer name far
ip link set far up
ip addr add 192.168.77.1/24 dev card
ip addr add 192.168.78.1/24 dev card
ip link set card up`

const path = unshare?.join(' ')

specWith({ name: 'unshare', path }, 'recipes', (it) => {
  it(
    'LAN discovery :: finds each server once',
    withDocument('docs/recipes/lan-discovery.md', async (programs) => {
      for (const name of ['announce', 'discover']) {
        const { code } = transformSync(programs.code(`${name}.ts`), { loader: 'ts' })
        writeFileSync(join(programs.folder, `${name}.mjs`), code)
      }
      const script = `${network}
cd ${programs.folder}
node announce.mjs & first=$!
timeout 4 node discover.mjs
kill $first`
      const { stdout, stderr } = spawnSync('unshare', [...unshare!, 'sh', '-c', script], {
        encoding: 'utf8',
        timeout: 20_000,
      })
      assert.match(stdout, /^'Kitchen table': 192\.168\.7[78]\.1 port 6510, 0 players\n$/, stderr)
    }),
  )
})
