import { transformSync } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as assert from 'uvu/assert'
import { patience } from '../lib/patience.ts'
import { spec } from '../spec.ts'

// What beginners get wrong: each is told by the compiler, and so by an editor, or when it runs, mostly by both.

interface WrongUse {
  /** A program's line, with the names of the prelude. */
  readonly code: string
  /** What the compiler says; without one it cannot know. */
  readonly editor?: RegExp
  /** The error or the warning of the run. */
  readonly run: RegExp
}

const prelude = `
import { createWorld } from 'bitecs'
import { BufferKind, BufferType, closeNetwork, connectSocket, createBuffer, createServer, createSocket } from 'bitecs-networking'
import { NetworkSystem, NetworkType, onNetworking, readBuffer, sendPacket, sendUdp, setNetworkConfig } from 'bitecs-networking'
import { Socket, SocketType, startTicks, writeBuffer } from 'bitecs-networking'

const world = createWorld()
const server = createServer(world, SocketType.tcp, 0)
const port = Socket(world).port[server]!
const socket = createSocket(world, SocketType.tcp)
const udp = createSocket(world, SocketType.udp)
const buffer = createBuffer(16, BufferKind.grow)
export const end = (): void => closeNetwork(world)
export { NetworkType, readBuffer }
`

const uses: Readonly<Record<string, WrongUse>> = {
  'a misspelt option': {
    code: 'createServer(world, SocketType.tcp, 0, { maxClient: 32 })',
    editor: /'maxClient' does not exist .*'maxClients'/,
    run: /TypeError: createServer: there is no option "maxClient"; did you mean "maxClients"\?/,
  },
  'a number in place of options': {
    code: 'createServer(world, SocketType.tcp, 0, 32)',
    editor: /'32' has no properties in common with type 'ServerOptions'/,
    run: /TypeError: createServer: options must be an object, got 32/,
  },
  'an option in place of a setting': {
    code: 'setNetworkConfig(world, { maxClients: 32 })',
    editor: /'maxClients' does not exist in type/,
    run: /TypeError: setNetworkConfig: there is no setting "maxClients"/,
  },
  'a type as a text': {
    code: "createServer(world, 'tcp', 6510)",
    editor: /'"tcp"' is not assignable to parameter of type '.*SocketType/,
    run: /TypeError: createServer: type must be a SocketType such as SocketType.tcp, .*got "tcp"/,
  },
  'a type as a text for a client': {
    code: "createSocket(world, 'tcp')",
    editor: /'"tcp"' is not assignable to parameter of type '.*SocketType/,
    run: /TypeError: createSocket: type must be a SocketType such as SocketType.tcp, .*got "tcp"/,
  },
  'a misspelt type': {
    code: 'createServer(world, SocketType.TCP, 6510)',
    editor: /'TCP' does not exist .*Did you mean 'tcp'/,
    run: /TypeError: createServer: type must be a SocketType such as SocketType.tcp, .*undefined/,
  },
  'a port as a text': {
    code: "createServer(world, SocketType.tcp, '6510')",
    editor: /'string' is not assignable to parameter of type 'number'/,
    run: /TypeError: createServer: port must be an integer in 0..65535, got "6510"/,
  },
  'a port that is too high': {
    code: 'createServer(world, SocketType.tcp, 99_999)',
    run: /RangeError: createServer: port must be an integer in 0..65535, got 99999/,
  },
  'an async handler': {
    code: `onNetworking(world, server, async () => {})
      await connectSocket(world, createSocket(world, SocketType.tcp), '127.0.0.1', port)
      NetworkSystem(world)`,
    editor: /"A handler must not be async: asyncLoad ends at the first await"/,
    run: /onNetworking: a handler must not be async, it returned a promise/,
  },
  'a text in a number': {
    code: "writeBuffer(buffer, BufferType.u8, 'x')",
    editor: /'string' is not assignable to parameter of type 'number'/,
    run: /TypeError: writeBuffer: value must be a finite number for u8, got "x"/,
  },
  'no number in an integer': {
    code: 'writeBuffer(buffer, BufferType.u8, NaN)',
    run: /TypeError: writeBuffer: value must be a finite number for u8, got NaN/,
  },
  'a number that does not fit': {
    code: 'writeBuffer(buffer, BufferType.u16, 70_000)',
    run: /writeBuffer: u16 holds 16 bits, so 70000 is stored as 4464/,
  },
  'a value before its type': {
    code: 'writeBuffer(buffer, 200, BufferType.u8)',
    editor: /'200' is not assignable to parameter of type 'BufferType'/,
    run: /TypeError: writeBuffer: type must be a BufferType, got 200/,
  },
  'a buffer that is full': {
    code: 'writeBuffer(createBuffer(1, BufferKind.fixed), BufferType.u32, 1)',
    run: /RangeError: writeBuffer: u32 needs 4 bytes at position 0, but the buffer has 1/,
  },
  'ticks without a rate': {
    code: 'startTicks(() => NetworkSystem(world))',
    editor: /Expected 2 arguments, but got 1/,
    run: /TypeError: startTicks: options must be an object, got undefined/,
  },
  'ticks with a rate of another name': {
    code: 'startTicks(() => NetworkSystem(world), { fps: 60 })',
    editor: /'fps' does not exist in type 'TicksOptions'/,
    run: /TypeError: startTicks: there is no option "fps"; did you mean "hz"\?/,
  },
  'a system that is called, not given': {
    code: 'startTicks(NetworkSystem(world), { hz: 60 })',
    editor: /not assignable to parameter of type '\(tick: number\) => void'/,
    run: /TypeError: startTicks: step must be a function, got an object/,
  },
  'a handler without an entity': {
    code: 'onNetworking(world, () => {})',
    editor: /Expected 3-4 arguments, but got 2/,
    run: /TypeError: onNetworking: handler must be a function, got undefined/,
  },
  'a server that could not be made': {
    code: 'onNetworking(world, createServer(world, SocketType.tcp, port), () => {})',
    run: /TypeError: onNetworking: entity must be .*got -2, NetworkError.portUnavailable: what returned it has failed/,
  },
  'an object as a message': {
    code: 'sendPacket(world, socket, { hello: 1 })',
    editor: /'hello' does not exist in type/,
    run: /TypeError: sendPacket: buffer must be a buffer, a Uint8Array or a text, got an object/,
  },
  'a connection that is not waited for': {
    code: `const result = connectSocket(world, socket, '127.0.0.1', port)
      if (result < 0) throw new Error('no server')
      sendPacket(world, socket, 'hello')`,
    editor: /Operator '<' cannot be applied to types 'Promise<number>' and 'number'/,
    run: /sendPacket: nothing was sent, socket \d+ is not connected yet; await connectSocket first/,
  },
  'a connection that failed, unseen': {
    code: `const client = createSocket(world, SocketType.tcp)
      await connectSocket(world, client, '127.0.0.1', 1)
      sendPacket(world, client, 'hello')`,
    run: /sendPacket: nothing was sent, socket \d+ could not connect \(NetworkError.refused\)/,
  },
  'an address of another machine': {
    code: "createServer(world, SocketType.tcp, 0, { host: '192.0.2.1' })",
    run: /cannot listen on port 0 of 192.0.2.1: EADDRNOTAVAIL/,
  },
  'a message to a server': {
    code: "sendPacket(world, server, 'hello')",
    run: /sendPacket: nothing was done, socket \d+ is a server: its clients are query/,
  },
  'a packet over UDP': {
    code: "sendPacket(world, udp, 'hello')",
    run: /sendPacket: nothing was done, socket \d+ is a UDP socket without a peer: use sendUdp/,
  },
  'a datagram over TCP': {
    code: "sendUdp(world, socket, '127.0.0.1', 6510, 'hello')",
    run: /sendUdp: nothing was done, socket \d+ is not a UDP socket: use sendPacket/,
  },
  'a server that connects': {
    code: "await connectSocket(world, server, '127.0.0.1', port)",
    run: /connectSocket: nothing was done, socket \d+ is a server/,
  },
  'the port of the server at the client': {
    code: `const own = createSocket(world, SocketType.tcp, port)
      await connectSocket(world, own, '127.0.0.1', port)`,
    run: /port \d+ of this side cannot be bound .*; the server's goes to connectSocket/,
  },
  'the event in place of its buffer': {
    code: `onNetworking(world, server, (_world, _self, asyncLoad) => void readBuffer(asyncLoad, BufferType.u8))
      await connectSocket(world, createSocket(world, SocketType.tcp), '127.0.0.1', port)
      NetworkSystem(world)`,
    editor: /'AsyncLoad' is not assignable to parameter of type 'NetworkBuffer'/,
    run: /TypeError: readBuffer: buffer must be a buffer, got a \w*Load/,
  },
  'the name of a type of event': {
    code: `onNetworking(world, server, (_world, _self, { type }) => { if (type === 'data') return })
      NetworkSystem()`,
    editor: /types 'number' and 'string' have no overlap/,
    run: /TypeError: NetworkSystem: world must be a bitECS world/,
  },
}

