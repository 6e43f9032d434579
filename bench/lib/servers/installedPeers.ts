// Servers made with other packages, which bench/peers has in a package of its own.
import { existsSync } from 'node:fs'
import { type ServerEntry } from './serverList.ts'

interface Peer extends Pick<ServerEntry, 'name' | 'wire'> {
  readonly file: string
  /** Without it the server is left out. */
  readonly needs: string
  readonly runtime?: string
}

const bun = 'node_modules/.bin/bun'
const peers: readonly Peer[] = [
  { name: 'bun', wire: 'ws', file: 'bun.mjs', needs: bun, runtime: bun },
  {
    name: 'colyseus',
    wire: 'colyseus',
    file: 'colyseus.mjs',
    needs: 'node_modules/@colyseus/core',
  },
  {
    name: 'socket.io',
    wire: 'socket.io',
    file: 'socketIo.mjs',
    needs: 'node_modules/socket.io',
  },
]

/** Those whose packages are there; `root` is the folder of this repository. */
export function installedPeers(root: URL): readonly ServerEntry[] {
  const folder = new URL('bench/peers/', root)
  return peers
    .filter(({ needs }) => existsSync(new URL(needs, folder)))
    .map(({ name, wire, file, runtime }) => ({
      name,
      wire,
      module: new URL(file, folder),
      runtime: runtime === undefined ? undefined : new URL(runtime, folder),
    }))
}
