import {
  angle,
  bits,
  bool,
  f32,
  f64,
  i16,
  i8,
  oneOf,
  quaternion,
  range,
  ref,
  relation,
  text,
  u16,
  u32,
  u8,
} from '../../src/replication/fieldTypes.ts'
import { createSchema, type Schema } from '../../src/replication/Schema.ts'
import { type ComponentDeclaration } from '../../src/replication/SchemaComponent.ts'

/** Every type, every audience, components with one field, with many, tags and a relation. */
const declarations: readonly ComponentDeclaration[] = [
  {
    name: 'Position',
    fields: { x: range(0, 1_600, 1 / 16), y: range(0, 1_000, 1 / 16) },
    interpolate: 'mixed',
  },
  { name: 'Turn', fields: quaternion(9) },
  { name: 'Health', fields: u8 },
  { name: 'Name', fields: text(12) },
  { name: 'Target', fields: ref },
  { name: 'Ammo', fields: { shots: u16, kind: oneOf('none', 'light', 'heavy') }, to: 'owner' },
  { name: 'Rumour', fields: { count: u32, text: text(5) }, to: 'others' },
  { name: 'Burning' },
  { name: 'ChildOf', fields: relation },
  { name: 'Odd', fields: { a: i8, b: i16, c: bits(5), d: bool, e: angle(10), f: f32, g: f64 } },
  { name: 'Whole', fields: bits(32) },
]

export const allTypes: Schema = createSchema(declarations)

/** Masks of more than 32 bits. */
export const manyComponents: Schema = createSchema([
  ...Array.from({ length: 15 }, (_, at) => ({ name: `Tag${at}` })),
  ...Array.from({ length: 15 }, (_, at) => ({ name: `Byte${at}`, fields: u8 })),
  ...declarations,
])
