import { createWorld } from 'bitecs'
import { closeNetwork, setNetworkConfig } from 'bitecs-networking'
import {
  buffer_delete,
  buffer_exists,
  buffer_get_address,
  buffer_get_used_size,
  buffer_tell,
  ds_exists,
  ds_list_destroy,
  ds_list_find_value,
  ds_list_size,
  ds_map_destroy,
  ds_map_find_first,
  ds_map_find_next,
  ds_map_find_value,
  ds_map_is_list,
  ds_map_is_map,
  ds_map_size,
  ds_type_list,
  ds_type_map,
  gml_bind,
  gml_entity,
  gml_profile,
  type GmlProfile,
} from 'bitecs-networking/gml'
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { turns } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { type Argument, type GmlCall, gmlCalls, type HandleKind } from './GmlCalls.ts'

/** A handle of one kind: each kind counts in a row of its own. */
interface Named {
  readonly kind: HandleKind
  readonly handle: number
}

/** One call: which function, and numbers from which its arguments are drawn. */
interface Step {
  readonly call: number
  readonly draws: readonly number[]
}

const step: fc.Arbitrary<Step> = fc.record({
  call: fc.nat(gmlCalls.length - 1),
  draws: fc.array(fc.nat(999), { minLength: 8, maxLength: 8 }),
})

const kindOf: Readonly<Partial<Record<Argument, HandleKind>>> = {
  buffer: 'buffer',
  map: 'map',
  list: 'list',
  socket: 'socket',
}

/** What ends the life of its first argument. */
const enders = ['buffer_delete', 'ds_map_destroy', 'ds_list_destroy', 'network_destroy']

/** What no handle can be. */
const strange: readonly unknown[] = [
  -1,
  -4,
  -1e9,
  1e9,
  0.5,
  2 ** 53,
  Infinity,
  NaN,
  undefined,
  'zero',
  null,
]

const counts = [0, 1, 2, 3, 4, 7, 8, 16, 40, 64, -1, -5, 2.9, 300, 1e6, 2 ** 31, NaN, Infinity]
const values = [0, 1, -1, 300, 2 ** 40, NaN, 7n, 'text', '', 'é😀', true, false, undefined]
const keys = ['a', 'b', 5, '5', undefined, NaN, '__proto__']
const texts = [
  '',
  'AAEC',
  '{"a":[1,{"b":2}]}',
  '[[]]',
  'nonsense',
  '{"default":1',
  'AA',
  '\0',
  '2F01000000000000',
]
const ports = [0, 1, 70_000, -1, 1.5]
const socketTypes = [0, 1, 2, 6, 7, 3, 100, -1]

/** A run of calls on one world, and what is known of all handles that were ever given. */
class Run {
  readonly given = new Map<string, Named>()
  readonly live = new Map<string, Named>()

  take({ call, draws }: Step): void {
    const { name, run, takes, makes } = gmlCalls[call]!
    const args = takes.map((argument, at) => this.#draw(argument, draws[at]!))
    const before = this.#contents(this.#touched(takes, args))
    let result: unknown
    try {
      result = (run as (...values: unknown[]) => unknown)(...args)
    } catch (error) {
      this.#checkError(name, error)
    }
    for (const [key, content] of before) {
      const now = contentOf(this.live.get(key)!)
      assert.is(now, content, `${name}(${args.map(String).join(', ')}) has changed ${key}`)
    }
    const [first] = args as [number]
    const [kind] = takes.map((argument) => kindOf[argument])
    const named = kind && this.live.get(keyOf(kind, first))
    if (enders.includes(name) && named !== undefined && named.handle === first)
      assert.not.ok(exists(named), `${name}(${first}) has left it`)
    for (const [key, named] of this.live) if (!exists(named)) this.live.delete(key)
    if (makes !== undefined && typeof result === 'number' && result >= 0) this.#add(makes, result)
    this.#findNew()
    for (const [key, named] of this.given)
      if (!this.live.has(key)) assert.not.ok(exists(named), `${key} lives again`)
  }

  /** So that no later run meets what this one has left. */
  end(): void {
    for (const { kind, handle } of this.live.values()) {
      if (!exists({ kind, handle })) continue
      if (kind === 'buffer') buffer_delete(handle)
      if (kind === 'map') ds_map_destroy(handle)
      if (kind === 'list') ds_list_destroy(handle)
    }
  }

  #draw(argument: Argument, number: number): unknown {
    const kind = kindOf[argument]
    if (kind !== undefined) return this.#drawHandle(kind, number)
    return pick(choicesOf(argument), number)
  }

