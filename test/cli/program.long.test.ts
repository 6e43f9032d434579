import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { authority, localCertificate } from '../lib/certificates.ts'
import { freePort } from '../lib/freePort.ts'
import { packet } from '../lib/gameMaker.ts'
import { overTcp } from '../lib/GameWire.ts'
import { RawListener } from '../lib/RawListener.ts'
import { spec } from '../spec.ts'
import { type Programs, withPrograms, type Wrapping } from './CliProgram.ts'

/** The files that a secure server and its client need. */
const files = mkdtempSync(join(tmpdir(), 'bitecs-networking-'))
const [cert, key, ca] = ['cert.pem', 'key.pem', 'ca.pem'].map((name) => join(files, name))
writeFileSync(cert!, localCertificate.cert)
writeFileSync(key!, localCertificate.key)
writeFileSync(ca!, authority)
process.on('exit', () => rmSync(files, { recursive: true, force: true }))

/** The options of a server of a type, and of its client. */
const types: [type: string, server: string, client: string][] = [
  ['tcp', '', ''],
  ['udp', '', ''],
  ['ws', '', ''],
  ['wss', `--cert ${cert} --key ${key}`, `--ca ${ca}`],
]

/** Writes the output where there is no room. */
const toFullDisk: Wrapping = (words) => ['sh', '-c', 'exec "$@" > /dev/full', 'sh', ...words]

/** A server and a client of it that have greeted each other. */
async function pair(
  programs: Programs,
  [type, ofServer, ofClient]: (typeof types)[number],
  options: string,
): Promise<void> {
  const flags = `--json ${options}`.trim()
  const server = await programs.listen(`${type} 0 ${ofServer} ${flags}`.replace(/ +/g, ' '))
  const client = programs.run(
    `connect ${type}://localhost:${server.port} ${ofClient} ${flags}`.replace(/ +/g, ' '),
  )
  client.type('hé')
  await server.waitFor(() => server.payloads.length === 1)
  server.type('you too')
  await client.waitFor(() => client.payloads.length === 1)
  const end = options === '' ? '00' : ''
  assert.equal(server.payloads, [`68c3a9${end}`])
  assert.equal(client.payloads, [`796f7520746f6f${end}`])
  client.endInput()
  await client.ends(0)
  if (type !== 'udp')
    await server.waitFor(() => server.facts.some((fact) => fact['type'] === 'disconnect'))
  server.type('/quit')
  await server.ends(0)
}

