// Errors of the operating system, as this machine really makes them in a network of its own: each becomes the documented code
// or event, and nothing else happens. Those of other files: EMFILE transport/noDescriptors, ENFILE (by a stub) and EADDRINUSE
// transport/bindFaults, all of UDP by stubs transport/udpFaults, names network/udpNames, options api/options.

import { createWorld, type EntityId, hasComponent, query, type World } from 'bitecs'
import {
  AcceptedBy,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  Listening,
  type NetworkError,
  networkErrorName,
  sendUdpRaw,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { spawnSync } from 'node:child_process'
import { createSocket as createUdp } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer as createTcp, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { findUnshare, hasNft, ip, networkRole, nft, runInside } from '../lib/networkNamespace.ts'
import { figure } from '../lib/row.ts'
import { portOf } from '../lib/sockets.ts'
import { specWith } from '../lib/specWith.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

const types = { TCP: SocketType.tcp, WebSocket: SocketType.ws, UDP: SocketType.udp } as const
const streams = ['TCP', 'WebSocket'] as const
const here = '127.0.0.1'
const privileged = 'privileged'
/** Ports whose packets the packet filter drops when they come, and when they leave. */
const [deafPort, forbiddenPort] = [6_002, 6_004]

/** What the system says, where, and what it means to who connects, and to who sends a datagram. */
const ways: readonly (readonly [code: string, host: string, port: number, meaning: Meaning])[] = [
  ['ENETUNREACH', '192.0.2.1', 5, { connect: 'unreachable', send: 'undelivered' }],
  ['EHOSTUNREACH', '10.1.0.1', 5, { connect: 'unreachable', send: 'undelivered' }],
  ['EACCES', '10.2.0.1', 5, { connect: 'general', send: 'undelivered' }],
  ['EINVAL', '10.3.0.1', 5, { connect: 'unreachable', send: 'undelivered' }],
  ['ECONNREFUSED', here, 1, { connect: 'refused', send: 'sent' }],
  ['EPERM', here, forbiddenPort, { connect: 'timedOut', send: 'undelivered' }],
  ['ETIMEDOUT', here, deafPort, { connect: 'timedOut', send: 'sent' }],
]

interface Meaning {
  readonly connect: keyof typeof NetworkError
  readonly send: string
}

/** A world in which everything happens, and what should not. */
class Scene {
  readonly world: World = createWorld()
  readonly faults: string[] = []
  readonly #server: Record<(typeof streams)[number], EntityId>
  readonly #note = (fault: unknown): void => void this.faults.push(String(fault))

  constructor() {
    const { world } = this
    setNetworkConfig(world, { warn: () => {}, connectTimeoutMs: 700 })
    this.#server = {
      TCP: createServer(world, SocketType.tcp, 0),
      WebSocket: createServer(world, SocketType.ws, 0),
    }
    for (const event of ['uncaughtException', 'unhandledRejection', 'warning'])
      process.on(event, this.#note)
  }

  /** The name of the code with which connecting fails, or `connected`. */
  async connect(name: (typeof streams)[number], host: string, port: number): Promise<string> {
    const { world } = this
    const socket = createSocket(world, types[name])
    let result: number | undefined
    void connectSocket(world, socket, host, port).then((it) => (result = it))
    await until(() => result !== undefined, [world])
    destroySocket(world, socket)
    return result! < 0 ? networkErrorName(result!)! : 'connected'
  }

  /** What becomes of a datagram. That it is lost is waited for if it should be, for a moment if it should not. */
  async send(host: string, port: number, expected: string, size = 3): Promise<string> {
    const { world } = this
    const socket = createSocket(world, SocketType.udp)
    const result = sendUdpRaw(world, socket, host, port, new Uint8Array(size))
    const isLost = (): boolean => Socket(world).undelivered[socket]! > 0
    let rounds = 0
    await until(() => isLost() || (expected !== 'undelivered' && rounds++ >= 200), [world])
    const outcome = isLost() ? 'undelivered' : 'sent'
    destroySocket(world, socket)
    return result < 0 ? networkErrorName(result)! : outcome
  }

  /** Why a server cannot listen, or `listens`. */
  async listen(name: keyof typeof types, port: number, host?: string): Promise<string> {
    const { world } = this
    const result = createServer(world, types[name], port, host === undefined ? {} : { host })
    if (result < 0) return networkErrorName(result)!
    const errorOf = (): number => Socket(world).connectError[result] ?? 0
    await until(() => errorOf() < 0 || hasComponent(world, result, Listening), [world])
    const error = errorOf()
    destroySocket(world, result)
    return error < 0 ? networkErrorName(error)! : 'listens'
  }

  /** It still serves, and nothing bad has happened. */
  async assertWell(): Promise<void> {
    const { world } = this
    for (const name of streams) {
      const server = this.#server[name]
      assert.is(await this.connect(name, here, portOf(world, server)), 'connected')
      await until(() => query(world, [Socket, AcceptedBy(server)]).length === 0, [world])
    }
    assert.equal(this.faults, [])
  }

  close(): void {
    closeNetwork(this.world)
  }
}

/** What the system itself says of a way. */
function codeOf(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.setTimeout(500, () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })))
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? ''))
    socket.once('connect', () => resolve(''))
  })
}

