// What the same scene takes with JSON and with the serializers of bitECS.
import { createSoADeserializer, createSoASerializer, f32, u8 } from 'bitecs/serialization'
import { type Cubes, fieldNames } from './Cubes.ts'
import { type Encoding } from './Encoding.ts'

const bufferBytes = 1 << 20

/** All cubes that differ from what was last sent, with their names. */
export function createJson({ count, values }: Cubes): Encoding {
  type Row = Record<string, number>
  const decoded: Row[] = []
  return {
    name: 'JSON, what changed',
    send() {
      const changed: Record<string, Row> = {}
      for (let cube = 0; cube < count; cube++)
        if (fieldNames.some((field) => decoded[cube]?.[field] !== values[field][cube]))
          changed[cube] = Object.fromEntries(
            fieldNames.map((field) => [field, values[field][cube]!]),
          )
      const text = JSON.stringify(changed)
      for (const [cube, row] of Object.entries(JSON.parse(text) as Record<string, Row>))
        decoded[Number(cube)] = row
      return Buffer.byteLength(text)
    },
    read: (field, cube) => decoded[cube]![field]!,
  }
}

/** All columns of a scene. */
interface Columns {
  readonly Place: Readonly<Record<'x' | 'y' | 'z', number[]>>
  readonly Turn: Readonly<Record<'qx' | 'qy' | 'qz' | 'qw', number[]>>
  readonly Awake: { readonly awake: number[] }
}

const stores = (): Columns => ({
  Place: { x: f32([]), y: f32([]), z: f32([]) },
  Turn: { qx: f32([]), qy: f32([]), qz: f32([]), qw: f32([]) },
  Awake: { awake: u8([]) },
})

function columnsOf({ Place, Turn, Awake }: Columns): Record<string, number[]> {
  return { ...Place, ...Turn, ...Awake }
}

/** The first call sends all, since the one with differences never sends the first value of a number. */
export function createSoA({ count, values }: Cubes): Encoding {
  const [from, to] = [stores(), stores()]
  // With the default epsilon, changes below it are lost for ever, and add up.
  const options = { diff: true, epsilon: 0, buffer: new ArrayBuffer(bufferBytes) }
  const components = Object.values(from)
  const targets = Object.values(to)
  const writeAll = createSoASerializer(components, { buffer: new ArrayBuffer(bufferBytes) })
  const write = createSoASerializer(components, options)
  const readAll = createSoADeserializer(targets)
  const read = createSoADeserializer(targets, { diff: true })
  const [source, target] = [columnsOf(from), columnsOf(to)]
  const cubes = Array.from({ length: count }, (_, cube) => cube)
  let isFirst = true
  return {
    name: 'bitecs/serialization, SoA diff',
    send() {
      for (const field of fieldNames)
        for (const cube of cubes) source[field]![cube] = values[field][cube]!
      if (isFirst) readAll(writeAll(cubes))
      isFirst = false
      const packet = write(cubes)
      read(packet)
      return packet.byteLength
    },
    read: (field, cube) => target[field]![cube]!,
  }
}
