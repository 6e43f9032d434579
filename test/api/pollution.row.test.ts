// Names that every object has, through every way that a name or a key can take: they are names like any other.

import { createWorld } from 'bitecs'
import {
  connectSocket,
  createMemoryDatagrams,
  createMemoryTransport,
  createServer,
  createSocket,
  onNetworking,
  resolveHost,
  sendRaw,
  setNetworkConfig,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import {
  async_load,
  buffer_create,
  buffer_delete,
  buffer_grow,
  buffer_seek,
  buffer_seek_start,
  ds_list_add,
  ds_list_create,
  ds_list_destroy,
  ds_list_find_value,
  ds_list_read,
  ds_list_write,
  ds_map_add,
  ds_map_add_map,
  ds_map_create,
  ds_map_delete,
  ds_map_destroy,
  ds_map_exists,
  ds_map_find_value,
  ds_map_keys_to_array,
  ds_map_read,
  ds_map_replace,
  ds_map_secure_load_buffer,
  ds_map_secure_save_buffer,
  ds_map_set,
  ds_map_size,
  ds_map_write,
  ev_async_web_networking,
  event_perform_async,
  gml_bind,
  gml_on_networking,
  gml_profile,
  gml_setting,
  json_decode,
  json_encode,
  json_parse,
  json_stringify,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { CliError } from '../../src/cli/CliError.ts'
import { readCommand } from '../../src/cli/readCommand.ts'
import { mulberry32 } from '../lib/random.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { withNet } from '../lib/withNet.ts'
import { spec } from '../spec.ts'

/** Random texts of JSON, and what is written of them. */
const inputs = amountOf({ test: 1_000, ci: 20_000, soak: 1_000_000 })

const names = Object.getOwnPropertyNames(Object.prototype).concat([
  'prototype',
  'then',
  'toJSON',
  'length',
  'name',
  'arguments',
  'caller',
  'size',
  'get',
  'set',
])

const prototypes = [
  Object,
  Array,
  Function,
  String,
  Number,
  Symbol,
  Error,
  RegExp,
  Map,
  Set,
  WeakMap,
  Promise,
  ArrayBuffer,
  Uint8Array,
  JSON,
  Reflect,
].flatMap((each) => ('prototype' in each ? [each.prototype as object, each] : [each]))
const before = prototypes.map(describe)

/** What an object has of its own, by identity. */
function describe(object: object): [string | symbol, PropertyDescriptor][] {
  const keys = Reflect.ownKeys(object)
  return keys.map((key) => [key, Reflect.getOwnPropertyDescriptor(object, key)!])
}

function isSame(one: PropertyDescriptor, other: PropertyDescriptor): boolean {
  return Object.is(one.value, other.value) && one.get === other.get && one.set === other.set
}

/** Fails if a prototype has another property than before the tests, or another value of one. */
function checkPrototypes(): void {
  for (const [at, object] of prototypes.entries()) {
    const now = describe(object)
    assert.is(now.length, before[at]!.length, String(now.at(-1)?.[0]))
    for (const [index, [key, descriptor]] of now.entries()) {
      const [keyBefore, descriptorBefore] = before[at]![index]!
      const isUnchanged = key === keyBefore && isSame(descriptor, descriptorBefore)
      assert.ok(isUnchanged, `${String(key)} was changed`)
    }
  }
}

/** An object with one key of its own, `__proto__` too. */
function withKey(key: string, value: unknown): never {
  return Object.defineProperty({}, key, { value, enumerable: true }) as never
}

/** Everything that takes an object of options, or a name, and refuses the ones it does not know. */
const refusals: Record<string, (name: string) => unknown> = {
  createServer: (name) => createServer(createWorld(), SocketType.tcp, 0, withKey(name, 1)),
  connectSocket: (name) => connectSocket(...client(), '127.0.0.1', 1, withKey(name, 1)),
  createMemoryTransport: (name) => createMemoryTransport(withKey(name, 1)),
  createMemoryDatagrams: (name) => createMemoryDatagrams(withKey(name, 1)),
  'setNetworkConfig of a world': (name) => setNetworkConfig(createWorld(), withKey(name, 1)),
  'setNetworkConfig of a socket': (name) => setNetworkConfig(...client(), withKey(name, 1)),
  sendRaw: (name) => sendRaw(...client(), 'x', withKey(name, 1)),
  onNetworking: (name) => onNetworking(...client(), () => undefined, withKey(name, 1)),
  startTicks: (name) => startTicks(() => undefined, withKey(name, 1)),
  gml_setting: (name) => gml_setting(name as never, 1 as never),
  gml_profile: (name) => gml_profile(name as never),
  'an option of a command': (name) => readCommand(['listen', 'tcp', '6510', `--${name}=1`]),
  'a command': (name) => readCommand([name]),
  'a type of a command': (name) => readCommand(['listen', name, '6510']),
  'a type of a URL': (name) => readCommand(['connect', `${name}://host:1`]),
}

function client(): [ReturnType<typeof createWorld>, number] {
  const world = createWorld()
  return [world, createSocket(world, createMemoryTransport())]
}

/** A random value whose keys are mostly names that every object has. */
function draw(random: () => number, depth = 0): unknown {
  const kind = random()
  if (depth > 3 || kind < 0.3) return Math.floor(random() * 100)
  if (kind < 0.4) return nameOf(random)
  const count = Math.floor(random() * 4)
  if (kind < 0.55) return Array.from({ length: count }, () => draw(random, depth + 1))
  const object = {}
  for (let index = 0; index < count; index++)
    Object.defineProperty(object, nameOf(random), {
      value: draw(random, depth + 1),
      enumerable: true,
      configurable: true,
    })
  return object
}

function nameOf(random: () => number): string {
  return random() < 0.8 ? names[Math.floor(random() * names.length)]! : `key${random()}`
}

/** Takes a text of JSON through what reads and writes such texts, which must return what it was. */
function roundTrip(text: string): void {
  assert.is(json_stringify(json_parse(text)), text)
  const map = json_decode(`{"root":${text}}`)
  assert.is(json_encode(map), `{"root":${text}}`)
  const copy = ds_map_create()
  assert.ok(ds_map_read(copy, ds_map_write(map)))
  assert.equal(ds_map_keys_to_array(copy), ['root'])
  const buffer = buffer_create(16, buffer_grow, 1)
  ds_map_secure_save_buffer(map, buffer)
  buffer_seek(buffer, buffer_seek_start, 0)
  const loaded = ds_map_secure_load_buffer(buffer)
  assert.is(json_encode(loaded), json_encode(map))
  buffer_delete(buffer)
  for (const each of [map, copy, loaded]) ds_map_destroy(each)
}

spec(
  `names that every object has (SEED=${rowSeed})`,
  (it) => {
    it('are keys of maps and lists like any other', () => {
      gml_bind(createWorld())
      const map = ds_map_create()
      for (const [index, name] of names.entries()) {
        assert.is(ds_map_exists(map, name), false, name)
        assert.is(ds_map_find_value(map, name), undefined, name)
        assert.is(ds_map_replace(map, name, -1), false)
        assert.is(ds_map_add(map, name, -2), false)
        ds_map_set(map, name, index)
        assert.is(ds_map_size(map), index + 1)
      }
      for (const [index, name] of names.entries()) {
        assert.is(ds_map_find_value(map, name), index)
        ds_map_delete(map, name)
        assert.is(ds_map_exists(map, name), false)
        assert.ok(ds_map_add(map, name, name))
      }
      const child = ds_map_create()
      ds_map_set(child, 'polluted', 1)
      ds_map_add_map(map, '__proto__ again', child)
      const copy = ds_map_create()
      assert.ok(ds_map_read(copy, ds_map_write(map)))
      for (const name of names) assert.is(ds_map_find_value(copy, name), name)
      const list = ds_list_create()
      ds_list_add(list, ...names)
      const other = ds_list_create()
      assert.ok(ds_list_read(other, ds_list_write(list)))
      for (const [at, name] of names.entries()) assert.is(ds_list_find_value(other, at), name)
      for (const each of [map, copy]) ds_map_destroy(each)
      for (const each of [list, other]) ds_list_destroy(each)
      checkPrototypes()
    })

    it('are keys of async_load like any other', () => {
      gml_bind(createWorld())
      const heard: unknown[] = []
      gml_on_networking(() =>
        heard.push(...names.map((name) => ds_map_find_value(async_load, name) as unknown)),
      )
      const empty = ds_map_create()
      event_perform_async(ev_async_web_networking, empty)
      const full = ds_map_create()
      for (const name of names) ds_map_set(full, name, name)
      event_perform_async(ev_async_web_networking, full)
      assert.equal(heard, [...names.map(() => undefined), ...names])
      checkPrototypes()
    })

    for (const [where, call] of Object.entries(refusals))
      it(`are refused by ${where}`, () => {
        for (const name of names) {
          // Options that are called so.
          if (name === 'name' || name === 'size') continue
          let error: unknown
          try {
            call(name)
          } catch (caught) {
            error = caught
          }
          const isRefusal =
            error instanceof TypeError || error instanceof RangeError || error instanceof CliError
          assert.ok(isRefusal, `${name}: ${String(error)}`)
        }
        checkPrototypes()
      })

    it(
      'are hosts like any other',
      withNet(async (net) => {
        const world = net.world()
        for (const name of ['__proto__', 'constructor', 'toString']) {
          const result = await resolveHost(`${name}.invalid`)
          assert.ok(typeof result === 'string' || result < 0)
          const socket = createSocket(world, SocketType.tcp)
          assert.ok((await connectSocket(world, socket, `${name}.invalid`, 1)) < 0)
        }
        checkPrototypes()
      }),
    )

    it(`${inputs} random texts of JSON with such keys: all come back as they were`, () => {
      gml_bind(createWorld())
      const random = mulberry32(rowSeed)
      for (let index = 0; index < inputs; index++) {
        roundTrip(JSON.stringify(draw(random)))
        if (index % 1_000 === 0) checkPrototypes()
      }
      checkPrototypes()
      figure(
        'R-24',
        `${names.length} names, ${Object.keys(refusals).length} takers of options or names, ${inputs} texts: ${prototypes.length} prototypes and constructors unchanged`,
      )
    })
  },
  60_000 + inputs,
)