  /** Mostly a live one of the kind, otherwise one of another kind, one that is gone, or none at all. */
  #drawHandle(kind: HandleKind, number: number): unknown {
    const share = number % 10
    const fit = [...this.live.values()].filter((named) => named.kind === kind)
    const rest = Math.floor(number / 10)
    if (share < 6 && fit.length > 0) return pick(fit, rest).handle
    if (share < 9 && this.given.size > 0) return pick([...this.given.values()], rest).handle
    return pick(strange, rest)
  }

  /** What a call may change: its arguments, and what they own. */
  #touched(takes: readonly Argument[], args: readonly unknown[]): Set<string> {
    const found = new Set<string>()
    const waiting = takes.flatMap((argument, at): Named[] => {
      const kind = kindOf[argument]
      return kind === undefined ? [] : [{ kind, handle: args[at] as number }]
    })
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const key = keyOf(next.kind, next.handle)
      const named = this.live.get(key)
      if (found.has(key) || named === undefined) continue
      found.add(key)
      waiting.push(...ownedBy(named))
    }
    return found
  }

  #contents(except: ReadonlySet<string>): [string, string][] {
    return [...this.live]
      .filter(([key]) => !except.has(key))
      .map(([key, named]) => [key, contentOf(named)])
  }

  #checkError(name: string, error: unknown): void {
    assert.instance(error, Error)
    const { message } = error as Error
    assert.ok(message.startsWith(`${name}: `), `${name} throws ${JSON.stringify(message)}`)
  }

  #add(kind: HandleKind, handle: number): void {
    const key = keyOf(kind, handle)
    // Only those of sockets are given again, and none that is in use.
    const isKnown = kind === 'socket' ? this.live.has(key) : this.given.has(key)
    assert.not.ok(isKnown, `the handle ${key} is given again`)
    this.given.set(key, { kind, handle })
    this.live.set(key, { kind, handle })
  }

  /** Maps and lists that json_decode has made inside others. */
  #findNew(): void {
    for (const named of this.live.values())
      for (const { kind, handle } of ownedBy(named))
        if (!this.given.has(keyOf(kind, handle))) this.#add(kind, handle)
  }
}

function keyOf(kind: HandleKind, handle: number): string {
  return `${kind} ${handle}`
}

function pick<Thing>(from: readonly Thing[], number: number): Thing {
  return from[number % from.length]!
}

function choicesOf(argument: Argument): readonly unknown[] {
  switch (argument) {
    case 'count':
      return counts
    case 'index':
      return [0, 1, 2, 5, -1, 2.9, 40, NaN]
    case 'type':
      return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, undefined]
    case 'kind':
      return [0, 1, 2, 3, 4, -1]
    case 'base':
      return [0, 1, 2, 3]
    case 'value':
      return values
    case 'key':
      return keys
    case 'text':
      return texts
    case 'file':
      return ['there-is-no-such-file.bin', '', 5]
    case 'host':
      return ['127.0.0.1', '', '::1', 5]
    case 'port':
      return ports
    case 'socketType':
      return socketTypes
    default:
      return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  }
}

function exists({ kind, handle }: Named): boolean {
  if (kind === 'buffer') return buffer_exists(handle)
  if (kind === 'map') return ds_exists(handle, ds_type_map)
  if (kind === 'list') return ds_exists(handle, ds_type_list)
  return gml_entity(handle) >= 0
}

function contentOf({ kind, handle }: Named): string {
  switch (kind) {
    case 'buffer':
      return bufferContent(handle)
    case 'map':
      return mapContent(handle)
    case 'list':
      return listContent(handle)
    default:
      return String(gml_entity(handle))
  }
}

/** What goes when the structure goes. */
function ownedBy({ kind, handle }: Named): Named[] {
  if (kind === 'map')
    return keysOf(handle)
      .flatMap((key): Named[] => {
        const child = ds_map_find_value(handle, key) as number
        if (ds_map_is_map(handle, key)) return [{ kind: 'map', handle: child }]
        return ds_map_is_list(handle, key) ? [{ kind: 'list', handle: child }] : []
      })
      .filter(exists)
  if (kind !== 'list') return []
  // A list may own what it holds, so all that could be handles count.
  return Array.from({ length: ds_list_size(handle) }, (_, at) => ds_list_find_value(handle, at))
    .filter((value): value is number => Number.isInteger(value))
    .flatMap((child): Named[] => [
      { kind: 'map', handle: child },
      { kind: 'list', handle: child },
    ])
    .filter(exists)
}

/** Not by ds_map_keys_to_array, so that one is tested too. */
function keysOf(map: number): unknown[] {
  const found: unknown[] = []
  let key: unknown = ds_map_find_first(map)
  for (let left = ds_map_size(map); left > 0; left--) {
    found.push(key)
    key = ds_map_find_next(map, key)
  }
  return found
}

function bufferContent(buffer: number): string {
  const bytes = buffer_get_address(buffer)!
  const sample = Buffer.from(bytes.subarray(0, 4096)).toString('hex')
  return `${bytes.length} ${buffer_tell(buffer)} ${buffer_get_used_size(buffer)} ${sample}`
}

function mapContent(map: number): string {
  return keysOf(map)
    .map((key) => `${typeof key} ${String(key)}: ${String(ds_map_find_value(map, key))}`)
    .join(', ')
}

function listContent(list: number): string {
  const size = ds_list_size(list)
  return Array.from({ length: size }, (_, at) => String(ds_list_find_value(list, at))).join(', ')
}

function names(steps: readonly Step[]): string {
  return steps.map(({ call }) => (gmlCalls[call] as GmlCall).name).join(' ')
}

const profiles: readonly GmlProfile[] = ['default', 'manual', 'html5', 'native', '2018']

spec(
  'handles of the gml face',
  (it) => {
    for (const profile of profiles)
      it(`no call reaches what it is not given (${profile})`, async () => {
        gml_profile(profile)
        await fc.assert(
          fc.asyncProperty(
            fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
            async (steps) => {
              const world = createWorld()
              setNetworkConfig(world, { warn: () => {} })
              gml_bind(world)
              const run = new Run()
              try {
                for (const one of steps) run.take(one)
              } catch (error) {
                console.log((error as Error).message, 'in:', names(steps))
                throw error
              } finally {
                run.end()
                closeNetwork(world)
                // Sockets close when the event loop turns.
                await turns(1)
              }
            },
          ),
          { numRuns: 600 },
        )
        gml_profile('default')
      })
  },
  120_000,
)
