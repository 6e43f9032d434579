// Peers that die without a word: killed, stopped, cut off, forgotten, reset. The limits are those of SECURITY.md, "dies silently".
// What needs a network of its own runs at the sizes of CI and above, all of it at once, since most of it is waiting.

import { DisconnectReason } from 'bitecs-networking'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { findUnshare, hasNft, ip, networkRole, nft, runInside } from '../lib/networkNamespace.ts'
import { patience } from '../lib/patience.ts'
import { amountOf, figure } from '../lib/row.ts'
import { specWith } from '../lib/specWith.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { assertEnded, type Group, Host, inSeconds, livesAsPeers, type Name } from './mortalPeers.ts'

/** What a machine that is busy may add to each limit. */
const slackMs = amountOf({ test: 3_000, soak: 0 }) * patience
const tickMs = 1_000 / 60
const killedMs = 100 + tickMs + slackMs
const idleMs = 25_000 + slackMs
const sendingMs = 17_000 + slackMs
const askedMs = 22_000 + slackMs
const reliableMs = 11_000 + slackMs
const outageMs = 3_000
const { closed, reset, timedOut } = DisconnectReason

const streams = ['TCP', 'raw TCP', 'WebSocket'] as const
const byte = Uint8Array.of(7)

function playOutside(): void {
  spec('peers that die', (it) => {
    it('kill -9: one event each, at once', () => withHost({}, killAll))

    it('SIGSTOP: a WebSocket peer is lost when it does not answer, TCP goes on where it was', () =>
      withHost({ pingIntervalMs: 300, pongTimeoutMs: 300 }, stopShortly))
  })
  if (amountOf({ test: 0, ci: 1 }) === 0) return
  const unshare = hasNft() ? findUnshare() : undefined
  const needed = { name: 'nft, or a network of its own,', path: unshare?.join(' ') }
  specWith(
    needed,
    'peers that die, in a network of its own',
    (it, path) => {
      it('passes its cases there', async () => {
        const { code, output } = await runInside(path.split(' '), 75_000 * patience)
        assert.is(code, 0, output)
        for (const [line] of output.matchAll(/^R-13: .*$/gm)) console.log(line)
      })
    },
    120_000,
  )
}

async function withHost(
  config: ConstructorParameters<typeof Host>[0],
  run: (host: Host) => Promise<void>,
): Promise<void> {
  const host = new Host(config)
  try {
    await run(host)
  } finally {
    host.close()
  }
}

async function killAll(host: Host): Promise<void> {
  const group = await host.open()
  const other = await host.open()
  const ms = await kill(host, group)
  figure('R-13', `kill -9: ${ms.map(inSeconds).join(', ')} over ${streams.join(', ')}`)
  await assertAlive(host, other)
  assert.is(host.ends.length, streams.length)
}

async function kill(host: Host, group: Group): Promise<number[]> {
  const since = performance.now()
  group.program.end('SIGKILL')
  await until(() => streams.every((name) => host.endsOf(name, group).length > 0))
  return streams.map((name) => {
    const { reason } = host.endsOf(name, group)[0]!
    assert.ok(reason === closed || reason === reset, `${name}: ${reason}`)
    return assertEnded(host, name, group, [since, killedMs])
  })
}

async function stopShortly(host: Host): Promise<void> {
  const group = await host.open()
  const other = await host.open()
  process.kill(group.program.pid, 'SIGSTOP')
  const since = performance.now()
  await until(() => host.ends.length > 0)
  const ms = assertEnded(host, 'WebSocket', group, [since, 3_000 + slackMs])
  assert.ok(ms >= 600, `${ms} ms`)
  assert.is(host.ends[0]!.reason, timedOut)
  process.kill(group.program.pid, 'SIGCONT')
  await assertAlive(host, group, ['TCP', 'raw TCP', 'reliable UDP'])
  await assertAlive(host, other)
  assert.is(host.ends.length, 1)
}

/** They send back what they get. */
async function assertAlive(
  host: Host,
  group: Group,
  names: readonly Name[] = [...streams, 'reliable UDP'],
): Promise<void> {
  const before = names.map((name) => host.heard(name, group).length)
  for (const name of names) assert.ok(host.send(name, group, byte) > 0, name)
  await until(() => names.every((name, at) => host.heard(name, group).length === before[at]! + 1))
}