const compilerOptions = {
  skipLibCheck: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  isolatedDeclarations: false,
  declaration: false,
}

const folder = resolve('build', 'documents', `wrong-uses-${process.pid}`)

function programOf({ code }: WrongUse): string {
  return `${prelude}\nexport async function use(): Promise<void> {\n  await null\n  ${code}\n}\n`
}

/** What the compiler says of each use, by the number of the use. */
function compile(): Map<number, string> {
  for (const [index, use] of Object.values(uses).entries())
    writeFileSync(join(folder, `use-${index}.ts`), programOf(use))
  const config = {
    extends: '../../../tsconfig.json',
    compilerOptions,
    include: ['*.ts'],
    exclude: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const typescript = dirname(fileURLToPath(import.meta.resolve('typescript/package.json')))
  const options = ['-p', folder, '--pretty', 'false']
  const { stdout } = spawnSync(process.execPath, [join(typescript, 'bin', 'tsc'), ...options], {
    encoding: 'utf8',
  })
  const said = new Map<number, string>()
  for (const part of stdout.split(/^(?=\S)/m)) {
    const index = Number(/use-(\d+)\.ts/.exec(part)?.[1])
    said.set(index, (said.get(index) ?? '') + part)
  }
  return said
}

/** Runs a use, and returns what it has thrown and warned of. */
async function run(name: string): Promise<string[]> {
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.mjs`)
  writeFileSync(file, transformSync(programOf(uses[name]!), { loader: 'ts' }).code)
  const said: string[] = []
  const { warn } = console
  console.warn = (message: string) => void said.push(message)
  const { use, end: close } = (await import(pathToFileURL(file).href)) as {
    use: () => Promise<void>
    end: () => void
  }
  try {
    await use().catch((error: unknown) => void said.push(String(error)))
    const end = performance.now() + 5_000 * patience
    while (said.length === 0 && performance.now() < end) await turn()
    return said
  } finally {
    console.warn = warn
    close()
  }
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

spec('a wrong use', (it) => {
  it('is told by the compiler where types can know', () => {
    const said = compile()
    for (const [index, [name, { editor }]] of Object.entries(uses).entries())
      if (editor === undefined) assert.is(said.get(index), undefined, name)
      else assert.match(said.get(index) ?? 'nothing', editor, name)
  })

  for (const [name, use] of Object.entries(uses))
    it(`${name} :: is told by the run`, async () => {
      assert.match((await run(name)).join('\n'), use.run)
    })
})