spec('npx bitecs-networking', (it) => {
  for (const type of types)
    for (const options of ['', '--raw'])
      it(
        `talks over ${type[0]} ${options === '' ? 'in packet mode' : options}`,
        withPrograms((programs) => pair(programs, type, options)),
      )

  it(
    'hears and answers GameMaker',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0')
      const game = await overTcp(server.port, () => {})
      programs.add({ kill: () => game.leave() })
      game.send(packet('686900'))
      await server.prints('size=3 server=1 "hi\\0"')
      await server.prints('connect    id=1 ip=127.0.0.1')
      server.type('hello')
      await game.hears(packet('68656c6c6f00'), () => {})
    }),
  )

  it(
    'sends to one client, lists them, and ends their connections',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0 --json')
      const clients = [1, 2].map(() =>
        programs.run(`connect tcp://localhost:${server.port} --json`),
      )
      for (const client of clients) client.type('here')
      await server.waitFor(() => server.payloads.length === 2)
      const [first, second] = server.facts.filter(({ type }) => type === 'connect')
      server.type(`@${String(first!['socket'])} for you alone`)
      server.type('/clients')
      await server.waitFor(() => server.facts.some(({ type }) => type === 'clients'))
      const { clients: list } = server.facts.find(({ type }) => type === 'clients') as {
        clients: { id: string }[]
      }
      assert.equal(
        list.map(({ id }) => id).sort(),
        [first!['socket'], second!['socket']].map(String).sort(),
      )
      server.type(`/kick ${String(first!['socket'])}`)
      server.type('/kick 999')
      await server.tells('no client 999')
      const ended = await Promise.race(
        clients.map(async (client) => {
          await client.ends(3)
          return client
        }),
      )
      assert.equal(ended.payloads, ['666f7220796f7520616c6f6e6500'])
      server.type('/quit')
      await server.ends(0)
    }),
  )

  for (const type of ['tcp', 'udp'] as const)
    it(
      `plays over a bad line: ${type}`,
      withPrograms(async (programs) => {
        const server = await programs.listen(`${type} 0 --echo`)
        const client = programs.run(
          `connect ${type}://127.0.0.1:${server.port} --conditions latency=150 --wait 2000 --count 1`,
        )
        if (type === 'udp') await client.tells('talking to')
        else await client.prints('succeeded=1')
        client.type('far away')
        const sentMs = performance.now()
        await server.prints('far away')
        const upMs = performance.now() - sentMs
        await client.prints('far away')
        const bothMs = performance.now() - sentMs
        await client.ends(0)
        assert.ok(upMs >= 150 && bothMs >= 300, `${upMs} ms up, ${bothMs} ms both ways`)
      }),
    )

  it(
    'echoes',
    withPrograms(async (programs) => {
      const server = await programs.listen('udp 0 --echo')
      const client = programs.run(`connect udp://127.0.0.1:${server.port} --hex-input --count 1`)
      client.type('01 ff')
      await client.prints('01 ff')
      await client.ends(0)
    }),
  )

  it(
    'prints and answers as many messages as --count names, also of those that arrive at once',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0 --echo --json --count 2')
      const game = await overTcp(server.port, () => {})
      programs.add({ kill: () => game.leave() })
      game.send(['01', '02', '03', '04'].map(packet).join(''))
      await game.hears(packet('01') + packet('02'), () => {})
      await server.ends(0)
      assert.equal(server.payloads, ['01', '02'])
    }),
  )

  it(
    'sends all of its input before it ends',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0 --json')
      const client = programs.run(`connect tcp://localhost:${server.port} --wait 0`)
      const lines = Array.from({ length: 5_000 }, (_, index) => `${index} ${'x'.repeat(100)}`)
      client.type(Buffer.from(`${lines.join('\n')}\nthe last has no end`))
      client.endInput()
      await client.ends(0)
      await server.waitFor(() => server.payloads.length === 5_001)
      assert.is(server.payloads.at(-1), Buffer.from('the last has no end\0').toString('hex'))
    }),
  )

  it(
    'sends the bytes of a file, but for the ends of its lines',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0 --json --raw')
      const client = programs.run(`connect tcp://localhost:${server.port} --raw --line-end lf`)
      client.type(Buffer.from('00ff0d80850a610d0a620a63', 'hex'))
      client.endInput()
      await client.ends(0)
      const sent = '00ff0d80850a610a620a630a'
      await server.waitFor(() => server.payloads.join('') === sent)
    }),
  )

  it(
    'goes on with the rest while there is very much input',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0 --seconds 1')
      server.type(Buffer.alloc(3_000_000, '\n'))
      await server.ends(0)
    }),
  )

  it(
    'shows nothing that could command a terminal',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0 --raw')
      const client = programs.run(`connect tcp://localhost:${server.port} --raw --hex-input`)
      client.type('1b5b324a 07 9b 0d')
      await server.prints('1b 5b 32 4a 07 9b 0d')
      client.type('e280ae 6869')
      await server.prints('"\\u202ehi"')
      assert.not.match(server.output + server.errors, /(?!\n)[\p{Cc}\p{Cf}]/u)
    }),
  )

  it(
    'has colours where it is told to, and none in a pipe',
    withPrograms(async (programs) => {
      for (const [env, printed] of [
        [{ FORCE_COLOR: '1' }, '\u001b[32mconnect'],
        [{}, 'connect  '],
      ] as const) {
        const server = await programs.listen('tcp 0', env)
        programs.run(`connect tcp://localhost:${server.port}`)
        await server.prints(printed)
        assert.is(server.output.includes('\u001b'), printed.includes('\u001b'))
      }
    }),
  )
})

