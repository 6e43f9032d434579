import { setNetworkConfig } from 'bitecs-networking'
import * as gml from 'bitecs-networking/gml'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { thrownBy, throws } from '../lib/throws.ts'
import { bufferOf, type GmlGame, gmlSpec } from '../lib/withGml.ts'
import { GmlArguments } from './GmlArguments.ts'
import { type GmlParameter, gmlParameters } from './gmlParameters.ts'

// The first that are made in this process, so that they have the handles 0 and 1.
const early = [
  gml.buffer_create(10, gml.buffer_fixed, 1),
  gml.buffer_create(20, gml.buffer_fixed, 1),
]

type Run = (...values: unknown[]) => unknown

const declared = gmlParameters()

/** Every function of the face with its parameters. */
const functions = Object.entries(gml as unknown as Record<string, Run>).flatMap(([name, run]) =>
  typeof run === 'function' ? [{ name, run, parameters: declared.get(name)?.[0] ?? [] }] : [],
)

/** Every parameter that is a number. */
const numeric = functions.flatMap(({ name, run, parameters }) =>
  parameters.flatMap((parameter, at) =>
    parameter.isNumber ? [{ name, run, parameters, parameter, at }] : [],
  ),
)

/** Functions whose results are ids, new ones each time. */
const givesIds =
  /_create|_async$|_group_end$|_load$|_decode$|_compress$|_decompress$|gml_entity|_load_buffer$/

/** The other forms that GameMaker code passes a number in; the number itself where it has no such form. */
const forms: Readonly<Record<string, (number: number) => unknown>> = {
  string: (number) => `${number}`,
  'string with more in it': (number) =>
    ` ${number < 0 ? '' : '+'}${number}${Number.isInteger(number) ? '.' : ''}e0\n`,
  boolean: (number) => (number === 0 || number === 1 ? number === 1 : number),
  bigint: (number) => (Number.isInteger(number) ? BigInt(number) : number),
}

/** The calls of one case: all with the same world and files. */
class Calls {
  readonly #folder = mkdtempSync(join(tmpdir(), 'gml-numbers-'))
  readonly #fixed: Record<string, unknown>
  /** How many requests to save or load wait for their event. */
  #waiting = 0
  readonly #game: GmlGame

