import { createServer } from 'node:http'
import { type AddressInfo, createServer as createNetServer, type Server } from 'node:net'
import * as assert from 'uvu/assert'
import { freePort } from '../../lib/freePort.ts'
import { NodeProgram } from '../../lib/NodeProgram.ts'
import { spec } from '../../spec.ts'

const program = 'build/demos/arena/main.js'

async function outputOf(code: number, ...args: string[]): Promise<string> {
  const arena = new NodeProgram(program, args)
  assert.is(await arena.exitCode, code, arena.output)
  return arena.output
}

function urlIn(output: string): string {
  return /http:\S+/.exec(output)![0]
}

/** A free port, and somebody who listens on the one after it. */
async function freeBeforeTaken(): Promise<{ port: number; next: Server }> {
  for (;;) {
    const port = await freePort()
    const next = createNetServer().listen(port + 1)
    const isListening = await new Promise((resolve) => {
      next.once('listening', () => resolve(true)).once('error', () => resolve(false))
    })
    if (isListening === true) return { port, next }
  }
}

spec('npm start', (it) => {
  it('tells its options', async () => {
    const output = await outputOf(0, '--help')
    for (const option of ['--port N', '--bots N', '--seconds N', '--help'])
      assert.match(output, option)
  })

  for (const [args, message] of [
    [['--port', 'x'], '--port must be a whole number in 0..65535, got "x"'],
    [['--port', ''], '--port must be a whole number in 0..65535, got ""'],
    [['--bots', '17'], '--bots must be a whole number in 0..16, got "17"'],
    [['--seconds', '0'], '--seconds must be a whole number in 1..86400, got "0"'],
    [['--fast'], "Unknown option '--fast'"],
  ] as const)
    it(`answers ${args.join(' ')} with a message and exit code 1`, async () => {
      const output = await outputOf(1, ...args)
      assert.ok(output.startsWith(message), output)
      assert.match(output, 'Usage: npm start')
    })

  it('prints one URL, serves the page there, and ends when it is asked to', async () => {
    const arena = new NodeProgram(program, ['--port', '0', '--bots', '2'])
    try {
      await arena.says('Ctrl+C')
      assert.is(arena.output.match(/https?:/g)?.length, 1, arena.output)
      const url = urlIn(arena.output)
      for (const [path, status, type] of [
        ['', 200, 'text/html'],
        ['?name=Ann', 200, 'text/html'],
        ['page.js', 200, 'text/javascript'],
        ['style.css', 200, 'text/css'],
        ['simulation/', 200, 'text/html'],
        ['simulation/page.js', 200, 'text/javascript'],
        ['simulation/../main.js', 404, 'text/plain'],
        ['main.js', 404, 'text/plain'],
        ['..%2fmain.js', 404, 'text/plain'],
        ['page/../../main.js', 404, 'text/plain'],
      ] as const) {
        const response = await fetch(url + path)
        assert.is(response.status, status, path)
        assert.match(response.headers.get('content-type')!, type, path)
        assert.ok((await response.text()).length > 0)
      }
      assert.is((await fetch(url, { method: 'POST' })).status, 405)
      arena.end('SIGTERM')
      assert.is(await arena.exitCode, 0, arena.output)
    } finally {
      arena.end()
    }
  })

  it('ends by itself after the seconds it was given', async () => {
    await outputOf(0, '--port', '0', '--bots', '3', '--seconds', '1')
  })

  it('ends when nobody reads what it prints', async () => {
    const arena = new NodeProgram(program, ['--port', '0', '--bots', '0'])
    try {
      arena.closeOutput()
      assert.is(await arena.exitCode, 0, arena.output)
      assert.is(arena.output, '')
    } finally {
      arena.end()
    }
  })

  it('says so when its port is taken', async () => {
    const http = createServer().listen(0)
    const { port } = http.address() as AddressInfo
    try {
      const output = await outputOf(1, '--port', String(port))
      assert.match(output, `Port ${port} is taken by another program.`)
      assert.not.match(output, '    at ')
    } finally {
      http.close()
    }
  })

  it('gives TCP players another port when the next one is taken', async () => {
    const { port, next: taken } = await freeBeforeTaken()
    const arena = new NodeProgram(program, ['--port', String(port), '--bots', '0'])
    try {
      await arena.says('Ctrl+C')
      const tcp = Number(/TCP port (\d+)/.exec(arena.output)![1])
      assert.ok(tcp > port + 1, arena.output)
    } finally {
      arena.end()
      taken.close()
    }
  })
})
