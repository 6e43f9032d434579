import { createRelation, createWorld, deleteWorld, resetWorld } from 'bitecs'
import { f32 as tagged, str } from 'bitecs/serialization'
import {
  aos,
  type Declaration,
  f32,
  oneOf,
  quaternion,
  range,
  replicate,
  ReplicationSystem,
  shown,
  text,
  u8,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { findReplicator } from '../../src/replicator/Replicator.ts'
import { thrownBy } from '../lib/throws.ts'
import { spec } from '../spec.ts'

/** The canonical text of declarations. */
function textOf(components: Record<string, Declaration>): string {
  const world = replicate(createWorld(), components)
  return findReplicator('test', world)!.schema.text
}

function refusal(components: Record<string, unknown>): string {
  const error = thrownBy(() => replicate(createWorld(), components as Record<string, Declaration>))
  return error instanceof TypeError || error instanceof RangeError ? error.message : 'not refused'
}

const functional = (): object => ({ x: [] })

spec('replicate', (it) => {
  it('reads types where a store shows them: typed arrays, and tags of bitecs/serialization', () => {
    assert.is(
      textOf({
        Place: [{ x: new Float32Array(8), y: new Float64Array(8), z: new Int16Array(8) }],
        Health: [new Uint8Array(8)],
        Speed: [{ x: tagged([]) }, {}, { interpolate: true }],
        Tag: [{}],
        ChildOf: [createRelation()],
      }),
      [
        'Place x:f32 y:f64 z:i16',
        'Health :u8',
        'Speed x:f32 interpolate',
        'Tag',
        'ChildOf :relation',
      ].join('\n'),
    )
  })

  it('takes types for plain arrays, arrays of objects, rotations and functions with a store', () => {
    assert.is(
      textOf({
        Place: [{ x: [], y: [] }, { x: range(0, 10, 0.5) }],
        Name: [[], text(8), { to: 'others' }],
        Armour: [[], aos({ kind: oneOf('none', 'all') })],
        Turn: [{ x: [], y: [], z: [], w: [] }, quaternion(9), { interpolate: 'step' }],
        Pose: [[], quaternion(9)],
        Body: [
          { turn: { x: [], y: [], z: [], w: [] }, mass: [] },
          { turn: quaternion(8), mass: f32 },
        ],
        Function: [
          functional,
          { x: u8 },
          { store: functional(), snap: true, once: true, priority: 2 },
        ],
      }),
      [
        'Place x:range(0,10,0.5)',
        'Name :text(8) others',
        'Armour kind:oneOf(none,all)',
        'Turn :quaternion(9) step',
        'Pose :quaternion(9)',
        'Body turn:quaternion(8) mass:f32',
        'Function x:u8',
      ].join('\n'),
    )
  })

  const refusals: readonly (readonly [
    name: string,
    components: Record<string, unknown>,
    message: RegExp,
  ])[] = [
    [
      'a plain array without a type',
      { Position: [{ x: [] }] },
      /^replicate: Position\.x is a plain array; say what it holds, such as f32 or range\(0, 100, 0\.1\)$/,
    ],
    [
      'a component that is a plain array',
      { Health: [[]] },
      /^replicate: Health is a plain array; say/,
    ],
    [
      'texts without a size',
      { Name: [{ x: str([]) }] },
      /Name\.x holds texts; say how many bytes at most, such as text\(32\)/,
    ],
    [
      'an unknown option',
      { A: [[], u8, { interpolated: true }] },
      /replicate: A: there is no option "interpolated"; did you mean "interpolate"\?/,
    ],
    [
      'a wrong audience',
      { A: [[], u8, { to: 'all' }] },
      /to must be 'owner' or 'others', got "all"/,
    ],
    [
      'a wrong priority',
      { A: [[], u8, { priority: 0 }] },
      /priority must be a number above 0, got 0/,
    ],
    [
      'a type that is none',
      { A: [{ x: [] }, { x: 'u8' }] },
      /replicate: A\.x must be a type such as f32/,
    ],
    [
      'a field that is not there',
      { A: [{ x: [] }, { y: u8 }] },
      /replicate: A\.y must be an array, got undefined/,
    ],
    [
      'one type for several fields',
      { A: [{ x: [], y: [] }, u8] },
      /A must be an array, got an object; types of its fields are an object, \{ x: … \}/,
    ],
    [
      'a function without a store',
      { A: [functional, { x: u8 }] },
      /A is a function; say where its values are, as in \{ store: A\(world\) \}/,
    ],
    ['what is not a component', { A: [1, u8] }, /replicate: A must be a component, got 1/],
    ['what is not a declaration', { A: u8 }, /replicate: A must be \[component\]/],
    [
      'a tag that is interpolated',
      { A: [{}, {}, { interpolate: true }] },
      /A has no values that could be interpolated/,
    ],
    [
      'objects where arrays are needed',
      { A: [{ x: [] }, aos({ x: u8 })] },
      /replicate: A must be an array of objects/,
    ],
    ['nothing', {}, /number of components/],
  ]
  for (const [name, components, message] of refusals)
    it(`refuses ${name}`, () => assert.match(refusal(components), message))

  it('refuses a store of another world, and says what to do', () => {
    const Position = { x: [], y: [] }
    const types = { x: u8, y: u8 }
    const one = replicate(createWorld(), { Position: [Position, types] })
    const two = createWorld()
    assert.throws(
      () => replicate(two, { Place: [Position, types] }),
      /the store of Place is replicated with another world, .* createWorld\(\{ Place: /,
    )
    deleteWorld(one)
    replicate(two, { Place: [Position, types] })
  })

  it('shares tags between worlds', () => {
    const Tag = {}
    replicate(createWorld(), { Tag: [Tag] })
    replicate(createWorld(), { Tag: [Tag] })
  })

  it('refuses a second call for a world, until that is reset', () => {
    const world = replicate(createWorld(), { A: [{}] })
    assert.throws(() => replicate(world, { A: [{}] }), /replicate: the world was declared before/)
    resetWorld(world)
    assert.throws(
      () => ReplicationSystem(world),
      /ReplicationSystem: call replicate\(world, …\) first/,
    )
    replicate(world, { A: [{}] })
    ReplicationSystem(world)
  })
})

spec('shown', (it) => {
  it('is the component itself, or a store of the same shape', () => {
    const Place = { x: [] as number[], turn: { x: [], y: [], z: [], w: [] } }
    const Hue: number[] = []
    const Armour: { kind: string }[] = []
    const Plain: number[] = []
    const world = replicate(createWorld(), {
      Place: [Place, { x: u8, turn: quaternion(9) }, { interpolate: true }],
      Hue: [Hue, u8, { interpolate: 'step' }],
      Armour: [Armour, aos({ kind: oneOf('a', 'b') }), { interpolate: 'step' }],
      Plain: [Plain, u8],
    })
    assert.is(shown(world, Plain), Plain)
    const at = shown(world, Place)
    assert.is.not(at, Place)
    assert.equal(at, { x: [], turn: { x: [], y: [], z: [], w: [] } })
    assert.is(shown(world, Place), at)
    assert.equal(shown(world, Hue), [])
    assert.equal(shown(world, Armour), [])
    assert.throws(
      () => shown(world, {}),
      /shown: component must be one that replicate has declared/,
    )
  })
})
