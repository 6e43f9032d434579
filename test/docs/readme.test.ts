import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { transformSync } from 'esbuild'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { spec } from '../spec.ts'

// Every TypeScript block of the README is run, as it stands but for the port, against dist.

const blocks = [...readFileSync('README.md', 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
  ([, code]) => code ?? '',
)
const [server = '', client = '', udp = '', webSocket = '', entities = ''] = blocks

spec('README', (it) => {
  it('has the blocks that these cases run', () => {
    assert.is(blocks.length, 5)
  })

  it('server :: greets and answers a GameMaker client', async () => {
    const port = await freePort()
    const program = run('server', server, port)
    try {
      const packet = 'dec0adde0c00000003000000686900'
      const socket = await connectWhenReady(port)
      socket.write(Buffer.from('bebafeca0bb0adde1000000000000000', 'hex'))
      socket.write(Buffer.from(packet, 'hex'))
      const expected = `474d3a53747564696f2d436f6e6e65637400adbeafdeebbe0df00c000000${packet}`
      let received = ''
      for await (const chunk of socket) {
        received += (chunk as Buffer).toString('hex')
        if (received.length >= expected.length) break
      }
      assert.is(received, expected)
      await program.says('says hi')
    } finally {
      program.end()
    }
  })

  it('client :: connects to the server and hears its own words', async () => {
    const port = await freePort()
    const programs = [run('server', server, port)]
    try {
      ;(await connectWhenReady(port)).destroy()
      const second = run('client', client, port)
      programs.push(second)
      await second.says('hello from bitECS')
    } finally {
      for (const program of programs) program.end()
    }
  })

  it('UDP :: hears what it sent', async () => {
    const program = run('udp', udp, await freePort())
    try {
      await program.says('says hello')
    } finally {
      program.end()
    }
  })

  it('WebSocket :: greets, shows the page, and lets its own client in', async () => {
    const port = await freePort()
    const pagePort = await freePort()
    const program = run('webSocket', webSocket.replaceAll('6511', String(pagePort)), port)
    try {
      ;(await connectWhenReady(port)).destroy()
      const greeted = new WebSocket(`ws://127.0.0.1:${port}`)
      const [greeting] = (await once(greeted, 'message')) as [Buffer]
      assert.is(greeting.toString('hex'), '474d3a53747564696f2d436f6e6e65637400')
      greeted.terminate()
      const page = await fetch(`http://127.0.0.1:${pagePort}/`, {
        headers: { connection: 'close' },
      })
      assert.is(await page.text(), 'the page')
      const elsewhere = new WebSocket(`ws://127.0.0.1:${pagePort}/game`, {
        origin: 'https://example.com',
      })
      const [error] = (await once(elsewhere, 'error')) as [Error]
      assert.is(error.message, 'Unexpected server response: 403')
      assert.is(program.hasEnded, false)
    } finally {
      program.end()
    }
  })

  it('entities :: runs to its end', async () => {
    const program = run('entities', entities, 0)
    try {
      await program.says('port ')
      assert.is(await program.exitCode, 0)
    } finally {
      program.end()
    }
  })
})

interface Program {
  /** Resolves when the program has printed the text. */
  says(text: string): Promise<void>
  readonly exitCode: Promise<number | null>
  readonly hasEnded: boolean
  end(): void
}

function run(name: string, code: string, port: number): Program {
  mkdirSync('build/readme', { recursive: true })
  const file = `build/readme/${name}-${port}.mjs`
  writeFileSync(file, transformSync(code.replaceAll('6510', String(port)), { loader: 'ts' }).code)
  const child: ChildProcess = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const heard: (() => void)[] = []
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      for (const look of heard) look()
    })
  return {
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve()
        }
        heard.push(look)
        look()
        child.once('exit', () => reject(new Error(`${name} ended without "${text}":\n${output}`)))
      }),
    exitCode: new Promise((resolve) => child.once('exit', resolve)),
    get hasEnded() {
      return child.exitCode !== null
    },
    end: () => void child.kill(),
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0)
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => void probe.close(resolve))
  return port
}

/** Connects as soon as somebody listens. */
async function connectWhenReady(port: number): Promise<ReturnType<typeof connect>> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isConnected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    if (isConnected) return socket
  }
}