/**
 * Ports of peers whose packets are dropped, whose connections are reset, and to which there is said to be no way. A port is
 * one of a protocol: that of a UDP peer may be the number of a TCP server.
 */
const rules = `table inet holes {
  set gone { type inet_proto . inet_service; }
  set refused { type inet_proto . inet_service; }
  set lost { type inet_proto . inet_service; }
  chain input {
    type filter hook input priority 0;
    meta l4proto . th sport @gone drop
    meta l4proto . th dport @gone drop
    meta l4proto tcp meta l4proto . th dport @refused reject with tcp reset
    meta l4proto tcp meta l4proto . th dport @lost reject with icmp host-unreachable
  }
}`

function setRule(set: 'gone' | 'refused' | 'lost', { ports }: Group, verb = 'add'): void {
  const elements = [...streams, 'reliable UDP' as const].map(
    (name) => `${name === 'reliable UDP' ? 'udp' : 'tcp'} . ${ports[name]}`,
  )
  nft(`${verb} element inet holes ${set} { ${elements.join(', ')} }`)
}

function playInside(): void {
  ip('link set lo up')
  nft(rules)
  const host = new Host()
  const kinds = ['down', 'idle', 'talking', 'full', 'stopped', 'stoppedFull', 'killed'] as const
  const others = ['forgotten', 'refused', 'lost', 'well'] as const
  const opened = (async () => {
    const groups = {} as Record<(typeof kinds | typeof others)[number], Group>
    for (const kind of [...kinds, ...others]) groups[kind] = await host.open()
    return groups
  })()
  const begun = opened.then((groups) => cutLink(host, groups.down)).then(() => opened)
  /** A case that begins with all others, after the link was down. */
  const together = (
    run: (groups: Awaited<typeof opened>, since: number) => Promise<void>,
  ): (() => Promise<void>) => {
    const done = begun.then((groups) => run(groups, performance.now()))
    done.catch(() => {})
    return () => done
  }
  const cases: Record<string, () => Promise<void>> = {
    'the link down for 3 s: nothing is lost, nobody ends': () => begun.then(() => {}),
    'a black hole while idle': together(async ({ idle }, since) => {
      setRule('gone', idle)
      await assertTimedOut(host, 'black hole, idle', idle, [since, idleMs], streams)
    }),
    'a black hole while little is sent': together(async ({ talking }, since) => {
      setRule('gone', talking)
      for (const name of [...streams, 'reliable UDP'] as const)
        host.sendOn(name, talking, byte, 25_000)
      const what = 'black hole, a byte sent in each tick'
      await assertTimedOut(host, what, talking, [since, reliableMs], ['reliable UDP'])
      await assertTimedOut(host, what, talking, [since, sendingMs], streams)
    }),
    'a black hole while much is sent': together(async ({ full }, since) => {
      setRule('gone', full)
      fill(host, full)
      await assertTimedOut(host, 'black hole, queue full', full, [since, sendingMs], streams)
    }),
    'SIGSTOP while idle': together(async ({ stopped }, since) => {
      process.kill(stopped.program.pid, 'SIGSTOP')
      host.send('reliable UDP', stopped, byte)
      await assertTimedOut(host, 'SIGSTOP', stopped, [since, reliableMs], ['reliable UDP'])
      await assertTimedOut(host, 'SIGSTOP', stopped, [since, askedMs], ['WebSocket'])
      process.kill(stopped.program.pid, 'SIGCONT')
      await assertAlive(host, stopped, ['TCP', 'raw TCP'])
    }),
    'SIGSTOP while much is sent': together(async ({ stoppedFull }, since) => {
      process.kill(stoppedFull.program.pid, 'SIGSTOP')
      fill(host, stoppedFull)
      await assertTimedOut(host, 'SIGSTOP, queue full', stoppedFull, [since, sendingMs], streams)
    }),
    'kill -9': together(async ({ killed }, since) => {
      await kill(host, killed)
      host.send('reliable UDP', killed, byte)
      await assertTimedOut(host, 'kill -9', killed, [since, reliableMs], ['reliable UDP'])
    }),
    'a machine that has forgotten its peers': together(({ forgotten }) => forget(host, forgotten)),
    'a reset on the way': together(async ({ refused }) => {
      setRule('refused', refused)
      await assertReset(host, 'a reset on the way', refused)
    }),
    'no way to the host for 3 s': together(async ({ lost }) => {
      setRule('lost', lost)
      for (const name of streams) host.send(name, lost, byte)
      await delay(outageMs)
      setRule('lost', lost, 'delete')
      await until(() => streams.every((name) => host.heard(name, lost).length === 1))
      await assertAlive(host, lost)
    }),
  }
  spec(
    'inside',
    (it) => {
      for (const [name, run] of Object.entries(cases)) it(name, run)

      it('each has ended once, and nobody else', async () => {
        try {
          const groups = await opened
          await assertAlive(host, groups.well)
          const keys = host.ends.map(({ name, port }) => `${name} ${port}`)
          assert.is(new Set(keys).size, keys.length)
          for (const each of [groups.down, groups.lost, groups.well])
            for (const name of [...streams, 'reliable UDP'] as const)
              assert.is(host.endsOf(name, each).length, 0)
        } finally {
          host.close()
        }
      })
    },
    60_000,
  )
}

