// The README's servers, as they stand but for the port, and with a handler that first reads a number and catches nothing.

import { blocksOf } from '../lib/documentBlocks.ts'

/** A program that serves port 6510. */
export interface NoiseServer {
  readonly name: string
  readonly code: string
  readonly transport: 'tcp' | 'udp' | 'ws'
}

const [echo = '', server = '', , udp = '', webSocket = '', , gml = ''] = blocksOf('README.md', 'ts')

/** Handlers as a beginner would write them: before what, and what they read it by. */
const places: Readonly<Record<string, readonly [before: string, buffer: string]>> = {
  echo: ['  if (asyncLoad.type === NetworkType.data)', 'asyncLoad.buffer'],
  server: ["    console.log('%d says", 'asyncLoad.buffer'],
  gml: ["    console.log('%s says", 'buffer'],
  UDP: ['  const text = readText', 'asyncLoad.buffer'],
}

/** The WebSocket block has no handler: this one sends what it gets back, as the others do. */
const webSocketHandler = `
import { addEntity } from 'bitecs'
import { NetworkType, onNetworking, sendPacket } from 'bitecs-networking'
onNetworking(world, addEntity(world), (world, self, asyncLoad) => {
  if (asyncLoad.type === NetworkType.data) sendPacket(world, asyncLoad.id, asyncLoad.buffer, asyncLoad.size)
})
`

/** All of them, over each transport that they can have. */
export const noiseServers: readonly NoiseServer[] = [
  ...variants('echo', echo, 'tcp'),
  ...variants('server', server, 'tcp'),
  ...variants('gml', gml, 'tcp'),
  ...variants('echo', change(echo, 'SocketType.tcp', 'SocketType.ws'), 'ws'),
  ...variants('server', change(server, 'SocketType.tcp', 'SocketType.ws'), 'ws'),
  ...variants('gml', change(gml, /network_socket_tcp/g, 'network_socket_ws'), 'ws'),
  ...variants('UDP', udp, 'udp'),
]

/** The WebSocket block, and how its handlers read. */
export const webSocketServers: readonly NoiseServer[] = [
  { name: 'WebSocket', code: webSocket, transport: 'ws' },
  ...variants('WebSocket with a handler', webSocket + webSocketHandler, 'ws').slice(1),
]

function variants(
  name: string,
  code: string,
  transport: NoiseServer['transport'],
): readonly NoiseServer[] {
  const [before, buffer] = places[name] ?? places['echo']!
  const reading = (type: 'u8' | 'u32'): NoiseServer => ({
    name: `${name} that reads ${type} first`,
    code: withReads(code, type, before, buffer),
    transport,
  })
  return [{ name, code, transport }, reading('u8'), reading('u32')]
}

function withReads(code: string, type: 'u8' | 'u32', before: string, buffer: string): string {
  const isGml = code.includes('bitecs-networking/gml')
  const [face, read, name] = isGml
    ? ['bitecs-networking/gml', 'buffer_read', `buffer_${type}`]
    : ['bitecs-networking', 'readBuffer', `BufferType.${type}`]
  const isImported = (each: string): boolean => new RegExp(`import .*\\b${each}\\b`).test(code)
  const missing = [read, name.split('.')[0]!].filter((each) => !isImported(each))
  const imports = missing.length === 0 ? '' : `import { ${missing.join(', ')} } from '${face}'\n`
  const guard = before.includes('.data') ? `${before} ` : '    '
  return imports + change(code, before, `${guard}${read}(${buffer}, ${name})\n${before}`)
}

/** Replaces what must be there. */
function change(code: string, from: string | RegExp, to: string): string {
  const changed = code.replace(from, to)
  if (changed === code) throw new Error(`the README has no ${String(from)}`)
  return changed
}
