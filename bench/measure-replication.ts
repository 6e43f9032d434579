// What replication takes in bytes, time and memory, beside JSON, the serializers of bitECS and @colyseus/schema, which is left out
// unless bench/peers is installed.
import { removeEntity } from 'bitecs'
import { colyseusViewMs, createColyseus, loadSchema } from './lib/replication/colyseus.ts'
import { createCubes } from './lib/replication/Cubes.ts'
import { type Encoding, worstError } from './lib/replication/Encoding.ts'
import { createJson, createSoA } from './lib/replication/otherEncodings.ts'
import { createCubeParty, createGame, type Game } from './lib/replication/ours.ts'
import { median } from './lib/statistics.ts'
import { formatTable } from './lib/table.ts'

const [seed, warmUp, frames] = [7, 100, 300]
/** Half a step of the coarsest numbers here, 16 bits over 512, and a bit more. */
const errorMax = 0.005
const peers = ([4, 5] as const).map((major) => ({ major, of: loadSchema(major) }))

console.log(
  `seed ${seed}; every frame is decoded and compared, and an error above ${errorMax} fails`,
)
if (peers.some(({ of }) => of === undefined))
  console.log('@colyseus/schema 4 and 5 are left out: npm install --prefix bench/peers')
await showBytes('901 cubes, 90 of them moving', 901, 90)
const allMoving = await showBytes('200 cubes, all moving', 200, 200)
await showGoals(allMoving)
await showViews()

async function showBytes(title: string, count: number, moving: number): Promise<number> {
  const cubes = createCubes(seed, count, moving)
  const others: Encoding[] = [createJson(cubes), createSoA(cubes)]
  for (const { major, of } of peers)
    if (of !== undefined) {
      const name = `@colyseus/schema ${major}`
      others.push(createColyseus(name, of, cubes, false))
      if (major === 5) others.push(createColyseus(`${name}, quantized`, of, cubes, true))
    }
  const { party, write, read } = await createCubeParty(cubes, 1)
  const totals = others.map(() => 0)
  const errors = [...others, undefined].map(() => 0)
  let from = party.sent()
  for (let frame = 0; frame < warmUp + frames; frame++) {
    if (frame === warmUp) from = party.sent()
    cubes.step()
    write()
    await party.tick()
    for (const [at, encoding] of others.entries()) {
      const bytes = encoding.send()
      if (frame >= warmUp) totals[at]! += bytes
      check(at, encoding)
    }
    check(others.length, { name: 'replication', send: () => 0, read })
  }
  const to = party.sent()
  const payload = (to.payload - from.payload) / frames
  const wire = (to.wire - from.wire) / frames
  const row = (name: string, bytes: number, error: number): string[] => [
    name,
    bytes.toFixed(0),
    `${(bytes / wire).toFixed(1)} ×`,
    error.toFixed(4),
  ]
  console.log(
    `\n${formatTable([
      [title, 'bytes a frame', '÷ ours', 'worst error'],
      ...others.map(({ name }, at) => row(name, totals[at]! / frames, errors[at]!)),
      row('replication, snapshot alone', payload, errors.at(-1)!),
      row('replication, with WebSocket frame', wire, errors.at(-1)!),
    ])}`,
  )
  return wire

  function check(at: number, encoding: Encoding): void {
    const error = worstError(cubes, encoding)
    errors[at] = Math.max(errors[at]!, error)
    if (!(error <= errorMax)) throw new Error(`${encoding.name}: decoded wrongly by ${error}`)
  }
}

async function showGoals(wireBytesOfCubes: number): Promise<void> {
  const rows: string[][] = [['', 'measured', 'goal']]
  const game = await createGame(200, 1)
  const row = (name: string, measured: string, goal: string): void =>
    void rows.push([name, measured, goal])
  for (const [hz, goal] of [
    [20, 27],
    [30, 40],
    [60, 80],
  ] as const)
    row(
      `G2 200 cubes, all moving, ${hz} Hz, kB/s a client`,
      ((wireBytesOfCubes * hz) / 1_000).toFixed(1),
      `≤ ${goal}`,
    )
  row('G2 at rest, bytes', String((await wireBytes(game, 10, () => {})).wire), '≤ 20')
  const one = await wireBytes(game, 1, () => game.party.server.Health[game.entities[50]!]!++)
  row('G3 a changed u8, payload', String(one.payload), '≤ 20')
  const gone = await wireBytes(game, 1, () => removeEntity(game.party.server, game.entities[60]!))
  row('G3 a despawn, payload', String(gone.payload), '≤ 22')

  for (const [name, moved, goal] of [
    ['changed', 100, 0.6],
    ['unchanged', 0, 0.05],
  ] as const) {
    const times = new Map<number, number>()
    for (const clients of [1, 10, 50, 200]) {
      const crowd = await createGame(100, clients)
      const { ms, heap } = await costs(crowd, moved)
      times.set(clients, ms)
      row(`G4 ${clients} clients × 100 ${name}, µs a pair`, ((ms * 10) / clients).toFixed(3), '')
      if (clients === 50)
        row(`G6 server, 50 clients ${name}, heap bytes a snapshot with transport`, String(heap), '')
    }
    const pair = ((times.get(200)! - times.get(1)!) * 1_000) / (199 * 100)
    row(`G4 a pair more, ${name}, µs`, pair.toFixed(3), `≤ ${goal}`)
  }
  const client = await createGame(2_000, 1)
  const applied: number[] = []
  for (let turn = 0; turn < 120; turn++) {
    client.move(200)
    await client.party.tick()
    if (turn >= 60) applied.push(client.party.last.applyMs)
  }
  row('G5 apply 200 changed of 2,000, ms', median(applied).toFixed(3), '≤ 1')
  console.log(`\n${formatTable(rows)}`)
}

async function wireBytes(
  { party }: Game,
  ticks: number,
  change: () => void,
): Promise<{ payload: number; wire: number }> {
  const from = party.sent()
  for (let tick = 0; tick < ticks; tick++) {
    change()
    await party.tick()
  }
  const to = party.sent()
  return { payload: (to.payload - from.payload) / ticks, wire: (to.wire - from.wire) / ticks }
}

async function costs({ party, move }: Game, moved: number): Promise<{ ms: number; heap: number }> {
  const [times, heaps]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < 60; turn++) {
    move(moved)
    await party.tick()
    if (turn < 30) continue
    times.push(party.last.sendMs)
    if (party.last.heapBytes >= 0) heaps.push(party.last.heapBytes)
  }
  return { ms: median(times), heap: Math.round(median(heaps)) }
}

async function showViews(): Promise<void> {
  const rows: string[][] = [['901 cubes, 90 moving: ms a frame to encode', '1', '10', '50 clients']]
  const counts = [1, 10, 50]
  const ours: string[] = []
  for (const clients of counts) {
    const cubes = createCubes(seed, 901, 90)
    const { party, write } = await createCubeParty(cubes, clients)
    const times: number[] = []
    for (let frame = 0; frame < 30; frame++) {
      cubes.step()
      write()
      await party.tick()
      if (frame >= 10) times.push(party.last.sendMs)
    }
    ours.push(median(times).toFixed(2))
  }
  rows.push(['replication', ...ours])
  for (const { major, of } of peers)
    if (of !== undefined)
      rows.push([
        `@colyseus/schema ${major}, a StateView each`,
        ...counts.map((clients) =>
          colyseusViewMs(of, createCubes(seed, 901, 90), clients, 20).toFixed(2),
        ),
      ])
  console.log(`\n${formatTable(rows)}`)
}
