import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { blocksOf, runBlock } from '../lib/documentBlocks.ts'
import { connectWhenReady, freePort } from '../lib/freePort.ts'
import { helloPacket, joinServer, welcomeClient } from '../lib/gameMaker.ts'
import { type NodeProgram } from '../lib/NodeProgram.ts'
import { RawListener } from '../lib/RawListener.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { spec } from '../spec.ts'

// Every TypeScript block of the guide is compiled as a user's, and run against dist, as it stands but for the port.

const blocks = blocksOf('docs/porting.md', 'ts')
const [first = '', gmlEarly = '', gmlClient = '', mainClient = '', bigints = ''] = blocks
const pieces = blocks.slice(5, 13)
const gmlServer = pieces.filter((_, index) => index % 2 === 0).join('\n')
const mainServer = pieces.filter((_, index) => index % 2 === 1).join('\n')
const [together = '', settings = '', json = ''] = blocks.slice(13)

const programs = {
  first,
  gmlEarly,
  gmlClient,
  mainClient,
  bigints,
  gmlServer,
  mainServer,
  together,
  settings,
  json,
}
type Name = keyof typeof programs

function run(name: Name, port = 0): NodeProgram {
  return runBlock('porting', `${name}-${port}`, programs[name].replaceAll('6510', String(port)))
}

spec('the porting guide', (it) => {
  it('has the blocks that these cases run', () => {
    assert.is(blocks.length, 16)
  })

  for (const [name, code] of Object.entries(programs))
    it(`${name} :: is JavaScript, as the guide says`, () => {
      const file = join('build', 'porting', `${name}.mjs`)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, code)
      const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' })
      assert.is(stderr, '')
    })

  it('first :: prints the texts that come', async () => {
    const port = await freePort()
    const program = run('first', port)
    try {
      await program.says(`listening on ${port}`)
      const peer = await RawPeer.connect(port)
      await joinServer(peer)
      peer.send(helloPacket)
      await program.says("'hello'")
      peer.close()
    } finally {
      program.end()
    }
  })

  it('has blocks that compile', () => {
    const folder = join('build', 'porting', 'types')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const [name, code] of Object.entries(programs))
      writeFileSync(join(folder, `${name}.ts`), code)
    // Handlers name arguments that they do not use.
    const compilerOptions = {
      noUnusedParameters: false,
      isolatedDeclarations: false,
      declaration: false,
    }
    const config = { extends: '../../../tsconfig.json', compilerOptions, include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const typescript = dirname(fileURLToPath(import.meta.resolve('typescript/package.json')))
    const tsc = join(typescript, 'bin', 'tsc')
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    assert.is(stdout, '')
  })

  for (const name of ['gmlEarly', 'gmlClient', 'mainClient'] as const)
    it(`${name} :: connects, says hello and hears the answer`, async () => {
      const listener = await RawListener.listen()
      const program = run(name, listener.port)
      try {
        const peer = await listener.accept()
        await welcomeClient(peer)
        // "hello" and NUL
        assert.is(await peer.take(18), 'dec0adde0c0000000600000068656c6c6f00')
        peer.send(helloPacket)
        if (name !== 'gmlEarly') await program.says('hello')
      } finally {
        program.end()
        listener.close()
      }
    })

  const noServer = {
    gmlEarly: 'could not connect',
    gmlClient: 'no server',
    mainClient: 'no server',
  }
  for (const [name, words] of Object.entries(noServer))
    it(`${name} :: says that there is no server`, async () => {
      const program = run(name as Name, await freePort())
      try {
        await program.says(words)
      } finally {
        program.end()
      }
    })

  it('bigints :: prints what it says', async () => {
    const program = run('bigints')
    assert.is(await program.exitCode, 0)
    const [, comment] = /Number\(score\)\) \/\/ (.+)/.exec(bigints) ?? []
    assert.is(program.output, `${comment}\n`)
  })

  for (const name of ['gmlServer', 'mainServer'] as const)
    it(`${name} :: passes texts on to all, survives what is none, and ends`, async () => {
      const taken = await RawListener.listen()
      const program = run(name, taken.port)
      const peers: RawPeer[] = []
      try {
        await program.says('port ')
        const port = Number(/port (\d+)/.exec(program.output)![1])
        assert.ok(port > taken.port)
        for (let index = 0; index < 2; index++) {
          const peer = await RawPeer.connect(port)
          peers.push(peer)
          await joinServer(peer)
        }
        const [first, second] = peers
        // No bytes; another id; then id 1 with "hi" and NUL.
        for (const payload of ['', '02', '01686900'])
          first!.send(`dec0adde0c0000000${payload.length / 2}000000${payload}`)
        for (const peer of peers) assert.is(await peer.take(16), 'dec0adde0c0000000400000001686900')
        await program.says("127.0.0.1 says 'hi'")
        program.end('SIGINT')
        assert.is(await program.exitCode, 0, program.output)
        assert.is(second!.takeAll(), '')
      } finally {
        program.end()
        for (const peer of peers) peer.close()
        taken.close()
      }
    })

  it('together :: shows each player in both faces', async () => {
    const port = await freePort()
    const program = run('together', port)
    try {
      ;(await connectWhenReady(port)).destroy()
      const peer = await RawPeer.connect(port)
      await joinServer(peer)
      // "somebody is here" and NUL
      assert.is(await peer.take(29), 'dec0adde0c00000011000000736f6d65626f6479206973206865726500')
      await program.says('1 with 100 points')
      peer.close()
    } finally {
      program.end()
    }
  })

  it('json :: prints what it says', async () => {
    const program = run('json')
    assert.is(await program.exitCode, 0)
    const [, comment] = /log\(text\) \/\/ (.+)/.exec(json) ?? []
    assert.is(program.output, `${comment}\n`)
  })

  it('settings :: prints what it says', async () => {
    const program = run('settings')
    assert.is(await program.exitCode, 0)
    const [, comment] = /\) \/\/ (\w+)\n/.exec(settings) ?? []
    assert.is(program.output, `${comment}\n`)
  })
})