/** The interface goes down and comes back, while numbers are sent. */
async function cutLink(host: Host, group: Group): Promise<void> {
  const names = [...streams, 'reliable UDP'] as const
  const sent: number[] = []
  const send = (): void => {
    for (const name of names)
      assert.ok(host.send(name, group, Uint8Array.of(sent.length % 256)) > 0)
    sent.push(sent.length % 256)
  }
  const timer = setInterval(send, 50)
  try {
    await delay(500)
    ip('link set lo down')
    await delay(outageMs)
    ip('link set lo up')
    await delay(500)
  } finally {
    clearInterval(timer)
  }
  await until(() => names.every((name) => host.heard(name, group).length >= sent.length))
  for (const name of names) assert.equal(host.heard(name, group), sent, name)
  assert.equal(host.ends, [])
  figure(
    'R-13',
    `link down for ${outageMs / 1_000} s: ${sent.length} messages over ${names.join(', ')}, 0 lost`,
  )
}

/** Sends until nothing more is taken, so that bytes wait in this process too. */
function fill(host: Host, group: Group): void {
  const bytes = new Uint8Array(65_536)
  for (const name of streams) {
    let result = 1
    for (let count = 0; count < 1_000 && result > 0; count++) result = host.send(name, group, bytes)
    host.sendOn(name, group, bytes, 1_000)
  }
}

async function assertTimedOut(
  host: Host,
  what: string,
  group: Group,
  [since, limitMs]: readonly [since: number, limitMs: number],
  names: readonly Name[],
): Promise<void> {
  await until(() => names.every((name) => host.endsOf(name, group).length > 0), [], 40_000)
  const ms = names.map((name) => {
    assert.is(host.endsOf(name, group)[0]!.reason, timedOut, name)
    return assertEnded(host, name, group, [since, limitMs])
  })
  figure('R-13', `${what}: ${names.map((name, at) => `${name} ${inSeconds(ms[at]!)}`).join(', ')}`)
}

/** Its kernel knows nothing of the connections any more: what it is sent is answered by a reset. */
async function forget(host: Host, group: Group): Promise<void> {
  // What was not read makes the end a reset, which is lost on the way.
  process.kill(group.program.pid, 'SIGSTOP')
  for (const name of streams) host.send(name, group, byte)
  await delay(300)
  setRule('gone', group)
  group.program.end('SIGKILL')
  await group.program.exitCode
  await delay(300)
  for (const name of streams) assert.is(host.endsOf(name, group).length, 0, name)
  setRule('gone', group, 'delete')
  await assertReset(host, 'forgotten by the peer', group)
}

async function assertReset(host: Host, what: string, group: Group): Promise<void> {
  const since = performance.now()
  for (const name of streams) host.send(name, group, byte)
  await until(() => streams.every((name) => host.endsOf(name, group).length > 0))
  const ms = streams.map((name) => {
    assert.is(host.endsOf(name, group)[0]!.reason, reset, name)
    return assertEnded(host, name, group, [since, 1_000 + slackMs])
  })
  figure('R-13', `${what}: ${ms.map(inSeconds).join(', ')} after the next send`)
}

if (!livesAsPeers()) {
  if (networkRole === 'near') playInside()
  else playOutside()
}