  constructor(game: GmlGame, client: number) {
    this.#game = game
    setNetworkConfig(game.world, { random: () => 0.5 })
    const filename = join(this.#folder, 'file.bin')
    writeFileSync(filename, 'content of a file')
    this.#fixed = {
      '.filename': filename,
      'network_send_packet.socket': client,
      'network_send_raw.socket': client,
    }
    gml.gml_on_save_load(() => this.#waiting--)
  }

  /** Calls a function with one argument as given, made from what it would be otherwise. Returns what came of it. */
  outcome(
    { name, run, parameters, at }: (typeof numeric)[number],
    change: (usual: unknown) => unknown,
    choice: number,
  ): unknown {
    const values = new GmlArguments(this.#fixed)
    const usual = parameters.map(({ name: parameter, isNumber }, index) => {
      const choices = values.of(name, parameter, isNumber)
      return choices[index === at ? choice : 0]
    })
    const args = usual.with(at, change(usual[at]))
    let result: unknown
    try {
      result = this.#resultOf(name, run(...args), usual)
    } catch (error) {
      result = String(error)
    }
    const seen = [result, ...values.look()]
    values.end()
    return seen
  }

  #resultOf(name: string, result: unknown, usual: readonly unknown[]): unknown {
    if (/^buffer_\w+_async$/.test(name)) this.#waiting++
    if (name.startsWith('network_create')) gml.network_destroy(result as number)
    if (name.startsWith('network_connect')) return result === usual[0] ? 'its socket' : result
    return givesIds.test(name) && typeof result === 'number' && result >= 0 ? 'an id' : result
  }

  /** Waits for what is saved and loaded in the background. */
  async end(): Promise<void> {
    await this.#game.until(() => this.#waiting === 0)
    rmSync(this.#folder, { recursive: true })
  }
}

/** How many arguments a parameter has to choose from. */
function choicesOf({ name }: { name: string }, parameter: GmlParameter): number {
  const values = new GmlArguments({})
  const { length } = values.of(name, parameter.name, parameter.isNumber)
  values.end()
  return length
}

gmlSpec('numbers of the gml face', (it) => {
  it('every parameter that is a number has the type GmlNumber', () => {
    const plain = functions.flatMap(({ name }) =>
      (declared.get(name) ?? [])
        .flat()
        .filter(({ isPlain }) => isPlain)
        .map((parameter) => `${name}: ${parameter.name}`),
    )
    assert.equal(plain, [])
    assert.ok(numeric.length > 150, `${numeric.length}`)
  })

  it('every form of a number does what the number does', async (game) => {
    const { client } = await game.joined()
    const calls = new Calls(game, client)
    for (const one of numeric)
      for (let choice = 0; choice < choicesOf(one, one.parameter); choice++) {
        const expected = calls.outcome(one, (number) => number, choice)
        for (const [form, convert] of Object.entries(forms))
          assert.equal(
            calls.outcome(one, (number) => convert(number as number), choice),
            expected,
            `${one.name}: ${one.parameter.name}: ${form}`,
          )
      }
    await calls.end()
  })

  it('what does not stand for a number is a TypeError, an int64 that a number cannot hold a RangeError', async (game) => {
    const { client } = await game.joined()
    const calls = new Calls(game, client)
    for (const one of numeric) {
      const { name, parameter } = one
      const wrong = ['abc', '', '1 2', '0x1', '1e', 'NaN', null, {}, [1]]
      for (const value of parameter.isOptional ? wrong : [...wrong, undefined]) {
        const [error] = calls.outcome(one, () => value, 0) as [string]
        assert.match(
          error,
          new RegExp(`^TypeError: ${name}: \\w+ must be .*, got `),
          `${name}: ${parameter.name}: ${JSON.stringify(value)}`,
        )
      }
      for (const value of [2n ** 60n, -(2n ** 53n)]) {
        const [error] = calls.outcome(one, () => value, 0) as [string]
        assert.match(
          error,
          new RegExp(`^RangeError: ${name}: \\w+ must be in .*, got ${value}n$`),
          `${name}: ${parameter.name}`,
        )
      }
    }
    await calls.end()
  })

  it('true and false are the handles 1 and 0', () => {
    assert.equal(early, [0, 1])
    assert.equal([gml.buffer_get_size(false), gml.buffer_get_size(true)], [10, 20])
    const u64 = gml.buffer_u64
    const read = (): unknown => gml.buffer_read(true, u64)
    gml.buffer_seek(true, gml.buffer_seek_start, 20)
    throws(read, RangeError, /^buffer_read: u64 needs 8 bytes at position 20, but buffer 1 has 20$/)
    gml.buffer_delete(true)
    assert.is(gml.buffer_exists(1), false)
    throws(read, RangeError, /^buffer_read: there is no buffer 1 /)
  })

  it('values that are stored stay what they are', () => {
    const map = gml.ds_map_create()
    const list = gml.ds_list_create()
    for (const value of [true, 5n, '5', 5]) {
      gml.ds_map_set(map, 'key', value)
      assert.is(gml.ds_map_find_value(map, 'key'), value)
      gml.ds_list_set(list, 0, value)
      assert.is(gml.ds_list_find_value(list, 0), value)
    }
    assert.is(gml.buffer_write(bufferOf('00'), gml.buffer_u8, '12'), -4)
  })

  it('a child is stored as a number, so that it ends with its owner', () => {
    const [map, child, list] = [gml.ds_map_create(), gml.ds_map_create(), gml.ds_list_create()]
    gml.ds_map_add_map(map, 'child', BigInt(child))
    gml.ds_map_add_list(map, 'list', `${list}`)
    assert.is(gml.ds_map_find_value(map, 'child'), child)
    assert.is(gml.ds_map_find_value(map, 'list'), list)
    gml.ds_map_destroy(`${map}`)
    assert.is(gml.ds_exists(child, gml.ds_type_map), false)
    assert.is(gml.ds_exists(list, gml.ds_type_list), false)
  })

  it('reading -1 is no error in any of its forms', () => {
    gml.gml_setting('unknown_structure', 'error')
    for (const none of [-1, -1n, '-1', ' -1.0 '] as const) {
      assert.is(gml.ds_map_size(none), 0)
      assert.is(gml.ds_list_size(none), 0)
    }
  })

  it('a message has the number, in whichever form it came', () => {
    const list = gml.ds_list_create()
    throws(
      () => gml.ds_list_set(list, ' 16777216.0', 1),
      RangeError,
      /^ds_list_set: pos must be at most 16777215, got 16777216$/,
    )
  })

  it('network_set_config takes each value in every form, but a sub-protocol alone as a string', () => {
    const client = gml.network_create_socket(gml.network_socket_ws)
    const timeout = gml.network_config_connect_timeout
    for (const value of [true, 5000n, '5000'])
      assert.is(gml.network_set_config(timeout, value), undefined)
    for (const value of ['0', 0n, false])
      throws(
        () => gml.network_set_config(timeout, value),
        RangeError,
        /value1 must be in 1\.\.\d+, got 0$/,
      )
    const protocol = gml.network_config_websocket_protocol
    for (const value of [client, BigInt(client), `${client}`])
      assert.is(gml.network_set_config(protocol, value, 'chat'), undefined)
    assert.is(gml.network_set_config(protocol, '5'), undefined)
    throws(
      () => gml.network_set_config(protocol, 'abc', 'chat'),
      TypeError,
      /: value1 must be a number/,
    )
  })

  it('in TypeScript a variable of type string is not a number', () => {
    const text: string = 'abc'
    const run = (): unknown =>
      // @ts-expect-error -- it may hold any text
      gml.buffer_exists(text)
    assert.instance(thrownBy(run), TypeError)
    assert.is(gml.buffer_exists('1000000'), false)
    const value: number | undefined = gml.buffer_peek(bufferOf('07'), 0, gml.buffer_u8)
    assert.is(value, 7)
  })
})