function sendCodeOf(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = createUdp('udp4')
    socket.send(Uint8Array.of(1), port, host, (error: NodeJS.ErrnoException | null) => {
      resolve(error?.code ?? '')
      socket.close()
    })
  })
}

function playInside(): void {
  for (const line of ['link set lo up', 'route add unreachable 10.1.0.0/16']) ip(line)
  for (const line of ['route add prohibit 10.2.0.0/16', 'route add blackhole 10.3.0.0/16']) ip(line)
  nft(`table inet faults {
    chain input {
      type filter hook input priority 0;
      meta l4proto { tcp, udp } th dport ${deafPort} drop
    }
    chain output {
      type filter hook output priority 0;
      meta l4proto { tcp, udp } th dport ${forbiddenPort} drop
    }
  }`)
  const scene = new Scene()
  const known: string[] = []
  const note = (code: string, ...outcomes: readonly string[]): void => {
    known.push(`${code} ${outcomes.join('/')}`)
  }
  spec('errors of the system', (it) => {
    for (const [code, host, port, meaning] of ways)
      it(code, async () => {
        const said = code === 'EPERM' ? await sendCodeOf(host, port) : await codeOf(host, port)
        assert.is(said, code)
        for (const name of streams)
          assert.is(await scene.connect(name, host, port), meaning.connect, name)
        assert.is(await scene.send(host, port, meaning.send), meaning.send, 'UDP')
        note(code, meaning.connect, meaning.send)
      })

    it('EMSGSIZE', async () => {
      assert.is(await scene.send(here, 9, 'tooLarge', 70_000), 'tooLarge')
      note('EMSGSIZE', 'tooLarge')
    })

    it('EADDRINUSE', async () => {
      const taken = createTcp().listen(0)
      await until(() => taken.listening)
      const { port } = taken.address() as AddressInfo
      for (const name of streams) assert.is(await scene.listen(name, port), 'portUnavailable', name)
      taken.close()
      const udp = createUdp('udp6')
      await new Promise<void>((resolve) => {
        udp.bind(0, resolve)
      })
      assert.is(await scene.listen('UDP', udp.address().port), 'portUnavailable')
      udp.close()
      note('EADDRINUSE', 'portUnavailable')
    })

    it('EADDRNOTAVAIL: an address of another machine', async () => {
      for (const name of Object.keys(types) as (keyof typeof types)[])
        assert.is(await scene.listen(name, 0, '192.0.2.1'), 'unreachable', name)
      note('EADDRNOTAVAIL', 'unreachable')
    })

    it('EACCES: a port of the privileged', () => {
      const command = ['--bounding-set=-net_bind_service', '--inh-caps=-net_bind_service']
      const self = [process.execPath, process.argv[1]!, privileged]
      const { stdout } = spawnSync('setpriv', [...command, ...self], { encoding: 'utf8' })
      assert.equal(JSON.parse(stdout), {
        TCP: 'portUnavailable',
        WebSocket: 'portUnavailable',
        UDP: 'portUnavailable',
      })
      note('EACCES of a port', 'portUnavailable')
    })

    it('ECONNRESET and EPIPE: who is connected is closed at once', async () => {
      const reset = createTcp((socket) => socket.resetAndDestroy()).listen(0, here)
      await until(() => reset.listening)
      const { port } = reset.address() as AddressInfo
      for (const name of streams)
        assert.is(await scene.connect(name, here, port), 'connectionClosed', name)
      reset.close()
      note('ECONNRESET', 'connectionClosed')
    })

    it('EAI_AGAIN and ENOTFOUND: no name service, and one that knows no such name', async () => {
      await withNameService(async (start) => {
        for (const code of ['EAI_AGAIN', 'ENOTFOUND']) {
          const host = `${code.replaceAll('_', '-')}.name`
          assert.is(await codeOf(host, 5), code)
          for (const name of streams)
            assert.is(await scene.connect(name, host, 5), 'hostNotFound', name)
          assert.is(await scene.send(host, 5, 'undelivered'), 'undelivered', code)
          note(code, 'hostNotFound', 'undelivered')
          if (code === 'EAI_AGAIN') await start()
        }
      })
    })

    it('bad ports, and closing twice', async () => {
      const { world } = scene
      const socket = createSocket(world, SocketType.tcp)
      for (const port of [-1, 65_536, 1.5, Number.NaN])
        await assertRejects(() => connectSocket(world, socket, here, port))
      destroySocket(world, socket)
      destroySocket(world, socket)
      assert.is(networkErrorName(await connectSocket(world, socket, here, 5)), 'unknownSocket')
      note('a closed socket', 'unknownSocket')
    })

    it('the servers serve as before, and nothing else has happened', async () => {
      await scene.assertWell()
      scene.close()
      figure('R-19', `${known.length} errors of the system, 0 bad: ${known.join(', ')}`)
    })
  })
}

