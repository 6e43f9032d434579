// A second decoder of snapshots, made from docs/replication-protocol.md and of nothing of src/. It is slow and plain: bits are
// a text of 0 and 1, each slot has a list of all chunks that ever came.

/** What a field holds: a number as it is kept, the two or four of an f64 or quaternion, a text, or net ids. */
export type Held = number | string | readonly number[]

export interface SecondChunk {
  readonly tick: number
  readonly generation: number
  readonly isOwned: boolean
  /** By place in the schema: the fields. */
  readonly components: ReadonlyMap<number, readonly Held[]>
}

interface Type {
  readonly kind: string
  readonly width: number
  readonly low: number
  readonly high: number
}

export class SecondDecoder {
  /** Of each slot what is there now. */
  readonly entities: Map<number, SecondChunk> = new Map()
  isComplete = false
  readonly #schema: readonly (readonly Type[])[]
  readonly #chunks = new Map<number, SecondChunk[]>()
  /** The tick that each slot's state is of. */
  readonly #ticks = new Map<number, number>()
  #newest = 0
  #bits = ''
  #at = 0

  constructor(schemaText: string) {
    this.#schema = schemaText.split('\n').map((line) =>
      line
        .split(' ')
        .filter((word) => word.includes(':'))
        .map((word) => typeOf(word.slice(word.indexOf(':') + 1))),
    )
  }

  /** Takes a snapshot without a session. Throws if it is not well-formed, or a baseline is missing. */
  take(bytes: Uint8Array): void {
    const hex = Buffer.from(bytes.subarray(0, 5)).toString('hex')
    if (hex !== '6265520104') throw new Error(`no snapshot: ${hex}`)
    this.#bits = Array.from(bytes.subarray(5), (byte) =>
      reversed(byte.toString(2).padStart(8, '0')),
    ).join('')
    this.#at = 48
    const tick = this.#read(32)
    const isComplete = this.#read(1) === 1
    const age = this.#vu()
    const gone = Array.from({ length: this.#vu() }, () => this.#netId())
    const chunks = new Map<number, SecondChunk>()
    let slot = -1
    for (let form = this.#read(2); form !== 3; form = this.#read(2)) {
      slot += this.#vu() + 1
      chunks.set(slot, form === 2 ? this.#whole(tick) : this.#difference(form, slot, tick, age))
    }
    const rest = this.#bits.slice(this.#at)
    if (rest.length > 7 || rest.includes('1')) throw new Error(`left over: ${rest}`)
    for (const netId of gone) this.#settle(netId % 2 ** 20, tick, undefined)
    for (const [place, chunk] of chunks) {
      const list = this.#chunks.get(place) ?? []
      this.#chunks.set(
        place,
        [...list, chunk].sort((a, b) => a.tick - b.tick),
      )
      this.#settle(place, tick, chunk)
    }
    if (tick > this.#newest) this.isComplete = isComplete
    this.#newest = Math.max(tick, this.#newest)
  }

  /** Of each slot what has the newest tick counts. */
  #settle(slot: number, tick: number, chunk: SecondChunk | undefined): void {
    if ((this.#ticks.get(slot) ?? 0) >= tick) return
    this.#ticks.set(slot, tick)
    if (chunk === undefined) this.entities.delete(slot)
    else this.entities.set(slot, chunk)
  }

  #whole(tick: number): SecondChunk {
    const generation = this.#read(12)
    const isOwned = this.#read(1) === 1
    if (this.#read(1) === 1) this.#read(32)
    const mask = this.#mask()
    const components = new Map(
      mask.map((index) => [index, this.#schema[index]!.map((type) => this.#value(type))]),
    )
    return { tick, generation, isOwned, components }
  }

  #difference(form: number, slot: number, tick: number, age: number): SecondChunk {
    const baseline = tick - (form === 1 ? this.#vu() : age)
    if (baseline >= tick || baseline < 1) throw new Error(`no baseline: ${baseline} at ${tick}`)
    const base = (this.#chunks.get(slot) ?? []).findLast((chunk) => chunk.tick <= baseline)
    if (base === undefined) throw new Error(`nothing is held of ${slot} at ${baseline}`)
    const isChanged = this.#read(1) === 1
    const isOwned = isChanged ? this.#read(1) === 1 : base.isOwned
    const mask = isChanged ? this.#mask() : [...base.components.keys()]
    const components = new Map<number, readonly Held[]>()
    for (const index of mask) {
      const types = this.#schema[index]!
      const before = base.components.get(index)
      if (before === undefined)
        components.set(
          index,
          types.map((type) => this.#value(type)),
        )
      else components.set(index, this.#fields(types, before))
    }
    return { tick, generation: base.generation, isOwned, components }
  }

  #fields(types: readonly Type[], before: readonly Held[]): readonly Held[] {
    if (types.length === 0 || this.#read(1) === 0) return before
    const flags = types.map(() => types.length === 1 || this.#read(1) === 1)
    return types.map((type, at) => (flags[at]! ? this.#changed(type, before[at]!) : before[at]!))
  }

  #value(type: Type): Held {
    switch (type.kind) {
      case 'f64':
        return [this.#read(32) | 0, this.#read(32) | 0]
      case 'quaternion':
        return [this.#read(2), this.#number(type), this.#number(type), this.#number(type)]
      case 'ref':
        return this.#netId() | 0
      case 'relation':
        return Array.from({ length: this.#vu() }, () => this.#netId())
      case 'text': {
        const size = this.#read(type.width)
        return Buffer.from(Array.from({ length: size }, () => this.#read(8))).toString('utf8')
      }
      default:
        return this.#number(type)
    }
  }

  #changed(type: Type, base: Held): Held {
    switch (type.kind) {
      case 'bool':
        return 1 - (base as number)
      case 'u16':
      case 'i16':
      case 'u32':
      case 'i32':
      case 'range':
        return this.#classed(type, base as number, 1)
      case 'angle':
        return this.#classed(type, base as number, 1) & type.high
      case 'quaternion': {
        if (this.#read(1) === 0) return this.#value(type)
        const [largest, ...parts] = base as readonly number[]
        return [largest!, ...parts.map((part) => this.#classed(type, part, 0))]
      }
      default:
        return this.#value(type)
    }
  }

  #classed(type: Type, base: number, least: number): number {
    const z = this.#class()
    if (z === undefined) return this.#number(type)
    const zigzag = z + least
    const value = base + (zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2)
    return type.width === 32 ? value | 0 : value
  }

  #class(): number | undefined {
    if (this.#read(1) === 0) return this.#read(4)
    if (this.#read(1) === 0) return 16 + this.#read(7)
    return this.#read(1) === 0 ? 144 + this.#read(10) : undefined
  }

  #number({ width, low, high, kind }: Type): number {
    const read = this.#read(width)
    const isNegative = low < 0 && read >= 2 ** (width - 1)
    const value = isNegative ? read - 2 ** width : read
    if (value < low || value > high) throw new Error(`${kind} ${value}`)
    return value | 0
  }

  #mask(): number[] {
    const flags = this.#schema.map(() => this.#read(1) === 1)
    return [...flags.keys()].filter((index) => flags[index])
  }

  #netId(): number {
    const slot = this.#vu()
    return this.#read(12) * 2 ** 20 + slot
  }

  #vu(): number {
    if (this.#read(1) === 0) return this.#read(4)
    if (this.#read(1) === 0) return 16 + this.#read(8)
    return this.#read(1) === 0 ? 272 + this.#read(16) : this.#read(32)
  }

  #read(count: number): number {
    const bits = this.#bits.slice(this.#at, this.#at + count)
    if (bits.length < count) throw new Error('behind the end')
    this.#at += count
    return count === 0 ? 0 : Number.parseInt(reversed(bits), 2)
  }
}

function reversed(bits: string): string {
  return Array.from(bits).toReversed().join('')
}

function bitsOf(most: number): number {
  return most.toString(2).length
}

/** The type that a schema's text names. */
function typeOf(text: string): Type {
  const [, kind = '', inside = ''] = /^(\w+)(?:\((.*)\))?$/.exec(text) ?? []
  const [first = 0, second = 0, third = 0] = inside.split(',').map(Number)
  const unsigned = (width: number): Type => ({ kind, width, low: 0, high: 2 ** width - 1 })
  const signed = (width: number): Type => {
    return { kind, width, low: -(2 ** (width - 1)), high: 2 ** (width - 1) - 1 }
  }
  switch (kind) {
    case 'bool':
      return unsigned(1)
    case 'oneOf': {
      const high = inside.split(',').length - 1
      return { kind, width: bitsOf(high), low: 0, high }
    }
    case 'f32':
      return unsigned(32)
    case 'range': {
      const high = Math.floor((second - first) / third + 0.5)
      return { kind, width: bitsOf(high), low: 0, high }
    }
    case 'quaternion':
      return { kind, width: first, low: 0, high: 2 ** first - 2 }
    case 'bits':
    case 'angle':
      return unsigned(first)
    case 'text':
      return unsigned(bitsOf(first))
    default: {
      const width = Number(kind.slice(1))
      return kind.startsWith('i') ? signed(width) : unsigned(width || 0)
    }
  }
}