spec('npx bitecs-networking: how it ends', (it) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(
      `0 by ${signal}`,
      withPrograms(async (programs) => {
        const server = await programs.listen('ws 0')
        server.signal(signal)
        await server.ends(0)
      }),
    )

  it(
    '0 after --seconds',
    withPrograms(async (programs) => (await programs.listen('tcp 0 --seconds 1')).ends(0)),
  )

  it(
    '0 when nobody reads its output any more',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0')
      server.closeOutput()
      programs.run(`connect tcp://localhost:${server.port}`)
      await server.ends(0)
      assert.not.match(server.errors, 'EPIPE')
    }),
  )

  it(
    '1 when the output cannot be written, with a message',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0', {}, toFullDisk)
      programs.run(`connect tcp://localhost:${server.port}`)
      await server.ends(1)
      assert.match(server.errors, 'error: cannot write the output (ENOSPC)')
      assert.not.match(server.errors, '    at ')
    }),
  )

  it(
    '1 when the port is taken, with a message',
    withPrograms(async (programs) => {
      const taken = await RawListener.listen()
      programs.add({ kill: () => taken.close() })
      for (const host of ['', '--host 127.0.0.1']) {
        const server = programs.run(`listen tcp ${taken.port} ${host}`.trim())
        await server.ends(1)
        assert.match(server.errors, `cannot listen on tcp port ${taken.port}`)
        assert.not.match(server.errors, '    at ')
      }
    }),
  )

  it(
    '1 when nobody listens, with a message; with --json for programs',
    withPrograms(async (programs) => {
      const port = await freePort()
      const client = programs.run(`connect tcp://127.0.0.1:${port}`)
      await client.ends(1)
      assert.match(client.errors, `cannot connect to tcp://127.0.0.1:${port}: refused`)
      const json = programs.run(`connect ws://127.0.0.1:${port} --json`)
      await json.ends(1)
      assert.is((JSON.parse(json.errors) as { exitCode: number }).exitCode, 1)
    }),
  )

  it(
    '1 when the other end does not answer as GameMaker, with a hint',
    withPrograms(async (programs) => {
      const silent = await RawListener.listen()
      programs.add({ kill: () => silent.close() })
      const client = programs.run(`connect tcp://127.0.0.1:${silent.port} --timeout 200`)
      await client.ends(1)
      assert.match(client.errors, '--raw')
    }),
  )

  it(
    '2 for wrong use, and for files that cannot be read',
    withPrograms(async (programs) => {
      for (const [args, message] of [
        ['liste', 'unknown command "liste"'],
        ['listen tcp 70000', 'port must be a whole number in 0..65535, got "70000"'],
        ['listen wss 0 --cert missing.pem --key missing.pem', 'missing.pem'],
        ['connect tcp://localhost:1 --fast', 'connect has no option --fast'],
        ['connect wss://localhost:1 --ca package.json', 'package.json'],
        [`connect wss://localhost:1 --ca ${key}`, 'must hold certificates in PEM'],
      ] as const) {
        const program = programs.run(args)
        await program.ends(2)
        assert.match(program.errors, message)
        assert.not.match(program.errors, '    at ')
        assert.is(program.output, '')
      }
    }),
  )

  it(
    '1 when the connection is lost, with a message',
    withPrograms(async (programs) => {
      const server = await RawListener.listen()
      programs.add({ kill: () => server.close() })
      const client = programs.run(`connect tcp://127.0.0.1:${server.port} --raw`)
      client.type('hi')
      const peer = await server.accept()
      await peer.take(2)
      peer.reset()
      await client.ends(1)
      assert.match(client.errors, 'error: the connection is lost: reset')
    }),
  )

  it(
    '3 when the server ends the connection',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0')
      const client = programs.run(`connect tcp://localhost:${server.port}`)
      client.type('hi')
      await server.prints('"hi\\0"')
      server.signal('SIGINT')
      await client.ends(3)
    }),
  )

  it(
    '0 for --help and --version',
    withPrograms(async (programs) => {
      for (const args of ['--help', 'listen --help', 'connect --help']) {
        const program = programs.run(args)
        await program.ends(0)
        assert.match(program.output, 'Examples:')
        assert.match(program.output, 'Exit codes:')
      }
      const program = programs.run('--version')
      await program.ends(0)
      assert.match(program.output, /^\d+\.\d+\.\d+\n$/)
    }),
  )
})
