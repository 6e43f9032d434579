// What the same scene takes with @colyseus/schema, which bench/peers has in two versions.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type Cubes, fieldNames } from './Cubes.ts'
import { type Encoding, worstError } from './Encoding.ts'

const warmUp = 10

type Mirror = Record<string, number | boolean>
interface State {
  cubes: { get(key: string): Mirror | undefined; set(key: string, mirror: Mirror): void }
}
interface Iterator {
  offset: number
}
interface Encoder {
  encode(it?: Iterator): Uint8Array
  encodeAll(it?: Iterator): Uint8Array
  encodeAllView(view: object, offset: number, it: Iterator): Uint8Array
  encodeView(view: object, offset: number, it: Iterator): Uint8Array
  discardChanges(): void
}
type Fields = Record<string, unknown>
interface Package {
  readonly Encoder: { new (state: State): Encoder; BUFFER_SIZE: number }
  readonly Decoder: new (state: State) => { decode(bytes: Uint8Array): unknown }
  readonly StateView: new () => { add(of: object): unknown }
  readonly MapSchema: new () => State['cubes']
  schema(fields: Fields, name: string): new () => unknown
  readonly t?: Record<'boolean' | 'float32', () => unknown> & {
    map(of: unknown): { view(): unknown }
    quantized(options: { min: number; max: number; bits: number }): unknown
  }
}

/** The package of a major version, or `undefined` if it is not installed. */
export function loadSchema(major: 4 | 5): Package | undefined {
  const from = new URL('bench/peers/package.json', `${pathToFileURL(process.cwd()).href}/`)
  try {
    return createRequire(from)(`colyseus-schema-${major}`) as Package
  } catch {
    return undefined
  }
}

function makeState(
  of: Package,
  isQuantized: boolean,
  isViewed: boolean,
): readonly [State, () => Mirror, new () => State] {
  const { t } = of
  const number = (field: string): unknown => {
    if (t === undefined) return field === 'awake' ? 'boolean' : 'float32'
    if (field === 'awake') return t.boolean()
    if (!isQuantized) return t.float32()
    if (field.startsWith('q')) return t.quantized({ min: -1, max: 1, bits: 16 })
    const [min, max] = field === 'z' ? [0, 32] : [-256, 256]
    return t.quantized({ min, max, bits: 16 })
  }
  const Cube = of.schema(
    Object.fromEntries(fieldNames.map((field) => [field, number(field)])),
    'Cube',
  )
  const map = (): unknown => {
    if (t === undefined) return isViewed ? { map: Cube, view: true } : { map: Cube }
    return isViewed ? t.map(Cube).view() : t.map(Cube)
  }
  const Scene = of.schema({ cubes: map() }, 'Scene') as new () => State
  const state = new Scene()
  state.cubes ??= new of.MapSchema()
  return [state, () => new Cube() as Mirror, Scene]
}

/** Mirrors of the cubes, written where a value has changed. */
function createMirrors({ count, values }: Cubes, state: State, make: () => Mirror): () => void {
  const mirrors = Array.from({ length: count }, make)
  const last = fieldNames.map((): number[] => [])
  const write = (): void => {
    for (const [at, field] of fieldNames.entries())
      for (let cube = 0; cube < count; cube++) {
        const value = values[field][cube]!
        if (last[at]![cube] === value) continue
        last[at]![cube] = value
        mirrors[cube]![field] = field === 'awake' ? value === 1 : value
      }
  }
  write()
  for (const [cube, mirror] of mirrors.entries()) state.cubes.set(String(cube), mirror)
  return write
}

export function createColyseus(
  name: string,
  of: Package,
  cubes: Cubes,
  isQuantized: boolean,
): Encoding {
  of.Encoder.BUFFER_SIZE = 1 << 20
  const [state, make, Scene] = makeState(of, isQuantized, false)
  const write = createMirrors(cubes, state, make)
  const encoder = new of.Encoder(state)
  const target = new Scene()
  const decoder = new of.Decoder(target)
  decoder.decode(encoder.encodeAll().slice())
  encoder.discardChanges()
  return {
    name,
    send() {
      write()
      const bytes = encoder.encode().slice()
      encoder.discardChanges()
      decoder.decode(bytes)
      return bytes.length
    },
    read: (field, cube) => Number(target.cubes.get(String(cube))![field]),
  }
}

/** Milliseconds a frame to encode for each of so many clients, with a view each that sees all. Throws if the first one's is wrong. */
export function colyseusViewMs(of: Package, cubes: Cubes, clients: number, frames: number): number {
  of.Encoder.BUFFER_SIZE = 1 << 22
  const [state, make, Scene] = makeState(of, false, true)
  const write = createMirrors(cubes, state, make)
  const encoder = new of.Encoder(state)
  const views = Array.from({ length: clients }, () => new of.StateView())
  for (const view of views) view.add(state.cubes)
  const target = new Scene()
  const decoder = new of.Decoder(target)
  const all = { offset: 0 }
  encoder.encodeAll(all)
  decoder.decode(encoder.encodeAllView(views[0]!, all.offset, all).slice())
  const run = (): Uint8Array => {
    const it = { offset: 0 }
    encoder.encode(it)
    const { offset } = it
    const packets = views.map((view) => encoder.encodeView(view, offset, it))
    encoder.discardChanges()
    return packets[0]!
  }
  decoder.decode(run().slice())
  let ms = 0
  for (let frame = 0; frame < warmUp + frames; frame++) {
    cubes.step()
    const started = performance.now()
    write()
    const packet = run()
    if (frame >= warmUp) ms += performance.now() - started
    decoder.decode(packet.slice())
  }
  const read: Encoding['read'] = (field, cube) => Number(target.cubes.get(String(cube))?.[field])
  const error = worstError(cubes, { name: 'view', send: () => 0, read })
  if (!(error < 1e-4)) throw new Error(`a view was decoded wrongly by ${error}`)
  return ms / frames
}
