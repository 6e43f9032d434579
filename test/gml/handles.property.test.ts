import { createWorld } from 'bitecs'
import { closeNetwork, setNetworkConfig } from 'bitecs-networking'
import {
  buffer_exists,
  buffer_get_address,
  buffer_get_used_size,
  buffer_tell,
  ds_exists,
  ds_list_find_value,
  ds_list_size,
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
  '0',
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
  readonly given: { readonly kind: HandleKind; readonly handle: number }[] = []
  readonly live = new Map<number, HandleKind>()

  take({ call, draws }: Step): void {
    const { name, run, takes, makes } = gmlCalls[call]!
    const args = takes.map((argument, at) => this.#draw(argument, draws[at]!))
    const before = this.#contents(this.#touched(args))
    let result: unknown
    try {
      result = (run as (...values: unknown[]) => unknown)(...args)
    } catch (error) {
      this.#checkError(name, error)
    }
    for (const [handle, content] of before) {
      const now = this.#contentOf(handle)
      assert.is(now, content, `${name}(${args.map(String).join(', ')}) has changed ${handle}`)
    }
    const [first] = args as [number]
    const isEnd = enders.includes(name) && this.live.get(first) === kindOf[takes[0]!]
    if (isEnd && this.live.has(first))
      assert.not.ok(exists(first, this.live.get(first)!), `${name}(${first}) has left it`)
    if (makes !== undefined && typeof result === 'number' && result >= 0) this.#add(makes, result)
    this.#dropDead()
    this.#findNew()
  }

  #draw(argument: Argument, number: number): unknown {
    const kind = kindOf[argument]
    if (kind !== undefined) return this.#drawHandle(kind, number)
    return pick(choicesOf(argument), number)
  }

  /** Mostly a live one of the kind, otherwise one of another kind, one that is gone, or none at all. */
  #drawHandle(kind: HandleKind, number: number): unknown {
    const share = number % 10
    const same = this.given.filter((entry) => entry.kind === kind)
    const fit = same.filter(({ handle }) => this.live.has(handle))
    const rest = Math.floor(number / 10)
    if (share < 6 && fit.length > 0) return pick(fit, rest).handle
    if (share < 9 && this.given.length > 0) return pick(this.given, rest).handle
    return pick(strange, rest)
  }

  /** The handles that a call may change: its arguments, and what they own. */
  #touched(args: readonly unknown[]): Set<number> {
    const found = new Set<number>()
    const waiting = args.filter((value): value is number => typeof value === 'number')
    for (let handle = waiting.pop(); handle !== undefined; handle = waiting.pop()) {
      if (found.has(handle) || !this.live.has(handle)) continue
      found.add(handle)
      waiting.push(...ownedBy(handle, this.live.get(handle)))
    }
    return found
  }

  #contents(except: ReadonlySet<number>): [number, string][] {
    return [...this.live.keys()]
      .filter((handle) => !except.has(handle))
      .map((handle) => [handle, this.#contentOf(handle)])
  }

  #contentOf(handle: number): string {
    switch (this.live.get(handle)) {
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

  #checkError(name: string, error: unknown): void {
    assert.instance(error, Error)
    const { message } = error as Error
    assert.ok(message.startsWith(`${name}: `), `${name} throws ${JSON.stringify(message)}`)
  }

  #add(kind: HandleKind, handle: number): void {
    const isKnown = this.given.some((entry) => entry.handle === handle)
    assert.not.ok(isKnown, `the handle ${handle} is given again`)
    this.given.push({ kind, handle })
    this.live.set(handle, kind)
  }

  /** Maps and lists that json_decode has made inside others. */
  #findNew(): void {
    for (const [handle, kind] of this.live)
      for (const child of ownedBy(handle, kind))
        if (!this.given.some((entry) => entry.handle === child))
          this.#add(ds_exists(child, ds_type_map) ? 'map' : 'list', child)
  }

  #dropDead(): void {
    for (const [handle, kind] of this.live) if (!exists(handle, kind)) this.live.delete(handle)
    for (const { kind, handle } of this.given)
      if (!this.live.has(handle)) assert.not.ok(exists(handle, kind), `${handle} lives again`)
  }
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

function exists(handle: number, kind: HandleKind): boolean {
  if (kind === 'buffer') return buffer_exists(handle)
  if (kind === 'map') return ds_exists(handle, ds_type_map)
  if (kind === 'list') return ds_exists(handle, ds_type_list)
  return gml_entity(handle) >= 0
}

/** What goes when the structure goes. */
function ownedBy(handle: number, kind: HandleKind | undefined): number[] {
  const found: number[] = []
  if (kind === 'map')
    for (const key of keysOf(handle))
      if (ds_map_is_map(handle, key) || ds_map_is_list(handle, key))
        found.push(ds_map_find_value(handle, key) as number)
  // A list may own what it holds, so all that could be handles count.
  if (kind === 'list')
    for (let at = 0; at < ds_list_size(handle); at++) {
      const value = ds_list_find_value(handle, at)
      if (Number.isInteger(value)) found.push(value as number)
    }
  return found.filter((child) => ds_exists(child, ds_type_map) || ds_exists(child, ds_type_list))
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
                ;(error as Error).message += ` in: ${names(steps)}`
                throw error
              } finally {
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