async function assertRejects(run: () => Promise<unknown>): Promise<void> {
  const failed = await (async () => run())().then(
    () => false,
    (error: unknown) => error instanceof RangeError || error instanceof TypeError,
  )
  assert.ok(failed)
}

/** Names are asked of this machine alone; `start` starts a service that knows none. */
async function withNameService(run: (start: () => Promise<void>) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bitecs-networking-'))
  const file = join(folder, 'resolv.conf')
  writeFileSync(file, `nameserver ${here}\noptions timeout:1 attempts:1\n`)
  assert.is(spawnSync('mount', ['--bind', file, '/etc/resolv.conf']).status, 0)
  const service = createUdp('udp4')
  service.on('message', (query, { port, address }) => {
    const answer = Buffer.from(query)
    // A response: no such name (RFC 1035 section 4.1.1).
    answer.writeUInt16BE(0x8183, 2)
    service.send(answer, port, address)
  })
  try {
    await run(
      () =>
        new Promise((resolve) => {
          service.bind(53, here, resolve)
        }),
    )
  } finally {
    service.close()
    spawnSync('umount', ['/etc/resolv.conf'])
    rmSync(folder, { recursive: true })
  }
}

async function playPrivileged(): Promise<void> {
  const scene = new Scene()
  const results: Record<string, string> = {}
  for (const name of Object.keys(types) as (keyof typeof types)[])
    results[name] = await scene.listen(name, 80)
  console.log(JSON.stringify(results))
  process.exit()
}

function playOutside(): void {
  const unshare = hasNft() ? findUnshare() : undefined
  const needed = { name: 'nft, or a network of its own,', path: unshare?.join(' ') }
  specWith(needed, 'errors of the system, in a network of its own', (it, path) => {
    it('passes its cases there', async () => {
      const { code, output } = await runInside([...path.split(' '), '-m'])
      assert.is(code, 0, output)
      for (const [line] of output.matchAll(/^.*(R-19: .*)$/gm)) console.log(line)
    })
  })
}

if (process.argv[2] === privileged) void playPrivileged()
else if (networkRole === 'near') playInside()
else playOutside()
